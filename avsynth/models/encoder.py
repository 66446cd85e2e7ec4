"""The shared phone encoder."""

from __future__ import annotations

import math

from torch import Tensor, nn

from avsynth.config import BlocksConfig
from avsynth.models.blocks import BlockStack


class PhoneEncoder(nn.Module):
    """Phone embedding, blocks, and the speaker's embedding added where there are several."""

    def __init__(self, symbols: int, speakers: int, width: int, config: BlocksConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, width, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.embedding.weight.data[0].zero_()
        self.scale = math.sqrt(width)
        self.stack = BlockStack(width, config)
        self.speaker = nn.Embedding(speakers, width) if speakers > 1 else None

    def forward(self, phones_BP: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> Tensor:
        """Symbol indices ``(B, P)`` to ``(B, P, D)``."""
        encoded: Tensor = self.stack(self.embedding(phones_BP) * self.scale, mask_BP)
        if self.speaker is not None:
            encoded = (encoded + self.speaker(speaker_B)[:, None]) * mask_BP[..., None]
        return encoded
