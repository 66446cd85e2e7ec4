"""One face followed through a video a piece at a time, so that a long one needs no more memory than a short one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, gaussian_filter1d

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.video.geometry import FloatArray, apply
from avsynth.video.landmarks import LandmarkDetector
from avsynth.video.lip_clock import FaceWindow
from avsynth.video.mouth import MouthTrack, canonical_face, follow_face, place_mouth

PIECE = 32
"""Pictures in which the face is followed at once."""
OVERLAP = 8
"""Pictures that a piece shares with the one before; over them its places take over from that one's."""
SMOOTHING_S = 0.04
"""Standard deviation of the Gaussian that smooths the mouth's path, which is sure to a tenth of a pixel once it is
registered to the picture. The lips stage smooths over a little more (``lips.smoothing``)."""
LONGEST_GAP = 6
"""Pictures over which the detector may miss a face without its being lost."""
FADE = 2.0
"""Standard deviation in pictures over which a face that is lost goes and comes back."""

Pictures = list[NDArray[np.uint8]]
"""Each ``(H, W, 3)``."""


class FaceFollower:
    """Where the mouth lies in the pictures of a video.

    The largest face of the first picture with one is followed, in a window that moves along with it; the canonical
    face is that of the first piece.

    Args:
        first: The first piece.
        fps: Pictures a second.

    Errors: :class:`UserError` where the first piece shows no face, or one too small.
    """

    def __init__(self, first: Pictures, config: LipsConfig, fps: float) -> None:
        self._config = replace(config, smoothing=SMOOTHING_S * fps)
        self._detector = LandmarkDetector(detect_every=1)
        self._last = _first_face(first, config, self._detector).transforms[0]
        _, points, found, _ = self._landmarks(first)
        if not found.any():
            raise UserError(f"the face is lost in the first {len(first)} pictures")
        self._face = canonical_face(points[found], config)
        self._tail = np.zeros((0, 7))

    def __call__(self, pictures: Pictures) -> tuple[FloatArray, FloatArray]:
        """Places ``(T, 2, 3)`` of the crop in a piece's pictures, and weights ``(T,)`` from 1 to 0 where it is lost.

        Each piece but the first begins with the last :data:`OVERLAP` pictures of the one before.
        """
        views, points, found, window = self._landmarks(pictures)
        transforms = np.repeat(self._last.reshape(1, 6), len(pictures), axis=0)
        if (sure := np.flatnonzero(found)).size:
            path = in_picture(follow_face(views[sure], points[sure], self._face, self._config), window)
            known, times = path.reshape(-1, 6), np.arange(len(pictures))
            transforms = np.stack([np.interp(times, sure, known[:, side]) for side in range(6)], axis=1)
        weights = gaussian_filter1d(without_gaps(found).astype(float), FADE, mode="nearest")
        places = np.concatenate([transforms, weights[:, None]], axis=1)
        shared = len(self._tail)
        share = (np.arange(shared)[:, None] + 1) / (shared + 1)
        places[:shared] = (1 - share) * self._tail + share * places[:shared]
        self._tail, self._last = places[-OVERLAP:], places[-1, :6].reshape(2, 3)
        track = MouthTrack(places[:, :6].reshape(-1, 2, 3), self._face.left, self._face.top, found)
        return track.crop_transforms(), places[:, 6]

    def _landmarks(self, pictures: Pictures) -> tuple[NDArray[np.uint8], FloatArray, NDArray[np.bool_], FaceWindow]:
        """Views, landmarks in them and whether they are sure, and the window of the views: around the last place, or
        the whole picture where the face is not found there."""
        height, width = pictures[0].shape[:2]
        window = window_around(self._last, height, width, self._config)
        views = np.stack([window.view(picture) for picture in pictures])
        points, found = self._detector(views)
        whole = FaceWindow(0, 0, width, height, window.shrink)
        some = pictures[:: self._config.detect_every]
        if not found.any() and any(self._detector.largest_face(whole.view(picture)) for picture in some):
            window, views = whole, np.stack([whole.view(picture) for picture in pictures])
            points, found = self._detector(views)
        return views, points, found, window


def _first_face(pictures: Pictures, config: LipsConfig, detector: LandmarkDetector) -> MouthTrack:
    """The face of the first picture that shows one, of every few."""
    for number in range(0, len(pictures), config.detect_every):
        try:
            return place_mouth(pictures[number], config, detector)
        except UserError as error:
            fault = error
    raise UserError(f"{fault} (looked at its first {len(pictures)} pictures)")


def without_gaps(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``(T,)``: the same, but with up to :data:`LONGEST_GAP` misses between two finds taken for finds."""
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
