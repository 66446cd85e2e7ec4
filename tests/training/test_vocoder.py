"""The vocoder's training: crops, a loss that falls, a run that is resumed as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from avsynth.config.networks import OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.training.vocoder import VocoderTrainer, net_config, rate_at, train_vocoder
from avsynth.training.vocoder_data import CropSampler, SoundData, write_predicted, write_sounds
from vocoder.harmonic import HarmonicNet, save
from vocoder.mel import MelConfig, log_mel

MEL = MelConfig()
TINY = OwnVocoderConfig(
    channels=16, blocks=1, hidden=16, pitch_channels=8, pitch_blocks=1, pitch_steps=2, pitch_batch=3, steps=4, batch=2,
    frames=16, log_every=2,
    warmup=1, decay_from=1.0,
)  # fmt: skip


def voice(hertz: float, seconds: float) -> np.ndarray:
    """A buzz with some noise."""
    rng = np.random.default_rng(int(hertz))
    turns = hertz * np.arange(int(seconds * 22050)) / 22050
    buzz = sum(np.cos(2 * np.pi * n * turns) / n for n in range(1, 20))
    return (0.05 * buzz + 0.01 * rng.normal(size=len(turns))).astype(np.float32)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> SoundData:
    folder = tmp_path_factory.mktemp("sounds")
    sounds = [("a_1", "a", "train", voice(120, 1.0)), ("b_1", "b", "train", voice(220, 1.0))]
    write_sounds(folder, [*sounds, ("a_2", "a", "validation", voice(130, 0.5))], MEL)
    return SoundData(folder, MEL)


def test_clips_come_back_with_their_pitch(data: SoundData) -> None:
    clip = data.clips[1]
    assert (clip.uid, clip.speaker, clip.hops) == ("b_1", "b", 86)
    np.testing.assert_allclose(data.sound(clip), voice(220, 1.0)[: 86 * 256], atol=1e-4)
    assert np.abs(data.pitch(clip)[3:-3] - 220).max() < 1


def test_crops_agree_with_their_mel_and_pitch(data: SoundData) -> None:
    sampler = CropSampler(data, replace(TINY, batch=8, resampled=1.0))
    crops = sampler(3)
    assert crops.sound_BN.shape == (8, 16 * 256) and crops.mel_BFM.shape == (8, 16, 80)
    again = log_mel(crops.sound_BN, MEL)
    torch.testing.assert_close(again[:, 2:-2], crops.mel_BFM[:, 2:-2], atol=1e-3, rtol=0)
    hertz = crops.log_pitch_BF.exp()
    assert float(hertz.min()) > 120 / 1.26 and float(hertz.max()) < 220 * 1.26
    assert len({round(float(row.mean())) for row in hertz}) > 5  # each at a speed of its own
    for sound, pitch in zip(crops.sound_BN, hertz.mean(1), strict=True):
        spectrum = torch.fft.rfft(sound * torch.hann_window(4096)).abs()
        spectrum[: int(0.8 * pitch / 22050 * 4096)] = 0
        assert abs(int(spectrum[:80].argmax()) * 22050 / 4096 - float(pitch)) < 6
    assert torch.equal(sampler(3).sound_BN, crops.sound_BN)
    assert not torch.equal(sampler(4).sound_BN, crops.sound_BN)


def test_a_voices_mels_stand_in_for_those_of_recordings(tmp_path: Path) -> None:
    """They lie on the recording's frames, and are as loud as the crop is made."""
    sounds = [("a_1", "a", "train", voice(120, 1.0)), ("b_1", "b", "train", voice(220, 1.0))]
    write_sounds(tmp_path, sounds, MEL)
    real = SoundData(tmp_path, MEL)
    own = log_mel(torch.from_numpy(real.sound(real.clips[0]))[None], MEL)[0].numpy()
    write_predicted(tmp_path, {"voice": "v"}, [("a_1", own)])
    config = replace(TINY, batch=6, speaker_weights={"b": 0.0})
    heard, told = (CropSampler(SoundData(tmp_path, MEL), replace(config, predicted=share))(5) for share in (0.0, 1.0))
    again = log_mel(told.sound_BN, MEL)
    torch.testing.assert_close(again[:, 2:-2], told.mel_BFM[:, 2:-2], atol=0.02, rtol=0)
    assert heard.mel_BFM.shape == told.mel_BFM.shape
    others = CropSampler(
        SoundData(tmp_path, MEL), replace(config, predicted=1.0, speaker_weights={"a": 0.0}, resampled=0.0)
    )(5)
    assert torch.equal(log_mel(others.sound_BN, MEL)[:, 2:-2], others.mel_BFM[:, 2:-2])


