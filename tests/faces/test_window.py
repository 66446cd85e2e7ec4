"""The window around the face of a large picture: where it is, and that small pictures are left alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.faces.window import FACE_WIDTH, find_face_window
from avsynth.video.box import FaceBox
from avsynth.video.lip_clock import FaceWindow, read_lip_frames
from avsynth.video.writing import write_clip

WIDTH, HEIGHT = 1280, 720
FACE = (300, 200, 800, 700)
"""Left, top, right, bottom of a bright square, the face of these tests."""


def bright_square(picture: NDArray[np.uint8]) -> FaceBox | None:
    """Finds it, in place of a face."""
    rows, columns = (np.flatnonzero((picture.mean(axis=2) > 128).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return FaceBox(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def write(path: Path, frames: NDArray[np.uint8]) -> Path:
    write_clip(path, frames, np.zeros(len(frames) * 882, np.float32), Fraction(25), 22050, scale=1)
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Fifty pictures; after a second the face has moved to the right by 100 pixels."""
    frames = np.full((50, HEIGHT, WIDTH, 3), 20, np.uint8)
    frames[:25, FACE[1] : FACE[3], FACE[0] : FACE[2]] = 200
    frames[25:, FACE[1] : FACE[3], FACE[0] + 100 : FACE[2] + 100] = 200
    return write(tmp_path / "large.mp4", frames)


def test_a_large_picture_is_kept_around_the_face_alone(large: Path) -> None:
    window = find_face_window(large, bright_square)
    assert window is not None
    assert window.left <= 50 + 4 and window.left + window.width >= 1150 - 4  # half a face to both sides
    assert window.top == 0 and window.top + window.height == HEIGHT
    assert window.shrink == 500 // FACE_WIDTH == 2
    frames = read_lip_frames(large, Fraction(25), window)
    assert frames.shape == (50, window.height // 2, window.width // 2, 3)
    left = np.flatnonzero(frames[0, 200].mean(axis=1) > 128)[0]
    assert window.left + left * window.shrink == pytest.approx(FACE[0], abs=2)


def test_a_small_picture_is_kept_whole_without_looking(tmp_path: Path) -> None:
    def never(_: NDArray[np.uint8]) -> FaceBox | None:
        raise AssertionError("looked")

    path = write(tmp_path / "small.mp4", np.full((3, 288, 360, 3), 90, np.uint8))
    assert find_face_window(path, never) == FaceWindow(0, 0, 360, 288, 1)


def test_a_large_picture_without_a_face_has_no_window(large: Path) -> None:
    assert find_face_window(large, lambda _: None) is None
