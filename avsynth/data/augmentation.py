"""Augmentation of faces: all pictures of a clip are mirrored, recoloured and warped alike, to make many talkers of few.

The identity image is changed in the same way as the frames, so that a lip decoder learns to take the look of mouth,
skin and hair from the identity.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from avsynth.video.luma import LUMA

GAMMA = 0.35
"""Standard deviation of the gamma's natural log; likewise the next three."""
CONTRAST = 0.2
TINT = 0.1
"""For each colour channel by itself."""
SATURATION = 0.3
LIGHT = 0.25
"""Difference in brightness between the sides, across and down, as a natural log."""
BLUR = 0.25
"""Share of the clips that are blurred."""
SIZE = 0.1
"""Scaling of height and width, each by itself; a natural log as well."""
TURN = 0.06
"""Radians."""
SHIFT = 0.03
"""Where half the picture's height or width counts 1; likewise the next one."""
SHAPE = 0.035
"""Random displacement of the face at a grid of :data:`HANDLES`, interpolated smoothly between them."""
HANDLES = (4, 6)
"""Down and across."""
_LUMA_C11 = torch.tensor(LUMA)[:, None, None]


def another_face(pictures_KHWC: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The pictures ``(K, H, W, 3)``, uint8, changed to look like another face with the same motion."""
    frames_KCHW = torch.from_numpy(np.ascontiguousarray(pictures_KHWC)).permute(0, 3, 1, 2).float() / 255
    frames_KCHW = _moved(frames_KCHW, rng)
    frames_KCHW = _blurred(_coloured(frames_KCHW, rng), rng)
    changed: NDArray[np.uint8] = (frames_KCHW * 255).round().byte().permute(0, 2, 3, 1).contiguous().numpy()
    return changed


def _moved(frames_KCHW: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Randomly mirrored, turned, stretched and warped; what comes into view at an edge is filled by reflection."""
    height, width = frames_KCHW.shape[-2:]
    turn, (tall, wide) = TURN * rng.standard_normal(), np.exp(SIZE * rng.standard_normal(2))
    down, right = SHIFT * rng.standard_normal(2)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    cosine, sine, ratio = np.cos(turn), np.sin(turn), height / width
    theta_123 = torch.tensor(
        [[[mirror * wide * cosine, -wide * sine * ratio, right], [mirror * tall * sine / ratio, tall * cosine, down]]],
        dtype=torch.float32,
    )
    grid_1HW2 = functional.affine_grid(theta_123, [1, 1, height, width], align_corners=False)
    pulled_12HW = torch.from_numpy(SHAPE * rng.standard_normal((1, 2, *HANDLES))).float()
    pulled_12HW = functional.interpolate(pulled_12HW, (height, width), mode="bicubic", align_corners=True)
    grid_KHW2 = (grid_1HW2 + pulled_12HW.permute(0, 2, 3, 1)).expand(len(frames_KCHW), -1, -1, -1)
    return functional.grid_sample(frames_KCHW, grid_KHW2, padding_mode="reflection", align_corners=False)


def _coloured(frames_KCHW: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Random brightness, contrast, colour and direction of light; clipped to [0, 1]."""
    gamma, contrast, saturation = np.exp(np.array([GAMMA, CONTRAST, SATURATION]) * rng.standard_normal(3))
    tint_C11 = torch.from_numpy(np.exp(TINT * rng.standard_normal(3))).float()[:, None, None]
    toned_KCHW = frames_KCHW.clamp(0, 1) ** float(gamma)
    middle = toned_KCHW.mean()
    toned_KCHW = (toned_KCHW - middle) * float(contrast) + middle
    grey_K1HW = (toned_KCHW * _LUMA_C11).sum(dim=1, keepdim=True)
    down, across = LIGHT * rng.standard_normal(2)
    height, width = frames_KCHW.shape[-2:]
    side_HW = torch.linspace(-0.5, 0.5, height)[:, None] * down + torch.linspace(-0.5, 0.5, width) * across
    coloured_KCHW = grey_K1HW + (toned_KCHW - grey_K1HW) * float(saturation)
    light_CHW: torch.Tensor = tint_C11 * side_HW.exp()
    return (coloured_KCHW * light_CHW).clamp(0, 1)


def _blurred(frames_KCHW: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """For some clips, blurred as an enlarged smaller picture is."""
    share, size = rng.random(), rng.uniform(0.35, 0.8)
    if share >= BLUR:
        return frames_KCHW
    small = [round(length * size) for length in frames_KCHW.shape[-2:]]
    few_KCHW = functional.interpolate(frames_KCHW, small, mode="bilinear", antialias=True)
    return functional.interpolate(few_KCHW, frames_KCHW.shape[-2:], mode="bilinear").clamp(0, 1)
