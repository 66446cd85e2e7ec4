"""A distance between generated sound and a recording that treats their noise as random.

Dimensions: B batch, N audio samples, F frames, K frequency bins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor

FLOOR = 1e-3
"""Floor of magnitudes, for a window of 1024 samples."""


def spectral_energy_distance(
    real_BN: Tensor, first_BN: Tensor, second_BN: Tensor, sizes: Iterable[int], scatter: float = 1.0
) -> Tensor:
    """The generalised energy distance between a recording and two renderings that differ only in their random noise.

    It is the sum of both renderings' distances to the recording, less the distance between the two renderings. Its
    expectation is least where renderings are distributed as recordings are. The distance to the recording alone would
    be least for a median spectrum, which buzzes instead of having speech's noise. No discriminator is needed.

    ``scatter`` scales the term between the renderings. With a predicted mel, which leaves open how much of speech is
    noise, its full weight makes speech noisy throughout, so that less than 1 is better.

    Distances of magnitudes, logarithmic and (as a share of the recording's mean) linear, over Hann windows of ``sizes``
    samples, a quarter apart.

    Source: Gritsenko, Salimans, van den Berg, Snoek and Kalchbrenner, "A Spectral Energy Distance for Parallel Speech
    Synthesis", NeurIPS 2020.
    """
    total = torch.zeros((), device=real_BN.device)
    batch = len(real_BN)
    count = 0
    for size in sizes:
        with torch.no_grad():
            real = magnitudes(real_BN, size)
            real_log = torch.log(real)
        both = magnitudes(torch.cat([first_BN, second_BN]), size)
        both_log = torch.log(both)
        scale = 1.0 / real.mean()
        total = total + _distance(real_log, both_log[:batch], both_log[batch:], scatter)
        total = total + scale * _distance(real, both[:batch], both[batch:], scatter)
        count += 1
    return total / max(count, 1)


def _distance(real: Tensor, first: Tensor, second: Tensor, scatter: float) -> Tensor:
    drawn = (first - real).abs().mean() + (second - real).abs().mean()
    return drawn - scatter * (first - second).abs().mean()


def magnitudes(sound_BN: Tensor, size: int) -> Tensor:
    """STFT magnitudes ``(B, K, F)``, at least :data:`FLOOR` at a window of 1024."""
    window = torch.hann_window(size, device=sound_BN.device)
    spectrum = torch.stft(sound_BN, size, size // 4, size, window, center=False, return_complex=True)
    floor = FLOOR * math.sqrt(size / 1024)
    return torch.sqrt(spectrum.real**2 + spectrum.imag**2 + floor**2)
