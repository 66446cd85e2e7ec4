"""Parts of many pictures' planes at once: windows that hold what is wanted, and samples at transforms.

A plane is ``(C, H, W)``: luma, or chroma at half its fineness (:class:`~avsynth.video.planes.Planes`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from avsynth.video.geometry import FloatArray, apply

FINER = 1.2
"""Pixels of a picture to one of the crop from which it is made smaller before it is cut."""
MIDDLE = 128.0
"""Samples are counted from here, so that what is sampled in two ways differs little."""
Window = tuple[slice, slice]
"""Rows and columns."""
Size = tuple[int, int]
"""Height and width."""


def corners_of(left: float, top: float, right: float, bottom: float) -> FloatArray:
    """``(4, 2)``."""
    return np.array([[left, top], [right, top], [left, bottom], [right, bottom]], dtype=float)


def windows_of(size: Size, points: FloatArray, even: bool = False) -> list[Window]:
    """Rows and columns of K pictures of a size, all alike and at least one pixel, that hold what they have of their
    points ``(K, N, 2)``; ``even``: the picture's sides are, and the windows' are to begin and end at even pixels."""
    step = 2 if even else 1
    extent = np.array([size[1], size[0]])
    first = np.floor(points.min(axis=1)).clip(0, extent - step).astype(int) // step * step
    last = -(-np.ceil(points.max(axis=1) + 1).clip(step, extent).astype(int) // step) * step
    sides = (last - first).max(axis=0).clip(step)
    first = np.minimum(first, extent - sides)
    return [(slice(top, top + sides[1]), slice(left, left + sides[0])) for left, top in first.tolist()]


def halved(window: Window) -> Window:
    """A window with even ends, in the picture's chroma."""
    rows, columns = window
    return slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)


def sides_of(window: Window) -> Size:
    """Height and width."""
    rows, columns = window
    return rows.stop - rows.start, columns.stop - columns.start


def of_chroma(transforms: FloatArray) -> FloatArray:
    """``(K, 2, 3)``: from luma to luma as from chroma to chroma, whose samples lie in the middle of four pixels."""
    made = transforms.copy()
    made[:, :, 2] = (transforms[:, :, 2] + transforms[:, :, :2].sum(axis=2) / 2 - 0.5) / 2
    return made


def cut(planes: Sequence[NDArray[np.uint8]], windows: Sequence[Window]) -> Tensor:
    """``(K, C, H, W)`` uint8."""
    return torch.from_numpy(
        np.stack([plane[:, rows, columns] for plane, (rows, columns) in zip(planes, windows, strict=True)])
    )


def within(transform: FloatArray, window: Window) -> FloatArray:
    """A transform to a picture as one to a window of it."""
    moved = transform.copy()
    moved[:, 2] -= [window[1].start, window[0].start]
    return moved


def around_crops(size: Size, transforms: FloatArray, crop: Size) -> list[Window]:
    """The windows of K pictures that hold their crops at ``transforms`` ``(K, 2, 3)``, as far as there is anything."""
    corners = corners_of(0, 0, crop[1] - 1, crop[0] - 1)
    points = np.stack([apply(transform, corners) for transform in transforms])
    return windows_of(size, np.concatenate([points - 2, points + 2], axis=1))


def crops_at(planes: Sequence[NDArray[np.uint8]], transforms: FloatArray, crop: Size) -> Tensor:
    """``(K, C, *crop)``: the pictures' own crops, counted from :data:`MIDDLE`.

    Pictures finer than the crop are first brought to about its fineness along their own axes: far cheaper than the mean
    of many samples.
    """
    windows = around_crops((planes[0].shape[1], planes[0].shape[2]), transforms, crop)
    part_KCHW = cut(planes, windows)
    placed = np.stack([within(*pair) for pair in zip(transforms, windows, strict=True)])
    scale = float(np.sqrt(np.abs(np.linalg.det(placed[:, :, :2])).min()))
    if scale > FINER:
        whole = np.array(part_KCHW.shape[:1:-1])
        width, height = np.maximum(1, np.round(whole / scale)).astype(int).tolist()
        part_KCHW = functional.interpolate(
            part_KCHW, (height, width), mode="bicubic", antialias=True, align_corners=False
        )
        shrink = np.array([width, height]) / whole
        placed = placed * shrink[:, None]
        placed[:, :, 2] += (shrink - 1) / 2
    grid_KHW2, fine = grid_of(placed, (part_KCHW.shape[2], part_KCHW.shape[3]), crop)
    return sampled(part_KCHW.float().sub_(MIDDLE), grid_KHW2, fine, "bicubic")


def grid_of(transforms: FloatArray, source: Size, size: Size) -> tuple[Tensor, int]:
    """Where the pixels of pictures of a ``size`` lie in ones of a ``source``, ``(K, H × n, W × n, 2)`` from -1 to 1,
    and n: how many samples each way are a pixel's mean, so that none of a finer source is passed over."""
    scale = float(np.sqrt(np.abs(np.linalg.det(transforms[:, :, :2])).max()))
    fine = max(1, int(np.ceil(scale - 0.2)))
    y, x = ((torch.arange(side * fine) + 0.5) / fine - 0.5 for side in size)
    per_pixel = 2 / np.array([source[1], source[0]])
    matrix_K23 = torch.from_numpy(transforms * per_pixel[:, None]).float()
    start_K2 = matrix_K23[:, :, 2] + torch.from_numpy(per_pixel / 2 - 1).float()
    grid_KHW2 = torch.empty(len(transforms), len(y), len(x), 2)
    for axis in (0, 1):
        along_KW = x * matrix_K23[:, axis, 0, None] + start_K2[:, axis, None]
        torch.add(along_KW[:, None], (y * matrix_K23[:, axis, 1, None])[:, :, None], out=grid_KHW2[..., axis])
    return grid_KHW2, fine


def sampled(picture_KCHW: Tensor, grid_KHW2: Tensor, fine: int, mode: str, padding: str = "border") -> Tensor:
    """``(K, C, H, W)``: pictures at the places of :func:`grid_of`."""
    made = functional.grid_sample(picture_KCHW, grid_KHW2, mode, padding, align_corners=False)
    return functional.avg_pool2d(made, fine) if fine > 1 else made
