"""Vocos checkpoints that take a mel, read from their published layout without the package.

Dimensions: F mel frames, M mel bins, C channels, K frequency bins, N audio samples.

Source: Siuzdak, "Vocos: Closing the gap between time-domain and Fourier-based neural vocoders for high-quality audio
synthesis", ICLR 2024; parameters named as in the published ``pytorch_model.bin`` and its ``config.yaml``. The package
``vocos`` needs torchaudio on import, which speaking does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from vocoder.checkpoints import fold_weight_norm, load_weights, read_tensors
from vocoder.errors import VocoderError
from vocoder.mel import MelConfig
from vocoder.outside import Normalisation, OutsideVocoder, read_yaml, repeat_last

CONFIG = "config.yaml"
PARTS = {
    "feature_extractor": "vocos.feature_extractors.MelSpectrogramFeatures",
    "backbone": "vocos.models.VocosBackbone",
    "head": "vocos.heads.ISTFTHead",
}
"""The class of each part that is supported; others take codes instead of a mel, or give other coefficients."""
BUFFERS = ("feature_extractor.", "head.istft.window")
"""Further tensors of a checkpoint, which are ignored: the mel's filters, and the window, which the config
determines."""
FLOOR = 1e-7
"""Floor of Vocos's mel, whose bands peak at 1."""
PEAKS = "bands that peak at 1"
AREA_FLOOR = 1e-10
"""The same for bands of unit area, rounded down so that it holds for the widest band."""
LOUDEST = 100.0
"""Upper bound of a magnitude."""
KERNEL = 7
EPSILON = 1e-6


@dataclass(frozen=True)
class VocosConfig:
    """The sizes in a config.yaml."""

    mel: MelConfig
    dim: int
    intermediate_dim: int
    num_layers: int
    padding: Literal["center", "same"]
    """``same``: the waveform has a hop for every frame. ``center``: one hop less."""

    @classmethod
    def read(cls, path: Path) -> VocosConfig:
        """Read a config.yaml; :class:`VocoderError` names the file and what in it cannot be read here."""
        tree = read_yaml(path, "the config that belongs beside its checkpoint")
        features, backbone, head = (_part(tree, name, path) for name in PARTS)
        try:
            rate, padding = int(features.get("sample_rate", 24000)), str(features.get("padding", "center"))
            n_fft, hop = int(features.get("n_fft", 1024)), int(features.get("hop_length", 256))
            mel = MelConfig(
                sample_rate=rate,
                n_fft=n_fft,
                hop_length=hop,
                win_length=n_fft,
                n_mels=int(features.get("n_mels", 100)),
                f_min=0.0,
                f_max=rate / 2,
                mel_scale="htk",
                floor=AREA_FLOOR,
                padding="center" if padding == "center" else "reflect",
            )
            sizes = [int(backbone[name]) for name in ("dim", "intermediate_dim", "num_layers")]
            if int(backbone["input_channels"]) != mel.n_mels or int(head["dim"]) != sizes[0]:
                raise VocoderError("feature_extractor, backbone and head do not fit one another")
            if (int(head["n_fft"]), int(head["hop_length"])) != (n_fft, hop) or head.get("padding", "same") != padding:
                raise VocoderError("the head's n_fft, hop_length and padding are not the feature_extractor's")
            if backbone.get("adanorm_num_embeddings") is not None:
                raise VocoderError("adanorm_num_embeddings is for codes, not for a mel")
            return cls(mel, sizes[0], sizes[1], sizes[2], "center" if padding == "center" else "same")
        except KeyError as error:
            raise VocoderError(f"{path} lacks the key {error.args[0]!r} of a Vocos config") from error
        except (ValueError, TypeError) as error:
            raise VocoderError(f"{path} is no Vocos config that can be read here: {error}") from error


