"""Gives drawn teeth the colour of the person's own, where a picture showed them.

The networks draw the teeth of people that they were not trained on as yellow as the light of the training recordings
made them, and as light in a dark picture as in those.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import oval
from avsynth.faces.face import Teeth
from avsynth.video.luma import LUMA

PALE = (0.15, 0.5)
"""Pixels whose redness lies so far from that of the teeth to that of the face are teeth, and are none: lips and skin
are red, drawn teeth never."""
GREEN = -16.0
"""Red less luma of teeth as the networks draw them in black and white faces: there their teeth are green, as lips are
pink and skin is grey."""
LEAST_REDDER = 6.0
"""Grey levels by which skin and lips must be redder than teeth to be told from them."""
LIGHT = (0.15, 0.35)
"""Luma, in that of the teeth, from which pale pixels begin to be teeth, and are: the dark inside of a mouth is not."""
BETWEEN = (0.3, 0.5)
"""Sizes of the eggs inside which all teeth lie, and beyond which none do."""
LIFT = 0.6
"""Power of the luma, in the mean of the teeth, below that mean: drawn teeth are soft, a mean of teeth and of the dark
about them, and so too dark."""
KNEE, LIGHTEST = 1.0, 1.25
"""Luma, in the mean of the teeth, up to which it is lifted, and which it nears beyond."""


class TeethColour:
    """Makes drawn teeth as light and as coloured as the own.

    Args:
        teeth: The own.
        redness: Red less luma of the face's skin and lips; None for a black and white face.
        config: The geometry of the crops.
    """

    def __init__(self, teeth: Teeth, redness: float | None, config: LipsConfig) -> None:
        own = np.array(teeth)
        self._light = max(float(own @ np.array(LUMA)), 1.0)
        self._tint = (own / self._light).astype(np.float32)
        self._own, face = (GREEN, 0.0) if redness is None else (float(own[0]) - self._light, redness)
        self._redder = face - self._own
        y, x = np.mgrid[: config.height, : config.width].astype(float)
        self._between = oval(x, y, config, *BETWEEN).astype(np.float32)

    def __call__(self, drawn: NDArray[np.float32], limited: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(K, height, width, 3)``: ``limited`` with other teeth; what is teeth is told by ``drawn``. The same for a
        face that is no redder than they are."""
        if self._redder < LEAST_REDDER:
            return limited
        luma = drawn @ np.array(LUMA, dtype=np.float32)
        share = (drawn[..., 0] - luma - self._own) / self._redder
        light = luma / np.float32(self._light)
        sure = self._between * (1 - smooth(share, *PALE)) * smooth(light, *LIGHT)
        dimmed = LIGHTEST - (LIGHTEST - KNEE) * np.exp(-(light - KNEE).clip(min=0) / (LIGHTEST - KNEE))
        toned = np.where(light > KNEE, dimmed, light.clip(min=0) ** np.float32(LIFT))
        own = (toned * self._light)[..., None] * self._tint
        return np.asarray(limited + sure[..., None] * (own - limited), dtype=np.float32)


def smooth(value: NDArray[np.float32], start: float, end: float) -> NDArray[np.float32]:
    """0 up to ``start``, 1 from ``end``, with no bend in between."""
    ramp = ((value - start) / (end - start)).clip(0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), dtype=np.float32)
