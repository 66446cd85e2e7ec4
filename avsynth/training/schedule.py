"""The learning rate over the steps of a training."""

from __future__ import annotations

import math
from typing import Literal

import torch

Schedule = Literal["linear", "constant", "inverse_sqrt"]


def learning_rate(
    step: int, peak: float, steps: int, warmup: int, decay_from: float = 1.0, schedule: Schedule = "linear"
) -> float:
    """The rate of a step, counted from 0: a linear rise to ``peak`` over ``warmup`` steps, then by ``schedule``.

    ``linear`` stays level until ``decay_from`` of all ``steps``, then falls to 0; ``constant`` stays; ``inverse_sqrt``
    falls with the root of the steps since the rise.
    """
    rise = peak * min(1.0, (step + 1) / max(warmup, 1))
    if schedule == "constant":
        return rise
    if schedule == "inverse_sqrt":
        return rise * math.sqrt(max(warmup, 1) / max(step + 1, warmup, 1))
    start = steps * decay_from
    return rise * min(1.0, max(0.0, (steps - step) / max(steps - start, 1)))


def set_rates(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give every group of an optimiser this learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate
