"""A small, smooth random motion for the head in a still: shift, turn and scale, from a seed."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from avsynth.video.geometry import FloatArray, apply, compose, invert
from avsynth.video.planes import Planes

PERIODS_S = (2.9, 4.3, 7.1, 11.3)
"""Periods of the waves whose sum is each motion; the sum repeats only after hours."""
SHIFT, TURN, GROW = 0.03, 0.011, 0.006
"""Largest motion: shift in widths of the crop, turn in radians, scale as a share of the size."""
SHIFT_DOWN = 0.6
"""Vertical shift relative to horizontal shift."""


def sway_at(time_s: float, transform: FloatArray, size: tuple[int, int], seed: int) -> FloatArray:
    """``(2, 3)``: pixels of the still to pixels of the picture shown at a time.

    The picture is enlarged just enough to keep its edges out of sight, and turns about a point below the chin.

    Args:
        transform: The crop's place in the still.
        size: Height and width.
    """
    rng = np.random.default_rng(seed)
    phases = rng.uniform(0, 2 * np.pi, (4, len(PERIODS_S)))
    stretch = rng.uniform(0.9, 1.1, (4, len(PERIODS_S)))
    waves = np.sin(2 * np.pi * time_s / (np.array(PERIODS_S) * stretch) + phases)
    across, down, turn, grow = waves @ (np.sqrt(PERIODS_S) / np.sqrt(PERIODS_S).sum())
    neck = apply(transform, np.array([[80.0, 160.0]]))[0]
    reach = SHIFT * float(np.hypot(*(transform[:, :2] @ np.array([92.0, 0.0]))))
    motion = about(neck, 1 + GROW * grow, TURN * turn)
    motion[:, 2] += [reach * across, SHIFT_DOWN * reach * down]
    return compose(_enlarged(neck, reach, size), motion)


def about(point: FloatArray, scale: float, turn: float) -> FloatArray:
    """``(2, 3)``: scaled and turned about a point that stays."""
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    linear = np.array([[cosine, -sine], [sine, cosine]])
    return np.concatenate([linear, (point - linear @ point)[:, None]], axis=1)


def _enlarged(neck: FloatArray, reach: float, size: tuple[int, int]) -> FloatArray:
    """The enlargement that keeps every edge out of sight, whatever the motion."""
    half = np.array([size[1], size[0]]) / 2
    farthest = np.abs(half - neck) + half
    lost = reach + (GROW + TURN) * float(farthest.max())
    return about(half - 0.5, 1 + lost / float((half - 1).min()), 0.0)


def swayed(picture: Planes, motion: FloatArray) -> Planes:
    """A still moved."""
    size = np.array(picture.size[::-1])
    # From pixels to the -1 … 1 of both pictures, which are the same in luma and in chroma.
    back = invert(motion)
    linear = back[:, :2] * size / size[:, None]
    shift = (2 * (back[:, 2] + back[:, :2] @ (size - 1) / 2) + 1) / size - 1
    theta = torch.from_numpy(np.concatenate([linear, shift[:, None]], axis=1)[None]).float()
    made = Planes(np.empty_like(picture.data))
    for still, moved in ((picture.luma, made.luma), (picture.chroma, made.chroma)):
        grid = functional.affine_grid(theta, [1, *still.shape], align_corners=False)
        plane = torch.from_numpy(still)[None].float()
        whole = functional.grid_sample(plane, grid, mode="bicubic", padding_mode="border", align_corners=False)
        moved[:] = whole[0].round_().clamp_(0, 255).byte().numpy()
    return made