def test_training_goes_on_from_a_finished_vocoder(data: SoundData, tmp_path: Path) -> None:
    net = HarmonicNet(net_config(TINY, MEL))
    save(net, tmp_path / "vocoder.safetensors")
    begun = VocoderTrainer(replace(TINY, init=str(tmp_path / "vocoder.safetensors")), MEL)
    for name, value in net.state_dict().items():
        assert torch.equal(begun.model.state_dict()[name], value.half().float()), name
    assert begun.step(CropSampler(data, TINY)(0), 0)["spectra"] > 0
    assert not torch.equal(begun.model.out.weight, net.out.weight)
    with pytest.raises(UserError, match="other sizes"):
        VocoderTrainer(replace(TINY, channels=8, init=str(tmp_path / "vocoder.safetensors")), MEL)
    with pytest.raises(UserError, match="no such file"):
        VocoderTrainer(replace(TINY, init=str(tmp_path / "none.safetensors")), MEL)
    with pytest.raises(ValueError, match="go together"):
        replace(TINY, voice="english")


def test_losses_fall(data: SoundData) -> None:
    config = replace(TINY, steps=40, pitch_steps=40, learning_rate=5e-3, pitch_rate=1e-2, ema=0.5, resampled=0.0)
    trainer, sampler = VocoderTrainer(config, MEL), CropSampler(data, config)
    heard = [trainer.pitch_step(sampler(step, pitch_alone=True), step)["pitch"] for step in range(40)]
    told = [trainer.step(sampler(step), step)["spectra"] for step in range(40)]
    for values in (heard, told):
        assert np.mean(values[-10:]) < 0.8 * np.mean(values[:5])
    assert {"spectra", "pitch", "mel", "cents", "mel a"} <= set(trainer.validate(data))


def test_a_resumed_run_ends_as_one_that_never_stopped(data: SoundData, tmp_path: Path) -> None:
    whole = train_vocoder(TINY, data, tmp_path / "whole")
    train_vocoder(replace(TINY, steps=1), data, tmp_path / "parts")
    resumed = train_vocoder(TINY, data, tmp_path / "parts")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    lines = [json.loads(line) for line in (tmp_path / "parts" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "validation" not in line] == [2, 3, 4, 6]


def test_rates_rise_stay_and_fall_to_nothing() -> None:
    config = replace(TINY, warmup=10, decay_from=0.5)
    rates = [rate_at(step, 100, 1.0, config) for step in (0, 9, 49, 75, 99)]
    np.testing.assert_allclose(rates, [0.1, 1, 1, 0.5, 0.02])


def test_what_cannot_be_trained_is_one_line(data: SoundData, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nobody"):
        CropSampler(data, replace(TINY, speaker_weights={"nobody": 1.0}))
    with pytest.raises(UserError, match="400 frames"):
        CropSampler(data, replace(TINY, frames=400))
    train_vocoder(replace(TINY, pitch_steps=0, steps=1), data, tmp_path)
    with pytest.raises(UserError, match="other sizes"):
        train_vocoder(replace(TINY, pitch_steps=0, channels=8), data, tmp_path)
