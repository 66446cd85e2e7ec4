"""Griffin-Lim: exact length, determinism, and how close the sound's mel comes."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from vocoder import MelConfig, VocoderError, log_mel
from vocoder.griffin_lim import GriffinLim

BAR = 0.12


def sweep(config: MelConfig, seconds: float = 1.0) -> Tensor:
    """A sine that rises from 100 to 6,000 Hz, ``(1, N)``."""
    t = np.arange(int(seconds * config.sample_rate)) / config.sample_rate
    phase = 2 * np.pi * (100 * t + (6000 - 100) / (2 * seconds) * t**2)
    return torch.from_numpy(0.5 * np.sin(phase)).float()[None]


def convergence(got: Tensor, wanted: Tensor, config: MelConfig) -> float:
    """Spectral convergence of linear mels: |got - wanted| / |wanted|, 0 is perfect."""
    a, b = (torch.exp(mel) if config.log_base == "e" else 10**mel for mel in (got, wanted))
    return float((a - b).norm() / b.norm())


@pytest.mark.parametrize(
    "config", [MelConfig(), MelConfig(16000, 1024, 200, 800, f_max=7600.0, log_base="10", padding="center")]
)
def test_a_sweep_comes_back(config: MelConfig) -> None:
    mel = log_mel(sweep(config), config)
    waveform = GriffinLim(config)(mel)
    assert waveform.shape == (1, mel.shape[1] * config.hop_length) and waveform.dtype == torch.float32
    assert float(waveform.abs().max()) <= 1
    assert convergence(log_mel(waveform, config), mel, config) < BAR
    few = GriffinLim(config, iterations=1)(mel)
    assert convergence(log_mel(few, config), mel, config) > 2 * BAR  # the iterations are what earns the bar


@pytest.mark.parametrize("frames", [0, 1, 2, 7])
def test_length_is_exact_for_short_mels(frames: int) -> None:
    waveform = GriffinLim(iterations=2)(torch.full((2, frames, 80), -3.0))
    assert waveform.shape == (2, frames * 256) and bool(torch.isfinite(waveform).all())


def test_is_deterministic_and_leaves_the_global_generator_alone() -> None:
    mel = log_mel(sweep(MelConfig(), 0.2), MelConfig())
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    first, second = GriffinLim(iterations=4)(mel), GriffinLim(iterations=4)(mel)
    torch.testing.assert_close(first, second, atol=1e-6, rtol=0)
    assert torch.equal(before, torch.random.get_rng_state())


def test_each_of_a_batch_is_what_it_is_alone() -> None:
    mel = torch.cat([log_mel(sweep(MelConfig(), 0.2) * gain, MelConfig()) for gain in (1.0, 0.1)])
    vocoder = GriffinLim(iterations=4)
    torch.testing.assert_close(vocoder(mel)[1:], vocoder(mel[1:]), atol=1e-4, rtol=0)


def test_silence_is_silent() -> None:
    assert float(GriffinLim()(torch.full((1, 20, 80), float(np.log(1e-5)))).abs().max()) < 1e-3


@pytest.mark.parametrize("shape", [(20, 80), (1, 80, 20)])
def test_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(VocoderError, match=r"\(batch, frames, 80\)"):
        GriffinLim()(torch.zeros(shape))
