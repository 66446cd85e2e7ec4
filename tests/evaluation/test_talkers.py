"""Drawn clips beside a frozen mouth, and means over talkers."""

from __future__ import annotations

import numpy as np
import pytest

from avsynth.evaluation.controls import frozen
from avsynth.evaluation.tables import Column
from avsynth.evaluation.talkers import over_talkers, score_beside_frozen
from avsynth.video.box import Box


def test_a_frozen_mouth_gains_nothing_on_itself_and_what_is_nearer_gains() -> None:
    real = np.random.default_rng(0).integers(0, 256, (6, 20, 30, 3), dtype=np.uint8)
    roi, speech = Box(4, 16, 5, 25), np.ones(6, np.bool_)
    still = score_beside_frozen(frozen(real), real, roi, speech)
    assert still["psnr_gain"] == still["ssim_gain"] == 0
    assert still["sharpness"] == still["frozen_sharpness"]
    half = ((real.astype(int) + frozen(real)) // 2).astype(np.uint8)
    assert score_beside_frozen(half, real, roi, speech)["psnr_gain"] == pytest.approx(20 * np.log10(2), abs=0.1)


def test_each_talker_counts_once_however_many_clips_he_has() -> None:
    columns = (Column("gain", "gain"),)
    talkers = {"s1": [{"gain": 1.0}] * 9 + [{"gain": 3.0}], "s2": [{"gain": 5.0}]}
    rows, mean = over_talkers(talkers, columns, 11)
    assert {name: row["gain"].mean for name, row in rows.items()} == pytest.approx({"s1, 10": 1.2, "s2, 1": 5.0})
    assert mean["gain"].mean == pytest.approx(3.1)
    assert {cell.count for row in (*rows.values(), mean) for cell in row.values()} == {11}
