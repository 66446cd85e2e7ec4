"""The lip reader: pictures of a mouth in, log-probabilities of phones out, at two (or more) positions per lip frame.

Dimensions: B clips, T lip frames, S positions (``positions`` per frame), D hidden, V symbols, H and W of the picture.

Two heads share the layers that look at each picture. The *CTC* head reads: it sees the whole clip and learns which
phones are said, but marks each of them at a position or two and leaves blanks in between, so it does not tell how long
they last. The *frame* head gives every position a phone from the picture of that moment alone; alignment uses it
(:mod:`avsynth.training.lip_reader` tells why).
"""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from avsynth.config.schema import ReaderConfig
from avsynth.errors import UserError
from avsynth.files import atomic_path, read_json, write_json
from avsynth.lipreading.pictures import batched, centred, small_pictures
from avsynth.text import Symbols
from avsynth.video.box import Box

BLANK = 0
"""CTC's blank has the index that padding has among a voice's symbols."""
FORMAT = 1
WEIGHTS, DESCRIPTION = "reader.safetensors", "reader.json"


@dataclass(frozen=True)
class ReaderSpec:
    """A reader's settings, stored beside its weights."""

    config: ReaderConfig
    box: Box
    fps: Fraction
    symbols: tuple[str, ...] = Symbols().names

    @property
    def position_s(self) -> float:
        """Seconds between two positions."""
        return float(1 / (self.fps * self.config.positions))

    def encode(self, phones: list[str]) -> list[int]:
        """Phones as indices of the CTC head."""
        return Symbols(self.symbols).encode(phones)


