"""Energy of a recording, per mel frame, and averaging over phones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def log_energy(mel_FM: NDArray[np.float32]) -> NDArray[np.float64]:
    """``(F,)``: log of the norm over bands of the mel magnitudes, from the natural-log mel ``(F, M)``."""
    return np.asarray(0.5 * np.log(np.exp(2 * mel_FM.astype(np.float64)).sum(axis=1)))


def phone_means(track: NDArray[np.float64], hops: Sequence[int]) -> NDArray[np.float32]:
    """``(P,)``: the mean of a track ``(F,)`` over each phone of ``hops``; 0 for a phone of no hops."""
    edges = np.concatenate([[0], np.cumsum(hops)])
    pairs = itertools.pairwise(edges)
    return np.array([track[start:end].mean() if end > start else 0.0 for start, end in pairs], dtype=np.float32)
