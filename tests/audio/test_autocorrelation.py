"""The fast pitch tracker on sound whose pitch is known."""

from __future__ import annotations

import numpy as np
import pytest

from avsynth.audio.autocorrelation import track_pitch
from vocoder.mel import MelConfig

MEL = MelConfig()


def voice(pitch_hz: np.ndarray) -> np.ndarray:
    """Ten harmonics that fall off, at a pitch per sample."""
    phase = 2 * np.pi * np.cumsum(pitch_hz) / MEL.sample_rate
    return (0.1 * sum(np.cos(n * phase + n) / n for n in range(1, 11))).astype(np.float32)


@pytest.mark.parametrize("hertz", [70.0, 118.3, 233.1, 441.0])
def test_a_steady_pitch_is_found_within_three_cents(hertz: float) -> None:
    found = track_pitch(voice(np.full(22050, hertz)), MEL)[4:-4]
    assert np.all(np.abs(1200 * np.log2(found / hertz)) < 3)


def test_a_glide_is_followed_at_each_hops_middle() -> None:
    hertz = np.linspace(100.0, 200.0, 40 * 256)
    found = track_pitch(voice(hertz), MEL)
    wanted = hertz.reshape(40, 256).mean(axis=1)
    assert np.all(np.abs(1200 * np.log2(found[4:-4] / wanted[4:-4])) < 15)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 22050).astype(np.float32)
    assert (track_pitch(noise, MEL) == 0).mean() > 0.9
    assert not track_pitch(np.zeros(5000, np.float32), MEL).any()
    assert track_pitch(np.zeros(100, np.float32), MEL).shape == (0,)
