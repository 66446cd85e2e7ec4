"""An open-vocabulary recogniser of English, for recordings without a text."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError

RECOGNISER_RATE = 16_000
REQUIREMENT = "'avsynth[recognise]'"


class Recogniser(Protocol):
    """Hears words in sound."""

    def __call__(self, sound: NDArray[np.float32]) -> str:
        """English as it is written, from ``(N,)`` float32 at 16 kHz in [-1, 1]; empty where nothing is said."""
        ...


class Moonshine:
    """The tiny English model inside the wheel of ``moonshine-voice`` 0.0.73; nothing is fetched (extra ``recognise``).

    It finds the stretches of speech by itself, and may write a word twice where two of them meet.

    Raises :class:`UserError` where the package or its weights are missing.
    """

    def __init__(self) -> None:
        try:
            from moonshine_voice import ModelArch
            from moonshine_voice.transcriber import Transcriber
            from moonshine_voice.utils import get_assets_path
        except (ImportError, OSError) as error:
            raise UserError(f"recognising words needs moonshine-voice ({error}): pip install {REQUIREMENT}") from error
        weights = get_assets_path() / "tiny-en"
        if not weights.is_dir():
            raise UserError(f"this moonshine-voice brings no weights ({weights}): pip install {REQUIREMENT}")
        self._transcriber: Any = Transcriber(str(weights), ModelArch.TINY)

    def __call__(self, sound: NDArray[np.float32]) -> str:
        """The words of ``(N,)`` float32 at 16 kHz."""
        if not len(sound):
            return ""
        transcript = self._transcriber.transcribe_without_streaming(sound.tolist(), RECOGNISER_RATE)
        return " ".join(line.text.strip() for line in transcript.lines)
