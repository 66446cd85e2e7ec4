"""Whether the edge of a picture that was blended into another can be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter, mean

from avsynth.video.luma import LUMA

SECTORS = 24
"""Parts into which the seam is cut around its middle."""
LEVELS = 6
"""Parts into which its width is cut, by the blending weight."""
FEWEST = 8
"""Pixels that a part needs to count."""
FAINT = 0.05
"""Blending weights are raised to this before dividing by them, since rounding dominates below it."""


@dataclass(frozen=True)
class Seam:
    """Measures of a seam, in grey levels per pixel across it."""

    step: float
    """The largest step that the blending added, over all parts of the seam. Each part counts with its mean, in which
    noise and detail cancel and a visible line does not."""
    own: float
    """The picture's own gradient there before: a robust standard deviation, so that a few strong edges under the seam
    do not hide a step."""

    @property
    def ratio(self) -> float:
        """Below 1 no step is larger than the picture's own variation there."""
        return self.step / max(self.own, 1e-6)


def measure_seam(before: NDArray[np.uint8], after: NDArray[np.uint8], share: NDArray[np.floating]) -> Seam:
    """Measure the step along the edge of a picture that was blended in.

    ``after`` is ``before + share × other``, and its gradient has two new parts: that of ``other``, which is what was to
    be shown, and ``other`` times the gradient of ``share``, which is the seam.

    Args:
        before: ``(H, W, 3)``.
        after: The same with something set in.
        share: ``(H, W)`` in [0, 1]: how much of ``after`` was set in; the seam is where it changes.
    """
    wide = gaussian_filter(share.astype(float), 1.0)
    across = np.stack(np.gradient(wide))
    steep = np.hypot(*across)
    band = binary_dilation((share > 0) & (share < 1) | (np.hypot(*np.gradient(share.astype(float))) > 0))
    y, x = np.nonzero(band & (steep > 1e-4))
    own = (np.stack(np.gradient(before @ np.array(LUMA))) * across)[:, y, x].sum(axis=0) / steep[y, x]
    other = ((after.astype(float) - before) @ np.array(LUMA))[y, x] / np.maximum(share[y, x], FAINT)
    sector = ((np.arctan2(y - y.mean(), x - x.mean()) / (2 * np.pi) + 0.5) * SECTORS).astype(int) % SECTORS
    part = sector * LEVELS + (wide[y, x] * LEVELS).astype(int).clip(0, LEVELS - 1)
    parts = np.flatnonzero(np.bincount(part) >= FEWEST)
    steps = np.abs(mean(other * steep[y, x], part, parts))
    return Seam(float(steps.max()), float(1.4826 * np.median(np.abs(own))))
