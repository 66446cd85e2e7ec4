"""Feed-forward Transformer blocks (FastSpeech; Ren et al. 2019), pre-norm, and sinusoidal positions."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import BlocksConfig


def positions(length: int, width: int, device: torch.device) -> Tensor:
    """``(length, width)`` sines then cosines of 0, 1, 2, … (Vaswani et al. 2017, section 3.5)."""
    half = width // 2
    rates = torch.exp(torch.arange(half, device=device) * (-math.log(10_000.0) / max(half - 1, 1)))
    angles = torch.arange(length, device=device)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class SelfAttention(nn.Module):
    """Multi-head self-attention over the unmasked positions."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.project_in = nn.Linear(width, 3 * width, bias=bias)
        self.project_out = nn.Linear(width, width, bias=bias)

    def forward(self, x_BLD: Tensor, mask_BL: Tensor) -> Tensor:
        size, length, width = x_BLD.shape
        split = self.project_in(x_BLD).view(size, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask_BL[:, None, None, :])
        out: Tensor = self.project_out(mixed.transpose(1, 2).reshape(size, length, width))
        return out


class ConvFeedForward(nn.Module):
    """A convolution over time to the inner width, ReLU, and a linear layer back."""

    def __init__(self, width: int, inner: int, kernel: int) -> None:
        super().__init__()
        self.widen = nn.Conv1d(width, inner, kernel, padding=kernel // 2)
        self.narrow = nn.Linear(inner, width)

    def forward(self, x_BLD: Tensor) -> Tensor:
        inner = functional.relu(self.widen(x_BLD.transpose(1, 2))).transpose(1, 2)
        out: Tensor = self.narrow(inner)
        return out


class Block(nn.Module):
    """Pre-norm self-attention (if any) and convolutional feed-forward, each with a residual. Padding stays zero."""

    def __init__(self, width: int, config: BlocksConfig) -> None:
        super().__init__()
        self.attends = config.heads > 0
        if self.attends:
            self.attention_norm = nn.LayerNorm(width)
            self.attention = SelfAttention(width, config.heads, config.attention_bias)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = ConvFeedForward(width, config.ffn, config.kernel)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x_BLD: Tensor, mask_BL: Tensor) -> Tensor:
        keep = mask_BL[..., None].to(x_BLD.dtype)
        if self.attends:
            x_BLD = x_BLD + self.dropout(self.attention(self.attention_norm(x_BLD), mask_BL)) * keep
        inner_BLD: Tensor = self.feed_forward(self.feed_forward_norm(x_BLD) * keep)
        x_BLD = x_BLD + self.dropout(inner_BLD) * keep
        return x_BLD


class BlockStack(nn.Module):
    """Positions (where there is attention), N blocks and a final layer norm."""

    def __init__(self, width: int, config: BlocksConfig) -> None:
        super().__init__()
        self.attends = config.heads > 0
        self.position_scale = nn.Parameter(torch.ones(1)) if config.scaled_positions else None
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(width, config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, x_BLD: Tensor, mask_BL: Tensor) -> Tensor:
        """``(B, L, D)`` to the same shape; masked positions neither act nor carry anything."""
        keep = mask_BL[..., None].to(x_BLD.dtype)
        if self.attends:
            place = positions(x_BLD.shape[1], x_BLD.shape[2], x_BLD.device)
            if self.position_scale is not None:
                place = place * self.position_scale
            x_BLD = x_BLD + place
        x_BLD = self.dropout(x_BLD * keep)
        for block in self.blocks:
            x_BLD = block(x_BLD, mask_BL)
        out: Tensor = self.norm(x_BLD) * keep
        return out
