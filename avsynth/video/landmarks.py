"""68 face landmarks (iBUG order) per frame, by dlib's detector and shape predictor."""

from __future__ import annotations

import importlib.metadata
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.video.geometry import FloatArray

OUTER_EYE_CORNERS = (36, 45)
STEADY_POINTS = tuple(range(27, 48))
"""Nose and eyes: the points that speech moves least."""
MOUTH = tuple(range(48, 68))


def shape_predictor_file() -> Path:
    """The 68-point file inside the installed ``face_recognition_models`` (found without importing that package)."""
    try:
        files = importlib.metadata.files("face_recognition_models") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "shape_predictor_68_face_landmarks.dat":
            return Path(str(file.locate()))
    raise UserError("finding mouths needs face_recognition_models: pip install 'avsynth[lips]'")


@cache
def _shape_predictor() -> Any:
    """Loaded once: its file has 100 MB."""
    import dlib

    return dlib.shape_predictor(str(shape_predictor_file()))


class LandmarkDetector:
    """Finds one face per clip frame. The face box is detected every few frames and interpolated between."""

    def __init__(self, detect_every: int = 5) -> None:
        try:
            import dlib
        except ImportError as error:
            raise UserError("finding mouths needs dlib: pip install 'avsynth[lips]'") from error
        self._dlib: Any = dlib
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = _shape_predictor()
        self._detect_every = max(1, detect_every)

    def __call__(self, frames: NDArray[np.uint8]) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Landmarks of a clip.

        Args:
            frames: ``(T, H, W, 3)`` RGB uint8.

        Returns:
            Points ``(T, 68, 2)`` as x, y in pixels (interpolated where no face was found) and ``(T,)`` whether a face
            was found there. All False if the clip shows no face at all.
        """
        count = len(frames)
        keys = sorted({*range(0, count, self._detect_every), count - 1})
        boxes = {key: box for key in keys if (box := self.largest_face(frames[key])) is not None}
        if not boxes:
            return np.zeros((count, 68, 2)), np.zeros(count, dtype=bool)
        known = np.array(sorted(boxes))
        stacked = np.array([boxes[key] for key in known])
        tracks = np.stack([np.interp(np.arange(count), known, stacked[:, side]) for side in range(4)], axis=1)
        points = np.stack([self._shape(frame, box) for frame, box in zip(frames, tracks, strict=True)])
        nearest = np.abs(np.arange(count)[:, None] - known[None]).min(axis=1)
        return points, nearest < self._detect_every

    def largest_face(self, frame: NDArray[np.uint8]) -> tuple[float, float, float, float] | None:
        """The largest face's box (left, top, right, bottom), tried at the picture's size and then at twice it."""
        picture = np.ascontiguousarray(frame)
        for upsample in (0, 1):
            found = self._detector(picture, upsample)
            if found:
                box = max(found, key=lambda item: item.area())
                return float(box.left()), float(box.top()), float(box.right()), float(box.bottom())
        return None

    def _shape(self, frame: NDArray[np.uint8], box: FloatArray) -> FloatArray:
        rectangle = self._dlib.rectangle(*(round(side) for side in box))
        shape = self._predictor(np.ascontiguousarray(frame), rectangle)
        return np.array([(part.x, part.y) for part in shape.parts()], dtype=np.float64)
