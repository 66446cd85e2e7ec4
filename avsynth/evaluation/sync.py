"""Synchrony: A/V offset by lip opening and loudness, and the distance of phones in the sound from where they should
be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.floating[Any]]
"""One value per video frame, shape (T,)."""
MAX_OFFSET = 5
_SILENCE_DB = -80.0


@dataclass(frozen=True)
class AvOffset:
    """The offset of sound against picture over a set of clips. Only its difference from the real clips' counts."""

    frames: int
    """Positive = audio late: the sound belonging to frame t is heard at frame t + offset."""
    correlation: float
    """The pooled correlation at that offset."""
    by_shift: tuple[float, ...]
    """Pooled correlations at the shifts -5..5."""


def loudness_envelope(waveform: Series, sample_rate: int, fps: Fraction, frames: int) -> NDArray[np.float64]:
    """Level of mono sound in [-1, 1] during each video frame, (frames,), in dB of full scale, -80 or above.

    Frame i takes the samples from i/fps to (i+1)/fps; past the end there is silence.
    """
    edges = [round(Fraction(index * sample_rate) / fps) for index in range(frames + 1)]
    needed = max(edges[-1] - len(waveform), 0)
    sums = np.concatenate([[0.0], np.cumsum(np.square(np.pad(waveform, (0, needed)), dtype=np.float64))])
    power = np.diff(sums[edges]) / np.diff(edges)
    return np.asarray(np.maximum(10 * np.log10(np.maximum(power, 1e-12)), _SILENCE_DB))


def av_offset(openings: Sequence[Series], envelopes: Sequence[Series]) -> AvOffset:
    """The shift in -5..5 frames at which lip opening and loudness correlate best over all clips together.

    Each clip's two series (same length; NaN where no face was found) are standardised, then the pairs of all clips
    are pooled into one Pearson correlation per shift. The smallest shift wins a tie.

    :raises ValueError: lists or series of different lengths, or nothing in common to correlate.
    """
    if len(openings) != len(envelopes) or not openings:
        raise ValueError(f"{len(openings)} clips with openings, {len(envelopes)} with envelopes")
    for opening, envelope in zip(openings, envelopes, strict=True):
        if opening.shape != envelope.shape or opening.ndim != 1:
            raise ValueError(f"lip openings {opening.shape} and loudness {envelope.shape} differ in shape")
    pairs = [(_standard(a), _standard(b)) for a, b in zip(openings, envelopes, strict=True)]
    by_shift = {shift: _pooled(pairs, shift) for shift in range(-MAX_OFFSET, MAX_OFFSET + 1)}
    best = max(sorted(by_shift, key=abs), key=by_shift.__getitem__)
    return AvOffset(best, by_shift[best], tuple(by_shift.values()))


def phone_error_ms(found_s: Sequence[Series], true_s: Sequence[Series]) -> float:
    """Median absolute distance in ms between phone boundaries found in the sound and those it was made from, over all
    clips.

    :param found_s: per clip the aligner's boundaries in seconds, shape (boundaries,).
    :param true_s: per clip the timeline's own, same shape.
    """
    if [len(clip) for clip in found_s] != [len(clip) for clip in true_s] or not found_s:
        raise ValueError("the two lists do not hold the same phone boundaries")
    distances = np.concatenate([np.abs(np.subtract(a, b)) for a, b in zip(found_s, true_s, strict=True)])
    return float(1000 * np.median(distances))


def _standard(series: Series) -> NDArray[np.float64]:
    known = series[~np.isnan(series)]
    if len(known) == 0 or known.std() == 0:
        return np.full(len(series), np.nan)
    return np.asarray((series - known.mean()) / known.std(), np.float64)


def _pooled(pairs: Sequence[tuple[Series, Series]], shift: int) -> float:
    late, early = max(shift, 0), max(-shift, 0)
    picture = np.concatenate([opening[early : max(len(opening) - late, early)] for opening, _ in pairs])
    sound = np.concatenate([envelope[late : max(len(envelope) - early, late)] for _, envelope in pairs])
    known = ~(np.isnan(picture) | np.isnan(sound))
    if known.sum() < 2:
        raise ValueError("no clip has enough moving frames to correlate with its sound")
    return float(np.corrcoef(picture[known], sound[known])[0, 1])
