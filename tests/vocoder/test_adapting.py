"""Mels that differ in logarithm and floor alone are converted, on request; others are refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor

from vocoder import MelConfig, VocoderError, fit_mel, log_mel


class Ear:
    """A vocoder that keeps what it is given."""

    def __init__(self, mel_config: MelConfig) -> None:
        self.mel_config = mel_config
        self.heard = torch.zeros(0)

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        self.heard = mel_BFM
        return torch.zeros(mel_BFM.shape[0], mel_BFM.shape[1] * self.mel_config.hop_length)


def sound() -> Tensor:
    """Noise that rises from digital silence."""
    return torch.randn(1, 8192, generator=torch.Generator().manual_seed(1)) * torch.linspace(0, 0.5, 8192) ** 6


def test_the_same_mel_goes_by_untouched() -> None:
    ear = Ear(MelConfig())
    assert fit_mel(ear, MelConfig(), adapt=True) is ear
    assert fit_mel(ear, MelConfig()) is ear


@pytest.mark.parametrize("wanted", [{"log_base": "10"}, {"floor": 1e-3}, {"log_base": "10", "floor": 1e-3}])
@pytest.mark.parametrize("base", ["e", "10"])
def test_converted_is_what_would_have_been_measured(wanted: dict[str, Any], base: Any) -> None:
    mine = MelConfig(log_base=base, floor=1e-4)
    ear = Ear(dataclasses.replace(mine, **wanted))
    adapted = fit_mel(ear, mine, adapt=True)
    assert adapted.mel_config == mine
    assert adapted(log_mel(sound(), mine)).shape == (1, 8192)
    expected = log_mel(sound(), ear.mel_config)
    assert float((expected == expected.min()).float().mean()) > 0.1
    torch.testing.assert_close(ear.heard, expected, atol=1e-4, rtol=0)


def test_what_lay_below_a_higher_floor_stays_on_that() -> None:
    ear = Ear(MelConfig(floor=1e-7))
    adapted: Any = fit_mel(ear, MelConfig(), adapt=True)
    mel = log_mel(sound(), MelConfig())
    adapted(mel)
    torch.testing.assert_close(ear.heard, mel, atol=0, rtol=0)
    assert adapted.steps == "mel adapted to Ear: what lies on its floor 1e-05 stays there (Ear knows 1e-07)"


def test_it_says_what_it_does() -> None:
    adapted: Any = fit_mel(Ear(MelConfig(log_base="10", floor=1e-4)), MelConfig(), adapt=True)
    assert adapted.steps == (
        "mel adapted to Ear: logarithm to base e times 0.4343 for base 10; raised to the floor 0.0001 (it was 1e-05)"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sample_rate", 24000), ("n_fft", 2048), ("hop_length", 200), ("win_length", 800), ("n_mels", 100),
        ("f_min", 30.0), ("f_max", 7600.0), ("mel_scale", "htk"), ("padding", "center"),
    ],
)  # fmt: skip
def test_what_is_not_linear_is_refused_also_on_request(field: str, value: Any) -> None:
    ear = Ear(dataclasses.replace(MelConfig(log_base="10"), **{field: value}))
    with pytest.raises(VocoderError, match="cannot be adapted to the mel: no linear conversion changes") as refused:
        fit_mel(ear, MelConfig(), adapt=True)
    assert f"{field}: {value} against {getattr(MelConfig(), field)} (Ear against the mel)" in str(refused.value)
    assert "log_base" not in str(refused.value) and "\n" not in str(refused.value)


def test_a_normalisation_is_a_difference_too() -> None:
    ear = Ear(MelConfig())
    ear.normalisation = "mean and scale of stats.h5"  # type: ignore[attr-defined]
    line = "normalisation: mean and scale of stats.h5 against none"
    with pytest.raises(VocoderError, match=f"{line}; --adapt-mel converts it"):
        fit_mel(ear, MelConfig())
    adapted: Any = fit_mel(ear, MelConfig(), adapt=True)
    assert adapted.steps == "mel adapted to Ear: mean and scale of stats.h5"
    mel = log_mel(sound(), MelConfig())
    adapted(mel)
    torch.testing.assert_close(ear.heard, mel, atol=1e-5, rtol=0)
    with pytest.raises(VocoderError, match=f"n_mels: 100 against 80; {line}$"):
        ear.mel_config = MelConfig(n_mels=100)
        fit_mel(ear, MelConfig())


def test_without_request_the_line_tells_that_it_could_be() -> None:
    with pytest.raises(VocoderError, match=r"log_base: 10 against e; --adapt-mel converts it"):
        fit_mel(Ear(MelConfig(log_base="10")), MelConfig())
    with pytest.raises(VocoderError, match=r"log_base: 10 against e$"):
        fit_mel(Ear(MelConfig(log_base="10", n_mels=100)), MelConfig())
