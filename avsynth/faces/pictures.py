"""A face to put a mouth into: the pictures of a still or a video, and where the mouth lies in each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.following import OVERLAP, PIECE, FaceFollower, Pictures
from avsynth.video.geometry import FloatArray, warp
from avsynth.video.mouth import LARGEST_PICTURE, place_mouth
from avsynth.video.reading import fit_within, iterate_frames

SWING_BYTES = 512 << 20
"""Memory for a video's last pictures, which play back and forth when it is over: 86 of 1920 × 1080 pixels."""


@dataclass(frozen=True)
class PlacedFace:
    """A picture and the place of its mouth."""

    picture: NDArray[np.uint8]
    """``(H, W, 3)``, both even."""
    transform: FloatArray
    """``(2, 3)``: pixels of the crop to pixels of the picture."""
    weight: float
    """1 where the face was found, 0 where it is lost."""


class FacePictures:
    """The pictures of a still or a video one after the other, in memory that does not grow with its length.

    A picture of more than :data:`~avsynth.video.mouth.LARGEST_PICTURE` pixels on its shorter side is brought to that;
    of an odd side the last pixel is left out, since H.264 wants even ones. A video is followed while it is played, on
    its own clock. When it is over its last pictures, as many as :data:`SWING_BYTES` hold, play back and forth.

    Errors: :class:`UserError` naming the file if it cannot be read, shows no face at its beginning, or one too small.
    """

    def __init__(self, path: Path | str, config: LipsConfig) -> None:
        source = iterate_frames(path)
        self.fps = source.fps
        pictures = (_even(fit_within(picture, LARGEST_PICTURE)) for picture in source)
        first = list(islice(pictures, PIECE))
        self.height, self.width = first[0].shape[:2]
        self._kept: deque[PlacedFace] = deque(maxlen=max(2, SWING_BYTES // first[0].nbytes))
        self._read = 0
        try:
            if len(first) == 1:
                still = place_mouth(first[0], config).crop_transforms()[0]
                self._placed = iter([PlacedFace(first[0], still, 1.0)])
            else:
                self._placed = _followed(first, pictures, FaceFollower(first, config, float(source.fps)))
        except UserError as error:
            raise UserError(f"{path}: {error}") from error
        while not self._kept or self._kept[-1].weight < 0.5:
            self._advance()
        shown = self._kept[-1]
        crop = warp(shown.picture[None], shown.transform[None], config.height, config.width)[0]
        self.identity: NDArray[np.uint8] = crop.round().byte().permute(1, 2, 0).contiguous().numpy()
        """``(80, 160, 3)``: the crop of the first picture that shows the face."""

    def __getitem__(self, index: int) -> PlacedFace:
        """Picture ``index`` from 0 on, on the clock of ``fps``, without end; to be asked for in order."""
        while index >= self._read and self._advance():
            pass
        behind = self._read - 1 - index
        if behind < 0:
            behind = swing(-behind, len(self._kept))
        if behind >= len(self._kept):
            raise ValueError(f"picture {index} is gone: pictures are to be asked for in order")
        return self._kept[-1 - behind]

    def _advance(self) -> bool:
        """Read one picture more; False if there is none."""
        placed = next(self._placed, None)
        if placed is not None:
            self._kept.append(placed)
            self._read += 1
        return placed is not None


def _followed(first: Pictures, rest: Iterator[NDArray[np.uint8]], follow: FaceFollower) -> Iterator[PlacedFace]:
    """The pictures of a video with their places, a piece at a time."""
    pictures = first
    while True:
        transforms, weights = follow(pictures)
        done = len(pictures) - OVERLAP if len(pictures) == PIECE else len(pictures)
        for picture, transform, weight in zip(pictures[:done], transforms, weights, strict=False):
            yield PlacedFace(picture, transform, float(weight))
        if done == len(pictures):
            return
        pictures = pictures[done:] + list(islice(rest, PIECE - OVERLAP))


def swing(past: int, count: int) -> int:
    """How far before the last of ``count`` pictures the one lies that is shown ``past`` pictures after it."""
    if count == 1:
        return 0
    there_and_back = 2 * (count - 1)
    return min(past % there_and_back, -past % there_and_back)


def _even(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    return np.ascontiguousarray(picture[: height // 2 * 2, : width // 2 * 2])
