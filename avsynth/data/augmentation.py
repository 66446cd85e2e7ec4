"""Another face out of one: a clip's pictures mirrored, coloured and moved alike, so that few talkers become many.

All pictures of a clip change in the same way, the identity too: what a lip decoder can then rely on is that mouth, skin
and hair look as the identity shows them.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from avsynth.video.luma import LUMA

GAMMA = 0.3
"""Standard deviation of the natural log, as of the next three."""
CONTRAST = 0.15
TINT = 0.08
"""Of each colour by itself."""
SATURATION = 0.3
SIZE = 0.06
"""Of height and width, each by itself; a log as well."""
TURN = 0.05
"""Radians."""
SHIFT = 0.02
"""Of half the picture's height or width."""
_LUMA_C11 = torch.tensor(LUMA)[:, None, None]


def another_face(pictures_KHWC: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The pictures ``(K, H, W, 3)``, uint8, as of another face that moves in the same way."""
    frames_KCHW = torch.from_numpy(np.ascontiguousarray(pictures_KHWC)).permute(0, 3, 1, 2).float() / 255
    frames_KCHW = _moved(frames_KCHW, rng)
    frames_KCHW = _coloured(frames_KCHW, rng)
    changed: NDArray[np.uint8] = (frames_KCHW * 255).round().byte().permute(0, 2, 3, 1).contiguous().numpy()
    return changed


def _moved(frames_KCHW: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Perhaps mirrored, turned, stretched and shifted; what comes into view mirrors what lies at the edge."""
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
    grid_KHW2 = grid_1HW2.expand(len(frames_KCHW), -1, -1, -1)
    return functional.grid_sample(frames_KCHW, grid_KHW2, padding_mode="reflection", align_corners=False)


def _coloured(frames_KCHW: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Lighter or darker, more or less contrast and colour, in another light; clipped to [0, 1]."""
    gamma, contrast, saturation = np.exp(np.array([GAMMA, CONTRAST, SATURATION]) * rng.standard_normal(3))
    tint_C11 = torch.from_numpy(np.exp(TINT * rng.standard_normal(3))).float()[:, None, None]
    toned_KCHW = frames_KCHW.clamp(0, 1) ** float(gamma)
    middle = toned_KCHW.mean()
    toned_KCHW = (toned_KCHW - middle) * float(contrast) + middle
    grey_K1HW = (toned_KCHW * _LUMA_C11).sum(dim=1, keepdim=True)
    return ((grey_K1HW + (toned_KCHW - grey_K1HW) * float(saturation)) * tint_C11).clamp(0, 1)
