"""A video resampled to the rate of lip frames: for each lip frame the picture that is on screen at the frame's middle.

Pictures are never blended, which would show two mouths at once. A picture's own middle lies at most half a picture's
time away from the lip frame's, however long the clip is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.video.reading import FrameIterator, iterate_frames


@dataclass(frozen=True)
class FaceWindow:
    """The part of a picture that is kept, in its pixels."""

    left: int
    top: int
    width: int
    height: int
    shrink: int
    """How many pixels make one, both ways."""

    def view(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The part ``(height // shrink, width // shrink, 3)`` of a picture ``(H, W, 3)``, averaged."""
        rows, columns, step = self.height // self.shrink, self.width // self.shrink, self.shrink
        part = picture[self.top : self.top + rows * step, self.left : self.left + columns * step]
        if step == 1:
            return np.ascontiguousarray(part)
        mean = part.reshape(rows, step, columns, step, 3).mean(axis=(1, 3), dtype=np.float32)
        return np.asarray(np.rint(mean), np.uint8)


def source_index(frame: int, fps: Fraction, source_fps: Fraction, start_s: Fraction) -> int:
    """Number of the picture shown at the middle of lip frame ``frame``, from 0; the first is held before it begins.

    Args:
        fps: Of the lips, whose frame 0 begins at time 0 of the file.
        source_fps: Of the video.
        start_s: When its first picture begins.
    """
    return max(0, floor(((frame + Fraction(1, 2)) / fps - start_s) * source_fps))


def on_lip_clock(source: FrameIterator, fps: Fraction) -> Iterator[NDArray[np.uint8]]:
    """The pictures of ``source`` at ``fps``, from time 0 of the file to the last lip frame with its middle inside."""
    start_s = Fraction(source.start_s).limit_denominator(1_000_000)
    frame = 0
    for number, picture in enumerate(source):
        while source_index(frame, fps, source.fps, start_s) == number:
            yield picture
            frame += 1


def read_lip_frames(path: Path | str, fps: Fraction, window: FaceWindow | None = None) -> NDArray[np.uint8]:
    """The pictures ``(T, H, W, 3)`` of a video on the lips' clock, or one part of them; errors as for its reading."""
    pictures = on_lip_clock(iterate_frames(path), fps)
    return np.stack([picture if window is None else window.view(picture) for picture in pictures])
