"""What a vocoder is, and the check that it fits a mel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig

if TYPE_CHECKING:
    from torch import Tensor

Voicing = Callable[[int, int], "Tensor"]
"""From a frame of a mel to another: the samples of those between, ``(B, (end - start) * hop_length)`` in [-1, 1]."""

CONVERTIBLE = ("log_base", "floor", "normalisation")
"""Wherein a vocoder can be adapted to another mel (:mod:`vocoder.adapting`)."""


class Vocoder(Protocol):
    """Turns a log mel into sound. Any class of this form, built as ``Class(checkpoint=path or None, device="cpu")``,
    can be loaded by the name ``package.module:Class``.

    One that can be heard sooner, stretch by stretch, also has either of two: ``context_frames``, how many mel frames on
    either side of its own a sample depends on and no more, with which each stretch is then voiced; or, where samples
    depend on all that came before, ``voicing(mel_BFM)``, which gives a :data:`Voicing` of that mel: whatever it is
    asked for in whatever order, the same samples."""

    @property
    def mel_config(self) -> MelConfig:
        """The mel that this vocoder was made for."""
        ...

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` in [-1, 1]."""
        ...


def mel_differences(vocoder: Vocoder, mel_config: MelConfig) -> list[str]:
    """Each way in which the vocoder wants another mel than this, as ``name: vocoder's against mel's``.

    A vocoder that normalises the log mel before its net has a ``normalisation`` beside its ``mel_config``, which prints
    as what it does.
    """
    normalisation = getattr(vocoder, "normalisation", None)
    affine = [] if normalisation is None else [f"normalisation: {normalisation} against none"]
    return vocoder.mel_config.differences(mel_config) + affine


def check_mel(vocoder: Vocoder, mel_config: MelConfig) -> None:
    """Raise :class:`VocoderError`, naming every differing field with both values, where ``vocoder`` wants another mel
    than ``mel_config``."""
    differences = mel_differences(vocoder, mel_config)
    if differences:
        name = type(vocoder).__name__
        remedy = "" if {text.split(":")[0] for text in differences} - {*CONVERTIBLE} else "; --adapt-mel converts it"
        raise VocoderError(
            f"vocoder {name} does not fit the mel ({name} against the mel): {'; '.join(differences)}{remedy}"
        )


def check_input(mel_BFM: Tensor, mel_config: MelConfig) -> None:
    """Raise :class:`VocoderError` where ``mel_BFM`` has not the shape ``(B, F, n_mels)``."""
    if mel_BFM.dim() != 3 or mel_BFM.shape[2] != mel_config.n_mels:
        raise VocoderError(
            f"a mel must have the shape (batch, frames, {mel_config.n_mels}), not {tuple(mel_BFM.shape)}"
        )
