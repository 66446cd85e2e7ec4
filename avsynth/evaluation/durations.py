"""Word timing: how far predicted durations are from true ones, and clips of different timing side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from avsynth.data.manifest import WordTime

_TOLERANCE_FRAMES = 1e-6


@dataclass(frozen=True)
class Overlap:
    """Which generated frames to hold against which real ones: slices of equal length."""

    generated: slice
    real: slice
    shift_frames: int
    """Generated frame i stands against real frame i + shift."""


def spoken(words: Sequence[WordTime]) -> list[WordTime]:
    """The words without the silences."""
    return [word for word in words if not word.is_silence]


def word_duration_error_ms(predicted: Sequence[WordTime], true: Sequence[WordTime]) -> float:
    """Mean absolute error of a word's duration in ms; silences are left out.

    :raises ValueError: the two lists do not hold the same words.
    """
    pairs = list(zip(spoken(predicted), spoken(true), strict=False))
    texts = (
        [word.text for word in spoken(predicted)],
        [word.text for word in spoken(true)],
    )
    if texts[0] != texts[1] or not pairs:
        raise ValueError(f"not the same words: {' '.join(texts[0])!r} and {' '.join(texts[1])!r}")
    errors = [abs((ours.end_s - ours.start_s) - (truth.end_s - truth.start_s)) for ours, truth in pairs]
    return 1000 * sum(errors) / len(errors)


def length_error_frames(generated_frames: int, real_frames: int) -> int:
    """Difference of the lengths, |N - M| frames."""
    return abs(generated_frames - real_frames)


def plain_overlap(generated_frames: int, real_frames: int) -> Overlap:
    """The first min(N, M) frames of both, as they stand."""
    common = min(generated_frames, real_frames)
    return Overlap(slice(0, common), slice(0, common), 0)


def onset_overlap(
    predicted: Sequence[WordTime],
    true: Sequence[WordTime],
    generated_frames: int,
    real_frames: int,
    fps: Fraction,
) -> Overlap:
    """The common frames after shifting the generated clip so that its first word begins where the true one does.

    The shift is the difference of the onsets rounded to whole frames.

    :raises ValueError: a list has no word, or nothing is left in common.
    """
    first = [spoken(words)[:1] for words in (predicted, true)]
    if not first[0] or not first[1]:
        raise ValueError("a clip without words has no onset to align")
    shift = round((first[1][0].start_s - first[0][0].start_s) * float(fps))
    start, end = max(0, shift), min(real_frames, generated_frames + shift)
    if end <= start:
        raise ValueError(f"{generated_frames} frames shifted by {shift} do not meet {real_frames} frames")
    return Overlap(slice(start - shift, end - shift), slice(start, end), shift)


def speech_mask(words: Sequence[WordTime], frames: int, fps: Fraction) -> NDArray[np.bool_]:
    """Which of ``frames`` video frames overlap a word, shape (frames,); frame i lasts from i/fps to (i+1)/fps."""
    mask = np.zeros(frames, np.bool_)
    for word in spoken(words):
        first = int(np.floor(word.start_s * float(fps) + _TOLERANCE_FRAMES))
        end = int(np.ceil(word.end_s * float(fps) - _TOLERANCE_FRAMES))
        mask[max(first, 0) : max(end, 0)] = True
    return mask
