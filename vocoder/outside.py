"""Base of vocoders that run other projects' networks.

Dimensions: B batch, N audio samples, F mel frames, M mel bins.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor
from torch.nn import functional

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig
from vocoder.protocol import check_input

MIN_FRAMES = 16
"""Shorter mels are extended by repeating the last frame, and the sound is cut: reflected edges and inverse transforms
need more than a frame or two."""
SEED = 0
"""Seed of the noise that some networks start from, so that the same mel gives the same sound."""


class Normalisation:
    """The affine step between the log mel and what a net was trained on: ``(mel - mean) / scale``. ``str`` of it
    describes it."""

    def __init__(
        self, mean: Sequence[float], scale: Sequence[float], n_mels: int, source: str, about: str = ""
    ) -> None:
        """Args: ``mean`` and ``scale``, one value for all bins or one for each; ``source``, the file they come from;
        ``about``, a description (default: that mean and scale are the file's).

        Raises :class:`VocoderError` for another number of values, one that is not finite, or a scale not above 0.
        """
        for name, values in (("mean", mean), ("scale", scale)):
            if len(values) not in (1, n_mels):
                raise VocoderError(f"{source} has {len(values)} values of {name} for {n_mels} mel bins")
            if not all(math.isfinite(value) and (value > 0 or name == "mean") for value in values):
                wanted = "finite" if name == "mean" else "finite and above 0"
                raise VocoderError(f"{source} has a value of {name} that is not {wanted}")
        self._about = about or f"mean and scale of {source}"
        self._mean = torch.tensor(mean, dtype=torch.float32)
        self._scale = torch.tensor(scale, dtype=torch.float32)

    def __str__(self) -> str:
        return self._about

    def __call__(self, mel_FM: Tensor) -> Tensor:
        """The normalised mel."""
        return (mel_FM - self._mean.to(mel_FM.device)) / self._scale.to(mel_FM.device)


class OutsideVocoder(ABC):
    """Another project's network as a vocoder; each mel of a batch is voiced by itself, in one piece.

    Memory grows with the mel's length: the context that such a network needs is unknown, so that it cannot work in
    pieces.
    """

    def __init__(self, mel_config: MelConfig, device: str, normalisation: Normalisation | None = None) -> None:
        self.mel_config = mel_config
        self.normalisation = normalisation
        self._device = torch.device(device)

    @torch.inference_mode()
    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` in [-1, 1] on the device.

        Raises :class:`VocoderError` for a wrong shape, and where the net gives another length than that.
        """
        check_input(mel_BFM, self.mel_config)
        batch, frames, _ = mel_BFM.shape
        wanted = frames * self.mel_config.hop_length
        if batch == 0 or frames == 0:
            return torch.zeros(batch, wanted, device=self._device)
        mel = mel_BFM.to(self._device, torch.float32)
        if self.normalisation is not None:
            mel = self.normalisation(mel)
        if frames < MIN_FRAMES:
            mel = torch.cat([mel, mel[:, -1:].expand(-1, MIN_FRAMES - frames, -1)], dim=1)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            sounds = [self._voice(item_FM) for item_FM in mel]
        least = mel.shape[1] * self.mel_config.hop_length
        if any(sound.shape != (least,) for sound in sounds):
            raise VocoderError(
                f"{type(self).__name__} made {tuple(sounds[0].shape)} samples of {mel.shape[1]} mel frames, not {least}"
            )
        return torch.stack([sound[:wanted] for sound in sounds]).float().clamp(-1.0, 1.0)

    @abstractmethod
    def _voice(self, mel_FM: Tensor) -> Tensor:
        """The waveform ``(F * hop_length,)`` of one normalised mel."""


def repeat_last(mel_FM: Tensor) -> Tensor:
    """The mel with its last frame repeated once, since a centred inverse transform gives one hop less than it has
    frames."""
    return functional.pad(mel_FM.T, (0, 1), mode="replicate").T


def read_yaml(path: Path, what: str) -> Mapping[str, Any]:
    """A YAML file of plain values; :class:`VocoderError` where it is missing, no mapping, or builds objects."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise VocoderError(f"cannot read {path}, {what}: {reason}") from error
    except yaml.YAMLError as error:
        raise VocoderError(f"{path} is no YAML of plain values: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(values, dict):
        raise VocoderError(f"{path} is not {what}: it must be a mapping of keys to values")
    return values
