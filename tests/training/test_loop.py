"""Training from end to end: it learns, a kill costs nothing, two processes are one, and what it leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.manifest import read_manifest, write_manifest
from avsynth.data.shards import Shards
from avsynth.data.stats import Stats
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.training import loop
from avsynth.training.checkpoint import checkpoints, load_checkpoint
from avsynth.training.distributed import Process, launch
from avsynth.training.loop import TrainingData, train
from avsynth.training.trainer import Trainer

pytest.importorskip("tensorboard")
ALONE = Process(0, 1, torch.device("cpu"))


def training(data: TrainingData) -> dict[int, dict[str, float]]:
    """Step to losses, as written to ``metrics.jsonl``."""
    lines = (data.output / "metrics.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["step"]: row["train"] for row in rows if "train" in row}


def validations(data: TrainingData) -> list[dict[str, Any]]:
    lines = (data.output / "metrics.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if "validation" in row]


def same(one: dict[int, dict[str, float]], other: dict[int, dict[str, float]], tolerance: float) -> None:
    assert one.keys() == other.keys()
    for step, losses in one.items():
        assert losses == pytest.approx(other[step], abs=tolerance, rel=tolerance), f"step {step}"


def changed(config: Config, **train_fields: Any) -> Config:
    return replace(config, train=replace(config.train, **train_fields))


def test_it_learns_and_leaves_everything_behind(config: Config, corpus: TrainingData) -> None:
    settings = changed(config, steps=60, log_every=20)
    train(ALONE, settings, corpus)
    losses = training(corpus)
    assert list(losses) == [20, 40, 60]
    assert losses[60]["total"] < 0.5 * losses[20]["total"]
    written = yaml.safe_load((corpus.output / "config.yaml").read_text())
    assert from_dict(written) == settings
    assert [path.name for path in checkpoints(corpus.output / "checkpoints")] == ["step_00000060.pt"]
    assert from_dict(load_checkpoint(checkpoints(corpus.output / "checkpoints")[0])["config"]) == settings
    (report,) = validations(corpus)
    assert report["step"] == 60 and report["validation"]["lip_l1"] > 0
    assert set(report["measures"]) >= {"ours", "frozen", "mean", "late 1"}
    assert list((corpus.output / "tensorboard").iterdir())


class Killed(Exception):
    """Stands for a kill."""


def test_a_kill_costs_nothing(config: Config, corpus: TrainingData, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.model.encoder.dropout > 0
    settings = replace(config, weights=replace(config.weights, lip_adv=0.1, lip_feature=0.5))
    whole = replace(corpus, output=corpus.output / "whole")
    train(ALONE, settings, whole)

    broken = replace(corpus, output=corpus.output / "broken")
    often = changed(settings, checkpoint_minutes=0.0)
    step = Trainer.step

    def mortal(self: Trainer, batch: Any, number: int) -> Any:
        if number == 5:
            raise Killed
        return step(self, batch, number)

    monkeypatch.setattr(Trainer, "step", mortal)
    with pytest.raises(Killed):
        train(ALONE, often, broken)
    assert [path.name for path in checkpoints(broken.output / "checkpoints")][-1] == "step_00000005.pt"
    monkeypatch.setattr(Trainer, "step", step)
    train(ALONE, often, broken)

    same(training(broken), training(whole), 1e-5)
    states = [load_checkpoint(checkpoints(data.output / "checkpoints")[-1]) for data in (whole, broken)]
    nets = [[state["model"], state["average"], state["adversaries"]["lip"]["net"]] for state in states]
    for one, other in zip(*nets, strict=True):
        for name, value in one.items():
            torch.testing.assert_close(other[name], value, atol=1e-6, rtol=1e-5)


def test_a_finished_training_is_left_alone(config: Config, corpus: TrainingData) -> None:
    short = changed(config, steps=2)
    train(ALONE, short, corpus)
    before = (corpus.output / "metrics.jsonl").read_text()
    train(ALONE, short, corpus)
    assert (corpus.output / "metrics.jsonl").read_text() == before


def test_parts_of_a_batch_are_one(without_dropout: Config, corpus: TrainingData) -> None:
    runs = {}
    for parts in (1, 2):
        runs[parts] = replace(corpus, output=corpus.output / f"parts{parts}")
        launch(train, "cpu", 1, 1, changed(without_dropout, steps=3, accumulate=parts), runs[parts])
    same(training(runs[2]), training(runs[1]), 1e-4)


@pytest.mark.slow
def test_two_processes_are_one(without_dropout: Config, corpus: TrainingData) -> None:
    settings = replace(without_dropout, weights=replace(without_dropout.weights, lip_adv=0.1))
    settings = changed(settings, steps=3)
    alone = replace(corpus, output=corpus.output / "alone")
    shared = replace(corpus, output=corpus.output / "shared")
    launch(train, "cpu", 1, 1, settings, alone)
    launch(train, "cpu", 2, 1, settings, shared)
    same(training(shared), training(alone), 1e-4)
    assert len(checkpoints(shared.output / "checkpoints")) == 1


@pytest.mark.parametrize("devices", (1, pytest.param(2, marks=pytest.mark.slow)))
def test_a_loss_is_the_mean_of_the_steps_that_have_it(
    without_dropout: Config, corpus: TrainingData, devices: int
) -> None:
    """Clips a to c lose their pictures: a step of two clips shows lips seldom, and its losses are not diluted."""
    for name in "abc":
        Shards(corpus.crops).replace(f"s1_{name}", {})
    runs = {}
    for every in (1, 6):
        runs[every] = replace(corpus, output=corpus.output / f"every{every}")
        settings = changed(without_dropout, steps=6, batch=2, log_every=every, learning_rate=0.0, ema=0.0)
        launch(train, "cpu", devices, 1, settings, runs[every])
    single, (whole,) = training(runs[1]).values(), training(runs[6]).values()
    seen = [line["lip_l1"] for line in single if "lip_l1" in line]
    assert 0 < len(seen) < 6 or devices == 2
    assert whole["mel_l1"] == pytest.approx(np.mean([line["mel_l1"] for line in single]), abs=1e-4)
    assert min(seen) - 1e-4 <= whole["lip_l1"] <= max(seen) + 1e-4


def test_a_speaker_s_clips_may_count_more_and_steps_be_of_like_length(config: Config, corpus: TrainingData) -> None:
    train(ALONE, changed(config, steps=2, like_lengths=True, speaker_weights={"s1": 2.0}), corpus)
    with pytest.raises(UserError, match=r"train\.speaker_weights names 'anna'; speakers are s1"):
        train(ALONE, changed(config, speaker_weights={"anna": 2.0}), corpus)
    with pytest.raises(UserError, match="leaves no clip"):
        train(ALONE, changed(config, speaker_weights={"s1": 0.0}), corpus)


def test_a_stranger_lends_his_face_alone(config: Config, corpus: TrainingData) -> None:
    """With lips alone a talker outside the table of speakers is learned from, and the sound stays to the bit."""
    train(ALONE, config, corpus)
    rows = [replace(row, speaker="s4") if row.uid == "s1_a" else row for row in read_manifest(corpus.manifest)]
    write_manifest(corpus.manifest, rows)
    start = checkpoints(corpus.output / "checkpoints")[-1]
    again = replace(corpus, output=corpus.output.with_name("again"))
    with pytest.raises(UserError, match=r"'s4' is not among the voice's speakers \(s1\).*decoders=\[lips\]"):
        train(ALONE, changed(config, init=str(start)), again)
    only_him = {"s1": 0.0, "s4": 1.0}
    lips_alone = changed(config, init=str(start), decoders=("lips",), augment=0.5, speaker_weights=only_him)
    train(ALONE, lips_alone, again)
    before, after = (load_checkpoint(checkpoints(data.output / "checkpoints")[-1]) for data in (corpus, again))
    moved = {name for name in before["average"] if not before["average"][name].equal(after["average"][name])}
    assert moved and all(name.startswith("lip_decoder.") for name in moved)


def test_what_is_not_trained_must_come_from_the_start(config: Config, corpus: TrainingData, tmp_path: Path) -> None:
    """A voice of other speakers, whose table does not fit: half of the model would stay random, and nobody be told."""
    train(ALONE, changed(config, steps=1), corpus)
    two = replace(Stats.load(corpus.stats), speakers=("s1", "s2"))
    for name in ("pitch_mean", "pitch_std", "energy_mean", "energy_std"):
        two = replace(two, **{name: getattr(two, name) * 2})
    two.save(tmp_path / "two.json")
    start = str(checkpoints(corpus.output / "checkpoints")[-1])
    again = replace(corpus, stats=tmp_path / "two.json", output=tmp_path / "again")
    with pytest.raises(UserError, match=r"has no speaker\.weight of this model's shape.*data\.speakers_of"):
        train(ALONE, changed(config, steps=1, init=start, decoders=("lips",)), again)


def test_other_sizes_are_one_clear_line(config: Config, corpus: TrainingData) -> None:
    train(ALONE, changed(config, steps=1), corpus)
    wider = replace(config, model=replace(config.model, hidden=32))
    with pytest.raises(UserError, match=r"step_00000001\.pt was written with other model settings"):
        train(ALONE, wider, corpus)


def test_a_training_starts_from_another_s_average(config: Config, corpus: TrainingData) -> None:
    first = replace(corpus, output=corpus.output / "first")
    train(ALONE, changed(config, steps=2), first)
    (checkpoint,) = checkpoints(first.output / "checkpoints")
    second = replace(corpus, output=corpus.output / "second")
    settings = changed(config, init=str(checkpoint), steps=1, learning_rate=0.0)
    train(ALONE, settings, second)
    average = load_checkpoint(checkpoint)["average"]
    started = load_checkpoint(checkpoints(second.output / "checkpoints")[0])["model"]
    assert all(torch.equal(started[name], value) for name, value in average.items())


def test_a_start_that_does_not_fit_is_refused(config: Config, corpus: TrainingData, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read checkpoint .*gone\.pt"):
        train(ALONE, changed(config, init=str(tmp_path / "gone.pt")), corpus)
    torch.save({"format": 1, "step": 3, "average": {"stranger": torch.zeros(2)}}, tmp_path / "stranger.pt")
    with pytest.raises(UserError, match=r"no weight of .*stranger\.pt fits this model"):
        train(ALONE, changed(config, init=str(tmp_path / "stranger.pt")), corpus)


def test_nothing_to_train_on_is_one_clear_line(config: Config, corpus: TrainingData) -> None:
    corpus.alignments.write_text("")
    with pytest.raises(UserError, match="has no training clip with an alignment"):
        train(ALONE, config, corpus)


def test_validation_and_checkpoints_come_by_the_clock(
    config: Config, corpus: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(0, 10_000, 10))
    monkeypatch.setattr(loop.time, "monotonic", lambda: float(next(seconds)))
    train(ALONE, changed(config, steps=6, validate_minutes=1.0, checkpoint_minutes=1.0, keep_checkpoints=9), corpus)
    steps = [report["step"] for report in validations(corpus)]
    assert len(steps) >= 2 and steps[-1] == 6
    assert len(checkpoints(corpus.output / "checkpoints")) >= 2


def test_devices_are_named_and_machines_need_torchrun() -> None:
    assert choose_device("cpu") == "cpu" and choose_device("auto") in ("cpu", "cuda")
    with pytest.raises(UserError, match="--device must be auto, cpu or cuda, not 'tpu'"):
        choose_device("tpu")
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match="finds no CUDA device"):
            choose_device("cuda")
    with pytest.raises(UserError, match="torchrun"):
        launch(print, "cpu", 1, 2)
