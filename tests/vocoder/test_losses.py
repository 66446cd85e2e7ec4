"""The spectral energy distance is least where noise scatters as the truth does."""

from __future__ import annotations

import torch
from torch import Tensor

from vocoder.losses import spectral_energy_distance

SIZES = (128, 512)


def noise(seed: int, level: float = 0.1) -> Tensor:
    return level * torch.randn(4, 8192, generator=torch.Generator().manual_seed(seed))


def test_noise_of_the_same_level_is_nearer_than_louder_softer_or_none() -> None:
    real = noise(0)
    same = spectral_energy_distance(real, noise(1), noise(2), SIZES)
    for level in (0.0, 0.05, 0.2):
        assert spectral_energy_distance(real, noise(1, level), noise(2, level), SIZES) > same + 0.05


def test_it_prefers_noise_to_one_and_the_same_spectrum() -> None:
    real = noise(0)
    fixed = noise(3)
    assert spectral_energy_distance(real, noise(1), noise(2), SIZES) < spectral_energy_distance(
        real, fixed, fixed, SIZES
    )


def test_the_recording_itself_is_at_no_distance_and_gradients_are_finite_on_silence() -> None:
    real = noise(0)
    assert spectral_energy_distance(real, real, real, SIZES) == 0
    first = torch.zeros(1, 4096, requires_grad=True)
    spectral_energy_distance(torch.zeros(1, 4096), first, first * 1.0, SIZES).backward()
    assert first.grad is not None and torch.isfinite(first.grad).all()


def test_less_scatter_wants_less_noise() -> None:
    """The level of noise that costs least falls with it."""
    real = noise(0)
    levels = (0.02, 0.05, 0.08, 0.1)

    def best(scatter: float) -> float:
        costs = [
            spectral_energy_distance(real, noise(1, level), noise(2, level), SIZES, scatter).item() for level in levels
        ]
        return levels[costs.index(min(costs))]

    assert best(1.0) == 0.1 > best(0.0)
