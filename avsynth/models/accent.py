"""Words and stress for the sound: the encoded phones, told where words begin and which syllables are stressed.

This is the project's own addition. The encoder sees phones alone, and lips need no more. In sound a word's beginning
and its stress are heard: "a nice man" is not "an iceman".
"""

from __future__ import annotations

from torch import Tensor, nn

from avsynth.config.networks import ModelConfig
from avsynth.models.blocks import BlockStack
from avsynth.text.accents import ACCENTS


class Accent(nn.Module):
    """A stack of blocks over the encoded phones and their accents, whose result is added to the encoded phones. At
    first it adds nothing."""

    def __init__(self, model: ModelConfig) -> None:
        super().__init__()
        self.enter = nn.Linear(ACCENTS, model.hidden, bias=False)
        self.stack = BlockStack(model.hidden, model.accent)
        self.out = nn.Linear(model.hidden, model.hidden)
        for parameter in self.out.parameters():
            nn.init.zeros_(parameter)

    def forward(self, encoded_BPD: Tensor, accents_BPA: Tensor, mask_BP: Tensor) -> Tensor:
        """``(B, P, D)`` and accents of 0 and 1, ``(B, P, 4)``, to ``(B, P, D)``."""
        keep = mask_BP[..., None].to(encoded_BPD.dtype)
        added_BPD: Tensor = self.out(self.stack(encoded_BPD + self.enter(accents_BPA) * keep, mask_BP))
        return encoded_BPD + added_BPD * keep
