"""Signs that an alignment is wrong, for corpora without word times to check it by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.aligner import FRAME_S, Segment

LONGEST_PHONE_S = 0.6
LONGEST_SPEECH_S = 0.12
"""The longest stretch of speech allowed within a pause; more means that something is said that is not in the text, or
that the aligner lost its place."""
BELOW_SPEECH_DB, ABOVE_NOISE_DB = 15.0, 10.0
"""Speech is within the first of the loud parts (95th percentile) and over the quiet ones (5th) by the second."""
SMOOTH = 3
"""Frames over which the level is averaged."""


def alignment_fault(segments: Sequence[Segment], sound: NDArray[np.float32], sample_rate: int) -> str:
    """Why the alignment must be wrong, with the time; empty if no fault is found.

    Args:
        segments: All phones, in order, at least one.
        sound: ``(N,)`` in [-1, 1], at least one frame of 10 ms.
    """
    longest = max(segments, key=lambda segment: segment.end_s - segment.start_s)
    length = longest.end_s - longest.start_s
    if length > LONGEST_PHONE_S:
        return f"a {longest.phone} of {length:.2f} s at {longest.start_s:.2f} s"
    start, length = speech_in_pauses(segments, sound, sample_rate)
    if length > LONGEST_SPEECH_S:
        return f"speech of {length:.2f} s in the pause at {start:.2f} s"
    return ""


def speech_in_pauses(segments: Sequence[Segment], sound: NDArray[np.float32], sample_rate: int) -> tuple[float, float]:
    """Start and length, in seconds, of the longest stretch of speech that is in no segment."""
    samples = round(FRAME_S * sample_rate)
    frames = sound[: len(sound) // samples * samples].reshape(-1, samples)
    power = np.convolve(np.square(frames, dtype=np.float64).mean(axis=1), np.ones(SMOOTH) / SMOOTH, mode="same")
    level = 10 * np.log10(power + 1e-10)
    quiet, loud = np.percentile(level, [5, 95])
    spoken = level > max(loud - BELOW_SPEECH_DB, quiet + ABOVE_NOISE_DB)
    for segment in segments:
        spoken[round(segment.start_s / FRAME_S) : round(segment.end_s / FRAME_S)] = False
    steps = np.diff(np.concatenate([[0], spoken.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    if not len(starts):
        return 0.0, 0.0
    place = int(np.argmax(ends - starts))
    return float(starts[place] * FRAME_S), float((ends - starts)[place] * FRAME_S)
