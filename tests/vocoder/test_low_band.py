"""The low band drawn once more: cut out and put back without loss, and nothing else touched."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.signal import resample_poly
from torch import Tensor

from vocoder.excitation import spectrum
from vocoder.low_band import DECIMATION, FULL_HZ, NONE_HZ, WINDOW, LowBand, turned, unit
from vocoder.mel import MelConfig, log_mel

MEL = MelConfig()
LOW_RATE = MEL.sample_rate / DECIMATION


def tone(hertz: float, samples: int = 40 * 256) -> Tensor:
    return 0.3 * torch.sin(2 * math.pi * hertz / MEL.sample_rate * torch.arange(samples, dtype=torch.float64)).float()


def changing() -> LowBand:
    """Random weights whose gains and turns are large."""
    torch.manual_seed(3)
    net = LowBand(MEL, 16, 16, 2)
    with torch.no_grad():
        net.out.weight.normal_(std=0.5)
    return net


def test_cutting_and_raising_are_scipys_resampling() -> None:
    net, sound = LowBand(MEL, 8, 8, 1), torch.randn(2, 30 * 256, generator=torch.Generator().manual_seed(0))
    low = net.cut(sound)
    np.testing.assert_allclose(low, resample_poly(sound.numpy(), 1, DECIMATION, axis=1), atol=1e-5)
    np.testing.assert_allclose(net.raised(low), resample_poly(low.numpy(), DECIMATION, 1, axis=1), atol=1e-5)


@pytest.mark.parametrize(("hertz", "share"), [(100.0, 1.0), (1000.0, 1.0), (2000.0, 0.0), (9000.0, 0.0)])
def test_a_low_tone_comes_back_and_a_high_one_does_not(hertz: float, share: float) -> None:
    net, sound = LowBand(MEL, 8, 8, 1), tone(hertz)[None]
    inside = slice(1024, -1024)
    torch.testing.assert_close(net.raised(net.cut(sound))[:, inside], share * sound[:, inside], atol=3e-3, rtol=0)


def test_before_any_training_the_sound_stays_as_it_is() -> None:
    sound = torch.randn(2, 20 * 256, generator=torch.Generator().manual_seed(0)) * 0.1
    torch.testing.assert_close(LowBand(MEL, 16, 16, 2)(sound, log_mel(sound, MEL)), sound, atol=1e-6, rtol=0)


def test_only_what_lies_below_its_highest_frequency_changes() -> None:
    sound = torch.randn(1, 60 * 256, generator=torch.Generator().manual_seed(0)) * 0.1
    with torch.no_grad():
        change = changing()(sound, log_mel(sound, MEL)) - sound
    power_K = torch.fft.rfft(change[0] * torch.hann_window(change.shape[1])).abs().square()
    hertz_K = torch.arange(len(power_K)) * MEL.sample_rate / change.shape[1]
    below, above = power_K[hertz_K < FULL_HZ].sum(), power_K[hertz_K > NONE_HZ + 2 * LOW_RATE / WINDOW].sum()
    assert change.std() > 0.01
    assert above < 1e-3 * below


def test_a_tones_phase_turns_by_how_far_it_lies_from_its_bin() -> None:
    hop, away = 16, 0.3
    hertz = (10 + away) * LOW_RATE / WINDOW
    sound = torch.cos(2 * math.pi * hertz / LOW_RATE * torch.arange(40 * hop))[None]
    angle = turned(spectrum(sound, WINDOW, hop), hop)[0, 5:-5, 10].angle()
    torch.testing.assert_close(angle, torch.full_like(angle, 2 * math.pi * away * hop / WINDOW), atol=2e-2, rtol=0)
    lengths = unit(torch.tensor([0j, 1e-9 + 0j, 5j]), 1e-6).abs()
    assert lengths[0] == 0 and lengths[1] < 1e-2 and lengths[2] == pytest.approx(1, abs=1e-5)


def test_the_reach_is_no_longer_than_said() -> None:
    net, reach = changing(), LowBand.context_frames(MEL, 2)
    frames, moved = 80, 40
    mel = torch.full((1, frames, 80), -4.0)
    sound = torch.randn(1, frames * 256, generator=torch.Generator().manual_seed(0)) * 0.1
    other_mel, other_sound = mel.clone(), sound.clone()
    other_mel[:, moved] += 2.0
    other_sound[:, moved * 256 : (moved + 1) * 256] *= -1.0
    with torch.no_grad():
        for changed in (net(sound, other_mel), net(other_sound, mel)):
            far = (changed - net(sound, mel))[0].abs().unflatten(0, (frames, 256)).amax(1) > 1e-5
            places = torch.nonzero(far).flatten()
            assert moved - reach <= int(places.min()) <= moved <= int(places.max()) <= moved + reach


@pytest.mark.parametrize(("hop", "rate"), [(200, 22050), (240, 24000), (256, 16000), (1024, 22050)])
def test_a_mel_that_the_low_band_cannot_follow_is_refused(hop: int, rate: int) -> None:
    with pytest.raises(ValueError, match=f"not {hop} and {rate}"):
        LowBand.check(replace(MEL, hop_length=hop, sample_rate=rate))
