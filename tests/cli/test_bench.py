from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from avsynth.cli.bench import LONGEST_S, seconds_list
from avsynth.cli.main import main
from tests.conftest import baseline_voice


def test_latency_prints_a_table_and_writes_its_figures(
    voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "latency.json"
    options = ["--runs", "1", "--threads", "1", "--lengths", "0.08", "--sizes", "small", "--json", str(target)]
    assert main(["bench", "--latency", "--voice", str(voice_folder), *options]) == 0
    table = capsys.readouterr().out
    rows = json.loads(target.read_text())["rows"]
    assert [row["model"] for row in rows] == ["ParaLip", "TransformerT2L", "DualLip-style"]
    assert all(row["model"] in table and row["frames"] == 2 and row["size"] == "small" for row in rows)


def test_a_baseline_s_voice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline_voice("duallip").save(tmp_path / "v")
    assert main(["bench", "--voice", str(tmp_path / "v")]) == 2
    assert "which has no sound" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "1,x", "0", "1,-2", "nan", str(LONGEST_S + 1)])
def test_lengths_are_seconds(text: str) -> None:
    assert seconds_list("1,2.5") == (1.0, 2.5)
    with pytest.raises(argparse.ArgumentTypeError, match="list of seconds"):
        seconds_list(text)
