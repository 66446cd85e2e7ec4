"""Similarity and affine transforms, and pictures sampled at them.

A transform is a ``(2, 3)`` matrix that takes points (x, y, 1) of one picture to points of another.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

FloatArray = NDArray[np.float64]


def fit_similarity(source: FloatArray, target: FloatArray) -> FloatArray:
    """``(2, 3)``: the least-squares similarity taking ``source`` ``(N, 2)`` to ``target`` ``(N, 2)``."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    a, b = source - source_mean, target - target_mean
    norm = float((a * a).sum())
    cosine = float((a * b).sum()) / norm
    sine = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / norm
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    return np.concatenate([rotation, (target_mean - rotation @ source_mean)[:, None]], axis=1)


def apply(transform: FloatArray, points: FloatArray) -> FloatArray:
    """The points ``(N, 2)`` moved by a ``(2, 3)`` transform."""
    return np.asarray(points @ transform[:, :2].T + transform[:, 2])


def invert(transform: FloatArray) -> FloatArray:
    """The inverse of a ``(2, 3)`` transform."""
    inverse = np.linalg.inv(transform[:, :2])
    return np.concatenate([inverse, -(inverse @ transform[:, 2])[:, None]], axis=1)


def warp(frames: NDArray[np.uint8], transforms: FloatArray, height: int, width: int) -> torch.Tensor:
    """Sample ``frames`` at ``transforms`` of a ``height × width`` grid, bicubic, averaging where the source is finer.

    Args:
        frames: ``(T, H, W, C)`` uint8.
        transforms: ``(T, 2, 3)``, target pixels to source pixels.

    Returns:
        ``(T, C, height, width)`` float32 in 0…255.
    """
    picture = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float()
    return sample(picture, transforms, height, width).clamp(0, 255)


def sample(picture_TCHW: torch.Tensor, transforms: FloatArray, height: int, width: int) -> torch.Tensor:
    """As :func:`warp`, linear in ``picture_TCHW``: floats of any range, which bicubic sampling may leave a little."""
    scale = float(np.sqrt(np.abs(np.linalg.det(transforms[:, :, :2])).max()))
    fine = max(1, int(np.ceil(scale - 0.2)))
    step = 1.0 / fine
    rows = (torch.arange(height * fine, dtype=torch.float64) + 0.5) * step - 0.5
    columns = (torch.arange(width * fine, dtype=torch.float64) + 0.5) * step - 0.5
    grid_y, grid_x = torch.meshgrid(rows, columns, indexing="ij")
    flat = torch.stack([grid_x, grid_y, torch.ones_like(grid_x)], dim=-1)
    source = torch.einsum("hwk,tjk->thwj", flat, torch.from_numpy(transforms))
    size = torch.tensor([picture_TCHW.shape[3], picture_TCHW.shape[2]], dtype=torch.float64)
    normal = ((source * 2 + 1) / size - 1).float()
    sampled = functional.grid_sample(picture_TCHW, normal, mode="bicubic", padding_mode="border", align_corners=False)
    return functional.avg_pool2d(sampled, fine) if fine > 1 else sampled


def compose(outer: FloatArray, inner: FloatArray) -> FloatArray:
    """``(2, 3)``: first ``inner``, then ``outer``."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.concatenate([linear, (outer[:, :2] @ inner[:, 2] + outer[:, 2])[:, None]], axis=1)
