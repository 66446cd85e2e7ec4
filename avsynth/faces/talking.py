"""A face that talks: generated mouths blended into its pictures at the lip frames' times."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.faces.blend import MouthBlend
from avsynth.faces.face import Face, PlacedFace
from avsynth.video.lip_clock import source_index
from avsynth.video.planes import Planes

AT_ONCE = 8
"""Lip frames pasted at once: a second of large pictures would be 75 MB."""
FEWEST_ROWS = 360
"""A picture with fewer rows is enlarged by default."""
LARGEST_SIDE = 4096
"""Largest side in pixels that H.264 players support."""


class TalkingFace:
    """A face on screen, from its beginning on.

    Args:
        face: Whose pictures.
    """

    def __init__(self, face: Face) -> None:
        self.face = face
        self.size = face.size
        """Height and width of the pictures, both even."""
        self._player = face.play()
        self._blend = MouthBlend(face.geometry)

    def paste(self, lips: NDArray[np.uint8], first: int, fps: Fraction) -> Iterator[Planes]:
        """Put lip frames ``(K, 80, 160, 3)`` uint8 into the pictures shown at their middles, some at once.

        A video's first picture is shown from time 0 on. Calls are to come in the order of ``first``, the number of the
        first lip frame at ``fps`` a second.
        """
        for start in range(0, len(lips), AT_ONCE):
            chosen = lips[start : start + AT_ONCE]
            placed = [self.shown(first + start + number, fps) for number in range(len(chosen))]
            made = [face.picture.copy() for face in placed]
            self._blend.into(made, placed, chosen)
            yield from made

    def shown(self, frame: int, fps: Fraction) -> PlacedFace:
        """The face's own picture, and the mouth's place in it, at the middle of a lip frame."""
        return self._player[source_index(frame, fps, self.face.fps, Fraction(0))]

    def share(self, frame: int, fps: Fraction) -> NDArray[np.float32]:
        """``(H, W)``: how much of each pixel is the generated mouth's at a lip frame, from 0 to 1."""
        return self._blend.share(self.shown(frame, fps))


def enlargement(size: tuple[int, int], scale: int | None) -> int:
    """How many times a face's pictures are enlarged: ``scale``, or until they have :data:`FEWEST_ROWS`.

    Errors: :class:`UserError` if a side would be longer than :data:`LARGEST_SIDE`.
    """
    height, width = size
    chosen = ceil(FEWEST_ROWS / height) if scale is None else scale
    if max(size) * chosen > LARGEST_SIDE:
        raise UserError(
            f"--scale {chosen} makes a picture of {width * chosen}×{height * chosen} pixels; a side has at most"
            f" {LARGEST_SIDE}: choose a smaller scale"
        )
    return chosen
