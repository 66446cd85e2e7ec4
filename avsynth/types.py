"""The training batch, and the letters that stand for dimensions.

B batch, P phones, A accents, F mel frames, M mel bins, T lip frames, K chosen lip frames, C colour channels, H height,
W width, D model width, N audio samples. Names in ``models/`` carry their dimensions as a suffix: ``mel_BFM``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Padded tensors of B utterances. Lips are uint8 here and become floats in [0, 1] in the model."""

    phones_BP: Tensor
    """int64 symbol indices, 0 is padding."""
    phone_lens_B: Tensor
    accents_BPA: Tensor
    """float32 of 0 and 1: words and stress (:mod:`avsynth.text.accents`)."""
    durations_BP: Tensor
    """int64 hops; each row sums to its mel length."""
    pitch_BP: Tensor
    """float32, normalised."""
    energy_BP: Tensor
    """float32, normalised."""
    mel_BFM: Tensor
    """float32, normalised per band."""
    mel_lens_B: Tensor
    speaker_B: Tensor
    """int64 index into the voice's speakers."""
    lip_lens_B: Tensor
    """Lip frames of each utterance; 0 for one without video."""
    lip_offset_B: Tensor
    """float32 hops: where an utterance's first lip frame begins, counted from its first phone. Its picture is that
    far ahead of its sound."""
    frame_index_BK: Tensor
    """int64: which lip frames ``lips_BKCHW`` holds; all of them in validation, pairs of neighbours in training."""
    frame_mask_BK: Tensor
    """bool: False where an utterance has no such frame."""
    lips_BKCHW: Tensor
    """uint8."""
    identity_BCHW: Tensor
    """uint8: a frame of the same clip."""

    def __post_init__(self) -> None:
        size = len(self.phones_BP)
        for item in fields(self):
            tensor = getattr(self, item.name)
            suffix = item.name.rsplit("_", 1)[1]
            if tensor.dim() != len(suffix) or len(tensor) != size:
                raise ValueError(f"{item.name} has shape {tuple(tensor.shape)} in a batch of {size}")

    def rows(self, chosen_B: Tensor) -> Batch:
        """Those utterances alone, by a mask or by their places."""
        return Batch(**{item.name: getattr(self, item.name)[chosen_B] for item in fields(self)})

    def frames_at(self, place_BK: Tensor) -> Batch:
        """The same utterances with only those of their lip frames that stand at ``place_BK`` in ``lips_BKCHW``."""
        row_B1 = torch.arange(len(place_BK), device=place_BK.device)[:, None]
        return replace(
            self,
            frame_index_BK=self.frame_index_BK[row_B1, place_BK],
            frame_mask_BK=self.frame_mask_BK[row_B1, place_BK],
            lips_BKCHW=self.lips_BKCHW[row_B1, place_BK],
        )

    def to(self, device: torch.device | str) -> Batch:
        """The same batch on another device."""
        return Batch(**{item.name: getattr(self, item.name).to(device) for item in fields(self)})


def lengths_to_mask(lens_B: Tensor, size: int) -> Tensor:
    """``(B, size)`` bool, True inside each length."""
    return torch.arange(size, device=lens_B.device)[None] < lens_B[:, None]
