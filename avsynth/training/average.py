"""The running average of a model's weights; a training's result is that average."""

from __future__ import annotations

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@torch.no_grad()
def follow(average: nn.Module, current: nn.Module, decay: float, step: int) -> None:
    """Update an exponential average after a step, counted from 0; in the first steps it forgets faster than ``decay``
    says.

    Buffers are copied: they are constants, counts or running statistics, which need no averaging.
    """
    decay = min(decay, (1 + step) / (10 + step))
    get_ema_multi_avg_fn(decay)(list(average.parameters()), list(current.parameters()), 0)  # type: ignore[no-untyped-call]
    for kept, own in zip(average.buffers(), current.buffers(), strict=True):
        kept.copy_(own)
