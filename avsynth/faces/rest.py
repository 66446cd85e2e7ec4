"""Bring a smiling or open mouth to rest by warping its lips until they meet.

The networks draw the mouth at rest as in the identity image, so that with a smiling identity it would never stop
smiling.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import map_coordinates

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import oval_outline, oval_size
from avsynth.faces.face import Teeth
from avsynth.video.geometry import FloatArray, apply, invert
from avsynth.video.landmarks import MOUTH, LandmarkDetector
from avsynth.video.luma import LUMA

APART = 0.05
"""A mouth whose inner lips are at least this far apart, in widths of the mouth, is brought to rest."""
REST_WIDTH = 0.565
"""The widest mouth at rest, in distances of the outer eye corners: a smile is wider."""
LOWER_MOVES = 0.7
"""Share of the distance between the lips by which the lower one moves; the upper one moves by the rest."""
CORNER_DROP = 0.5
"""Pixels of the crop by which the corners of a closed mouth are below its middle."""
SIDE_THICK = 0.6
"""Thickness of the lips half-way to the corners, relative to that beside the middle."""
SOFT = 1.5
"""Width in pixels of the crop of the transition between the two warped lips."""
FIXED_SIZE, FIXED_POINTS = 0.9, 24
"""The warp is 0 on an oval just inside the mask's edge, at so many points."""
NOSE = tuple(range(31, 36))
"""Landmarks of the nostrils, which do not move either."""
UPPER_OUTER, UPPER_INNER = (1, 2, 3, 4, 5), (13, 14, 15)
LOWER_OUTER, LOWER_INNER = (7, 8, 9, 10, 11), (17, 18, 19)
"""Numbers among the 20 landmarks of a mouth; the inner ones from left to right above, from right to left below."""
CORNERS = (0, 6, 12, 16)
OUTER, INNER = slice(0, 12), slice(12, 20)
"""The outlines of the lips, outside and inside."""
SEEN_TEETH = 0.08
"""How far lips are apart from which teeth are seen between them, in widths of the mouth."""
FEWEST, BRIGHTEST = 12, 0.25
"""Pixels of the crop between the lips that tell a colour, and the share of them, the lightest, that is taken for
teeth."""


def landmarks_of(picture: NDArray[np.uint8], transform: FloatArray, config: LipsConfig) -> FloatArray | None:
    """``(68, 2)``: the landmarks of the face whose mouth crop lies at a transform, in pixels of the crop.

    Args:
        picture: ``(H, W, 3)``.
        transform: ``(2, 3)``: pixels of the crop to pixels of the picture.

    Returns None where the detector sees no face there.
    """
    detector = LandmarkDetector(detect_every=1)
    x, y = apply(transform, np.array([[config.width / 2, config.mouth_row]]))[0]
    around = [
        item
        for item in detector.faces(picture)
        if item.box.left <= x <= item.box.right and item.box.top <= y <= item.box.bottom
    ]
    if not around:
        return None
    surest = max(around, key=lambda item: item.weight)
    points, found = detector.shapes(picture[None], {0: surest.box})
    return apply(invert(transform), points[0]) if found[0] else None


