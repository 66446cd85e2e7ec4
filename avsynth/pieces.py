"""Speech said piece by piece: durations rounded once, timelines cut and joined, which lip frames are whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from avsynth.errors import UserError
from avsynth.text import SIL
from avsynth.timeline import Timeline, WordSpan

LONGEST_PIECE_S, MOST_PIECE_S = 60, 180
"""A given timeline is cut at the first silence after the one; without any silence by the other it is refused."""


def whole_hops(fractional: Iterable[float]) -> tuple[int, ...]:
    """Whole durations of at least one hop, each boundary rounded once, so that no error builds up."""
    hops = []
    exact, given = 0.0, 0
    for value in fractional:
        exact += max(float(value), 0.0)
        hops.append(max(1, round(exact) - given))
        given += hops[-1]
    return tuple(hops)


def pieces_of(timeline: Timeline) -> list[Timeline]:
    """A timeline in the pieces in which it was said: cut where two silences meet, and at a silence where it gets long.

    Raises :class:`UserError` for a piece that goes on for too long without a silence.
    """
    phones, hops = timeline.phones, timeline.hops
    within = {place for word in timeline.words for place in range(word.first + 1, word.last)}
    cuts, length = [0], 0
    for place in range(1, len(phones)):
        length += hops[place - 1]
        due = phones[place] == SIL or length * timeline.hop_s > LONGEST_PIECE_S
        if due and phones[place - 1] == SIL and place not in within and length and any(hops[place:]):
            cuts.append(place)
            length = 0
    pieces = []
    for start, end in pairwise([*cuts, len(phones)]):
        words = [word for word in timeline.words if start <= word.first < end]
        moved = tuple(WordSpan(word.text, word.first - start, word.last - start) for word in words)
        pieces.append(replace(timeline, phones=phones[start:end], hops=hops[start:end], words=moved))
    longest = max(piece.duration_s for piece in pieces)
    if longest > MOST_PIECE_S:
        raise UserError(
            f"the timeline holds {float(longest):.0f} s without a pause; at most {MOST_PIECE_S} s can be said"
        )
    return pieces


def frame_span(timeline: Timeline, done_hops: int, last: bool) -> tuple[int, int]:
    """First and end of the lip frames, counted over the whole, of a piece that begins at ``done_hops``.

    They are those whose middles fall on the piece; the last piece goes on to the frame that covers its end.
    """
    half = Fraction(1, 2)
    frames_per_hop = timeline.hop_s * timeline.fps
    end_hops = done_hops + timeline.total_hops
    first = max(0, ceil(done_hops * frames_per_hop - half)) if done_hops else 0
    return first, ceil(end_hops * frames_per_hop) if last else ceil(end_hops * frames_per_hop - half)


def sample_at(frame: int, fps: Fraction, sample_rate: int) -> int:
    """The sample at which a lip frame begins, to the nearest."""
    return floor(frame / fps * sample_rate + Fraction(1, 2))


def join_timelines(parts: list[Timeline]) -> Timeline:
    """Timelines of one clock, one after the other."""
    words: list[WordSpan] = []
    shift = 0
    for part in parts:
        words += (WordSpan(word.text, word.first + shift, word.last + shift) for word in part.words)
        shift += len(part.phones)
    phones = tuple(phone for part in parts for phone in part.phones)
    hops = tuple(hop for part in parts for hop in part.hops)
    return replace(parts[0], phones=phones, hops=hops, words=tuple(words))