def _part(tree: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    part = tree.get(name)
    kind = part.get("class_path") if isinstance(part, dict) else None
    if kind != PARTS[name]:
        raise VocoderError(f"{path} has the {name} {kind}; a Vocos that takes a mel has {PARTS[name]}")
    values = part.get("init_args", {}) if isinstance(part, dict) else None
    if not isinstance(values, dict):
        raise VocoderError(f"{path}: the init_args of its {name} are no mapping")
    return values


class _Block(nn.Module):
    """A ConvNeXt block over time, ``(1, C, F)`` to the same."""

    def __init__(self, config: VocosConfig) -> None:
        super().__init__()
        dim = config.dim
        self.dwconv = nn.Conv1d(dim, dim, KERNEL, padding=KERNEL // 2, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=EPSILON)
        self.pwconv1 = nn.Linear(dim, config.intermediate_dim)
        self.pwconv2 = nn.Linear(config.intermediate_dim, dim)
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x_1CF: Tensor) -> Tensor:
        inner: Tensor = self.norm(self.dwconv(x_1CF).transpose(1, 2))
        inner = self.gamma * self.pwconv2(functional.gelu(self.pwconv1(inner)))
        return x_1CF + inner.transpose(1, 2)


class _Backbone(nn.Module):
    def __init__(self, config: VocosConfig) -> None:
        super().__init__()
        self.embed = nn.Conv1d(config.mel.n_mels, config.dim, KERNEL, padding=KERNEL // 2)
        self.norm = nn.LayerNorm(config.dim, eps=EPSILON)
        self.convnext = nn.ModuleList(_Block(config) for _ in range(config.num_layers))
        self.final_layer_norm = nn.LayerNorm(config.dim, eps=EPSILON)

    def forward(self, mel_1MF: Tensor) -> Tensor:
        x = self.norm(self.embed(mel_1MF).transpose(1, 2)).transpose(1, 2)
        for block in self.convnext:
            x = block(x)
        normed: Tensor = self.final_layer_norm(x.transpose(1, 2))
        return normed


class _Head(nn.Module):
    def __init__(self, config: VocosConfig) -> None:
        super().__init__()
        self.out = nn.Linear(config.dim, config.mel.n_fft + 2)


class Network(nn.Module):
    """A normalised mel ``(1, M, F)`` to a spectrum ``(1, K, F)``, parameters named as published."""

    def __init__(self, config: VocosConfig) -> None:
        super().__init__()
        self.backbone = _Backbone(config)
        self.head = _Head(config)

    def forward(self, mel_1MF: Tensor) -> Tensor:
        """Magnitudes are bounded as in the original."""
        magnitude, phase = self.head.out(self.backbone(mel_1MF)).transpose(1, 2).chunk(2, dim=1)
        return torch.polar(magnitude.exp().clamp(max=LOUDEST), phase)


class Vocos(OutsideVocoder):
    """A Vocos generator for mels, in float32.

    Its mel bands peak at 1 instead of having unit area; the difference is a constant for each bin of the log mel, which
    is added here.
    """

    def __init__(self, checkpoint: Path, device: str = "cpu") -> None:
        """Args: ``checkpoint``, a published pytorch_model.bin, or its tensors as ``.safetensors``, with its config.yaml
        beside it.

        Raises :class:`VocoderError` where a file is unreadable or does not fit, or takes anything but a mel.
        """
        checkpoint = Path(checkpoint)
        weights = {name: tensor for name, tensor in read_tensors(checkpoint).items() if not name.startswith(BUFFERS)}
        self.config = VocosConfig.read(checkpoint.parent / CONFIG)
        mel = self.config.mel
        offsets = [math.log(weight) for weight in area_weights(mel)]
        super().__init__(mel, device, Normalisation(offsets, [1.0], mel.n_mels, CONFIG, PEAKS))
        with torch.device("meta"):
            self._network = Network(self.config)
        load_weights(self._network, fold_weight_norm(weights), checkpoint, CONFIG)
        self._network.to(self._device)
        self._window = torch.hann_window(mel.win_length, device=self._device)

    def _voice(self, mel_FM: Tensor) -> Tensor:
        config = self.config.mel
        mel_FM = mel_FM.clamp(min=math.log(FLOOR))
        centred = self.config.padding == "center"
        spectrum = self._network((repeat_last(mel_FM) if centred else mel_FM).T[None])
        if centred:
            whole: Tensor = torch.istft(spectrum, config.n_fft, config.hop_length, window=self._window)
            return whole[0]
        return self._overlap_add(spectrum)

    def _overlap_add(self, spectrum_1KF: Tensor) -> Tensor:
        """The inverse transform whose first and last half windows are cut but for half a hop."""
        n_fft, hop, frames = self.config.mel.n_fft, self.config.mel.hop_length, spectrum_1KF.shape[2]
        pieces = torch.fft.irfft(spectrum_1KF, n_fft, dim=1) * self._window[:, None]
        weights = self._window.square()[None, :, None].expand(1, -1, frames)
        length = (frames - 1) * hop + n_fft
        sound, total = (
            functional.fold(columns, (1, length), (1, n_fft), stride=(1, hop))[0, 0, 0] for columns in (pieces, weights)
        )
        cut = (n_fft - hop) // 2
        return sound[cut : length - cut] / total[cut : length - cut]


def area_weights(mel: MelConfig) -> list[float]:
    """The factor that gives each band of ``mel`` unit area: 2 over its width in hertz."""
    from librosa import mel_frequencies

    edges = mel_frequencies(mel.n_mels + 2, fmin=mel.f_min, fmax=mel.f_max, htk=mel.mel_scale == "htk")
    return [2.0 / float(high - low) for low, high in zip(edges[:-2], edges[2:], strict=True)]
