"""TransformerT2L, the paper's autoregressive counterpart of ParaLip.

The paper's: an autoregressive Transformer of ParaLip's settings, with ParaLip's identity encoder, 37.780 M parameters.
Reconstructed from that count: ParaLip without its duration predictor, with a cross-attention and its layer norm in each
of the four decoder blocks, and with a second encoder for the frame before, makes 37.703 M (37.789 M with the two layers
that the authors' code holds and never calls).
Not from the paper: the order within a block, left-padded convolutions, dropout of previous frames and training on own
frames, the small size, and the guided attention loss on the first head (off at the paper's size).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import BlocksConfig
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import Advance, AutoregressiveModel
from avsynth.models.blocks import positions
from avsynth.models.encoder import PhoneEncoder


class KeyValues:
    """Keys and values of the frames so far, in a buffer that doubles when it is full."""

    def __init__(self) -> None:
        self.length = 0
        self._buffer: Tensor | None = None

    def extend(self, pair_2BHLd: Tensor) -> Tensor:
        """Append L frames' keys and values; those of all frames, ``(2, B, H, T, d)``."""
        before, self.length = self.length, self.length + pair_2BHLd.shape[3]
        if self._buffer is None:
            self._buffer = pair_2BHLd
            return pair_2BHLd
        if self.length > self._buffer.shape[3]:
            larger = pair_2BHLd.new_empty((*pair_2BHLd.shape[:3], 2 * self.length, pair_2BHLd.shape[4]))
            larger[..., :before, :] = self._buffer[..., :before, :]
            self._buffer = larger
        self._buffer[..., before : self.length, :] = pair_2BHLd
        return self._buffer[..., : self.length, :]


@dataclass
class BlockState:
    """The state of one block for a clip."""

    text_2BHPd: Tensor
    """Keys and values of the text."""
    past: KeyValues
    left_BLD: Tensor
    """The last inputs of the feed-forward, as many as its convolution needs."""


@dataclass
class TransformerState:
    """The state of a clip between frames."""

    mask_BP: Tensor
    blocks: list[BlockState]
    length: int = 0
    """Frames so far."""


