"""BigVGAN checkpoints, by the classes of NVIDIA's own package ``bigvgan``.

Source: Lee et al., "BigVGAN: A Universal Neural Vocoder with Large-Scale Training", ICLR 2023; files as published:
``bigvgan_generator.pt`` (tensors under ``generator``) with its ``config.json``, HiFi-GAN's keys and a few more.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import warnings
from pathlib import Path
from typing import Any

from torch import Tensor

from vocoder.checkpoints import load_weights, read_tensors
from vocoder.errors import VocoderError
from vocoder.hifigan import CONFIG, official_mel
from vocoder.outside import OutsideVocoder
from vocoder.packages import BIGVGAN, import_package, one_line


class BigVGAN(OutsideVocoder):
    """A published or self-trained generator of either version, in float32, without its CUDA kernels."""

    def __init__(self, checkpoint: Path, device: str = "cpu") -> None:
        """Args: ``checkpoint``, the generator's file, with its config.json beside it.

        Raises :class:`VocoderError` where the package is missing or a file is unreadable or does not fit.
        """
        checkpoint = Path(checkpoint)
        weights = read_tensors(checkpoint, "generator")
        settings = _read_config(checkpoint.parent / CONFIG)
        try:
            mel_config = official_mel(settings)
            factor = math.prod(settings["upsample_rates"])
            if factor != mel_config.hop_length:
                raise ValueError(f"its upsample_rates multiply to {factor}, not to hop_size {mel_config.hop_length}")
        except KeyError as error:
            raise VocoderError(f"{checkpoint.parent / CONFIG} lacks the key {error.args[0]!r}") from error
        except (ValueError, TypeError) as error:
            raise VocoderError(f"{checkpoint.parent / CONFIG} is no valid BigVGAN config: {error}") from error
        super().__init__(mel_config, device)
        self._generator = _build(settings, checkpoint.parent / CONFIG)
        load_weights(self._generator, weights, checkpoint, CONFIG)
        with contextlib.redirect_stdout(io.StringIO()):  # it announces what it does
            self._generator.remove_weight_norm()
        self._generator.to(self._device)

    def _voice(self, mel_FM: Tensor) -> Tensor:
        sound: Tensor = self._generator(mel_FM.T[None])[0, 0]
        return sound


def _read_config(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise VocoderError(f"cannot read {path}, the config that belongs beside its checkpoint: {reason}") from error
    except ValueError as error:
        raise VocoderError(f"{path} is no valid BigVGAN config: {error}") from error
    if not isinstance(settings, dict) or "snake_logscale" not in settings:
        raise VocoderError(f"{path} is no BigVGAN config: it lacks the key 'snake_logscale'")
    return settings


def _build(settings: dict[str, Any], path: Path) -> Any:
    package = import_package("bigvgan.bigvgan", BIGVGAN, "bigvgan")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # it builds on a deprecated weight_norm
            return package.BigVGAN(package.AttrDict(settings), use_cuda_kernel=False)
    except Exception as error:  # its constructor checks little and raises whatever comes of that
        raise VocoderError(f"{path} is no valid BigVGAN config: {one_line(error)}") from error
