"""Pictures with a face: the portrait in scikit-image's wheel, as a still and as a video that moves."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.video.reading import write_image
from avsynth.video.writing import write_clip

HEAD = np.s_[0:272, 88:360]
"""The head in the portrait."""
CODE, DIGITS, STEP = 16, 9, 28
"""Side of two squares in a corner whose greys tell a picture's number: its digits in base 9, so many levels apart."""


def portrait() -> NDArray[np.uint8]:
    """``(512, 512, 3)``; 60 pixels between the outer corners of the eyes."""
    pytest.importorskip("dlib")
    data = pytest.importorskip("skimage.data")
    return np.asarray(data.astronaut(), dtype=np.uint8)


def portrait_file(folder: Path) -> Path:
    path = folder / "face.png"
    write_image(path, portrait())
    return path


def shifted_heads(shifts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """``(T, 224, 224, 3)``: the head moved by ``(T, 2)`` pixels x, y, each picture telling its number."""
    head = portrait()[HEAD]
    frames = np.stack([head[24 - y : 248 - y, 24 - x : 248 - x] for x, y in shifts])
    for number, frame in enumerate(frames):
        for place, digit in enumerate(divmod(number % 80, DIGITS)):
            frame[:CODE, place * CODE : (place + 1) * CODE] = 10 + STEP * digit
    return frames


def number_of(picture: NDArray[np.uint8]) -> int:
    """The number that a picture of :func:`shifted_heads` tells, of the first 80."""
    squares = (picture[2 : CODE - 2, place * CODE + 2 : (place + 1) * CODE - 2] for place in range(2))
    tens, units = (round((float(square.mean()) - 10) / STEP) for square in squares)
    return DIGITS * tens + units


def write_video(path: Path, frames: NDArray[np.uint8], fps: Fraction = Fraction(25)) -> Path:
    write_clip(path, frames, np.zeros(round(len(frames) / fps * 22050), np.float32), fps, 22050, scale=1)
    return path
