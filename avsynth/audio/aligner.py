"""The acoustic aligner: phones of known words in a recording, by pocketsphinx and the en-us model inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError

ALIGN_RATE = 16_000
FRAME_S = 0.01


@dataclass(frozen=True)
class Segment:
    """A phone of a word with its start and end in seconds."""

    phone: str
    word: int
    """Index of the word it belongs to."""
    start_s: float
    end_s: float


class AcousticAligner:
    """Aligns words, whose pronunciations it is told, to 16 kHz sound in two passes (words, then their phones)."""

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder
        except ImportError as error:
            raise UserError("aligning needs pocketsphinx: pip install 'avsynth[train]'") from error
        self._decoder: Any = Decoder(lm=None, bestpath=False, loglevel="FATAL")
        self._known: dict[tuple[str, ...], str] = {}

    def __call__(self, sound: NDArray[np.float32], pronunciations: Sequence[Sequence[str]]) -> list[Segment] | None:
        """Segments of every phone, in order, or None where the aligner finds no path.

        Args:
            sound: ``(N,)`` float32 at 16 kHz.
            pronunciations: For each word its phones.
        """
        if not len(sound) or not pronunciations:
            return None
        names = [self._name(tuple(phones)) for phones in pronunciations]
        pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
        decoder = self._decoder
        try:
            decoder.set_align_text(" ".join(names))
            self._pass(pcm)
            found = [item.word for item in decoder.seg() or []]
            if [word for word in found if word in set(names)] != names:
                return None
            decoder.set_alignment()
            self._pass(pcm)
            alignment = decoder.get_alignment()
        except RuntimeError:
            return None
        segments = []
        number = 0
        for word in alignment.words():
            if word.name not in set(names):
                continue
            for phone in word:
                start = phone.start * FRAME_S
                segments.append(Segment(phone.name, number, start, start + phone.duration * FRAME_S))
            number += 1
        return segments if number == len(names) else None

    def _pass(self, pcm: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()

    def _name(self, phones: tuple[str, ...]) -> str:
        if phones not in self._known:
            name = f"w{len(self._known)}_" + "".join(phones).lower()
            self._decoder.add_word(name, " ".join(phones), True)
            self._known[phones] = name
        return self._known[phones]
