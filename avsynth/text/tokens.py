"""What a sentence is made of once it is read: words, pauses and the pace at which it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

Pronunciation = tuple[str, ...]

LONGEST_PAUSE_S = 10.0
"""No given pause is longer; it bounds the memory that a sentence takes."""


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

    def __add__(self, other: Pause) -> Pause:
        """Two pauses that meet: what is given counts, and what is given twice adds up, as far as it may."""
        given = [pause.seconds for pause in (self, other) if pause.seconds is not None]
        return Pause(min(sum(given), LONGEST_PAUSE_S)) if given else self


@dataclass(frozen=True)
class Given:
    """A word whose phones are given."""

    text: str
    phones: Pronunciation


@dataclass(frozen=True)
class Rate:
    """From here on, speech is this many times as fast as the voice's own."""

    factor: float


Mark = Pause | Given | Rate
"""What is marked in a text."""


@dataclass(frozen=True)
class Spoken:
    """A word as it is said, and what it is written as: several words of one reading share its span."""

    text: str
    span: Span = NOWHERE
    phones: Pronunciation | None = None
    """Where they are given or the context has told them; else the word is looked up."""
    capital: bool = False
    """Whether it is written with one."""


Token = Spoken | Pause | Rate


def join_pauses(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens with pauses that meet joined into one, a change of pace between them put before it."""
    pending: Pause | None = None
    for token in tokens:
        if isinstance(token, Pause):
            pending = token if pending is None else pending + token
            continue
        if pending is not None and not isinstance(token, Rate):
            yield pending
            pending = None
        yield token
    if pending is not None:
        yield pending
