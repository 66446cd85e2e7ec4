"""The low band's training: copies on disk, crops, discriminators that tell and a network that follows, and a run
that is resumed as if it had never stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from avsynth.config.networks import LowBandConfig, OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.models.discriminator import SpectrumDiscriminator
from avsynth.training.losses import relative_feature_matching
from avsynth.training.low_band import LowBandTrainer, train_low_band
from avsynth.training.low_band_data import INDEX, SILENT, Copy, LowCopies, LowCropSampler, write_copies
from vocoder.low_band import DECIMATION, LowBand
from vocoder.mel import MelConfig, log_mel

MEL = MelConfig()
HOP = MEL.hop_length // DECIMATION
TINY = OwnVocoderConfig(
    low=LowBandConfig(
        channels=8, blocks=1, hidden=8, steps=6, batch=3, frames=20, judge_channels=2, judge_alone=2, warmup=1,
        decay_from=1.0,
    ),
    log_every=2,
)  # fmt: skip


def hum(hertz: float, frames: int, seed: int) -> tuple[Tensor, Tensor]:
    """A tone that wavers, the teacher's, and one that does not: ``(1, frames * 256)``."""
    rng = np.random.default_rng(seed)
    place = np.arange(frames * 256)
    steady = 0.2 * np.cos(2 * np.pi * hertz * place / MEL.sample_rate)
    waver = np.interp(place, np.arange(0, len(place) + 400, 400), rng.uniform(0.2, 1.8, len(place) // 400 + 2))
    noise = 0.003 * rng.normal(size=(2, len(place)))
    return tuple(torch.from_numpy(sound).float()[None] for sound in (steady * waver + noise[0], steady + noise[1]))  # type: ignore[return-value]


def copy_of(uid: str, speaker: str, split: str, hertz: float, frames: int) -> Copy:
    net, (teacher, own) = LowBand(MEL, 8, 8, 1), hum(hertz, frames, int(hertz))
    cut = [net.cut(sound)[0].numpy() for sound in (own, own.flip(1), teacher)]
    return Copy(uid, speaker, split, np.stack(cut[:2]), cut[2], log_mel(own, MEL)[0].numpy())


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> LowCopies:
    folder = tmp_path_factory.mktemp("copies")
    clips = [copy_of("a_1", "a", "train", 200, 60), copy_of("b_1", "b", "train", 310, 45)]
    write_copies(folder, {"teacher": "t"}, [*clips, copy_of("a_2", "a", "validation", 250, 30)])
    assert json.loads((folder / INDEX).read_text())["source"] == {"teacher": "t"}
    return LowCopies(folder, MEL.n_mels)


def test_copies_come_back(copies: LowCopies) -> None:
    known, clip = copy_of("b_1", "b", "train", 310, 45), copies.clips[1]
    assert (clip.uid, clip.speaker, clip.split, clip.frames, copies.hop) == ("b_1", "b", "train", 45, HOP)
    for noise, own_L in enumerate(known.own_KL):
        crops = copies.crop(clip, 0, clip.frames, noise=noise)
        for found, stored in ((crops.own_BL, own_L), (crops.teacher_BL, known.teacher_L)):
            np.testing.assert_allclose(found[0], stored, atol=1e-3)
        np.testing.assert_allclose(crops.mel_BFM[0], known.mel_FM, atol=1e-2)
    assert [clip.uid for clip, _ in copies.held_out(5)] == ["a_2"]


def test_a_crop_is_louder_as_its_mel_says_and_silent_after_the_clip(copies: LowCopies) -> None:
    clip = copies.clips[0]
    plain, loud = (copies.crop(clip, 50, 16, gain) for gain in (1.0, 2.0))
    torch.testing.assert_close(loud.own_BL, 2 * plain.own_BL)
    torch.testing.assert_close(loud.mel_BFM[:, :10], plain.mel_BFM[:, :10] + np.log(2))
    assert (loud.own_BL[:, 10 * HOP :] == 0).all() and (loud.mel_BFM[:, 10:] == SILENT).all()


def test_batches_are_a_function_of_the_step(copies: LowCopies) -> None:
    config = replace(TINY.low, speaker_weights={"a": 0.0})
    sampler = LowCropSampler(copies, config, 1)
    assert torch.equal(sampler(3).own_BL, sampler(3).own_BL)
    assert not torch.equal(sampler(3).own_BL, sampler(4).own_BL)
    assert sampler(3).own_BL.shape == (3, 20 * HOP) and sampler(3).mel_BFM.shape == (3, 20, 80)
    spectrum = torch.fft.rfft(sampler(5).own_BL).abs().argmax(1) * 22050 / DECIMATION / (20 * HOP)
    assert (spectrum - 310).abs().max() < 5  # b's alone


def test_batches_are_of_all_noises(copies: LowCopies) -> None:
    sampler = LowCropSampler(copies, replace(TINY.low, quietest_db=0.0, loudest_db=0.0), 1)
    clips = [copies.crop(clip, 0, clip.frames, noise=noise).own_BL[0] for clip in copies.clips for noise in range(2)]
    met = {
        place
        for step in range(8)
        for crop_L in sampler(step).own_BL
        for place, clip_L in enumerate(clips)
        if (clip_L.unfold(0, 10 * HOP, HOP) == crop_L[: 10 * HOP]).all(1).any()
    }
    assert met == {0, 1, 2, 3}  # two noises of each training clip


def test_nothing_to_train_on_is_one_line(tmp_path: Path) -> None:
    write_copies(tmp_path, {}, [copy_of("a_2", "a", "validation", 250, 30)])
    with pytest.raises(UserError, match="training split"):
        LowCropSampler(LowCopies(tmp_path, MEL.n_mels), TINY.low, 1)
    with pytest.raises(ValueError, match="frames"):
        LowBandConfig(frames=4)
    with pytest.raises(ValueError, match="noises"):
        LowBandConfig(noises=0)


def test_a_discriminator_hears_no_level_and_nothing_above_its_share() -> None:
    torch.manual_seed(0)
    judge, sound = SpectrumDiscriminator(64, 0.5, 2), torch.randn(2, 800)
    told = torch.randn(2, 25, 65)
    scores, features = judge(sound, told)
    louder, _ = judge(3 * sound, told + np.log(3))
    torch.testing.assert_close(louder, scores, atol=1e-3, rtol=0)
    assert len(features) == 4 and scores.shape[:2] == (2, 1)
    pictures = judge._seen(sound, told)
    assert pictures.shape == (2, 5, 50, 17)
    high = torch.cos(torch.pi * 0.8 * torch.arange(800)).expand(2, -1)
    apart = judge._seen(sound + 0.5 * high, told) - pictures
    level = torch.log((sound + 0.5 * high).std(dim=1) / sound.std(dim=1))[:, None, None]
    assert (apart[:, 0, 2:-2, :14] * 2 + level).abs().median() < 0.02


def test_features_count_as_shares_of_their_size() -> None:
    real, made = (
        [torch.full((2, 2), 10.0), torch.full((2, 2), 0.1)],
        [torch.full((2, 2), 11.0), torch.full((2, 2), 0.2)],
    )
    assert relative_feature_matching(real, made).item() == pytest.approx((0.1 + 1.0) / 2)


def test_a_resumed_run_ends_as_one_that_never_stopped(copies: LowCopies, tmp_path: Path) -> None:
    torch.manual_seed(5)
    nets = [LowBand(MEL, 8, 8, 1) for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    whole = train_low_band(nets[0], TINY, copies, MEL, tmp_path / "whole")
    train_low_band(nets[1], replace(TINY, low=replace(TINY.low, steps=3)), copies, MEL, tmp_path / "parts")
    resumed = train_low_band(nets[1], TINY, copies, MEL, tmp_path / "parts")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    lines = [json.loads(line) for line in (tmp_path / "parts" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "validation" not in line] == [2, 3, 4, 6]
    assert {"levels", "spectra", "own spectra a"} <= set(lines[-1])


def test_the_network_waits_for_the_discriminators(copies: LowCopies) -> None:
    trainer, sampler = LowBandTrainer(LowBand(MEL, 8, 8, 1), TINY, MEL), LowCropSampler(copies, TINY.low, 1)
    named = [trainer.step(sampler(step), step) for step in range(4)]
    assert all("judged" not in values for values in named[:2])
    assert all({"judged", "features", "levels", "spectra"} <= set(values) for values in named[2:])


@pytest.mark.slow
def test_a_steady_tone_learns_to_waver(copies: LowCopies) -> None:
    """How far levels change from frame to frame: little in the vocoder's own copies, more in the teacher's, and more
    than at first after training."""
    low = replace(TINY.low, steps=400, batch=6, judge_channels=8, judge_alone=50, judge_rate=3e-3, learning_rate=3e-3)
    config = replace(TINY, low=replace(low, channels=32, hidden=64, blocks=2), ema=0.9)
    trainer, sampler = LowBandTrainer(LowBand(MEL, 32, 64, 2), config, MEL), LowCropSampler(copies, config.low, 1)
    for step in range(low.steps):
        trainer.step(sampler(step), step)

    def wavering(sound_BL: Tensor) -> float:
        levels = sound_BL[:, 128:-128].unfold(1, 64, 32).square().mean(2).log()
        return float(levels.diff(dim=1).abs().mean())

    clip, crops = next(iter(copies.held_out(1)))
    assert clip.uid == "a_2"
    with torch.inference_mode():
        made = wavering(trainer.average.drawn(crops.own_BL, crops.mel_BFM))
    own, teacher = wavering(crops.own_BL), wavering(crops.teacher_BL)
    assert own < 0.3 * teacher
    assert made > own + 0.15 * (teacher - own)
