"""The script that measures vocoders."""

from __future__ import annotations

import argparse
from types import ModuleType

import numpy as np
import pytest

from tests.scripts import load_script


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("vocoder/measure.py")


def test_a_row_has_means_of_what_is_known_and_words_as_a_rate(script: ModuleType) -> None:
    clips = [
        {"ovrl": 3.0, "p808": 3.5, "errors": 1.0, "words": 6.0},
        {"ovrl": 3.2, "p808": 3.7, "mcd": 1.0, "errors": 0.0, "words": 6.0},
        {"ovrl": 3.4, "p808": 3.9, "mcd": float("nan")},
    ]
    found = {("s1", "recording"): clips[:1], ("s1", "harmonic=file"): clips}
    table = script.make_table(found, argparse.Namespace(what="copy"))
    assert list(table.rows) == ["s1, 1, recording", "s1, 3, harmonic"] and table.heading.count == 1
    row = table.rows["s1, 3, harmonic"]
    assert row["ovrl"].mean == pytest.approx(3.2) and row["mcd"].mean == 1.0
    assert row["wer_grid"].mean == pytest.approx(1 / 12) and "log_f0_rmse" not in row


def test_texts_have_no_columns_of_copies(script: ModuleType) -> None:
    rows = [{"ovrl": 3.0, "p808": 3.5}, {"ovrl": np.nan, "p808": 3.7}]
    table = script.make_table({("english, heart", "own"): rows}, argparse.Namespace(what="texts"))
    assert [column.key for column in table.columns] == ["ovrl", "p808"]
    assert table.rows["english, heart, 2, own"]["ovrl"].mean == 3.0
