"""Crops on disk: what is written comes back, what is missing or damaged says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avsynth.data.crops import Crops, read_frames, write_frames
from avsynth.errors import UserError


def drawn(frames: int = 4) -> np.ndarray:
    return np.random.default_rng(frames).integers(0, 256, (frames, 8, 16, 3), dtype=np.uint8)


def test_a_clip_comes_back(tmp_path: Path) -> None:
    crops = Crops(tmp_path / "crops")
    assert "s1_a" not in crops and crops.track("s1_a") == {}
    crops.write("s1_a", drawn(), {"frames": 4, "left": 3})
    assert "s1_a" in crops and crops.track("s1_a")["left"] == 3
    assert np.array_equal(crops.frames("s1_a"), drawn()) and np.array_equal(crops.first("s1_a"), drawn()[0])
    crops.write("s1_a", drawn(7))
    assert len(crops.frames("s1_a")) == 7 and len(list((tmp_path / "crops").glob("*.tar"))) == 1


def test_what_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    crops = Crops(tmp_path)
    with pytest.raises(UserError, match="s1_a"):
        crops.frames("s1_a")
    crops.write("s1_a", drawn())
    (path,) = tmp_path.glob("*.tar")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(UserError, match="cut short; delete it and run its stage again"):
        crops.frames("s1_a")


def test_what_a_voice_drew(tmp_path: Path) -> None:
    write_frames(tmp_path / "lips.npy", drawn())
    assert np.array_equal(read_frames(tmp_path / "lips.npy"), drawn())
    np.save(tmp_path / "sound.npy", np.zeros(9))
    with pytest.raises(UserError, match=r"sound\.npy holds no crops"):
        read_frames(tmp_path / "sound.npy")
