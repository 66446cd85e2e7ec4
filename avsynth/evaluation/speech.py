"""Sound measures: word errors under the GRID grammar, mel-cepstral distortion and pitch errors.

Every figure names its analysis: "WER-grid" is a recogniser that can say nothing but GRID sentences, and the
mel-cepstra are those of :func:`mel_cepstra`, whose distances cannot stand beside WORLD's or SPTK's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import resample
from avsynth.data.corpora.grid import ADVERBS, COLOURS, DIGITS, LETTERS, PREPOSITIONS, VERBS
from avsynth.text import SIL, load_frontend

Floats = NDArray[np.floating[Any]]
Path = NDArray[np.intp]
"""Pairs of frame indices, (K, 2): first and second sequence, never going back."""

SLOTS: dict[str, tuple[str, ...]] = {
    "verb": tuple(VERBS.values()),
    "colour": tuple(COLOURS.values()),
    "preposition": tuple(PREPOSITIONS.values()),
    "letter": tuple(LETTERS),
    "digit": tuple(DIGITS.values()),
    "adverb": tuple(ADVERBS.values()),
}
"""The six places of a GRID sentence, in order, and what may stand there; no word fits two."""

MEL_CEPSTRA = 24
_RATE = 16_000
_LETTER_PREFIX = "letter-"


@dataclass(frozen=True)
class WordErrors:
    """Counts of the cheapest way from a reference to a hypothesis; counts of several clips add up."""

    substitutions: int
    deletions: int
    insertions: int
    words: int
    """Words of the reference."""

    @property
    def errors(self) -> int:
        """All three kinds together."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Word error rate; above 1 if much was inserted. NaN without reference words."""
        return self.errors / self.words if self.words else float("nan")

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.words + other.words,
        )


@dataclass(frozen=True)
class PitchErrors:
    """Distance of two pitch tracks along one path."""

    log_f0_rmse: float
    """Root mean square difference of the natural logarithm of F0 where both are voiced; NaN if nowhere."""
    voicing_error: float
    """Share of the path where one is voiced and the other is not."""


class GridRecogniser:
    """pocketsphinx with its own en-us model, held to the GRID grammar. Silence between words is optional."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder  # type: ignore[import-untyped,unused-ignore]

        self.decoder = Decoder(lm=None, loglevel="FATAL", samprate=float(_RATE))
        for letter in LETTERS:
            for number, phones in enumerate(_letter_names(letter), 1):
                word = _LETTER_PREFIX + letter + (f"({number})" if number > 1 else "")
                self.decoder.add_word(word, " ".join(phones), update=False)
        self.decoder.add_jsgf_string("grid", grid_grammar())
        self.decoder.activate_search("grid")

    def recognise(self, waveform: Floats, sample_rate: int) -> list[str]:
        """The words heard in mono sound (N,) in [-1, 1]: six in GRID's order, or none if no sentence fits.

        One call does not depend on those before it.
        """
        sound = np.asarray(waveform, np.float32)
        if sound.ndim != 1:
            raise ValueError(f"expected mono sound (N,), got shape {sound.shape}")
        samples = np.rint(resample(sound, sample_rate, _RATE) * 32767).astype("<i2")
        self.decoder.reinit_feat()  # else running means and priors of the last call tip one word in a few hundred
        self.decoder.start_utt()
        self.decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        self.decoder.end_utt()
        found = self.decoder.hyp()
        return [word.removeprefix(_LETTER_PREFIX) for word in found.hypstr.split()] if found else []


def _letter_names(letter: str) -> list[tuple[str, ...]]:
    """How a letter is spoken, in phones: z is zed, at times zee."""
    named = (load_frontend(z=z).phonemise(letter).phones for z in ("zed", "zee"))
    return list(dict.fromkeys(tuple(phone for phone in phones if phone != SIL) for phones in named))


def grid_grammar() -> str:
    """The GRID sentence as a JSGF grammar; letters are the words ``letter-a`` … of the recogniser's dictionary."""
    rules = {slot: words for slot, words in SLOTS.items() if slot != "letter"}
    rules["letter"] = tuple(_LETTER_PREFIX + letter for letter in SLOTS["letter"])
    lines = [
        "#JSGF V1.0;",
        "grammar grid;",
        f"public <sentence> = {' '.join(f'<{slot}>' for slot in SLOTS)};",
    ]
    return "\n".join(lines + [f"<{slot}> = {' | '.join(words)};" for slot, words in rules.items()]) + "\n"


