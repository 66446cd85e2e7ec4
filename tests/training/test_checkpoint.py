"""Checkpoints: whole or absent, the newest kept, and one clear line for whatever is not one."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from avsynth.errors import UserError
from avsynth.training.checkpoint import FORMAT, checkpoints, load_checkpoint, save_checkpoint


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path / "new", 12, {"model": {"weight": torch.arange(3.0)}}, keep=2)
    assert path.name == "step_00000012.pt"
    state = load_checkpoint(path)
    assert (state["format"], state["step"]) == (FORMAT, 12)
    assert state["model"]["weight"].tolist() == [0, 1, 2]


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for step in (1, 2, 30, 400):
        save_checkpoint(tmp_path, step, {}, keep=2)
    assert [path.name for path in checkpoints(tmp_path)] == ["step_00000030.pt", "step_00000400.pt"]


def test_a_save_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path, 1, {}, keep=1)

    def full(_: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(UserError, match=r"cannot write .*step_00000002\.pt: No space left"):
        save_checkpoint(tmp_path, 2, {}, keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001.pt"]


class Trap:
    """Unpickling this would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_a_foreign_pickle_does_not_run(tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    torch.save({"format": FORMAT, "step": 1, "model": Trap(sprung)}, tmp_path / "zip.pt")
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(Trap(sprung)))
    for name in ("zip.pt", "plain.pt"):
        with pytest.raises(UserError, match=f"{name} is not a checkpoint of avsynth, or is damaged"):
            load_checkpoint(tmp_path / name)
    assert not sprung.exists()


def test_whatever_is_no_checkpoint_is_one_clear_line(tmp_path: Path) -> None:
    whole = save_checkpoint(tmp_path, 1, {"model": {"weight": torch.zeros(1000)}}, keep=9)
    (tmp_path / "cut.pt").write_bytes(whole.read_bytes()[:2000])
    (tmp_path / "empty.pt").touch()
    (tmp_path / "text.pt").write_text("not a checkpoint")
    torch.save([1, 2], tmp_path / "list.pt")
    torch.save({"weight": torch.zeros(1)}, tmp_path / "bare.pt")
    for name in ("cut", "empty", "text", "list", "bare"):
        with pytest.raises(UserError, match=rf"{name}\.pt is not a checkpoint of avsynth") as caught:
            load_checkpoint(tmp_path / f"{name}.pt")
        assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read checkpoint .*gone\.pt: No such file"):
        load_checkpoint(tmp_path / "gone.pt")
    with pytest.raises(UserError, match="cannot read checkpoint"):
        load_checkpoint(tmp_path)


def test_another_format_is_told(tmp_path: Path) -> None:
    torch.save({"format": FORMAT + 1, "step": 1}, tmp_path / "new.pt")
    with pytest.raises(UserError, match=f"format {FORMAT + 1}; this version reads format {FORMAT}"):
        load_checkpoint(tmp_path / "new.pt")
