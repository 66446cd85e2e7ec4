"""Text with marks, where each character knows its place in the user's original text."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from avsynth.text.tokens import Given, Language, Mark, Named, Prosody, Span, Speaker, Told

Format = Literal["auto", "text", "markdown", "ssml"]
"""The format of a text; ``auto`` guesses it."""
CUTTING_PAUSE_S = 1.0
"""A sentence is cut at a longer pause."""
GIVEN, CHANGE, PAUSE, CUTTING_PAUSE = "\ue000\ue001\ue002\ue003"
"""Private characters, which no text may hold otherwise."""
MARKS = GIVEN + CHANGE + PAUSE + CUTTING_PAUSE


Places: TypeAlias = "array[int] | range"
"""Places in a text; a range where they follow each other, which costs the same however many they are."""


@dataclass(frozen=True)
class Origins:
    """Each character's start and end in the original text; both never decrease."""

    starts: Places
    ends: Places

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Origins:
        """A character for each span."""
        listed = list(spans)
        return cls(array("q", (span.start for span in listed)), array("q", (span.end for span in listed)))

    @classmethod
    def same(cls, count: int, start: int = 0) -> Origins:
        """So many characters as they stand, from that place on."""
        return cls(range(start, start + count), range(start + 1, start + count + 1))

    @classmethod
    def joined(cls, parts: Iterable[Origins]) -> Origins:
        """Those of parts one after the other."""
        listed = list(parts)
        if len(listed) == 1:
            return listed[0]
        starts, ends = array("q"), array("q")
        for part in listed:
            starts.extend(part.starts)
            ends.extend(part.ends)
        return cls(starts, ends)

    def __len__(self) -> int:
        return len(self.starts)

    def cut(self, start: int, end: int) -> Origins:
        """Those of the characters from ``start`` to ``end``."""
        return Origins(self.starts[start:end], self.ends[start:end])

    def span(self, start: int, end: int) -> Span:
        """What the characters from ``start`` to ``end``, at least one, are written as."""
        return Span(self.starts[start], self.ends[end - 1])

    def through(self, outer: Origins) -> Origins:
        """Compose: these origins refer to a text whose own characters have the origins ``outer``."""
        if isinstance(self.starts, range) and isinstance(self.ends, range):
            return Origins(
                outer.starts[self.starts.start : self.starts.stop],
                outer.ends[self.ends.start - 1 : self.ends.stop - 1],
            )
        starts = array("q", map(outer.starts.__getitem__, self.starts))
        return Origins(starts, array("q", [outer.ends[end - 1] for end in self.ends]))

    @property
    def one_by_one(self) -> bool:
        """Whether each character, at least one, is written as a single one, and none between them is left out."""
        starts, ends = self.starts, self.ends
        if isinstance(starts, range) and isinstance(ends, range):
            return ends.start == starts.start + 1
        first, past = starts[0], ends[-1]
        following = array("q", starts)
        return array("q", ends) == _moved(following, 1) and len(set(following)) == past - first

    def moved(self, places: int) -> Origins:
        """The same, shifted by so many places."""
        return Origins(_moved(self.starts, places), _moved(self.ends, places)) if places else self


def _moved(numbers: Places, places: int) -> Places:
    if isinstance(numbers, range):
        return range(numbers.start + places, numbers.stop + places)
    return array("q", map(places.__add__, numbers))


@dataclass(frozen=True)
class MarkedText:
    """Text in which one of :data:`MARKS` stands for each of ``marks``, in order.

    ``source`` holds the origins of the characters; without it each is its own. ValueError if they are not as many.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    source: Origins | None = field(default=None, compare=False, repr=False)
    lost: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Characters of the original text that have no counterpart here."""
    given: str = field(default="", compare=False, repr=False)
    """The original text that the origins refer to; empty where it is not needed."""

    def __post_init__(self) -> None:
        if self.source is not None and len(self.source.starts) != len(self.text):
            raise ValueError(f"{len(self.text)} characters have {len(self.source)} origins")

    @property
    def origins(self) -> Origins:
        """Where each character comes from."""
        return Origins.same(len(self.text)) if self.source is None else self.source

    def __add__(self, other: MarkedText) -> MarkedText:
        return join_marked((self, other))


def marked(mark: Mark, span: Span) -> MarkedText:
    """A text that is only a mark, at that place; pauses and changes are set apart from words by blanks. Text is cut
    where the speaker changes."""
    if isinstance(mark, Given | Told):
        text = GIVEN
    elif isinstance(mark, Prosody | Language | Named):
        text = f" {CHANGE} "
    else:
        cuts = isinstance(mark, Speaker) or (mark.seconds or 0) > CUTTING_PAUSE_S
        text = f" {CUTTING_PAUSE if cuts else PAUSE} "
    return MarkedText(text, (mark,), Origins.of([span] * len(text)))


def join_marked(parts: Iterable[MarkedText]) -> MarkedText:
    """Parts one after the other; they are of one text as given."""
    listed = list(parts)
    return MarkedText(
        "".join(part.text for part in listed),
        tuple(mark for part in listed for mark in part.marks),
        Origins.joined(part.origins for part in listed),
        tuple(dict.fromkeys(character for part in listed for character in part.lost)),
        next((part.given for part in listed if part.given), ""),
    )
