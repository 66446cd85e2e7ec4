"""The shared phone encoder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple

import torch
from torch import Tensor, nn

from avsynth.config.networks import ModelConfig
from avsynth.models.blocks import BlockStack
from avsynth.text.symbols import ARTICULATION, Articulation


class PhoneEmbedding(nn.Embedding):
    """A phone's own embedding plus a linear map of its articulatory features.

    The second term is this project's addition: a phone that occurs in no recording with pictures is drawn like phones
    with similar articulation.
    """

    features_SA: Tensor

    def __init__(self, symbols: Sequence[str], model: ModelConfig) -> None:
        width = model.hidden
        super().__init__(len(symbols), width, padding_idx=0)
        nn.init.normal_(self.weight, std=width**-0.5)
        self.weight.data[0].zero_()
        self.made: nn.Linear | None = None
        self.dropout = model.phone_dropout
        if model.articulation:
            features_SA = torch.tensor([astuple(ARTICULATION.get(name, Articulation())) for name in symbols])
            self.register_buffer("features_SA", features_SA, persistent=False)
            self.made = nn.Linear(features_SA.shape[1], width, bias=False)
            nn.init.normal_(self.made.weight, std=(width * features_SA.shape[1]) ** -0.5)

    def forward(self, phones_BP: Tensor) -> Tensor:
        """``(B, P)`` to ``(B, P, D)``."""
        own_BPD = super().forward(phones_BP)
        if self.made is None:
            return own_BPD
        features_BPA = self.features_SA[phones_BP]
        if self.training and self.dropout:
            hidden_BP = torch.rand(phones_BP.shape, device=phones_BP.device) < self.dropout
            own_BPD = own_BPD * ~(hidden_BP & features_BPA.any(dim=2))[..., None]
        made_BPD: Tensor = self.made(features_BPA)
        return own_BPD + made_BPD


class PhoneEncoder(nn.Module):
    """Phone embedding and Transformer blocks; independent of the speaker."""

    def __init__(self, symbols: Sequence[str], model: ModelConfig) -> None:
        super().__init__()
        self.embedding = PhoneEmbedding(symbols, model)
        self.scale = math.sqrt(model.hidden)
        self.stack = BlockStack(model.hidden, model.encoder)

    def forward(self, phones_BP: Tensor, mask_BP: Tensor) -> Tensor:
        """Symbol indices ``(B, P)`` to ``(B, P, D)``."""
        encoded: Tensor = self.stack(self.embedding(phones_BP) * self.scale, mask_BP)
        return encoded
