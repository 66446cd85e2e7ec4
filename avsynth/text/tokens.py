"""What a sentence is made of once it is read: words, pauses, given pronunciations and the pace at which it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from avsynth.text.lexicon import Pronunciation

LONGEST_PAUSE_S = 10.0
"""No given pause is longer; it bounds the memory that a sentence takes."""


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
Token = str | Mark


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