def word_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> WordErrors:
    """Count the fewest substitutions, deletions and insertions that turn the reference into the hypothesis."""
    columns = len(hypothesis) + 1
    above = [WordErrors(0, 0, column, len(reference)) for column in range(columns)]
    for row, word in enumerate(reference, 1):
        here = [WordErrors(0, row, 0, len(reference))]
        for column in range(1, columns):
            diagonal = above[column - 1]
            if word == hypothesis[column - 1]:
                here.append(diagonal)
                continue
            choices = (
                diagonal + WordErrors(1, 0, 0, 0),
                above[column] + WordErrors(0, 1, 0, 0),
                here[-1] + WordErrors(0, 0, 1, 0),
            )
            here.append(min(choices, key=lambda counts: counts.errors))
        above = here
    return above[-1]


def slot_error_rates(
    pairs: Iterable[tuple[Sequence[str], Sequence[str]]],
) -> dict[str, float]:
    """Share of (reference, hypothesis) pairs whose verb, colour, ... is wrong or missing, by slot in GRID's order.

    :raises ValueError: no pair, or a reference that is no GRID sentence.
    """
    wrong = dict.fromkeys(SLOTS, 0)
    total = 0
    for reference, hypothesis in pairs:
        total += 1
        if len(reference) != len(SLOTS) or any(w not in SLOTS[s] for s, w in zip(SLOTS, reference, strict=True)):
            raise ValueError(f"not a GRID sentence: {' '.join(reference)!r}")
        for slot, word in zip(SLOTS, reference, strict=True):
            wrong[slot] += [heard for heard in hypothesis if heard in SLOTS[slot]] != [word]
    if not total:
        raise ValueError("no sentence was recognised")
    return {slot: count / total for slot, count in wrong.items()}


def mel_cepstra(log_mel_FM: Floats) -> NDArray[np.float64]:
    """Mel-cepstra 1...24 (F, 24) of a log-mel (F, M), natural logarithm of amplitude: "DCT of the 80-band log-mel".

    Scaled so that the log spectrum is c0 + sum of c_m cos(m w), as is usual for mel-cepstra: then the
    distortion below is the RMS distance in dB of the two smoothed log-mel spectra, their level left out.
    """
    bands = log_mel_FM.shape[1]
    angles = np.pi * np.outer(np.arange(bands) + 0.5, np.arange(1, MEL_CEPSTRA + 1)) / bands
    return np.asarray(log_mel_FM.astype(np.float64) @ np.cos(angles) * (2 / bands))


def frame_path(first_frames: int, second_frames: int) -> Path:
    """Frame by frame, as far as both go: for true durations."""
    frames = np.arange(min(first_frames, second_frames))
    return np.stack([frames, frames], axis=1)


def dtw_path(first_FD: Floats, second_FD: Floats) -> Path:
    """The cheapest path by Euclidean distance, steps (1, 1), (1, 0) and (0, 1) alike: for other durations."""
    from librosa.sequence import dtw

    if not len(first_FD) or not len(second_FD):
        raise ValueError("an empty sequence cannot be aligned")
    _, path = dtw(np.asarray(first_FD, np.float64).T, np.asarray(second_FD, np.float64).T, metric="euclidean")
    return np.ascontiguousarray(path[::-1])


def mel_cepstral_distortion(first_FM: Floats, second_FM: Floats, path: Path | None = None) -> float:
    """MCD in dB between two log-mels (F, M): 10 sqrt(2) / ln 10 x the mean over the path of |c - c'|, c of 1...24.

    :param path: pairs of frames; by default the DTW path over the same mel-cepstra.
    """
    first, second = mel_cepstra(first_FM), mel_cepstra(second_FM)
    if path is None:
        path = dtw_path(first, second)
    distances = np.linalg.norm(first[path[:, 0]] - second[path[:, 1]], axis=1)
    return float(10 * np.sqrt(2) / np.log(10) * distances.mean())


def pitch_errors(first_hz: Floats, second_hz: Floats, path: Path) -> PitchErrors:
    """Compare two F0 tracks (F,) in Hz, 0 or NaN where unvoiced, along a path of frame pairs."""
    first, second = (
        np.nan_to_num(first_hz)[path[:, 0]],
        np.nan_to_num(second_hz)[path[:, 1]],
    )
    both = (first > 0) & (second > 0)
    difference = np.log(first[both]) - np.log(second[both])
    rmse = float(np.sqrt(np.square(difference).mean())) if len(difference) else float("nan")
    return PitchErrors(rmse, float(((first > 0) != (second > 0)).mean()))
