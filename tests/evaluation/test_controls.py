from __future__ import annotations

import numpy as np

from avsynth.evaluation import controls
from avsynth.evaluation.pictures import Clip


def clip_of(*levels: int) -> Clip:
    return np.array(levels, np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 3), np.uint8)


def levels(clip: Clip) -> list[int]:
    assert clip.dtype == np.uint8
    assert np.ptp(clip, axis=(1, 2, 3)).max() == 0
    return [int(level) for level in clip[:, 0, 0, 0]]


def test_transforms_by_hand() -> None:
    clip = clip_of(10, 20, 30, 41)
    assert levels(controls.same(clip)) == [10, 20, 30, 41]
    assert levels(controls.late(clip, 1)) == [10, 10, 20, 30]
    assert levels(controls.late(clip, 2)) == [10, 10, 10, 20]
    assert levels(controls.late(clip, 9)) == [10, 10, 10, 10]
    assert levels(controls.mean(clip)) == [25, 25, 25, 25]
    assert levels(controls.frozen(clip)) == [10, 10, 10, 10]


def test_rows_are_named_and_do_what_they_say() -> None:
    clip = clip_of(10, 20, 30, 41)
    rows = {row.name: levels(row.transform(clip)) for row in controls.controls(coded=lambda real: real + np.uint8(1))}
    assert list(rows) == ["real", "coded", "late 1", "late 2", "mean", "frozen"]
    assert rows["coded"] == [11, 21, 31, 42]
    assert rows["late 1"] == [10, 10, 20, 30]
    assert rows["late 2"] == [10, 10, 10, 20]
    assert "coded" not in {row.name for row in controls.controls()}
