"""The manifest: what is written is read, and a bad line is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from avsynth.data.manifest import PhoneTime, Utterance, read_manifest, write_manifest
from avsynth.errors import UserError

Make = Callable[..., Utterance]


def test_what_is_written_is_read(tmp_path: Path, utterance: Make) -> None:
    rows = [
        utterance("s1_a"),
        utterance("s2_b", video=None, lip_frames=0, words=(), split="test"),
        utterance("s3_c", fps="30000/1001", text="naïve", split="validation"),
        utterance("s4_d", text="", words=(), phones=(PhoneTime("sil", 0.0, 0.5), PhoneTime("AA", 0.5, 0.7000001))),
    ]
    write_manifest(tmp_path / "manifest.jsonl", rows)
    assert read_manifest(tmp_path / "manifest.jsonl") == rows
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.jsonl"]


def corrupt(value: dict[str, object], change: dict[str, object]) -> str:
    return json.dumps({key: item for key, item in {**value, **change}.items() if item != "absent"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speaker": "absent"}, ":2 is not an utterance"),
        ({"colour": "red"}, ":2 is not an utterance"),
        ({"words": [{"text": "bin"}]}, ":2 is not an utterance"),
        ({"words": None}, ":2 is not an utterance"),
        ({"phones": [{"text": "AA"}]}, ":2 is not an utterance"),
        ({"split": "dev"}, ":2: split must be one of train, validation, test"),
        ({"uid": "s1_a"}, "names an utterance twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, utterance: Make, change: dict[str, object], message: str) -> None:
    path = tmp_path / "manifest.jsonl"
    write_manifest(path, [utterance("s1_a"), utterance("s1_b")])
    first, second = path.read_text().splitlines()
    path.write_text(first + "\n" + corrupt(json.loads(second), change) + "\n")
    with pytest.raises(UserError, match=message):
        read_manifest(path)


@pytest.mark.parametrize("line", ["{", "[]", "3", '"text"'])
def test_a_line_of_another_kind_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(line + "\n")
    with pytest.raises(UserError, match=r"manifest\.jsonl:1 is not an utterance"):
        read_manifest(tmp_path / "manifest.jsonl")


def test_a_missing_manifest_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read manifest .*gone\.jsonl: No such file"):
        read_manifest(tmp_path / "gone.jsonl")
