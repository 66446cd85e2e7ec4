"""A picture's own noise, for what is set into it."""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from torch import Tensor

SEEN, FEWEST, SIDE, EVERY = 2.6, 200, 512, 8
"""Steps of luma from which detail is noise and put in (a clean photo of skin has less than two), pixels that tell how
strong it is, the side of the noise's own field, and of how many pictures one is measured."""


class Grain:
    """Random noise as strong as that of the skin around the mouth; another field for each picture."""

    def __init__(self) -> None:
        self._noise = torch.randn((SIDE, SIDE), generator=torch.Generator().manual_seed(0))
        self._strengths: deque[float] = deque(maxlen=9)
        self._told = 0

    def __call__(self, luma_HW: Tensor, moving_HW: Tensor, index: int) -> Tensor | None:
        """``(H, W)`` for a part of a picture and the share of moving lips in it; ``index`` 0 for ever in a still."""
        if self._told % EVERY == 0:
            self._measure(luma_HW, moving_HW)
        self._told += 1
        strength = float(np.median(self._strengths)) if self._strengths else 0.0
        if strength < SEEN:
            return None
        height, width = moving_HW.shape
        y, x = (index * step % SIDE for step in (97, 61))
        rows, columns = (torch.arange(side) + start for side, start in ((height, y), (width, x)))
        noise_HW = self._noise[rows[:, None] % SIDE, columns[None] % SIDE]
        return strength * moving_HW * noise_HW

    def _measure(self, luma_HW: Tensor, moving_HW: Tensor) -> None:
        # Immerkær's estimate (1996): what is left of a picture whose edges and slopes are taken away.
        inner = luma_HW[1:-1, 1:-1] * 4 + luma_HW[:-2, :-2] + luma_HW[:-2, 2:] + luma_HW[2:, :-2] + luma_HW[2:, 2:]
        inner -= 2 * (luma_HW[:-2, 1:-1] + luma_HW[2:, 1:-1] + luma_HW[1:-1, :-2] + luma_HW[1:-1, 2:])
        beside = inner[moving_HW[1:-1, 1:-1] == 0]
        if beside.numel() >= FEWEST:
            self._strengths.append(float(beside.abs().median()) * 1.4826 / 6)


def stacked(noises: list[Tensor | None]) -> Tensor | None:
    """``(K, H, W)`` of what there is, zeros where there is none; None where there is nothing."""
    some = next((noise for noise in noises if noise is not None), None)
    if some is None:
        return None
    return torch.stack([torch.zeros_like(some) if noise is None else noise for noise in noises])
