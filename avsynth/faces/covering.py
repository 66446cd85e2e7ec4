"""Detection of things in front of a mouth, such as a hand or a microphone, where the picture must stay unchanged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter, label

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import CELL, moving

LEARNED = 8
"""How many pictures the face's appearance is learned from, one of every :data:`LEARN_EVERY`."""
LEARN_EVERY = 4
FORGOTTEN = 24
"""Most appearances that are remembered; the first :data:`LEARNED` always are."""
UNLIKE = 40.0
"""A cell counts as covered if it differs by so many grey levels, in one channel, from everything seen there before."""
AROUND = 2
"""Cells by which the appearance may have shifted, as the chin does when the mouth opens."""
FEWEST = 6
"""A covering object must include at least so many cells beside the lips; changes within the lips are the mouth
itself."""


class Covering:
    """Takes a talker's own crops one by one, and says where they differ from the talker's appearance.

    The first second is taken to show the talker uncovered.
    """

    def __init__(self, config: LipsConfig) -> None:
        rows, columns = config.height // CELL, config.width // CELL
        y, x = (np.mgrid[:rows, :columns] + 0.5) * CELL - 0.5
        self._beside = moving(x, y, config) == 0
        self._looks: list[NDArray[np.float32]] = []
        self._told = 0

    def __call__(self, crop: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """``(rows, columns)`` of cells, in [0, 1], for a crop ``(80, 160, 3)``; None where nothing lies before it."""
        rows, columns = self._beside.shape
        cells = crop.reshape(rows, CELL, columns, CELL, 3).mean(axis=(1, 3), dtype=np.float32)
        self._told += 1
        due = self._told % LEARN_EVERY == 1
        if len(self._looks) < LEARNED:
            if due:
                self._remember(cells)
            return None
        parts, count = label(self._unlike(cells))
        beside = np.bincount(parts[self._beside], minlength=count + 1)
        covered = (beside[parts] >= FEWEST) & (parts > 0)
        if not covered.any():
            if due:
                self._remember(cells)
            return None
        wide = binary_dilation(covered, iterations=2)
        return np.asarray(np.maximum(gaussian_filter(wide.astype(np.float32), 1.0), covered), dtype=np.float32)

    def _remember(self, cells: NDArray[np.float32]) -> None:
        self._looks.append(np.pad(cells, ((AROUND, AROUND), (AROUND, AROUND), (0, 0)), mode="edge"))
        if len(self._looks) > FORGOTTEN:
            del self._looks[LEARNED]

    def _unlike(self, cells: NDArray[np.float32]) -> NDArray[np.bool_]:
        """``(rows, columns)``: cells unlike anything seen there or nearby, brightness aside."""
        rows, columns = self._beside.shape
        nearest = np.full((rows, columns), np.inf, dtype=np.float32)
        for look in self._looks:
            middle = look[AROUND : AROUND + rows, AROUND : AROUND + columns]
            light = np.median((cells - middle).reshape(-1, 3), axis=0)
            for down in range(2 * AROUND + 1):
                for across in range(2 * AROUND + 1):
                    moved = look[down : down + rows, across : across + columns]
                    np.minimum(nearest, np.abs(cells - light - moved).max(axis=2), out=nearest)
        return nearest > UNLIKE
