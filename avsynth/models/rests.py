"""The mouth in silence: how much of a silence the motion decoder is given, and when the mouth is held at rest.

The training recordings have only short silences, in which talkers close their mouths late and open them early; longer
ones are outside what the motion decoder has learned. So the middle of a long silence is cut out of the decoder's input,
and away from speech its motion is faded into the mouth at rest. A silence at the edge of a piece is taken to go on
beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

from avsynth.text import SIL

REST_S = 0.6
"""Seconds of silence before speech with which the model's own rest pose is computed, as in the first frames of
recordings."""
SHOWN_S = 0.8
"""Seconds of a silence that the decoder is given, half of them at either end; silences of this length are common in the
recordings."""
CLOSED_S, LEAVING_S = 0.25, 0.08
"""Seconds after speech: from the first on the mouth is at rest, up to the second it moves as learned."""
OPENING_S, ENTERING_S = 0.20, 0.08
"""Likewise before speech."""

Hops = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """The motion decoder's input for a piece, with long silences shortened."""

    hops: list[float]
    """Of each phone."""
    offset_hops: float
    """Start of its first frame."""
    place: NDArray[np.int64]
    """For each frame of the piece, the number of the decoder's frame that it takes."""


def silences(phones: Sequence[str], hops: Sequence[int]) -> list[tuple[int, int]]:
    """Start and end of each silence, in hops; phones of silence that follow one another are one."""
    runs: list[tuple[int, int]] = []
    edges = list(accumulate(hops, initial=0))
    for phone, start, end in zip(phones, edges, edges[1:], strict=False):
        if phone == SIL and end > start:
            joined = bool(runs) and runs[-1][1] == start
            runs[-1:] = [(runs[-1][0], end)] if joined else [*runs[-1:], (start, end)]
    return runs


def shown(
    hops: Sequence[int],
    runs: Sequence[tuple[int, int]],
    shown_hops: float,
    frame_hops: float,
    first: float,
    frames: int,
) -> Shown:
    """A piece without the middles of its long silences; whole numbers of frames are cut out.

    Args:
        hops: Of each phone.
        runs: The piece's :func:`silences`.
        shown_hops: The longest silence that is kept whole.
        frame_hops: Length of a frame.
        first: Where the first frame begins.
        frames: How many there are.
    """
    left_out: list[tuple[int, int]] = []
    for start, end in runs:
        begin = ceil((start + shown_hops / 2 - first) / frame_hops)
        left_out.append((begin, begin + max(0, floor((end - start - shown_hops) / frame_hops))))
    kept = np.ones(frames, np.bool_)
    for begin, end in left_out:
        kept[max(0, begin) : max(0, end)] = False
    if not kept.any():
        kept[0] = True

    def moved(edge: Hops) -> Hops:
        """The place in the shortened piece that corresponds to a place in the piece."""
        gone = [np.clip(edge - first - begin * frame_hops, 0, (end - begin) * frame_hops) for begin, end in left_out]
        return edge - np.sum(gone, axis=0) if gone else edge

    edges = np.array(list(accumulate(hops, initial=0)), np.float64)
    begins = float(moved(np.array([first + float(kept.argmax()) * frame_hops]))[0])
    return Shown(np.diff(moved(edges)).tolist(), begins, np.maximum(kept.cumsum() - 1, 0))


def resting(middles: Hops, runs: Sequence[tuple[int, int]], total: int, hop_s: float) -> NDArray[np.float32]:
    """How far the mouth rests in frames with these middles ``(T,)``, in hops: 0 as learned, 1 at rest.

    Args:
        runs: The piece's :func:`silences`.
        total: The piece's length in hops.
    """
    rest = np.zeros(len(middles))
    for start, end in runs:
        since = (middles - (start if start > 0 else -inf)) * hop_s
        until = ((end if end < total else inf) - middles) * hop_s
        inside = (since >= 0) & (until >= 0)
        rest[inside] = (_rise(since, LEAVING_S, CLOSED_S) * _rise(until, ENTERING_S, OPENING_S))[inside]
    return rest.astype(np.float32)


def _rise(time_s: Hops, start_s: float, end_s: float) -> Hops:
    """From 0 to 1 between two times, smoothly."""
    share = np.clip((time_s - start_s) / (end_s - start_s), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))
