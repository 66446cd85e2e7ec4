"""Keep a generated mouth within the colours of the face it belongs to.

The networks draw the lips of people that they were not trained on pinker the further these open. Their luma is right.
So chroma is limited to what the identity image shows around its own mouth, or lies between that and grey (teeth, the
dark between the lips). Where the colour of the person's teeth is known, drawn ones get it. A black and white face has
no colour at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import oval, oval_size
from avsynth.faces.face import Teeth
from avsynth.faces.teeth import TeethColour
from avsynth.video.geometry import FloatArray
from avsynth.video.luma import LUMA

FACE = 0.85
"""Size of the egg around mouth and chin whose colours are the face's own; beyond it background may be seen."""
LIPS = 0.7
"""Size of the egg in which colours are limited in full; at that of the face they are not."""
OUTLIERS = 0.005
"""Share of these pixels, in each direction from their median, that do not count."""
MARGIN = 1.2
"""The limits' distance from the median, in that of the identity's own colours: lips are redder inside than what they
show at rest. Of recordings of five talkers, this leaves 99.5 % of the pixels as they are."""
SMOOTH = 2.0
"""Pixels over which the identity's colours are averaged (a Gaussian's deviation): noise, dithering, a small palette and
strong compression show colours that no skin has."""
NOISE = 1.0
"""Grey levels by which any colour may lie further out: what noise does to greys."""
GREY = 2.0
"""A picture counts as black and white if its colour channels differ by fewer grey levels in the mean."""
DIRECTIONS = 48
CELL = 2
"""Side, in grey levels, of the cells of chroma for which the limited colour is known."""
STEPS = 60
"""The most limits that a colour is moved to, one after the other."""
EXACT = 0.05
"""How far outside, in grey levels, a colour may be left."""

Chroma = NDArray[np.floating]
"""``(..., 2)``: blue and red less luma, in grey levels from 0 on."""


def chroma_of(pixels: NDArray[np.floating]) -> Chroma:
    """Of RGB ``(..., 3)``, 0 to 255, so scaled that each lies between -128 and 128 (BT.601)."""
    luma = pixels @ np.array(LUMA)
    return np.stack([(pixels[..., 2] - luma) / 1.772, (pixels[..., 0] - luma) / 1.402], axis=-1)


class ColourLimit:
    """Limits the colours of drawn mouths.

    Args:
        identity: ``(height, width, 3)``: the face's own mouth.
        config: The geometry of the crops.
        teeth: The face's own, if they were seen.
    """

    def __init__(self, identity: NDArray[np.uint8], config: LipsConfig, teeth: Teeth | None = None) -> None:
        y, x = np.mgrid[: config.height, : config.width].astype(float)
        own = chroma_of(smoothed(identity, SMOOTH)[oval_size(x, y, config) < FACE])
        middle = np.median(own, axis=0)
        angle = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
        across = np.stack([np.cos(angle), np.sin(angle)])
        reach = MARGIN * np.quantile((own - middle) @ across, 1 - OUTLIERS, axis=0)
        reach = np.maximum(reach, -middle @ across)
        reach += NOISE
        steps = np.arange(-128.0, 128.0, CELL)
        every = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
        shift = limited(every - middle, across, reach) - (every - middle)
        blue, red = shift[:, :1], shift[:, 1:]
        light = np.array(LUMA)
        added = np.concatenate([1.402 * red, np.zeros_like(red), 1.772 * blue], axis=1)
        added[:, 1] = -(added @ light) / light[1]
        self._added = added.reshape(len(steps), len(steps), 3).astype(np.float32)
        self._grey = bool(np.ptp(identity.astype(int), axis=-1).mean() < GREY)
        redness = None if self._grey else 1.402 * float(middle[1])
        self._teeth = None if teeth is None else TeethColour(teeth, redness, config)
        self._share = oval(x, y, config, LIPS, FACE)[..., None].astype(np.float32)

    def __call__(self, frames: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """``(K, height, width, 3)``: the same luma, and the same pixels where their colours are within the limits;
        teeth no lighter than the own."""
        drawn = frames.astype(np.float32)
        if self._grey:
            made = np.repeat((drawn @ np.array(LUMA, dtype=np.float32))[..., None], 3, axis=-1)
        else:
            made = self._within(drawn)
        if self._teeth is not None:
            made = self._teeth(drawn, made)
        return np.asarray(made.round().clip(0, 255), dtype=np.uint8)

    def _within(self, drawn: NDArray[np.float32]) -> NDArray[np.float32]:
        place = ((chroma_of(drawn) + 128) / CELL).round().clip(0, len(self._added) - 1).astype(np.intp)
        return drawn + self._added[place[..., 0], place[..., 1]] * self._share


def smoothed(picture: NDArray[np.uint8], deviation: float) -> FloatArray:
    """A picture ``(H, W, C)`` averaged over a Gaussian, at its edges over the part of it that lies within."""
    rows, columns = (averaging(length, deviation) for length in picture.shape[:2])
    return np.asarray(np.einsum("ij,jkc,lk->ilc", rows, picture.astype(float), columns, optimize=True))


def averaging(length: int, deviation: float) -> FloatArray:
    """``(length, length)``: the weights of a row's pixels in each of its averages."""
    apart = np.subtract.outer(np.arange(length), np.arange(length))
    weights = np.exp(-np.square(apart / deviation) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def limited(colours: Chroma, across: FloatArray, reach: FloatArray) -> Chroma:
    """The colours ``(N, 2)``, those outside moved onto the outline of a convex polygon around 0.

    Args:
        across: ``(2, D)``: directions of length 1.
        reach: ``(D,)``: how far the polygon goes in each.
    """
    moved = colours.copy()
    left = np.arange(len(moved))
    for _ in range(STEPS):
        over = moved[left] @ across - reach
        worst = over.argmax(axis=1)
        most = over[np.arange(len(left)), worst]
        outside = most > EXACT
        left, worst, most = left[outside], worst[outside], most[outside]
        moved[left] -= most[:, None] * across.T[worst]
    return moved
