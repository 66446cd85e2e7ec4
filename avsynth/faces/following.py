"""Track one person's face through a video, piece by piece, in constant memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, gaussian_filter1d

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.choosing import jaw_and_lips
from avsynth.video.box import FaceBox
from avsynth.video.geometry import FloatArray, apply
from avsynth.video.landmarks import SAME_PERSON, SUREST_FALSE, Detection, LandmarkDetector
from avsynth.video.lip_clock import FaceWindow
from avsynth.video.mouth import (
    CanonicalFace,
    MouthTrack,
    canonical_face,
    follow_face,
    place_mouth,
)
from avsynth.video.shots import shrunk

PIECE = 32
"""Pictures that are tracked at once."""
OVERLAP = 8
"""Pictures that a piece shares with the one before; there its places are faded in."""
SMOOTHING_S = 0.04
"""Standard deviation of the Gaussian that smooths the mouth's path, which is exact to a tenth of a pixel after
registration. The lips stage smooths a little more (``lips.smoothing``)."""
SURE_PX = 0.4
"""Deviations of a path from its smoothed course up to so many pixels of the crop are noise; larger ones are motion."""
LONGEST_GAP = 6
"""The detector may miss a face in so many pictures before it counts as lost."""
FADE = 2.0
"""Standard deviation, in pictures, of the fade where a face is lost and found again."""
LOOK_EVERY = 4
"""A face that is not tracked yet is looked for in every so many-th picture."""
PLAIN = 4.0
"""Grey levels (standard deviation) below which a picture is black or plain, and no face is looked for."""
SAME_PLACE = 0.2
"""Intersection over union from which a detection counts as the tracked face."""

Pictures = list[NDArray[np.uint8]]
"""Each ``(H, W, 3)``."""


@dataclass(frozen=True)
class Person:
    """Which person talks: a number from the left, from 1, or a point in pixels; neither means the likeliest face."""

    number: int | None = None
    point: tuple[float, float] | None = None

    @classmethod
    def parse(cls, given: str | None) -> Person:
        """From ``2`` or ``310,140``; :class:`UserError` for anything else."""
        try:
            parts = [float(part) for part in given.split(",")] if given is not None else []
        except ValueError:
            parts = [0.0]
        if len(parts) == 2:
            return cls(point=(parts[0], parts[1]))
        if not parts or (len(parts) == 1 and parts[0] >= 1 and parts[0] == int(parts[0])):
            return cls(number=int(parts[0]) if parts else None)
        raise UserError(f"--person is a number from the left, such as 2, or a point, such as 310,140, not {given!r}")


@dataclass(frozen=True)
class Places:
    """Where the mouth lies in T pictures."""

    transforms: FloatArray
    """``(T, 2, 3)``: pixels of the crop to pixels of the picture."""
    weights: FloatArray
    """``(T,)``: from 1 to 0 where the face is lost."""
    jaw: FloatArray
    lips: FloatArray
    """``(T,)`` each: see :func:`~avsynth.faces.choosing.jaw_and_lips`."""


class FaceFollower:
    """Tracks one person's mouth through the pictures of a video.

    Among several the one that is asked for is followed, by default the one whose face is both sure and large, in a
    window that moves along. From picture to picture the face is identified by the overlap of boxes; after a cut, or
    when it was lost, by a descriptor of the person.

    Args:
        first: The first piece that shows a face.
        fps: Pictures a second.
        person: Who.

    Errors: :class:`UserError` where the piece shows no face, not that person's, or one too small.
    """

    def __init__(self, first: Pictures, config: LipsConfig, fps: float, person: Person | None = None) -> None:
        self._config, self._smoothing = replace(config, smoothing=0.0), SMOOTHING_S * fps
        self._detector = LandmarkDetector(detect_every=1)
        self._face: CanonicalFace | None = None
        shown, detection, self.people = _find_person(first, self._detector, person or Person())
        self._looks = self._detector.descriptor(shown, detection.box)
        self._last = place_mouth(shown, config, self._detector, detection.box).transforms[0]
        self._box: FaceBox | None = detection.box
        _, points, found, _ = self._landmarks(first)
        if not found.any():
            raise UserError(f"the face is lost in the first {len(first)} pictures")
        self._face = canonical_face(points[found], config)
        self._box = detection.box
        self._tail = np.zeros((0, 7))

    def cut(self) -> None:
        """There is a hard cut before the next pictures."""
        self._box, self._tail = None, np.zeros((0, 7))

    def __call__(self, pictures: Pictures) -> Places:
        """Each piece of a shot but its first begins with the last :data:`OVERLAP` pictures of the one before."""
        assert self._face is not None
        views, points, found, window = self._landmarks(pictures)
        count = len(pictures)
        transforms = np.repeat(self._last.reshape(1, 6), count, axis=0)
        if (sure := np.flatnonzero(found)).size:
            path = follow_face(views[sure], points[sure], self._face, self._config)
            path = in_picture(smoothed(path, self._smoothing, self._config), window)
            known, times = path.reshape(-1, 6), np.arange(count)
            transforms = np.stack([np.interp(times, sure, known[:, side]) for side in range(6)], axis=1)
        weights = gaussian_filter1d(without_gaps(found).astype(float), FADE, mode="nearest")
        places = np.concatenate([transforms, weights[:, None]], axis=1)
        shared = len(self._tail)
        share = (np.arange(shared)[:, None] + 1) / (shared + 1)
        places[:shared] = (1 - share) * self._tail + share * places[:shared]
        self._tail, self._last = places[-OVERLAP:], places[-1, :6].reshape(2, 3)
        track = MouthTrack(places[:, :6].reshape(-1, 2, 3), self._face.left, self._face.top, found)
        jaw, lips = jaw_and_lips(points) if found.any() else (np.full(count, np.nan), np.full(count, np.nan))
        return Places(track.crop_transforms(), places[:, 6], jaw, lips)

    def _landmarks(self, pictures: Pictures) -> tuple[NDArray[np.uint8], FloatArray, NDArray[np.bool_], FaceWindow]:
        """Views, landmarks in them and whether they are sure, and the window of the views: around the last place, or
        the whole picture where the face is not followed yet."""
        height, width = pictures[0].shape[:2]
        window = window_around(self._last, height, width, self._config)
        views = np.stack([window.view(picture) for picture in pictures])
        boxes = self._boxes(views, window) if self._box is not None else {}
        if not boxes:
            window = FaceWindow(0, 0, width, height, window.shrink)
            again = self._look_for(pictures, window)
            if again is not None:
                self._box = again
                views = np.stack([window.view(picture) for picture in pictures])
                boxes = self._boxes(views, window)
        points, found = self._detector.shapes(views, boxes)
        return views, points, found, window

    def _boxes(self, views: NDArray[np.uint8], window: FaceWindow) -> dict[int, FaceBox]:
        """The face's box in each view that shows it, by its overlap with the last."""
        boxes = {}
        for number, view in enumerate(views):
            assert self._box is not None
            last = _in_view(self._box, window)
            near = [item for item in self._detector.faces(view) if overlap(item.box, last) >= SAME_PLACE]
            if near:
                boxes[number] = max(near, key=lambda item: overlap(item.box, last)).box
                self._box = _from_view(boxes[number], window)
        return boxes

    def _look_for(self, pictures: Pictures, window: FaceWindow) -> FaceBox | None:
        """The person's box in the first picture that shows him anywhere; the boxes of those before are its own."""
        for picture in pictures[::LOOK_EVERY]:
            view = window.view(picture)
            sure = [item.box for item in self._detector.faces(view) if item.score >= SUREST_FALSE]
            unlike = [float(np.linalg.norm(self._detector.descriptor(view, box) - self._looks)) for box in sure]
            if sure and min(unlike) < SAME_PERSON:
                return _from_view(sure[int(np.argmin(unlike))], window)
        return None


