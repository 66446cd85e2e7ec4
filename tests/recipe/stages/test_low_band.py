"""The stage of the vocoder's low band: what is copied, by whom, and a training from sound to a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from avsynth.config.networks import LowBandConfig, OwnVocoderConfig
from avsynth.config.schema import Config
from avsynth.errors import UserError
from avsynth.files import read_json
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages.low_band import Wanted, choose, copied, run
from avsynth.training.low_band_data import INDEX, LowCopies
from avsynth.training.vocoder import net_config
from avsynth.training.vocoder_data import SoundData, write_predicted, write_sounds
from vocoder import load_vocoder
from vocoder.harmonic import HarmonicNet, load, save
from vocoder.mel import MelConfig, log_mel

MEL = MelConfig()
SECONDS = {"a_1": 1.0, "a_2": 1.0, "b_1": 1.0, "a_3": 0.5}
LOW = LowBandConfig(
    channels=8, blocks=1, hidden=8, teacher="griffin_lim", minutes=1.5 / 60, steps=3, batch=2, frames=16, judge_alone=0
)
TINY = OwnVocoderConfig(channels=8, blocks=1, hidden=8, pitch_channels=8, pitch_blocks=1, low=LOW)


def sound_of(uid: str) -> np.ndarray:
    rng = np.random.default_rng(len(uid) + ord(uid[0]) + int(uid[-1]))
    return (0.05 * rng.normal(size=int(SECONDS[uid] * 22050))).astype(np.float32)


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    sounds = [(uid, uid[0], "validation" if uid == "a_3" else "train", sound_of(uid)) for uid in SECONDS]
    write_sounds(tmp_path / "sounds", sounds, MEL)
    torch.manual_seed(0)
    save(HarmonicNet(net_config(TINY, MEL)), tmp_path / "filters.safetensors")
    return StageContext(replace(Config(), own_vocoder=TINY), tmp_path, tmp_path, tmp_path, jobs=1)


def test_who_has_less_sound_is_played_at_other_speeds(context: StageContext) -> None:
    data = SoundData(context.exp / "sounds", MEL)
    wanted = choose(data, replace(TINY, low=replace(LOW, minutes=2.5 / 60)))
    listed = [(each.clip.uid, each.speed) for each in wanted]
    assert ("a_3", 1.0) in listed
    assert {("a_1", 1.0), ("a_2", 1.0)} <= set(listed)
    assert [speed for uid, speed in listed if uid == "b_1"] == [1.0, 0.85]
    assert sum(each.clip.hops / each.speed for each in wanted if each.clip.speaker == "b") <= 2.5 * 22050 / 256
    assert wanted == choose(data, replace(TINY, low=replace(LOW, minutes=2.5 / 60)))


def test_a_voices_mels_are_copied_as_well(context: StageContext) -> None:
    write_predicted(context.exp / "sounds", {}, [(uid, np.full((86, 80), -6.0)) for uid in ("a_1", "a_2", "b_1")])
    data = SoundData(context.exp / "sounds", MEL)
    wanted = choose(data, replace(TINY, predicted=1.0, low=replace(LOW, minutes=2.5 / 60)))
    assert {each.clip.uid for each in wanted if each.predicted} == {"a_1", "a_2", "b_1"}
    assert all(each.speed == 1.0 and each.clip.split == "train" for each in wanted if each.predicted)
    (copy,) = copied(context, context.exp / "filters.safetensors", [Wanted(data.clips[0], predicted=True)])
    assert (copy.mel_FM == -6).all()


def test_copies_are_the_vocoders_and_the_teachers(context: StageContext) -> None:
    data = SoundData(context.exp / "sounds", MEL)
    (copy,) = copied(context, context.exp / "filters.safetensors", [Wanted(data.clips[0])])
    mel = log_mel(torch.from_numpy(data.sound(data.clips[0]))[None], MEL)
    np.testing.assert_allclose(copy.mel_FM, mel[0], atol=1e-5)
    cut = load(context.exp / "filters.safetensors").low_band.cut(load_vocoder("griffin_lim")(mel))
    np.testing.assert_allclose(copy.teacher_L, cut[0], atol=1e-5)
    assert copy.own_KL.shape == (LOW.noises, 86 * 32) and copy.teacher_L.shape == (86 * 32,)
    assert not np.array_equal(copy.own_KL[0], copy.own_KL[1])


def test_sound_becomes_a_vocoder_and_copies_are_made_once(context: StageContext) -> None:
    net = run(context, context.exp / "filters.safetensors")
    filters = load(context.exp / "filters.safetensors")
    assert torch.equal(net.out.weight, filters.out.weight)
    assert not torch.equal(net.low_band.out.weight, filters.low_band.out.weight)
    copies = LowCopies(context.exp / "low_band", MEL.n_mels)
    assert {clip.split for clip in copies.clips} == {"train", "validation"}
    stored = (context.exp / "low_band" / INDEX).stat().st_mtime_ns
    run(context, context.exp / "filters.safetensors")
    assert (context.exp / "low_band" / INDEX).stat().st_mtime_ns == stored
    assert read_json(context.exp / "low_band" / INDEX)["source"]["teacher"] == "griffin_lim"


@pytest.mark.parametrize("teacher", ["nobody", "os.path:join"])
def test_a_teacher_is_a_known_vocoder(context: StageContext, teacher: str) -> None:
    config = replace(context.config, own_vocoder=replace(TINY, low=replace(LOW, teacher=teacher)))
    with pytest.raises(UserError, match="must be one of"):
        run(replace(context, config=config), context.exp / "filters.safetensors")


def test_other_filters_are_copied_and_trained_anew(context: StageContext) -> None:
    filters = context.exp / "filters.safetensors"
    run(context, filters)
    torch.manual_seed(1)
    save(HarmonicNet(net_config(TINY, MEL)), filters)
    before = read_json(context.exp / "low_band" / INDEX)["source"]
    net = run(context, filters)
    assert read_json(context.exp / "low_band" / INDEX)["source"] != before
    assert torch.equal(net.out.weight, load(filters).out.weight)
    lines = (context.exp / "low_band" / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == 2  # one log and one validation: nothing is left of the first training
