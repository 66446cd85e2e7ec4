"""The tokens of a sentence after normalisation: words, pauses, and changes of prosody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from avsynth.errors import UserError

Pronunciation = tuple[str, ...]

LONGEST_PAUSE_S = 20.0
"""No given pause, nor several in a row together, may be longer; this bounds the memory that a sentence takes."""


class Span(NamedTuple):
    """A stretch of the text as it was given: characters ``start`` to ``end``, the last one left out."""

    start: int
    end: int


NOWHERE = Span(0, 0)
"""The span of a word that was not in the text."""


@dataclass(frozen=True)
class Pause:
    """A break in speech."""

    seconds: float | None = None
    """Its length; None lets the voice decide, 0 means no pause even at a comma."""
    breaths: float = 1.0
    """Where the voice decides: how many times as long as at a comma."""

    def __add__(self, other: Pause) -> Pause:
        """Join two pauses in a row: a given length wins over one left to the voice, two given lengths add up; UserError
        if too long."""
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
    """Words to be said instead of what is written."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prosody:
    """Rate, pitch and level from here on, relative to the voice's own."""

    rate: float = 1.0
    """Times as fast as the voice's own."""
    semitones: float = 0.0
    decibels: float = 0.0

    def __add__(self, other: Prosody) -> Prosody:
        """Combine with a prosody that is nested in this one."""
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
    """A bookmark: a name for this place that appears in the timeline."""

    name: str


@dataclass(frozen=True)
class Unread:
    """A character for which there is no reading."""

    character: str


Change = Prosody | Language | Speaker | Named
"""Marks that change how speech goes on and take no time themselves."""
Mark = Pause | Given | Told | Change
"""Everything that may be marked in a text."""


class Spoken(NamedTuple):
    """A word as it is said, with the stretch of text that it is written as; "12" becomes several words that share its
    span."""

    text: str
    span: Span = NOWHERE
    phones: Pronunciation | None = None
    """Phones that were given, or chosen by context; None where the word is to be looked up."""
    capital: bool = False
    """Whether it is written with one."""


class Word(NamedTuple):
    """A spoken word and its phones, at least one."""

    text: str
    phones: Pronunciation
    stress: str = ""
    """As in :class:`avsynth.timeline.WordSpan`."""


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
