"""Hard cuts: where one shot of a video ends and the next begins."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

ROWS = 18
"""Rows of the small pictures that are compared."""
JUMP, TIMES = 6.0, 4.0
"""At a cut the small picture changes by at least so many grey levels, and so many times as much as in the pictures
before."""
PLAIN_CUT = 25.0
"""A change of so many grey levels is a cut in any case."""
REMEMBERED = 8


class CutFinder:
    """Takes the pictures of a video one by one, and says which begin a shot."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None
        self._changes: deque[float] = deque(maxlen=REMEMBERED)

    def __call__(self, picture: NDArray[np.uint8]) -> bool:
        """Whether a picture ``(H, W, 3)`` follows a hard cut; the first does not."""
        small = shrunk(picture)
        last, self._last = self._last, small
        if last is None:
            return False
        change = float(np.abs(small - last).mean())
        usual = float(np.median(self._changes)) if self._changes else 0.0
        self._changes.append(change)
        cut = (change > PLAIN_CUT and change > 2 * usual) or (change > JUMP and change > TIMES * usual + 1)
        if cut:
            self._changes.clear()
        return cut


def shrunk(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """``(18, W / (H / 18), 3)``: a picture in a few large pixels."""
    step = max(1, min(picture.shape[:2]) // ROWS)
    rows, columns = picture.shape[0] // step, picture.shape[1] // step
    part = picture[: rows * step, : columns * step].reshape(rows, step, columns, step, 3)
    return np.asarray(part.mean(axis=(1, 3), dtype=np.float32))
