from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest

from avsynth.evaluation.pictures import PictureScores
from avsynth.evaluation.statistics import Summary, single
from avsynth.evaluation.tables import PICTURE_COLUMNS, Column, Heading, Table
from avsynth.video.box import Box

HEADING = Heading(
    "drawn clips",
    20,
    "true",
    "first frame, left out",
    "abc1234",
    "avsynth evaluate",
    Box(1, 60, 2, 150),
)


def table() -> Table:
    rows = {
        "ours": {
            "psnr": Summary(31.416, 31.0, 31.9, 20),
            "lag": Summary(0.5, 0.25, 0.75, 18),
        },
        "real": {"psnr": Summary(np.inf, np.inf, np.inf, 20)},
        "frozen": {
            "psnr": Summary(25, 24.5, 25.5, 20),
            "lag": Summary(np.nan, np.nan, np.nan, 0),
        },
    }
    return Table(
        "Pictures",
        HEADING,
        (Column("psnr", "PSNR (dB)"), Column("lag", "lag|frames", 1)),
        rows,
    )


def test_markdown_says_everything() -> None:
    text = table().markdown()
    for fact in (
        "drawn clips (20)",
        "true",
        "first frame, left out",
        "abc1234",
        "`avsynth evaluate`",
        "y 1-60, x 2-150",
    ):
        assert fact in text
    assert text.splitlines()[-5:] == [
        "| row | PSNR (dB) | lag\\|frames |",
        "| --- | ---: | ---: |",
        "| ours | 31.42 [31.00, 31.90] | 0.5 [0.2, 0.8] n=18 |",
        "| real | ∞ | - |",
        "| frozen | 25.00 [24.50, 25.50] | - |",
    ]


def test_a_brief_heading_is_one_line_with_the_same_facts() -> None:
    whole, brief = table(), table().markdown(brief=True).splitlines()
    assert brief[0] == f"**Pictures.** {'; '.join(whole.heading.lines())}"
    assert brief[2:] == whole.markdown().splitlines()[-5:]


def test_a_table_without_pictures_names_no_box() -> None:
    heading = Heading("drawn clips", 20, "true", "none", "abc1234", "avsynth evaluate")
    assert "box" not in Table("Sound", heading, (), {}).markdown()


def test_what_is_not_said_has_no_line() -> None:
    heading = Heading("one sentence", 1, "", "", "abc1234", "avsynth bench", figures="medians", conditions="two cores")
    assert heading.lines() == [
        "clips: one sentence (1)",
        "conditions: two cores",
        "commit: abc1234",
        "command: `avsynth bench`",
        "figures: medians",
    ]


def test_a_figure_without_an_interval_stands_alone() -> None:
    heading = Heading("one sentence", 1, "", "", "abc1234", "avsynth bench")
    text = Table("Cost", heading, (Column("share", "share"),), {"lips": {"share": single(0.5)}}).markdown()
    assert text.splitlines()[-1] == "| lips | 0.50 |"


def test_a_narrowed_table_has_what_is_asked_for_in_that_order() -> None:
    whole = table()
    small = whole.narrowed(["lag"], ["frozen", "ours"])
    assert [column.key for column in small.columns] == ["lag"] and list(small.rows) == ["frozen", "ours"]
    assert whole.narrowed() == whole
    with pytest.raises(KeyError, match="late"):
        whole.narrowed(["late"])


def test_json_is_strict_and_unrounded() -> None:
    text = json.dumps(table().to_json(), allow_nan=False)
    back = json.loads(text)
    assert back["heading"]["roi"] == [1, 60, 2, 150]
    assert back["rows"]["ours"]["psnr"] == {
        "mean": 31.416,
        "low": 31.0,
        "high": 31.9,
        "count": 20,
    }
    assert back["rows"]["real"]["psnr"]["mean"] == "inf"
    assert back["rows"]["frozen"]["lag"]["mean"] is None
    assert "lag" not in back["rows"]["real"]


def test_every_picture_measure_has_its_column() -> None:
    assert [column.key for column in PICTURE_COLUMNS] == [field.name for field in fields(PictureScores)]
