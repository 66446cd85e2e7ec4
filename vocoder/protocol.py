"""The protocol of vocoders, and the check that one fits a mel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig

if TYPE_CHECKING:
    from torch import Tensor

Voicing = Callable[[int, int], "Tensor"]
"""A function of two frame numbers ``start`` and ``end`` of a mel that returns the samples between them, ``(B, (end -
start) * hop_length)`` in [-1, 1]. Where it has an attribute ``edges``, a list of the frames where the pieces meet in
which sound is made, from 0 to the mel's length, several threads may ask for pieces at once."""

CONVERTIBLE = ("log_base", "floor", "normalisation")
"""Fields in which a mel can be converted for a vocoder (:mod:`vocoder.adapting`)."""


class Vocoder(Protocol):
    """Turns a log mel into sound. Any class of this form, built as ``Class(checkpoint=path or None, device="cpu")``,
    can be loaded by the name ``package.module:Class``.

    A vocoder that supports streaming also has one of two things: ``context_frames``, the number of mel frames on either
    side that a sample depends on, so that stretches can be voiced with that context; or, where samples depend on
    everything before them, ``voicing(mel_BFM)``, which returns a :data:`Voicing` of that mel that gives the same
    samples whichever stretches are asked for in whichever order."""

    @property
    def mel_config(self) -> MelConfig:
        """The mel that this vocoder was made for."""
        ...

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` in [-1, 1]."""
        ...


def mel_differences(vocoder: Vocoder, mel_config: MelConfig) -> list[str]:
    """Each way in which the vocoder wants another mel than this, as ``name: vocoder's against mel's``.

    A vocoder that normalises the log mel for its network has an attribute ``normalisation`` beside ``mel_config``;
    ``str`` of it describes it.
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
