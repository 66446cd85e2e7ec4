"""A voice's weights as they are stored: 16 bits each, 8 in the matrices of parts that are as good with those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

LEAST = 16_384
"""Smaller tensors stay as they are: they would save nothing."""
MOST = 127
STEP = ".step"
"""Ending of the tensor with the steps of another that holds 8-bit numbers."""


def stored(weights: Mapping[str, Tensor], coarse_parts: Sequence[str] = ()) -> dict[str, Tensor]:
    """Weights as they are stored, on the CPU: float16, or bfloat16 for a tensor that float16 cannot hold.

    Large matrices of ``coarse_parts`` (beginnings of names) are whole numbers from -127 to 127; a step for each output,
    in bfloat16 under the name and :data:`STEP`, tells how much one of them is worth. What is read back and stored again
    is the same to the bit.
    """
    made = {}
    for name, value in weights.items():
        if value.dim() > 1 and value.numel() >= LEAST and name.startswith(tuple(f"{part}." for part in coarse_parts)):
            made[name], made[name + STEP] = _in_steps(value.detach().cpu().float())
        else:
            made[name] = _halved(value).detach().cpu().contiguous()
    return made


def restored(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of what :func:`stored` made."""
    made = {}
    for name, value in tensors.items():
        if value.dtype == torch.int8 and name + STEP in tensors:
            made[name] = value.float() * _along(tensors[name + STEP].float(), value)
        elif not (name.endswith(STEP) and name.removesuffix(STEP) in tensors):
            made[name] = value
    return made


def _in_steps(value: Tensor) -> tuple[Tensor, Tensor]:
    steps = (value.flatten(1).abs().amax(dim=1) / MOST).bfloat16()
    divisor = _along(steps.float().where(steps > 0, 1), value)
    return (value / divisor).round().clamp(-MOST, MOST).to(torch.int8).contiguous(), steps


def _along(steps: Tensor, value: Tensor) -> Tensor:
    """Steps, one for each output, in the shape in which they multiply a tensor."""
    return steps.reshape(-1, *[1] * (value.dim() - 1))


def _halved(value: Tensor) -> Tensor:
    if not value.is_floating_point():
        return value
    fits = not value.numel() or float(value.abs().max()) <= torch.finfo(torch.float16).max
    return value.to(torch.float16 if fits else torch.bfloat16)
