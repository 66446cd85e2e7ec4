"""The excitation signal, a pulse train at a given pitch; and the STFT at frame rate with its inverse.

Dimensions: B batch, N audio samples, n samples of a hop, F mel frames, K frequency bins, H hops.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from vocoder.mel import MelConfig

HIGHEST_HARMONIC = 0.95
"""Harmonics are made up to this share of half the sample rate."""


def pitch_course(log_pitch_BF: Tensor) -> Tensor:
    """For each frame, in double precision ``(B, F, 4)``: the pitch in Hz at its hop's start, middle and end, and the
    sum of the mean pitches of all earlier hops, which gives the phase.

    The pitch is interpolated linearly from one hop's middle to the next.
    """
    middle_BF = log_pitch_BF.double().exp()
    edges_BF = (middle_BF[:, 1:] + middle_BF[:, :-1]) / 2
    start_BF = torch.cat([middle_BF[:, :1], edges_BF], dim=1)
    end_BF = torch.cat([edges_BF, middle_BF[:, -1:]], dim=1)
    mean_BF = (start_BF + 2 * middle_BF + end_BF) / 4
    return torch.stack([start_BF, middle_BF, end_BF, torch.cumsum(mean_BF, dim=1) - mean_BF], dim=-1)


def pulse_train(course_BF4: Tensor, mel: MelConfig) -> Tensor:
    """All harmonics of a pitch (:func:`pitch_course`) below the highest, each of amplitude 1: ``(B, F * hop)``."""
    hop = mel.hop_length
    start, middle, end, gone = course_BF4.unsqueeze(-1).unbind(2)
    place_n = (torch.arange(hop, dtype=torch.float64, device=course_BF4.device) + 0.5) / hop
    first_n, second_n = torch.clamp(place_n, max=0.5), torch.clamp(place_n - 0.5, min=0.0)
    rise_BFn = start * first_n + (middle - start) * first_n**2 + middle * second_n + (end - middle) * second_n**2
    turns_BN = ((gone + rise_BFn) * (hop / mel.sample_rate)).flatten(1)
    half_BN = torch.pi * torch.frac(turns_BN).float()
    highest_BF = torch.floor(HIGHEST_HARMONIC * mel.sample_rate / 2 / course_BF4[..., 1]).float()
    highest_BN = highest_BF.repeat_interleave(hop, dim=1)
    # Dirichlet's closed form of a sum of cosines; where the sine vanishes its limit, the number of harmonics.
    sine_BN = torch.sin(half_BN)
    near_BN = sine_BN.abs() < 1e-4
    ratio_BN = torch.sin((2 * highest_BN + 1) * half_BN) / torch.where(near_BN, torch.ones_like(sine_BN), sine_BN)
    return torch.where(near_BN, highest_BN, 0.5 * (ratio_BN - 1))


def spectrum(sound_BN: Tensor, window: int, hop: int, size: int | None = None) -> Tensor:
    """The STFT ``(B, F, K)`` of whole hops over Hann windows of ``window`` samples, each frame centred on its hop,
    silence around; also around each window, where the transform has a larger ``size``."""
    pad, beside = (window - hop) // 2, 0 if size is None else (size - window) // 2
    frames_BFN = functional.pad(sound_BN, (pad, pad)).unfold(1, window, hop)
    windows_BFN = frames_BFN * torch.hann_window(window, device=sound_BN.device)
    found: Tensor = torch.fft.rfft(functional.pad(windows_BFN, (beside, beside)))
    return found


def added(spectrum_BFK: Tensor, window: int, hop: int) -> Tensor:
    """Windows of :func:`spectrum`, of which each was filtered by itself, added up: ``(B, F * hop)``. Unfiltered, and
    with silence around them, they give the sound itself, whatever the size."""
    size = 2 * (spectrum_BFK.shape[2] - 1)
    return _overlapped(torch.fft.irfft(spectrum_BFK, size), hop) * (2 * hop / window)


def waveform(spectrum_BFK: Tensor, hop: int) -> Tensor:
    """The inverse of :func:`spectrum`: ``(B, F * hop)``, least squares."""
    frames, window = spectrum_BFK.shape[1], 2 * (spectrum_BFK.shape[2] - 1)
    window_N = torch.hann_window(window, device=spectrum_BFK.device)
    frames_BFN = torch.fft.irfft(spectrum_BFK, window) * window_N
    weight = _overlapped((window_N**2).expand(1, frames, -1), hop)
    return _overlapped(frames_BFN, hop) / weight.clamp(min=1e-3)


def _overlapped(frames_BFN: Tensor, hop: int) -> Tensor:
    """Windows added up where they lie, the padding cut off: ``(B, F * hop)``."""
    frames, window = frames_BFN.shape[1:]
    pad, parts = (window - hop) // 2, window // hop
    pieces = torch.split(frames_BFN, hop, dim=2)
    padded = [functional.pad(piece, (0, 0, part, parts - 1 - part)) for part, piece in enumerate(pieces)]
    sum_BHn = torch.stack(padded).sum(0)
    return sum_BHn.flatten(1)[:, pad : pad + frames * hop]
