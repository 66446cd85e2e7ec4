"""What becomes of a clip as JSON and back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from avsynth.data.manifest import WordTime
from avsynth.errors import UserError
from avsynth.recipe.executors import records
from avsynth.timeline import WordSpan


def test_everything_comes_back() -> None:
    value = {
        "word": WordTime("now", 0.1, 1 / 3),
        3: (None, True, [1.5, float("inf")], np.float32(0.1), np.int64(7)),
        "array": np.arange(6, dtype=np.float32).reshape(2, 3),
        "path": Path("a/b"),
        "fps": Fraction(30000, 1001),
    }
    back = records.load(records.dump(value))
    assert np.array_equal(back.pop("array"), value.pop("array")) and back == value


def test_nothing_else_is_made() -> None:
    with pytest.raises(TypeError, match="cannot be stored"):
        records.dump(object())
    foreign = [b'{"$": "os:system", "fields": {}}', b'{"$": "avsynth.files:read_json", "fields": {"path": "x"}}']
    for text in (*foreign, b"{", b'{"a": 1}'):
        with pytest.raises(UserError, match="damaged"):
            records.load(text)


def test_named_tuples_of_this_project_come_back_as_what_they_were() -> None:
    words = (WordSpan("be", 1, 3, (0, 2), "be "), WordSpan("bee", 3, 5))
    again = records.load(records.dump({"words": words}))["words"]
    assert again == words and all(type(word) is WordSpan for word in again)
