"""Paths that are found without being told: on drawn mouths, whose phones' places are known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.lipreading import found_paths
from avsynth.lipreading.clips import ReadingClip, phones_at
from avsynth.lipreading.found_paths import find_paths
from avsynth.lipreading.paths import even_path
from avsynth.lipreading.pictures import small_pictures
from avsynth.lipreading.reader import ReaderSpec
from avsynth.timeline import Timeline
from avsynth.training.lip_reader import phone_targets
from tests.lipreading.conftest import Drawn, say


def reading(drawn: list[Drawn], spec: ReaderSpec) -> list[ReadingClip]:
    return [
        ReadingClip(f"{n}", small_pictures(item.crops, spec.box, 16, 24), item.phones) for n, item in enumerate(drawn)
    ]


def wrong(paths: list[NDArray[Any]], drawn: list[Drawn], positions: int) -> float:
    """Share of positions that are given another place in their sentence."""
    true = [np.repeat(np.arange(len(item.frames)), np.array(item.frames) * positions) for item in drawn]
    return float(np.mean(np.concatenate([own != other for own, other in zip(paths, true, strict=True)])))


@pytest.mark.parametrize("positions", [1, 2])
def test_phones_are_found_where_their_mouths_are_drawn(spec: ReaderSpec, positions: int) -> None:
    drawn = [say(seed) for seed in range(40)]
    clips = reading(drawn, spec)
    even = [even_path(clip.phones, len(clip.pictures) * positions) for clip in clips]
    found = find_paths(clips, positions)
    assert wrong(even, drawn, positions) > 0.3
    assert wrong(found, drawn, positions) < 0.1
    for path, clip in zip(found, clips, strict=True):
        assert len(path) == len(clip.pictures) * positions
        assert set(np.diff(path)) <= {0, 1, 2} and {*range(1, len(clip.phones) - 1)} <= set(path)


def test_clips_beyond_those_learned_from_are_laid_along(spec: ReaderSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [say(seed) for seed in range(40)]
    monkeypatch.setattr(found_paths, "MOST", 20)
    assert wrong(find_paths(reading(drawn, spec), 2), drawn, 2) < 0.15


def test_the_phone_that_sounds_in_the_middle_of_a_position_is_heard() -> None:
    timeline = Timeline(("sil", "M", "AA"), (2, 2, 3), (), 100, 1, Fraction(25))
    assert phones_at(timeline, 4, 0.02) == ("sil", "M", "AA", "AA")
    assert phones_at(timeline, 5, 0.02)[-1] == "AA"


def test_a_reader_that_is_told_where_phones_sound_learns_that(spec: ReaderSpec) -> None:
    told = replace(spec, config=replace(spec.config, timing="sound"))
    clip = ReadingClip("one", np.zeros((2, 20, 28), np.uint8), ("sil", "M", "sil"), ("sil", "M", "M", "sil"))
    assert [spec.symbols[index + 1] for index in phone_targets(told, [clip])[0].tolist()] == list(clip.heard)