class Residual(nn.Module):
    """Layer norm, a dilated convolution over time, GELU, a linear layer; its input is added to the result."""

    def __init__(self, hidden: int, kernel: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(hidden)
        self.over_time = nn.Conv1d(hidden, hidden, kernel, padding=dilation * (kernel // 2), dilation=dilation)
        self.out = nn.Linear(hidden, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x_BTD: Tensor, mask_BT1: Tensor) -> Tensor:
        """Padding is 0 in the input and in the result."""
        inner_BDT = (self.norm(x_BTD) * mask_BT1).transpose(1, 2)
        inner_BTD = F.gelu(self.over_time(inner_BDT)).transpose(1, 2)
        out_BTD: Tensor = x_BTD + self.dropout(self.out(self.dropout(inner_BTD)))
        return out_BTD * mask_BT1


class LipReader(nn.Module):
    """Each frame by itself through small convolutions, then, for the CTC head, convolutions over time; a design of this
    project."""

    prior_V: Tensor

    def __init__(self, spec: ReaderSpec) -> None:
        super().__init__()
        self.spec = spec
        self.learned: tuple[str, ...] = ()
        """The clips that it was trained on."""
        config = spec.config
        widths = (1, *config.channels)
        layers: list[nn.Module] = []
        for number, (before, after) in enumerate(itertools.pairwise(widths)):
            kernel = 5 if number == 0 else 3
            layers += [nn.Conv2d(before, after, kernel, 2, kernel // 2), nn.GroupNorm(_groups(after), after), nn.ReLU()]
        self.look = nn.Sequential(*layers)
        rows, columns = config.height, config.width
        for _ in config.channels:
            rows, columns = (rows + 1) // 2, (columns + 1) // 2
        self.embed = nn.Linear(config.channels[-1] * rows * columns, config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        self.over_frames = nn.ModuleList(
            Residual(config.hidden, config.kernel, 2 ** (number % 3), config.dropout) for number in range(config.layers)
        )
        self.spread = nn.Linear(config.hidden, config.hidden * config.positions)
        self.over_positions = Residual(config.hidden, config.kernel, 1, config.dropout)
        self.norm = nn.LayerNorm(config.hidden)
        self.ctc = nn.Linear(config.hidden, len(spec.symbols))
        self.frame = nn.Sequential(nn.LayerNorm(config.hidden), nn.Linear(config.hidden, len(spec.symbols) - 1))
        self.register_buffer("prior_V", torch.full((len(spec.symbols) - 1,), 1 / max(len(spec.symbols) - 1, 1)))

    def forward(self, frames_BTHW: Tensor, lens_B: Tensor) -> tuple[Tensor, Tensor]:
        """Log-probabilities of the CTC head, ``(B, S, V)``, and of the frame head, ``(B, S, V - 1)`` without the blank.

        Args:
            frames_BTHW: Grey levels; each clip is normalised by its own mean and standard deviation.
            lens_B: Frames of each clip; what lies behind them changes nothing.
        """
        size, frames = frames_BTHW.shape[:2]
        mask_BT = torch.arange(frames, device=lens_B.device)[None] < lens_B[:, None]
        seen_ND = self.dropout(self._seen(_normalised(frames_BTHW, mask_BT)[mask_BT]))
        x_BTD = seen_ND.new_zeros(size, frames, seen_ND.shape[-1])
        x_BTD[mask_BT] = seen_ND
        positions = self.spec.config.positions
        frame_BSV = self.frame(x_BTD).repeat_interleave(positions, dim=1)
        mask_BT1 = mask_BT[:, :, None].to(x_BTD.dtype)
        for block in self.over_frames:
            x_BTD = block(x_BTD, mask_BT1)
        x_BSD = self.spread(x_BTD).unflatten(-1, (positions, -1)).flatten(1, 2)
        mask_BS1 = mask_BT1.repeat_interleave(positions, dim=1)
        x_BSD = self.norm(self.over_positions(x_BSD * mask_BS1, mask_BS1))
        return self.ctc(x_BSD).log_softmax(-1), frame_BSV.log_softmax(-1)

    @torch.inference_mode()
    def read(self, crops: NDArray[np.uint8]) -> Posteriors:
        """Look at one clip's crops ``(T, H, W, 3)`` or ``(T, H, W)``, uint8, at the reader's frame rate."""
        ctc_BSV, frame_BSV = self.eval()(*self._looked_at(crops))
        return Posteriors(ctc_BSV[0].cpu().numpy(), self.timing_scores(frame_BSV)[0].cpu().numpy())

    def _seen(self, pictures_NHW: Tensor) -> Tensor:
        """Each picture by itself, ``(N, D)``."""
        looked_NCHW = self.look(pictures_NHW[:, None].contiguous(memory_format=torch.channels_last))
        seen_ND: Tensor = self.embed(looked_NCHW.flatten(1))
        return seen_ND

    @torch.inference_mode()
    def features(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """``(T, D)``: the features of each of a clip's crops ``(T, H, W, 3)`` by itself, before the convolutions over
        time."""
        frames_BTHW, lens_B = self._looked_at(crops)
        mask_BT = torch.ones(1, int(lens_B[0]), dtype=torch.bool, device=self.prior_V.device)
        return np.asarray(self.eval()._seen(_normalised(frames_BTHW, mask_BT)[0]).cpu().numpy())

    def _looked_at(self, crops: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
        small = small_pictures(crops, self.spec.box, self.spec.config.height, self.spec.config.width)
        frames_BTHW, lens_B = batched([centred(small)])
        place = self.prior_V.device
        return frames_BTHW.to(place), lens_B.to(place)

    def timing_scores(self, frame_BSV: Tensor) -> Tensor:
        """``(B, S, V)`` by CTC's indices: log p(phone | lips) - log p(phone), the blank never.

        Without the prior, a path would give the frames of rare phones to frequent ones, above all to silence.
        """
        scores_BSV = frame_BSV - self.prior_V.clamp(min=1e-4).log()
        return F.pad(scores_BSV, (1, 0), value=float("-inf"))

    def save(self, folder: Path, **facts: Any) -> None:
        """Write the weights and, last, what they are; ``facts`` are written as well."""
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / WEIGHTS) as temporary:
            save_file({name: value.contiguous().cpu() for name, value in self.state_dict().items()}, temporary)
        spec = self.spec
        described = {"config": asdict(spec.config), "box": spec.box._asdict(), "fps": str(spec.fps)}
        write_json(
            folder / DESCRIPTION,
            {"format": FORMAT, **described, "symbols": list(spec.symbols), **facts, "learned": list(self.learned)},
        )

    @classmethod
    def load(cls, folder: Path) -> LipReader:
        """A trained reader; anything else is a :class:`UserError`."""
        value = read_json(folder / DESCRIPTION)
        try:
            if value["format"] != FORMAT:
                raise UserError(f"{folder} holds a reader of format {value['format']}; this version reads {FORMAT}")
            config = ReaderConfig(**value["config"] | {"channels": tuple(value["config"]["channels"])})
            reader = cls(ReaderSpec(config, Box(**value["box"]), Fraction(value["fps"]), tuple(value["symbols"])))
            reader.load_state_dict(load_file(folder / WEIGHTS))
            reader.learned = tuple(value["learned"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"{folder / DESCRIPTION} does not describe a lip reader: {error}") from error
        except (OSError, SafetensorError, RuntimeError) as error:
            text = " ".join(str(error).split())
            raise UserError(f"{folder / WEIGHTS} holds no weights of this lip reader: {text[:120]}") from error
        return reader.eval()


@dataclass(frozen=True)
class Posteriors:
    """A reader's outputs for one clip."""

    ctc_SV: NDArray[np.float32]
    """Log-probabilities, the blank's first."""
    timing_SV: NDArray[np.float32]
    """Scores of each phone at each position (see :meth:`LipReader.timing_scores`), by the same indices; the blank's are
    minus infinity."""


def _groups(channels: int) -> int:
    return next(count for count in (4, 2, 1) if channels % count == 0)


def _normalised(frames_BTHW: Tensor, mask_BT: Tensor) -> Tensor:
    """Each clip less its mean, divided by its standard deviation; 0 behind its end."""
    mask = mask_BT[:, :, None, None].to(frames_BTHW.dtype)
    count = mask.sum((1, 2, 3), keepdim=True) * frames_BTHW.shape[2] * frames_BTHW.shape[3]
    x = frames_BTHW * mask
    mean = x.sum((1, 2, 3), keepdim=True) / count
    spread = ((x - mean).square() * mask).sum((1, 2, 3), keepdim=True).div(count).sqrt()
    return (x - mean) / (spread + 1.0) * mask
