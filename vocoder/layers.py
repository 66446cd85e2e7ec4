"""What the harmonic vocoder's networks are made of: they run over frames.

Dimensions: B batch, F frames, M mel bins, C channels.

Source: ConvNeXt over frames, as in Siuzdak, "Vocos" (2023).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

KERNEL = 7
"""Kernel of every convolution over frames."""
MEL_MEAN, MEL_SCALE = -5.0, 2.5


def normalised(mel_BFM: Tensor) -> Tensor:
    """A natural-log mel, normalised to about [-2, 2]."""
    return (mel_BFM - MEL_MEAN) / MEL_SCALE


class Block(nn.Module):
    """Each channel over frames, then all channels of a frame; ``(B, F, C)`` to the same."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        # A convolution over a picture one pixel high, channels last, is twice as fast as one over a line.
        self.depthwise = nn.Conv2d(channels, channels, (1, KERNEL), padding=(0, KERNEL // 2), groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, hidden)
        self.narrow = nn.Linear(hidden, channels)
        nn.init.zeros_(self.narrow.bias)
        with torch.no_grad():
            self.narrow.weight.mul_(0.3)

    def forward(self, x_BFC: Tensor) -> Tensor:
        moved = self.depthwise(x_BFC.transpose(1, 2).unsqueeze(2)).squeeze(2).transpose(1, 2)
        change: Tensor = self.narrow(functional.gelu(self.widen(self.norm(moved)), approximate="tanh"))
        return x_BFC + change


class Stack(nn.Module):
    """A convolution, blocks and a norm: ``(B, F, M)`` to ``(B, F, C)``; ``beside`` is added after the convolution."""

    def __init__(self, inputs: int, channels: int, hidden: int, blocks: int) -> None:
        super().__init__()
        self.first = nn.Conv1d(inputs, channels, KERNEL, padding=KERNEL // 2)
        self.blocks = nn.ModuleList(Block(channels, hidden) for _ in range(blocks))
        self.norm = nn.LayerNorm(channels)

    def forward(self, x_BFM: Tensor, beside_BFC: Tensor | None = None) -> Tensor:
        x_BFC = self.first(x_BFM.transpose(1, 2)).transpose(1, 2)
        if beside_BFC is not None:
            x_BFC = x_BFC + beside_BFC
        for block in self.blocks:
            x_BFC = block(x_BFC)
        normed: Tensor = self.norm(x_BFC)
        return normed
