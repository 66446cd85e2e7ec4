"""What a sentence is made of once it is read: words, pauses and the pace at which it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from avsynth.errors import UserError

Pronunciation = tuple[str, ...]

LONGEST_PAUSE_S = 20.0
"""No given pause is longer, nor several in a row; it bounds the memory that a sentence takes."""


class Span(NamedTuple):
    """A stretch of the text as it was given: characters ``start`` to ``end``, the last one left out."""

    start: int
    end: int


NOWHERE = Span(0, 0)
"""Of a word that stands in no text."""


@dataclass(frozen=True)
class Pause:
    """A break in speech."""

    seconds: float | None = None
    """How long; None for as long as the voice makes it, 0 for none even where a comma stands."""
    breaths: float = 1.0
    """How many times as long as at a comma, where the voice makes it."""

    def __add__(self, other: Pause) -> Pause:
        """Two pauses that meet: what is given counts, and what is given twice adds up; UserError if too long."""
        given = [pause.seconds for pause in (self, other) if pause.seconds is not None]
        if sum(given) > LONGEST_PAUSE_S:
            raise UserError(f"breaks in a row last {sum(given):g} s; at most {LONGEST_PAUSE_S:g} s can be said")
        return Pause(sum(given)) if given else Pause(breaths=max(self.breaths, other.breaths))


@dataclass(frozen=True)
class Given:
    """A word whose phones are given."""

    text: str
    phones: Pronunciation


@dataclass(frozen=True)
class Told:
    """Words that are said as given, whatever is written."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prosody:
    """How speech goes from here on, against the voice's own way."""

    rate: float = 1.0
    """So many times as fast."""
    semitones: float = 0.0
    decibels: float = 0.0

    def __add__(self, other: Prosody) -> Prosody:
        """The one within the other."""
        return Prosody(self.rate * other.rate, self.semitones + other.semitones, self.decibels + other.decibels)


@dataclass(frozen=True)
class Language:
    """From here on, text is of this language or country (BCP 47, ``en-US``)."""

    tag: str


@dataclass(frozen=True)
class Speaker:
    """From here on, somebody else speaks; None for whoever was asked for."""

    name: str | None


@dataclass(frozen=True)
class Named:
    """A name for this place, which the timeline tells."""

    name: str


@dataclass(frozen=True)
class Unread:
    """A character for which there is no reading."""

    character: str


Change = Prosody | Language | Speaker | Named
"""What is neither said nor a pause."""
Mark = Pause | Given | Told | Change
"""What is marked in a text."""


class Spoken(NamedTuple):
    """A word as it is said, and what it is written as: several words of one reading share its span."""

    text: str
    span: Span = NOWHERE
    phones: Pronunciation | None = None
    """Where they are given or the context has told them; else the word is looked up."""
    capital: bool = False
    """Whether it is written with one."""


class Word(NamedTuple):
    """A spoken word and its phones, at least one."""

    text: str
    phones: Pronunciation


Token = Spoken | Pause | Change | Unread


def join_pauses(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with pauses that meet joined into one, changes between them put before it."""
    pending: Pause | None = None
    for token in tokens:
        if isinstance(token, Pause):
            pending = token if pending is None else pending + token
            continue
        if pending is not None and isinstance(token, Spoken):
            yield pending
            pending = None
        yield token
    if pending is not None:
        yield pending
