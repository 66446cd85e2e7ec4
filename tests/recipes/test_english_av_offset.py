"""The script that measures the A/V offset of lips made for recordings."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from avsynth.evaluation.sync import AvOffset
from tests.scripts import load_script


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("english/av_offset.py")


@pytest.mark.parametrize("late", [-2, 0, 1])
def test_late_sound_counts_as_late(script: ModuleType, late: int) -> None:
    random = np.random.default_rng(0)
    moves = [random.normal(size=80) for _ in range(3)]
    found = script.offset([(np.roll(item, -late)[10:70], item[10:70]) for item in moves])
    assert found.frames == late
    assert found.correlation > 0.9


def test_offsets_stand_in_a_table(script: ModuleType) -> None:
    offsets = {"recorded": AvOffset(0, 0.63, ()), "made": AvOffset(-1, 0.625, ())}
    table = script.make_table(offsets, argparse.Namespace(voice="v", clips=["a", "b"]))
    assert table.markdown().splitlines()[-2:] == ["| recorded | 0 | 0.63 |", "| made | -1 | 0.62 |"]


@pytest.mark.slow
def test_a_missing_clip_is_one_line_and_exit_code_2(
    script: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert script.main([str(tmp_path / "none.mp4")]) == 2
    error = capfd.readouterr().err.strip()
    assert "none.mp4" in error and len(error.splitlines()) == 1