def _find_person(
    pictures: Pictures, detector: LandmarkDetector, person: Person
) -> tuple[NDArray[np.uint8], Detection, int]:
    """The first of some pictures that shows the person, where, and how many people it shows."""
    fault = UserError("no picture")
    for picture in pictures[::LOOK_EVERY]:
        size = f"the picture of {picture.shape[1]}×{picture.shape[0]} pixels"
        plain = shrunk(picture).std() < PLAIN
        sure = [] if plain else [item for item in detector.faces(picture) if item.score >= SUREST_FALSE]
        fault = UserError(f"no face found in {size}: give one that shows a face from the front")
        if not sure:
            continue
        sure.sort(key=lambda item: item.box.left)
        if person.number is not None:
            fault = UserError(f"--person {person.number}: {size} shows {len(sure)}")
            if person.number > len(sure):
                continue
            chosen = sure[person.number - 1]
        elif person.point is not None:
            x, y = person.point
            inside = [
                item for item in sure if item.box.left <= x <= item.box.right and item.box.top <= y <= item.box.bottom
            ]
            fault = UserError(f"--person {x:g},{y:g}: no face is there in {size}")
            if not inside:
                continue
            chosen = max(inside, key=lambda item: item.weight)
        else:
            chosen = max(sure, key=lambda item: item.weight)
        return picture, chosen, len(sure)
    raise fault


