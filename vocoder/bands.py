"""Matrices between a mel's bands and the frequencies of a spectrum.

Dimensions: M mel bins, K frequency bins, Q places of a cepstrum.
"""

from __future__ import annotations

import numpy as np

from vocoder.mel import MelConfig, mel_filterbank

AROUND_HZ = 200.0
"""Levels are matched to the mel over bands within this distance, not band by band: harmonics of a low voice are 100 Hz
apart."""


def band_centres(mel: MelConfig) -> np.ndarray:
    """``(M,)``: the mean bin of each band of the mel."""
    bands_MK = mel_filterbank(mel).astype(np.float64)
    centres: np.ndarray = (bands_MK * np.arange(bands_MK.shape[1])).sum(axis=1) / np.maximum(
        bands_MK.sum(axis=1), 1e-12
    )
    return centres


def around_bands(mel: MelConfig) -> np.ndarray:
    """``(M, M)``: the weight of each band (row) in the level around a band (column); a triangle of
    :data:`AROUND_HZ`."""
    hertz_M = band_centres(mel) * mel.sample_rate / mel.n_fft
    near_MM = np.maximum(0.0, 1 - np.abs(hertz_M[:, None] - hertz_M[None]) / AROUND_HZ)
    shares_MM: np.ndarray = (near_MM / near_MM.sum(axis=0)).astype(np.float32)
    return shares_MM


def envelope_weights(mel: MelConfig) -> tuple[np.ndarray, np.ndarray]:
    """``(M, K)`` and ``(K,)``: log magnitude per frequency of the STFT = log mel · the first + the second.

    Linear interpolation between the bands' centres; constant beyond the last one.
    """
    bands_MK = mel_filterbank(mel).astype(np.float64)
    bins = bands_MK.shape[1]
    area_M = np.maximum(bands_MK.sum(axis=1), 1e-12)
    centre_M = band_centres(mel)
    weights_MK = np.stack([np.interp(np.arange(bins), centre_M, unit) for unit in np.eye(len(centre_M))])
    return weights_MK.astype(np.float32), (-np.log(area_M) @ weights_MK).astype(np.float32)


def folding(n_fft: int) -> np.ndarray:
    """The factors that turn a cepstrum ``(Q,)`` into that of the minimum-phase filter."""
    fold_Q = np.zeros(n_fft, dtype=np.float32)
    fold_Q[0] = fold_Q[n_fft // 2] = 1.0
    fold_Q[1 : n_fft // 2] = 2.0
    return fold_Q