class CausalSelfAttention(nn.Module):
    """Multi-head attention over this frame and those before it."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.project_in = nn.Linear(width, 3 * width, bias=bias)
        self.project_out = nn.Linear(width, width, bias=bias)

    def forward(self, x_BLD: Tensor, past: KeyValues) -> Tensor:
        size, length, width = x_BLD.shape
        split = self.project_in(x_BLD).view(size, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        before = past.length
        key_BHTd, value_BHTd = past.extend(split[1:])
        mask_LT = None
        if length > 1 and before:
            mask_LT = torch.ones(length, before + length, dtype=torch.bool, device=x_BLD.device).tril(before)
        mixed = functional.scaled_dot_product_attention(
            split[0], key_BHTd, value_BHTd, attn_mask=mask_LT, is_causal=length > 1 and not before
        )
        out: Tensor = self.project_out(mixed.transpose(1, 2).reshape(size, length, width))
        return out


class TextAttention(nn.Module):
    """Multi-head attention from frames to phones."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=bias)
        self.key_value = nn.Linear(width, 2 * width, bias=bias)
        self.project_out = nn.Linear(width, width, bias=bias)

    def remember(self, encoded_BPD: Tensor) -> Tensor:
        """Keys and values of the text ``(2, B, H, P, d)``."""
        size, phones, width = encoded_BPD.shape
        pair: Tensor = self.key_value(encoded_BPD).view(size, phones, 2, self.heads, width // self.heads)
        return pair.permute(2, 0, 3, 1, 4)

    def forward(self, x_BLD: Tensor, text_2BHPd: Tensor, mask_BP: Tensor) -> tuple[Tensor, Tensor]:
        """The attention's output, and the first head's weights ``(B, L, P)``."""
        size, length, width = x_BLD.shape
        query_BHLd = self.query(x_BLD).view(size, length, self.heads, -1).transpose(1, 2)
        scores_BHLP = (query_BHLd @ text_2BHPd[0].transpose(2, 3)).float() * (width // self.heads) ** -0.5
        weights_BHLP = scores_BHLP.masked_fill(~mask_BP[:, None, None], float("-inf")).softmax(dim=3)
        mixed = (weights_BHLP.to(text_2BHPd.dtype) @ text_2BHPd[1]).transpose(1, 2).reshape(size, length, width)
        return self.project_out(mixed), weights_BHLP[:, 0]


class CausalFeedForward(nn.Module):
    """A convolution over this frame and those before it to the inner width, ReLU, and a linear layer back."""

    def __init__(self, width: int, inner: int, kernel: int) -> None:
        super().__init__()
        self.widen = nn.Conv1d(width, inner, kernel)
        self.narrow = nn.Linear(inner, width)

    def forward(self, x_BLD: Tensor, left_BLD: Tensor) -> tuple[Tensor, Tensor]:
        """The output for ``x_BLD``, and the last inputs, to be put before the next."""
        reach = left_BLD.shape[1]
        seen_BLD = torch.cat([left_BLD.to(x_BLD.dtype), x_BLD], dim=1)
        if x_BLD.shape[1] == 1:  # one product with the weights as they lie, which a convolution would first reorder
            inner = functional.linear(
                seen_BLD.transpose(1, 2).flatten(1), self.widen.weight.flatten(1), self.widen.bias
            )
            inner = inner[:, None]
        else:
            inner = self.widen(seen_BLD.transpose(1, 2)).transpose(1, 2)
        return self.narrow(functional.relu(inner)), seen_BLD[:, seen_BLD.shape[1] - reach :]


class DecoderBlock(nn.Module):
    """Pre-norm causal self-attention, attention to the text and causal feed-forward, each with a residual."""

    def __init__(self, width: int, config: BlocksConfig) -> None:
        super().__init__()
        self.reach = config.kernel - 1
        self.attention_norm = nn.LayerNorm(width)
        self.attention = CausalSelfAttention(width, config.heads, config.attention_bias)
        self.text_norm = nn.LayerNorm(width)
        self.text = TextAttention(width, config.heads, config.attention_bias)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = CausalFeedForward(width, config.ffn, config.kernel)
        self.dropout = nn.Dropout(config.dropout)

    def start(self, encoded_BPD: Tensor) -> BlockState:
        size, _, width = encoded_BPD.shape
        return BlockState(self.text.remember(encoded_BPD), KeyValues(), encoded_BPD.new_zeros(size, self.reach, width))

    def forward(self, x_BLD: Tensor, state: BlockState, mask_BP: Tensor) -> tuple[Tensor, Tensor]:
        x_BLD = x_BLD + self.dropout(self.attention(self.attention_norm(x_BLD), state.past))
        read_BLD, weights_BLP = self.text(self.text_norm(x_BLD), state.text_2BHPd, mask_BP)
        x_BLD = x_BLD + self.dropout(read_BLD)
        inner_BLD, state.left_BLD = self.feed_forward(self.feed_forward_norm(x_BLD), state.left_BLD)
        return x_BLD + self.dropout(inner_BLD), weights_BLP


class TransformerT2L(AutoregressiveModel[TransformerState]):
    """Phone encoder, causal Transformer over the frames so far, image decoder."""

    def __init__(self, config: Config, stats: Stats) -> None:
        super().__init__(config)
        model = config.model
        self.encoder = PhoneEncoder(stats.symbols, model)
        self.speaker = nn.Embedding(len(stats.speakers), model.hidden) if len(stats.speakers) > 1 else None
        self.position_scale = nn.Parameter(torch.ones(1)) if model.motion.scaled_positions else None
        self.dropout = nn.Dropout(model.motion.dropout)
        self.blocks = nn.ModuleList(DecoderBlock(model.hidden, model.motion) for _ in range(model.motion.layers))
        self.norm = nn.LayerNorm(model.hidden)
        self.stop = nn.Linear(model.hidden, 1)

    def start(self, phones_BP: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> TransformerState:
        encoded_BPD = self.encoder(phones_BP, mask_BP)
        if self.speaker is not None:
            encoded_BPD = (encoded_BPD + self.speaker(speaker_B)[:, None]) * mask_BP[..., None]
        return TransformerState(mask_BP, [self._block(number).start(encoded_BPD) for number in range(len(self.blocks))])

    def advance(self, previous_BLD: Tensor, state: TransformerState) -> Advance:
        before, state.length = state.length, state.length + previous_BLD.shape[1]
        place_LD = positions(state.length, previous_BLD.shape[2], previous_BLD.device)[before:]
        if self.position_scale is not None:
            place_LD = place_LD * self.position_scale
        x_BLD = self.dropout(previous_BLD + place_LD)
        looks = []
        for number, kept in enumerate(state.blocks):
            x_BLD, weights_BLP = self._block(number)(x_BLD, kept, state.mask_BP)
            looks.append(weights_BLP)
        motion_BLD = self.norm(x_BLD)
        return Advance(motion_BLD, self.stop(motion_BLD)[..., 0].float(), torch.stack(looks).mean(dim=0))

    def _block(self, number: int) -> DecoderBlock:
        block = self.blocks[number]
        assert isinstance(block, DecoderBlock)
        return block
