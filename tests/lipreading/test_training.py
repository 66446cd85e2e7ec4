"""Training that is killed and goes on, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from avsynth.errors import UserError
from avsynth.lipreading.clips import ReadingClip
from avsynth.lipreading.reader import LipReader, ReaderSpec
from avsynth.training.journal import METRICS
from avsynth.training.lip_reader import STATE, ReaderTrainer, rate_at, train_reader


def test_a_resumed_training_has_the_same_losses_and_weights(
    spec: ReaderSpec, clips: list[ReadingClip], tmp_path: Path
) -> None:
    short = replace(spec, config=replace(spec.config, ctc_from=5, dropout=0.2))
    whole = ReaderTrainer(short, clips, "cpu")
    losses = [whole.step(step) for step in range(8)]
    first = ReaderTrainer(short, clips, "cpu")
    for step in range(4):
        first.step(step)
    first.save(tmp_path, 4)
    second = ReaderTrainer(short, clips, "cpu")
    assert second.resume(tmp_path) == 4
    assert [second.step(step) for step in range(4, 8)] == losses[4:]
    for own, other in zip(second.average.state_dict().values(), whole.average.state_dict().values(), strict=True):
        assert torch.equal(own, other)


@pytest.mark.slow
def test_a_state_of_other_clips_or_settings_is_refused(
    spec: ReaderSpec, clips: list[ReadingClip], tmp_path: Path
) -> None:
    ReaderTrainer(spec, clips, "cpu").save(tmp_path, 0)
    with pytest.raises(UserError, match="of other settings or clips"):
        ReaderTrainer(spec, clips[1:], "cpu").resume(tmp_path)
    with pytest.raises(UserError, match="of other settings or clips"):
        ReaderTrainer(replace(spec, config=replace(spec.config, seed=9)), clips, "cpu").resume(tmp_path)
    (tmp_path / STATE).write_bytes(b"half")
    with pytest.raises(UserError, match="is damaged"):
        ReaderTrainer(spec, clips, "cpu").resume(tmp_path)


def test_a_finished_training_is_not_made_again(spec: ReaderSpec, clips: list[ReadingClip], tmp_path: Path) -> None:
    short = replace(spec, config=replace(spec.config, steps=3, log_every=2))
    first = train_reader(short, clips, tmp_path, "cpu")
    steps = [json.loads(line)["step"] for line in (tmp_path / METRICS).read_text().splitlines()]
    assert steps == [2, 3]
    second = train_reader(short, clips, tmp_path, "cpu")
    assert [json.loads(line)["step"] for line in (tmp_path / METRICS).read_text().splitlines()] == steps
    assert all(
        torch.equal(own, other)
        for own, other in zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    )
    assert LipReader.load(tmp_path).learned == tuple(clip.uid for clip in clips)


def test_training_without_clips_is_one_clear_line(spec: ReaderSpec, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no clip to train a lip reader on"):
        train_reader(spec, [], tmp_path, "cpu")


def test_the_rate_rises_holds_and_falls_to_nothing(spec: ReaderSpec) -> None:
    config = replace(spec.config, steps=100, warmup=10, decay_from=0.5, learning_rate=1.0)
    rates = [rate_at(config, step) for step in (0, 9, 30, 50, 75, 99)]
    assert rates == pytest.approx([0.1, 1.0, 1.0, 1.0, 0.5, 0.02])
