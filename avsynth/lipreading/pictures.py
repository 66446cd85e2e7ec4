"""The lip reader's input: the mouth's box in grey and reduced in size, with random augmentation for training.

Dimensions: B clips, T lip frames, H and W of the small picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from avsynth.errors import UserError
from avsynth.video.box import Box
from avsynth.video.luma import LUMA

MARGIN = 2
"""Pixels kept around the small picture on every side, so that training can shift it."""


def small_pictures(crops: NDArray[np.uint8], box: Box, height: int, width: int) -> NDArray[np.uint8]:
    """``(T, height + 2 MARGIN, width + 2 MARGIN)``: the box of crops ``(T, H, W, 3)`` or ``(T, H, W)`` in grey.

    Raises :class:`UserError` for anything but uint8 crops that hold the box.
    """
    if crops.dtype != np.uint8 or crops.ndim not in (3, 4) or not len(crops):
        raise UserError(f"a lip reader reads uint8 crops (T, H, W, 3) or (T, H, W), not {crops.dtype} {crops.shape}")
    if box.bottom > crops.shape[1] or box.right > crops.shape[2]:
        raise UserError(f"the lip reader reads {box} of a crop, but these are {crops.shape[1]} x {crops.shape[2]}")
    part = box.crop(crops).astype(np.float32)
    grey = part if part.ndim == 3 else part @ np.asarray(LUMA, np.float32)
    size = (height + 2 * MARGIN, width + 2 * MARGIN)
    small = F.interpolate(torch.from_numpy(grey)[:, None], size=size, mode="area")[:, 0]
    return np.asarray(small.round().clamp(0, 255).to(torch.uint8).numpy())


def centred(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``(T, H, W)``: the pictures without their margin."""
    return pictures[:, MARGIN:-MARGIN, MARGIN:-MARGIN]


def disturbed(pictures: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.float32]:
    """``(T, H, W)``: a clip with random augmentation: one shift, flip, gain and blur for the whole clip, and two short
    stretches replaced by the clip's mean picture."""
    rows, columns = (size - 2 * MARGIN for size in pictures.shape[1:])
    top, left = rng.integers(0, 2 * MARGIN + 1, 2)
    seen = pictures[:, top : top + rows, left : left + columns].astype(np.float32)
    if rng.random() < 0.5:
        seen = seen[:, :, ::-1]
    if rng.random() < 0.3:
        seen = _blurred(seen)
    middle = seen.mean()
    seen = np.asarray((seen - middle) * rng.uniform(0.8, 1.2) + middle + rng.uniform(-15, 15), np.float32)
    for _ in range(2):
        length = int(rng.integers(0, max(2, len(seen) // 10)))
        start = int(rng.integers(0, len(seen) - length + 1))
        seen[start : start + length] = seen.mean(axis=0)
    return np.ascontiguousarray(seen, np.float32)


def batched(clips: list[NDArray[Any]]) -> tuple[Tensor, Tensor]:
    """Clips ``(T, H, W)`` as ``frames_BTHW`` of floats, padded, and ``lens_B``."""
    lens = [len(clip) for clip in clips]
    frames = torch.zeros(len(clips), max(lens), *clips[0].shape[1:])
    for row, clip in zip(frames, clips, strict=True):
        row[: len(clip)] = torch.from_numpy(np.ascontiguousarray(clip, np.float32))
    return frames, torch.tensor(lens)


def _blurred(seen: NDArray[np.float32]) -> NDArray[np.float32]:
    for axis in (1, 2):
        before, after = np.roll(seen, 1, axis), np.roll(seen, -1, axis)
        seen = np.asarray((seen + (before + after) / 2) / 2, np.float32)
    return seen
