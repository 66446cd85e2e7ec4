"""The mel branch (FastSpeech 2; Ren et al. 2021): pitch and energy added per phone, regulated, decoded to the mel."""

from __future__ import annotations

import itertools

from torch import Tensor, nn

from avsynth.config.networks import ModelConfig
from avsynth.models.blocks import BlockStack
from avsynth.models.regulator import overlap_weights, phone_progress
from avsynth.models.variance import ValueEmbedding


class MelDecoder(nn.Module):
    """Encoded phones with pitch and energy, regulated to mel frames, to the normalised mel."""

    def __init__(self, model: ModelConfig, n_mels: int) -> None:
        super().__init__()
        self.pitch = ValueEmbedding(model.hidden)
        self.energy = ValueEmbedding(model.hidden)
        self.progress = nn.Linear(2, model.hidden) if model.phone_progress else None
        self.stack = BlockStack(model.hidden, model.mel_decoder)
        self.out = nn.Linear(model.hidden, n_mels)
        self.postnet = Postnet(n_mels, model.postnet_channels, model.postnet_layers) if model.postnet_layers else None

    def forward(
        self,
        encoded_BPD: Tensor,
        mask_BP: Tensor,
        durations_BP: Tensor,
        pitch_BP: Tensor,
        energy_BP: Tensor,
        mask_BF: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """The mel ``(B, F, M)`` before and after the post-net; the same tensor where there is none."""
        enriched_BPD = encoded_BPD + self.pitch(pitch_BP, mask_BP) + self.energy(energy_BP, mask_BP)
        weights_BFP = overlap_weights(durations_BP, 1.0, mask_BF.shape[1])
        frames_BFD = weights_BFP @ enriched_BPD.float()
        if self.progress is not None:
            frames_BFD = frames_BFD + self.progress(phone_progress(durations_BP, weights_BFP, 1.0))
        keep = mask_BF[..., None]
        coarse_BFM = self.out(self.stack(frames_BFD * keep, mask_BF)).float() * keep
        if self.postnet is None:
            return coarse_BFM, coarse_BFM
        return coarse_BFM, (coarse_BFM + self.postnet(coarse_BFM, mask_BF)) * keep


class Postnet(nn.Module):
    """Convolutions with tanh that predict a correction of the decoder's mel (Tacotron 2; Shen et al. 2018)."""

    def __init__(self, n_mels: int, channels: int, layers: int, kernel: int = 5, dropout: float = 0.3) -> None:
        super().__init__()
        sizes = (n_mels, *(channels,) * (layers - 1), n_mels)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, after, kernel, padding=kernel // 2) for size, after in itertools.pairwise(sizes)
        )
        for parameter in self.convolutions[-1].parameters():
            nn.init.zeros_(parameter)  # it begins by adding nothing
        self.dropout = nn.Dropout(dropout)

    def forward(self, mel_BFM: Tensor, mask_BF: Tensor) -> Tensor:
        x_BMF = mel_BFM.transpose(1, 2)
        keep = mask_BF[:, None].to(x_BMF.dtype)
        last = len(self.convolutions) - 1
        for number, convolution in enumerate(self.convolutions):
            x_BMF = convolution(x_BMF * keep)
            if number < last:
                x_BMF = self.dropout(x_BMF.tanh())
        return x_BMF.transpose(1, 2).float()
