"""The window around the face that is kept of large pictures."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.video.box import FaceBox
from avsynth.video.lip_clock import FaceWindow
from avsynth.video.reading import iterate_frames

LARGEST = 720 * 576
"""Pictures of at most so many pixels are kept whole."""
FACE_WIDTH = 200
"""The face is kept at least so many pixels wide; outer eye corners are about two thirds of that apart."""


def find_face_window(path: Path | str, detect: Callable[[NDArray[np.uint8]], FaceBox | None]) -> FaceWindow | None:
    """Where the face is over the whole of a video, with half a face's width around it, looked for once a second.

    A picture of at most :data:`LARGEST` pixels is kept whole without looking. None where no face is found; errors as
    for reading the video.
    """
    source = iterate_frames(path)
    height, width = source.height, source.width
    if height * width <= LARGEST:
        return FaceWindow(0, 0, width, height, 1)
    reduce = ceil((height * width / LARGEST) ** 0.5)
    overview = FaceWindow(0, 0, width, height, reduce)
    every = max(1, round(source.fps))
    found = [detect(overview.view(picture)) for number, picture in enumerate(source) if number % every == 0]
    boxes = np.array([box for box in found if box is not None]) * reduce
    if not len(boxes):
        return None
    face = float(np.median(boxes[:, 2] - boxes[:, 0]))
    left, top = (max(0, int(side - face / 2)) for side in boxes[:, :2].min(axis=0))
    right, bottom = (int(side + face / 2) for side in boxes[:, 2:].max(axis=0))
    return FaceWindow(left, top, min(right, width) - left, min(bottom, height) - top, max(1, int(face / FACE_WIDTH)))
