"""Conversion of a mel to another that differs only in logarithm, floor or normalisation, for a vocoder that takes the
latter.

Dimensions: B batch, N audio samples, F mel frames, M mel bins.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vocoder.errors import VocoderError
from vocoder.protocol import CONVERTIBLE, check_mel, mel_differences

if TYPE_CHECKING:
    from torch import Tensor

    from vocoder.mel import MelConfig
    from vocoder.protocol import Vocoder

UNIT = {"e": 1.0, "10": math.log(10.0)}
"""Natural logarithm of each base."""


class AdaptedVocoder:
    """A vocoder behind a conversion of the mel: multiplied to its base of the logarithm, and raised to its floor.
    Normalisation is the vocoder's own business.

    The conversion is exact, except that a floor below the mel's own cannot restore what was cut off there.
    """

    def __init__(self, vocoder: Vocoder, mel_config: MelConfig) -> None:
        """Raises :class:`VocoderError`, naming each field, where the two mels differ in more than that."""
        wanted = vocoder.mel_config
        stuck = [text for text in mel_differences(vocoder, mel_config) if text.split(":")[0] not in CONVERTIBLE]
        self.name = name = type(vocoder).__name__
        if stuck:
            raise VocoderError(
                f"vocoder {name} cannot be adapted to the mel: no linear conversion changes {'; '.join(stuck)}"
                f" ({name} against the mel)"
            )
        self.mel_config = mel_config
        self._vocoder = vocoder
        self._factor = UNIT[mel_config.log_base] / UNIT[wanted.log_base]
        self._floor = math.log(wanted.floor) / UNIT[wanted.log_base]

    @property
    def steps(self) -> str:
        """A line that describes the conversion."""
        mine, wanted = self.mel_config, self._vocoder.mel_config
        steps = []
        if mine.log_base != wanted.log_base:
            steps.append(f"logarithm to base {mine.log_base} times {self._factor:.4f} for base {wanted.log_base}")
        if mine.floor < wanted.floor:
            steps.append(f"raised to the floor {wanted.floor:g} (it was {mine.floor:g})")
        elif mine.floor > wanted.floor:
            steps.append(f"what lies on its floor {mine.floor:g} stays there ({self.name} knows {wanted.floor:g})")
        normalisation = getattr(self._vocoder, "normalisation", None)
        if normalisation is not None:
            steps.append(str(normalisation))
        return f"mel adapted to {self.name}: {'; '.join(steps)}"

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to the vocoder's waveform ``(B, F * hop_length)``."""
        return self._vocoder((mel_BFM * self._factor).clamp(min=self._floor))


def fit_mel(vocoder: Vocoder, mel_config: MelConfig, adapt: bool = False) -> Vocoder:
    """A vocoder for this mel: ``vocoder`` itself where it takes that mel, else, if ``adapt``, an
    :class:`AdaptedVocoder`.

    Raises :class:`VocoderError`, naming every differing field, where it cannot take the mel, or may not be adapted.
    """
    if adapt and mel_differences(vocoder, mel_config):
        return AdaptedVocoder(vocoder, mel_config)
    check_mel(vocoder, mel_config)
    return vocoder
