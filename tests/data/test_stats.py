"""A corpus's statistics on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from avsynth.data.stats import Stats
from avsynth.errors import UserError


def test_what_is_saved_is_loaded(tmp_path: Path, stats: Stats) -> None:
    stats.save(tmp_path / "stats.json")
    assert Stats.load(tmp_path / "stats.json") == stats
    assert stats.symbol_table.encode(["sil", "IY"]) == [1, 3]


@pytest.mark.parametrize("change", [{"pitch_mean": None}, {"colour": 3}])
def test_missing_and_unknown_fields_are_refused(tmp_path: Path, stats: Stats, change: dict[str, Any]) -> None:
    path = tmp_path / "stats.json"
    stats.save(path)
    value = {**json.loads(path.read_text()), **change}
    path.write_text(json.dumps({key: item for key, item in value.items() if item is not None}))
    with pytest.raises(UserError, match=r"stats\.json are not a voice's stats"):
        Stats.load(path)


@pytest.mark.parametrize("text", ["[1, 2]", "3", "{", ""])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "stats.json").write_text(text)
    with pytest.raises(UserError, match=r"stats\.json"):
        Stats.load(tmp_path / "stats.json")
