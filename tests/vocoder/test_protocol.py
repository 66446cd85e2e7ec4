"""A vocoder whose mel differs is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor

from vocoder import MelConfig, VocoderError, check_mel


class Silence:
    def __init__(self, mel_config: MelConfig) -> None:
        self.mel_config = mel_config

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        return torch.zeros(mel_BFM.shape[0], mel_BFM.shape[1] * self.mel_config.hop_length)


def test_the_same_mel_passes() -> None:
    check_mel(Silence(MelConfig()), MelConfig())


OTHER: dict[str, Any] = {
    "sample_rate": 24000, "n_fft": 2048, "hop_length": 200, "win_length": 800, "n_mels": 64, "f_min": 30.0,
    "f_max": 7600.0, "mel_scale": "htk", "log_base": "10", "floor": 1e-7, "padding": "center",
}  # fmt: skip


@pytest.mark.parametrize("field", [item.name for item in dataclasses.fields(MelConfig)])
def test_refusal_names_the_field_and_both_values(field: str) -> None:
    value = OTHER[field]
    changed = dataclasses.replace(MelConfig(), **{field: value})
    with pytest.raises(VocoderError) as refused:
        check_mel(Silence(changed), MelConfig())
    message = str(refused.value)
    assert f"{field}: {value} against {getattr(MelConfig(), field)}" in message
    assert "Silence" in message and message.count(" against ") == 2 and "\n" not in message


def test_refusal_names_every_field() -> None:
    with pytest.raises(VocoderError, match=r"sample_rate: 16000 against 22050; hop_length: 200 against 256"):
        check_mel(Silence(MelConfig(sample_rate=16000, hop_length=200)), MelConfig())
