"""A DualLip-style baseline: a recurrent decoder with location-sensitive attention and a stop token.

The paper's: DualLip (Chen et al. 2020, arXiv 2009.05784) published no code. From its abstract and ParaLip's article: a
recurrent autoregressive generator with location-sensitive attention, which goes on until a stop token and is trained
without an adversarial loss; 41.483 M parameters as ParaLip counts it.
Everything else is this project's choice, after Tacotron 2 (Shen et al. 2018), which introduced that use of the
attention. Embedding, convolutions and a bidirectional LSTM over the text; an encoder of ParaLip's kind for the frame
before, two linear layers with dropout (at inference too in Tacotron 2; not here, so that the same text gives the same
lips), an LSTM that steers the attention and one that decodes; ParaLip's image decoder with the identity's skips; 41.035
M parameters, by the width of the encoded text. Dropout of previous frames, training on own frames and the guided
attention loss (off at the paper's size) are not from the paper either. Not here: DualLip's own point, learning from
unpaired text and video with a lip reader as the dual. ParaLip compares with the generator alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from avsynth.config.networks import RecurrentConfig
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import Advance, AutoregressiveModel

Recurrent = tuple[Tensor, Tensor]
"""Output and cell of an LSTM, ``(B, D)`` each."""


@dataclass
class DualLipState:
    """The state of a clip between frames."""

    mask_BP: Tensor
    memory_BPD: Tensor
    keys_BPA: Tensor
    """The encoded text, projected to the attention's keys."""
    steering: Recurrent
    decoding: Recurrent
    context_BD: Tensor
    weights_BP: Tensor
    summed_BP: Tensor
    """The sum of all attention weights so far."""


class TextEncoder(nn.Module):
    """Phone embedding, convolutions with batch norm and ReLU, bidirectional LSTM."""

    def __init__(self, symbols: int, speakers: int, config: RecurrentConfig) -> None:
        super().__init__()
        size = config.channels
        self.embedding = nn.Embedding(symbols, size, padding_idx=0)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(size, size, config.kernel, padding=config.kernel // 2) for _ in range(config.convolutions)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(size) for _ in range(config.convolutions))
        self.dropout = nn.Dropout(config.dropout)
        self.recurrent = nn.LSTM(size, config.memory // 2, batch_first=True, bidirectional=True)
        self.speaker = nn.Embedding(speakers, config.memory) if speakers > 1 else None

    def forward(self, phones_BP: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> Tensor:
        """``(B, P)`` to ``(B, P, memory)``, zero in the padding."""
        x_BPD = self.embedding(phones_BP)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            inner_BPD = convolution(x_BPD.transpose(1, 2)).transpose(1, 2).float()
            filled_BPD = torch.zeros_like(inner_BPD)
            filled_BPD[mask_BP] = self.dropout(functional.relu(norm(inner_BPD[mask_BP])))  # padding counts in no mean
            x_BPD = filled_BPD
        packed = pack_padded_sequence(x_BPD, mask_BP.sum(dim=1).cpu(), batch_first=True, enforce_sorted=False)
        with torch.autocast(x_BPD.device.type, enabled=False):  # not every processor has an LSTM in 16 bits
            recurrent = self.recurrent(packed)[0]
        memory_BPD, _ = pad_packed_sequence(recurrent, batch_first=True, total_length=x_BPD.shape[1])
        if self.speaker is not None:
            memory_BPD = (memory_BPD + self.speaker(speaker_B)[:, None]) * mask_BP[..., None]
        return memory_BPD


class LocationAttention(nn.Module):
    """Additive attention that also takes its last weights and their sum so far as input (location-sensitive; Chorowski
    et al. 2015)."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        size, kernel = config.attention, config.location_kernel
        self.query = nn.Linear(config.lstm, size, bias=False)
        self.key = nn.Linear(config.memory, size, bias=False)
        self.location = nn.Conv1d(2, config.location_filters, kernel, padding=kernel // 2, bias=False)
        self.location_key = nn.Linear(config.location_filters, size, bias=False)
        self.energy = nn.Linear(size, 1)

    def forward(self, query_BD: Tensor, state: DualLipState) -> Tensor:
        """The weights ``(B, P)``."""
        places_B2P = torch.stack([state.weights_BP, state.summed_BP], dim=1)
        location_BPA = self.location_key(self.location(places_B2P).transpose(1, 2))
        mixed_BPA = torch.tanh(self.query(query_BD)[:, None] + state.keys_BPA + location_BPA)
        energy_BP = self.energy(mixed_BPA)[..., 0].float()
        weights_BP: Tensor = energy_BP.masked_fill(~state.mask_BP, float("-inf")).softmax(dim=1)
        return weights_BP


class DualLip(AutoregressiveModel[DualLipState]):
    """Text encoder, two LSTMs with attention over it, image decoder."""

    def __init__(self, config: Config, stats: Stats) -> None:
        super().__init__(config)
        sizes, width = config.model.recurrent, config.model.hidden
        self.encoder = TextEncoder(len(stats.symbols), len(stats.speakers), sizes)
        self.prenet = nn.Sequential(
            nn.Linear(width, sizes.prenet), nn.ReLU(), nn.Dropout(sizes.prenet_dropout),
            nn.Linear(sizes.prenet, sizes.prenet), nn.ReLU(), nn.Dropout(sizes.prenet_dropout),
        )  # fmt: skip
        self.attention = LocationAttention(sizes)
        self.steering = nn.LSTMCell(sizes.prenet + sizes.memory, sizes.lstm)
        self.decoding = nn.LSTMCell(sizes.lstm + sizes.memory, sizes.lstm)
        self.dropout = nn.Dropout(sizes.dropout)
        self.out = nn.Linear(sizes.lstm + sizes.memory, width)
        self.stop = nn.Linear(sizes.lstm + sizes.memory, 1)

    def start(self, phones_BP: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> DualLipState:
        memory_BPD = self.encoder(phones_BP, mask_BP, speaker_B)
        size, phones, width = memory_BPD.shape
        zeros_BP, zeros_BD = memory_BPD.new_zeros(size, phones), memory_BPD.new_zeros(size, self.steering.hidden_size)
        return DualLipState(
            mask_BP,
            memory_BPD,
            self.attention.key(memory_BPD),
            (zeros_BD, zeros_BD),
            (zeros_BD, zeros_BD),
            memory_BPD.new_zeros(size, width),
            zeros_BP,
            zeros_BP,
        )

    def advance(self, previous_BLD: Tensor, state: DualLipState) -> Advance:
        made, looks = [], []
        for input_BD in self.prenet(previous_BLD).unbind(dim=1):
            state.steering = self._step(self.steering, torch.cat([input_BD, state.context_BD], 1), state.steering)
            state.weights_BP = self.attention(state.steering[0], state)
            state.summed_BP = state.summed_BP + state.weights_BP
            state.context_BD = (state.weights_BP[:, None] @ state.memory_BPD)[:, 0]
            steered_BD = torch.cat([state.steering[0], state.context_BD], 1)
            state.decoding = self._step(self.decoding, steered_BD, state.decoding)
            made.append(torch.cat([state.decoding[0], state.context_BD], 1))
            looks.append(state.weights_BP)
        made_BLD = torch.stack(made, dim=1)
        return Advance(self.out(made_BLD), self.stop(made_BLD)[..., 0].float(), torch.stack(looks, dim=1))

    def _step(self, cell: nn.LSTMCell, input_BD: Tensor, before: Recurrent) -> Recurrent:
        output_BD, cell_BD = cell(input_BD, before)
        return self.dropout(output_BD), cell_BD
