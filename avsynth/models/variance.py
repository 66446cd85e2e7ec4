"""Duration, pitch and energy per phone (FastSpeech 2; Ren et al. 2021, section 2.3), pitch and energy continuous."""

from __future__ import annotations

import itertools

from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import PredictorConfig


class Predictor(nn.Module):
    """Two convolutions with ReLU, layer norm and dropout, and a linear layer: one value per phone."""

    def __init__(self, width: int, config: PredictorConfig) -> None:
        super().__init__()
        sizes = (width, config.channels, config.channels)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, after, config.kernel, padding=config.kernel // 2)
            for size, after in itertools.pairwise(sizes)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(config.channels) for _ in range(2))
        self.dropout = nn.Dropout(config.dropout)
        self.out = nn.Linear(config.channels, 1)

    def forward(self, x_BPD: Tensor, mask_BP: Tensor) -> Tensor:
        """``(B, P, D)`` to ``(B, P)``, zero where masked."""
        keep = mask_BP[..., None].to(x_BPD.dtype)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            inner = functional.relu(convolution((x_BPD * keep).transpose(1, 2))).transpose(1, 2)
            x_BPD = self.dropout(norm(inner))
        value: Tensor = self.out(x_BPD)[..., 0].float() * mask_BP
        return value


class ValueEmbedding(nn.Module):
    """A value per phone as a vector, looking at the neighbours' values."""

    def __init__(self, width: int, kernel: int = 3) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(1, width, kernel, padding=kernel // 2)

    def forward(self, values_BP: Tensor, mask_BP: Tensor) -> Tensor:
        """``(B, P)`` to ``(B, P, D)``."""
        embedded: Tensor = self.convolution((values_BP * mask_BP)[:, None]).transpose(1, 2)
        return embedded * mask_BP[..., None]
