"""Pitch per mel frame."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.pitch import fundamental_hz, interpolated_log
from vocoder.mel import MelConfig, mel_frames

pytest.importorskip("librosa")
MEL = MelConfig()


def voice(f0_hz: NDArray[np.float64]) -> NDArray[np.float32]:
    """A buzz of twelve falling harmonics whose pitch is ``f0_hz`` at each sample."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / MEL.sample_rate
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 13))).astype(np.float32)


def test_a_voice_of_120_hz_between_silences() -> None:
    quarter = MEL.sample_rate // 4
    sound = np.concatenate([np.zeros(quarter), voice(np.full(2 * quarter, 120.0)), np.zeros(quarter)])
    frames = mel_frames(len(sound), MEL)
    track = fundamental_hz(sound.astype(np.float32), MEL, frames)
    assert track.shape == (frames,)
    assert np.isnan(track[: frames // 4 - 3]).all() and np.isnan(track[-(frames // 4) + 3 :]).all()
    middle = track[frames // 4 + 4 : -frames // 4 - 4]
    assert np.isfinite(middle).mean() > 0.9
    assert np.nanmedian(middle) == pytest.approx(120, rel=0.01)


def test_a_frame_s_pitch_is_that_at_its_middle() -> None:
    samples = MEL.sample_rate * 6 // 10
    glide = 100.0 * 2 ** (np.arange(samples) / samples)
    frames = mel_frames(samples, MEL)
    track = fundamental_hz(voice(glide), MEL, frames)[4:-4]
    middles = ((np.arange(frames) + 0.5) * MEL.hop_length).astype(int)[4:-4]
    cents = 1200 * np.log2(track / glide[middles])
    assert np.isfinite(cents).mean() > 0.9
    assert abs(np.nanmean(cents)) < 15  # half a hop late would be 12 cents more


def test_more_frames_than_were_measured_are_unvoiced() -> None:
    track = fundamental_hz(voice(np.full(MEL.sample_rate // 4, 150.0)), MEL, 100)
    assert track.shape == (100,) and np.isnan(track[30:]).all()


def test_unvoiced_stretches_are_filled_in_log() -> None:
    track = np.array([np.nan, 100.0, np.nan, np.nan, 800.0, np.nan])
    filled = np.exp(interpolated_log(track))
    np.testing.assert_allclose(filled, [100, 100, 200, 400, 800, 800])
    assert (interpolated_log(np.full(4, np.nan)) == 0).all()
