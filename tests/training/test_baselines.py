"""The baselines train by the same loop, on the same clips, with the same checkpoints and reports."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from math import ceil

import pytest
import torch

from avsynth.config.networks import AutoregressiveConfig, RecurrentConfig
from avsynth.config.schema import Config
from avsynth.data.dataset import ClipDataset, ClipKey, collate
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.training.checkpoint import checkpoints
from avsynth.training.distributed import Process
from avsynth.training.loop import TrainingData, train
from avsynth.training.trainer import Trainer
from avsynth.training.validation import free_frames
from avsynth.types import Batch

ALONE = Process(0, 1, torch.device("cpu"))
OWN = RecurrentConfig(channels=12, memory=16, prenet=12, attention=8, location_filters=4, location_kernel=5, lstm=24)


@pytest.fixture(params=["transformer_t2l", "duallip"])
def baseline(config: Config, request: pytest.FixtureRequest) -> Config:
    """The config of the other tests, for a baseline with every option on."""
    options = AutoregressiveConfig(input_dropout=0.3, rollout=0.5, rollout_frames=3)
    model = replace(config.model, architecture=request.param, recurrent=OWN, autoregressive=options)
    return replace(config, model=model, weights=replace(config.weights, stop=0.2, attention=0.5))


@pytest.fixture
def clips(corpus: TrainingData, stats: Stats, config: Config) -> Batch:
    """Four whole clips."""
    parts = (corpus.manifest, corpus.alignments, corpus.features, corpus.crops, corpus.offsets, stats)
    dataset = ClipDataset(*parts, "train", (config.lips.height, config.lips.width))
    return collate([dataset[ClipKey(index, index)] for index in range(4)], stats)


@pytest.mark.slow
def test_a_few_steps_lower_every_loss(baseline: Config, stats: Stats, clips: Batch) -> None:
    trainer = Trainer(replace(baseline, train=replace(baseline.train, steps=60)), stats, ALONE)
    values = [trainer.step(clips, step) for step in range(60)]
    first, last = (
        {name: sum(item[name].item() for item in part) / len(part) for name in values[0]}
        for part in (values[:6], values[-6:])
    )
    assert {"lip_l1", "lip_ssim", "lip_motion", "stop", "attention", "total"} <= set(first)
    assert not {"mel_l1", "duration", "pitch"} & set(first)
    assert last["total"] < 0.7 * first["total"]
    for name in ("lip_l1", "lip_ssim", "stop", "attention"):
        assert last[name] < 0.95 * first[name], name


def test_a_step_is_a_function_of_its_number(baseline: Config, stats: Stats, clips: Batch) -> None:
    def total(step: int) -> float:
        return Trainer(baseline, stats, ALONE).step(clips, step)["total"].item()

    assert total(3) == total(3) != total(4)


def test_every_part_trains_under_the_adversarial_term_too(baseline: Config, stats: Stats, clips: Batch) -> None:
    weights = replace(baseline.weights, lip_adv=0.1, lip_feature=0.1)
    model = replace(baseline.model, autoregressive=AutoregressiveConfig())
    trainer = Trainer(replace(baseline, weights=weights, model=model), stats, ALONE)
    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    assert {"lip_adv", "lip_feature", "lip_judge"} <= set(trainer.step(clips, 0))
    still = {name for name, value in trainer.model.named_parameters() if torch.equal(value, before[name])}
    assert still == set()


def test_the_loop_gives_it_whole_clips_and_lets_it_run_free_in_validation(
    baseline: Config, corpus: TrainingData
) -> None:
    train(ALONE, replace(baseline, train=replace(baseline.train, steps=2, precision="bf16")), corpus)
    assert [path.name for path in checkpoints(corpus.output / "checkpoints")] == ["step_00000002.pt"]
    rows = [json.loads(line) for line in (corpus.output / "metrics.jsonl").read_text().splitlines()]
    (report,) = [row for row in rows if "validation" in row]
    assert report["validation"]["stop"] > 0 and report["validation"]["lip_l1"] > 0
    assert report["measures"]["ours"]["stop_error"] >= 0 and "stop_error" not in report["measures"]["frozen"]


def test_validation_draws_without_the_true_frames(baseline: Config, stats: Stats, clips: Batch) -> None:
    model = Trainer(baseline, stats, ALONE).average.eval()
    assert isinstance(model, AutoregressiveModel) and isinstance(model.stop, torch.nn.Linear)
    one = Batch(**{item.name: getattr(clips, item.name)[:1] for item in fields(Batch)})
    due = int(one.lip_lens_B)
    given_TCHW = model(one).lips_BKCHW[0, :due]
    torch.nn.init.constant_(model.stop.bias, -9.0)
    free_TCHW, error = free_frames(model, given_TCHW, one)
    assert free_TCHW.shape == given_TCHW.shape and error == ceil(1.5 * due) - due
    torch.testing.assert_close(free_TCHW[0], given_TCHW[0], atol=1e-6, rtol=0)  # both follow from the identity
    blank = replace(one, lips_BKCHW=torch.zeros_like(one.lips_BKCHW))
    torch.testing.assert_close(free_frames(model, torch.zeros_like(given_TCHW), blank)[0], free_TCHW)
    torch.nn.init.constant_(model.stop.bias, 9.0)
    assert free_frames(model, given_TCHW, one)[1] == due - 1
