"""Fast pitch tracking for hours of sound: normalised autocorrelation and the best path through it.

Some thirty times as fast as :func:`avsynth.audio.pitch.fundamental_hz`, which measures use; this is for training data.
Dimensions: F frames, L lags, P pitches of the grid.

Source: Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
sampled sound", IFA Proceedings 17, 1993, with its costs; the candidates are a grid instead of each frame's peaks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocoder.mel import MelConfig

LOWEST_HZ, HIGHEST_HZ = 60.0, 500.0
STEPS_PER_OCTAVE = 36
WINDOW_S = 0.05
"""Three periods of the lowest pitch."""
SILENCE, THRESHOLD = 0.03, 0.45
OCTAVE_COST, JUMP_COST, VOICING_COST = 0.01, 0.35, 0.14
"""Costs of a lower pitch, and of a change of pitch or of voicing; the latter two per 10 ms."""
_BLOCK = 2000
"""Frames analysed at once."""


def track_pitch(sound: NDArray[np.float32], config: MelConfig) -> NDArray[np.float32]:
    """F0 in Hz at each mel frame of ``sound`` ``(N,)``, as ``(F,)``; 0 where unvoiced."""
    frames = len(sound) // config.hop_length
    if not frames:
        return np.zeros(0, dtype=np.float32)
    rate = config.sample_rate
    pitches = LOWEST_HZ * 2 ** (
        np.arange(int(np.log2(HIGHEST_HZ / LOWEST_HZ) * STEPS_PER_OCTAVE) + 1) / STEPS_PER_OCTAVE
    )
    lags = rate / pitches
    correlation_FL, loudness_F = _correlations(sound, config, frames, int(lags.max()) + 3)
    floor = np.floor(lags).astype(int)
    part = (lags - floor).astype(np.float32)
    strength_FP = correlation_FL[:, floor] * (1 - part) + correlation_FL[:, floor + 1] * part
    strength_FP = strength_FP + OCTAVE_COST * np.log2(pitches / LOWEST_HZ)
    unvoiced_F = THRESHOLD + np.maximum(0.0, 2.0 - loudness_F / (SILENCE / (1 + THRESHOLD)))
    path_F = _best_path(strength_FP, unvoiced_F, 0.01 * rate / config.hop_length)
    voiced = np.flatnonzero(path_F >= 0)
    found = np.zeros(frames, dtype=np.float32)
    found[voiced] = rate / _refined(correlation_FL[voiced], lags[path_F[voiced]])
    return found


def _correlations(
    sound: NDArray[np.float32], config: MelConfig, frames: int, most: int
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Each frame's autocorrelation ``(F, L)`` at lags 0 to ``most``, divided by the window's own, and the frame's peak
    ``(F,)`` as a share of the sound's."""
    length = 2 * round(WINDOW_S * config.sample_rate / 2)
    window = np.hanning(length + 2)[1:-1].astype(np.float32)
    size = 1 << int(np.ceil(np.log2(length + most)))
    own_L = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)[: most + 1]
    before = length // 2 - config.hop_length // 2
    padded = np.pad(sound, (before, length))
    strided_FN = np.lib.stride_tricks.sliding_window_view(padded, length)[:: config.hop_length][:frames]
    rows, peaks = [], []
    for start in range(0, frames, _BLOCK):
        block_FN = strided_FN[start : start + _BLOCK]
        block_FN = block_FN - block_FN.mean(axis=1, keepdims=True)
        peaks.append(np.abs(block_FN).max(axis=1))
        power = np.abs(np.fft.rfft(block_FN * window, size, axis=1)) ** 2
        raw_FL = np.fft.irfft(power, axis=1)[:, : most + 1]
        rows.append((raw_FL / (raw_FL[:, :1] + 1e-9) / (own_L / own_L[0])).astype(np.float32))
    peak_F = np.concatenate(peaks).astype(np.float64)
    return np.concatenate(rows), peak_F / max(float(peak_F.max()), 1e-9)


def _best_path(
    strength_FP: NDArray[np.floating], unvoiced_F: NDArray[np.float64], per_frame: float
) -> NDArray[np.intp]:
    """The path of greatest strength less its costs: a grid index for each frame, -1 where unvoiced."""
    frames, count = strength_FP.shape
    octaves = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) / STEPS_PER_OCTAVE
    move_PP = np.zeros((count + 1, count + 1))
    move_PP[:count, :count] = JUMP_COST * octaves
    move_PP[count, :count] = move_PP[:count, count] = VOICING_COST
    move_PP *= per_frame
    gain_FQ = np.concatenate([strength_FP, unvoiced_F[:, None]], axis=1)
    best = gain_FQ[0].astype(np.float64)
    came_FQ = np.zeros((frames, count + 1), dtype=np.intp)
    every = np.arange(count + 1)
    for frame in range(1, frames):
        score = best - move_PP  # row: to, column: from; the costs are symmetric
        came_FQ[frame] = score.argmax(axis=1)
        best = score[every, came_FQ[frame]] + gain_FQ[frame]
    path = np.empty(frames, dtype=np.intp)
    path[-1] = int(best.argmax())
    for frame in range(frames - 1, 0, -1):
        path[frame - 1] = came_FQ[frame, path[frame]]
    return np.where(path == count, -1, path)


def _refined(correlation_FL: NDArray[np.float32], lags_F: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each lag moved onto the peak next to it, found between samples by a parabola."""
    rows = np.arange(len(lags_F))
    near = np.rint(lags_F).astype(int)
    reach = int(np.ceil(lags_F.max() * (2 ** (1 / STEPS_PER_OCTAVE) - 1))) if len(lags_F) else 0
    last = correlation_FL.shape[1] - 2
    around = np.clip(near[:, None] + np.arange(-reach, reach + 1), 1, last)
    allowed = np.abs(around - lags_F[:, None]) <= 1 + lags_F[:, None] * (2 ** (1 / STEPS_PER_OCTAVE) - 1)
    values = np.where(allowed, correlation_FL[rows[:, None], around], -np.inf)
    peak = around[rows, values.argmax(axis=1)]
    left, middle, right = (correlation_FL[rows, peak + step] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    moved = np.where(bend < -1e-6, 0.5 * (left - right) / np.minimum(bend, -1e-6), 0.0)
    return np.asarray(peak + np.clip(moved, -0.5, 0.5), dtype=np.float64)
