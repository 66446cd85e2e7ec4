"""The acoustic aligner: phones of known words in a recording, by pocketsphinx and the en-us model inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError

ALIGN_RATE = 16_000
FRAME_S = 0.01
LEFT_OUT = 1e-10
"""Probability that an optional word is missing."""
QUIET_DB = -40.0
"""A frame so far below the loudest stretch of :data:`LOUD_FRAMES` is quiet."""
LOUD_FRAMES = 10
"""So many frames are loud together in speech; a click is shorter."""
EDGE_S = 1.0
"""So much of what is quiet before and after speech is aligned with it. In ten seconds of silence the aligner's path may
lose the words that follow."""


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
        before, heard = without_quiet_ends(sound)
        pcm = _pcm(heard)
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
                start = (before + phone.start) * FRAME_S
                segments.append(Segment(phone.name, number, start, start + phone.duration * FRAME_S))
            number += 1
        return segments if number == len(names) else None

    def beginning(self, sound: NDArray[np.float32], pronunciations: Sequence[Sequence[str]]) -> list[Segment] | None:
        """Segments of as many of the first words as the sound contains; None where it contains none of them.

        Arguments as for the call. That the sound ends in a pause helps.
        """
        return self._chosen(
            sound, pronunciations, [(place, len(pronunciations), 1.0) for place in range(len(pronunciations))]
        )

    def with_gaps(self, sound: NDArray[np.float32], pronunciations: Sequence[Sequence[str]]) -> list[Segment] | None:
        """Segments of the words that the sound contains; None where it contains none. Arguments as for the call."""
        return self._chosen(
            sound, pronunciations, [(place, place + 1, LEFT_OUT) for place in range(len(pronunciations))]
        )

    def _chosen(
        self,
        sound: NDArray[np.float32],
        pronunciations: Sequence[Sequence[str]],
        leaps: Sequence[tuple[int, int, float]],
    ) -> list[Segment] | None:
        """Find which words the sound contains, where the path may skip words by these leaps (from word, to word,
        probability); then align them."""
        if not len(sound) or not pronunciations:
            return None
        names = [self._name(tuple(phones)) for phones in pronunciations]
        words = [(place, place + 1, 1.0, name) for place, name in enumerate(names)]
        decoder = self._decoder
        try:
            decoder.add_fsg("row", decoder.create_fsg("row", 0, len(names), [*words, *leaps]))
            decoder.activate_search("row")
            self._pass(_pcm(without_quiet_ends(sound)[1]))
        except RuntimeError:
            return None
        places = _places([item.word for item in decoder.seg() or []], names)
        segments = self(sound, [pronunciations[place] for place in places])
        return None if segments is None else [replace(item, word=places[item.word]) for item in segments]

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


def without_quiet_ends(sound: NDArray[np.float32]) -> tuple[int, NDArray[np.float32]]:
    """The speech in a sound ``(N,)`` with :data:`EDGE_S` of what is quiet on either side of it, and how many frames of
    :data:`FRAME_S` were left out before; the number comes first."""
    size = round(FRAME_S * ALIGN_RATE)
    frames_FN = sound[: len(sound) // size * size].reshape(-1, size)
    power_F = (frames_FN.astype(np.float64) ** 2).mean(axis=1)
    loudest = np.convolve(power_F, np.full(LOUD_FRAMES, 1 / LOUD_FRAMES)).max(initial=0) if len(power_F) else 0.0
    loud = np.flatnonzero(power_F > loudest * 10 ** (QUIET_DB / 10))
    if not len(loud):
        return 0, sound
    edge = round(EDGE_S / FRAME_S)
    first, last = max(0, int(loud[0]) - edge), int(loud[-1]) + 1 + edge
    return first, sound[first * size : last * size if last < len(power_F) else len(sound)]


def _pcm(sound: NDArray[np.float32]) -> bytes:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()


def _places(found: Sequence[str], names: Sequence[str]) -> list[int]:
    """Which of ``names``, in order, the found words are; fillers are none of them."""
    places: list[int] = []
    for word in found:
        after = places[-1] + 1 if places else 0
        if word in names[after:]:
            places.append(names.index(word, after))
    return places