def overlap(one: FaceBox, other: FaceBox) -> float:
    """Area that two boxes share, of the area that they cover together."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (one, other)]
    return shared / (sum(areas) - shared)


def _in_view(box: FaceBox, window: FaceWindow) -> FaceBox:
    left, top = box.left - window.left, box.top - window.top
    right, bottom = box.right - window.left, box.bottom - window.top
    return FaceBox(left / window.shrink, top / window.shrink, right / window.shrink, bottom / window.shrink)


def _from_view(box: FaceBox, window: FaceWindow) -> FaceBox:
    left, top, right, bottom = (side * window.shrink for side in box)
    return FaceBox(left + window.left, top + window.top, right + window.left, bottom + window.top)


def smoothed(transforms: FloatArray, sigma: float, config: LipsConfig) -> FloatArray:
    """A path ``(T, 2, 3)`` smoothed where it is still; where the head goes fast the path itself.

    A Gaussian of ``sigma`` pictures removes noise, but also four tenths of the motion of a head that nods four times a
    second. So where the path deviates from the smoothed one by more than noise, it is kept.
    """
    smooth = gaussian_filter1d(transforms, sigma, axis=0, mode="nearest")
    middle = np.array([config.face_size / 2, config.face_size * 0.6, 1.0])
    scale = np.sqrt(np.abs(np.linalg.det(transforms[:, :, :2])))
    away = np.linalg.norm((transforms - smooth) @ middle, axis=1) / scale
    # A nodding head is slowest where it turns back: moments around a fast one count as fast too.
    away = gaussian_filter1d(away, 2 * sigma, mode="nearest")
    swift = away**2 / (away**2 + SURE_PX**2)
    return np.asarray(smooth + swift[:, None, None] * (transforms - smooth))


def without_gaps(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``(T,)``: the same, with gaps of up to :data:`LONGEST_GAP` misses between two finds filled."""
    reach = LONGEST_GAP // 2
    closed = binary_closing(np.pad(found, 2 * reach, mode="edge"), np.ones(2 * reach + 1))
    return np.asarray(closed[2 * reach : -2 * reach])


def window_around(transform: FloatArray, height: int, width: int, config: LipsConfig) -> FaceWindow:
    """The part of a picture around a face, twice as wide as its canonical square.

    It is shrunk to about the canonical face's own scale: landmarks and registration need no more.
    """
    square = np.array([[0.0, 0], [config.face_size, 0], [0, config.face_size], [config.face_size, config.face_size]])
    middle = apply(transform, square).mean(axis=0)
    scale = float(np.sqrt(abs(np.linalg.det(transform[:, :2]))))
    sides = np.array([middle - scale * config.face_size, middle + scale * config.face_size]).clip(0, [width, height])
    (left, top), (right, bottom) = sides.astype(int).tolist()
    return FaceWindow(left, top, right - left, bottom - top, max(1, round(scale)))


def in_picture(transforms: FloatArray, window: FaceWindow) -> FloatArray:
    """Transforms ``(T, 2, 3)`` to pixels of a window's view as transforms to pixels of the picture."""
    lifted = transforms * window.shrink
    lifted[:, :, 2] += np.array([window.left, window.top]) + (window.shrink - 1) / 2
    return lifted