def at_rest(crop: NDArray[np.uint8], points: FloatArray, config: LipsConfig) -> NDArray[np.uint8]:
    """The crop with its lips closed and no wider than at rest; the same where they (nearly) meet.

    Upper and lower face are warped apart from one another, each by a thin-plate spline between where its landmarks are
    and where they are to be; what lies between the lips vanishes in the line between the two.

    Args:
        crop: ``(height, width, 3)``.
        points: ``(68, 2)``, in pixels of the crop.
    """
    mouth = points[list(MOUTH)]
    along = mouth[6] - mouth[0]
    width = float(np.hypot(*along))
    across = np.array([[along[0], along[1]], [-along[1], along[0]]]) / width
    middle = (mouth[0] + mouth[6]) / 2
    level = (mouth - middle) @ across.T
    gap = float((level[LOWER_INNER[::-1], 1] - level[UPPER_INNER, 1]).mean())
    if gap < APART * width:
        return crop
    line, target = closed(level, gap, min(1.0, REST_WIDTH * config.eye_distance / width))
    target = target @ across + middle
    still = np.concatenate([oval_outline(FIXED_POINTS, FIXED_SIZE, config), points[list(NOSE)]])
    height, breadth = crop.shape[:2]
    grid = np.stack(np.meshgrid(np.arange(breadth), np.arange(height)), axis=-1).astype(float)
    below = ((grid - middle) @ across.T)[..., 1] - line
    lower = np.clip(0.5 + below / SOFT, 0, 1)[..., None]
    parts = []
    for outer, inner in ((UPPER_OUTER, UPPER_INNER), (LOWER_OUTER, LOWER_INNER)):
        own = [0, 6, *outer, *inner]
        wanted, there = np.concatenate([target[own], still]), np.concatenate([mouth[own], still])
        shift = RBFInterpolator(wanted, there - wanted, kernel="thin_plate_spline")(grid.reshape(-1, 2))
        place = grid + shift.reshape(grid.shape)
        sampled = [
            map_coordinates(crop[..., channel].astype(float), [place[..., 1], place[..., 0]], order=1, mode="nearest")
            for channel in range(3)
        ]
        parts.append(np.stack(sampled, axis=-1))
    warped = (1 - lower) * parts[0] + lower * parts[1]
    inside = (oval_size(grid[..., 0], grid[..., 1], config) < FIXED_SIZE)[..., None]
    return np.asarray(np.where(inside, warped, crop).round().clip(0, 255), dtype=np.uint8)


def teeth_of(crop: NDArray[np.uint8], points: FloatArray) -> Teeth | None:
    """The colour of the teeth that a crop shows, told by the landmarks ``(68, 2)`` in its pixels: the lightest between
    the lips, if they are lighter than these; None where it shows none."""
    mouth = points[list(MOUTH)]
    gap, width = np.hypot(*(mouth[18] - mouth[14])), np.hypot(*(mouth[6] - mouth[0]))
    size = crop.shape[0], crop.shape[1]
    between = filled(size, mouth[INNER])
    lips, seen = crop[filled(size, mouth[OUTER]) & ~between] @ np.array(LUMA), crop[between].astype(float)
    if gap < SEEN_TEETH * width or len(seen) < FEWEST or not len(lips):
        return None
    luma = seen @ np.array(LUMA)
    red, green, blue = seen[luma >= np.quantile(luma, 1 - BRIGHTEST)].mean(axis=0).tolist()
    return (red, green, blue) if np.dot((red, green, blue), LUMA) > lips.mean() else None


def filled(size: tuple[int, int], corners: FloatArray) -> NDArray[np.bool_]:
    """``(H, W)``: inside a polygon with the corners ``(N, 2)``."""
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    inside = np.zeros(size, bool)
    for (x0, y0), (x1, y1) in zip(corners.tolist(), np.roll(corners, 1, axis=0).tolist(), strict=True):
        if y0 != y1:
            inside ^= ((y0 > y) != (y1 > y)) & (x < x0 + (x1 - x0) * (y - y0) / (y1 - y0))
    return inside


def closed(level: FloatArray, gap: float, narrower: float) -> tuple[float, FloatArray]:
    """The line in which lips meet, and the landmarks of the mouth when they do.

    Args:
        level: ``(20, 2)``: the landmarks, corners level, their middle at 0.
        gap: Distance of the inner lips.
        narrower: What the mouth's width is multiplied by; lips grow thicker as the mouth grows narrower.
    """
    line = float(level[list(UPPER_INNER), 1].mean() + (1 - LOWER_MOVES) * gap)
    target = level * [narrower, 1.0]
    target[[*UPPER_INNER, *LOWER_INNER], 1] = line
    target[list(CORNERS), 1] = line + CORNER_DROP
    for outer, inner in ((UPPER_OUTER, UPPER_INNER), (LOWER_OUTER, LOWER_INNER)):
        sides = [inner[0], *inner, inner[-1]]
        thick = (level[list(outer), 1] - level[sides, 1]) / np.sqrt(narrower)
        thick[[0, -1]] = SIDE_THICK * thick[[1, -2]]
        target[list(outer), 1] = line + thick
    return line, target
