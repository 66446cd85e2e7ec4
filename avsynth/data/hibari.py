"""The teacher hibari-tts: its speech, and the times of its phones."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError
from avsynth.text import SIL

RATE = 24_000
UNIT_S = 0.025
"""Its durations are multiples of this."""
LAG_S = 0.058
"""Its symbols' times are late by this, in seconds, compared with the acoustic aligner: the median over 843 boundaries
inside words of 28 sentences."""
DURATIONS = "/Clip_output_0"
"""The tensor in its network that holds the duration of every symbol."""
STRESS = ("ˈ", "ˌ")
PHONES = (
    {"ɹ": "R", "b": "B", "d": "D", "f": "F", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P"}
    | {"s": "S", "t": "T", "v": "V", "w": "W", "z": "Z", "ɡ": "G", "ŋ": "NG", "ð": "DH", "θ": "TH", "ʃ": "SH"}
    | {"ʒ": "ZH", "ʤ": "JH", "ʧ": "CH", "T": "T", "ɾ": "T", "ʔ": "T"}
    | {"A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "i": "IY", "u": "UW", "æ": "AE", "ɑ": "AA"}
    | {"ɒ": "AA", "ɐ": "AH", "ɔ": "AO", "ə": "AH", "ᵊ": "AH", "ɚ": "ER", "ɛ": "EH", "ɜ": "ER", "ɪ": "IH", "ᵻ": "IH"}
    | {"ʊ": "UH", "ʌ": "AH"}
)
"""Its symbols (IPA, capitals for diphthongs and the flap) to the project's phones."""
R_COLOURED = ("ə", "ɜ")
"""Vowels that make one phone with an ``ɹ`` after them."""
WINDOW_S = 0.01
QUIET_DB = -45.0
"""A window so far below the loud ones of the sentence is quiet."""
MIN_SILENCE_S = {" ": 0.15, "": 0.06}
"""The shortest silence that counts as a pause, between words and at punctuation: two stops in a row are quiet as
well."""
OWN_S = 0.05
"""Least duration of a phone beside a pause."""
STOPS = ("B", "D", "G", "K", "P", "T")
CLOSURE_S = 0.04


@dataclass(frozen=True)
class Symbol:
    """One of its symbols, with its times in seconds from the start of the sound."""

    name: str
    start_s: float
    end_s: float


class Hibari:
    """hibari-tts (Apache-2.0), its voice *heart*: 24 kHz, over 100 times as fast as speech, nothing fetched.

    The same text always sounds the same.
    """

    def __init__(self) -> None:
        try:
            import hibari
            import onnx
            import onnxruntime  # type: ignore[import-untyped]
        except ImportError as error:
            raise UserError("this teacher is hibari-tts: pip install 'avsynth[teach]'") from error
        self._teacher: Any = hibari.Hibari()
        network = onnx.load(self._teacher.model_path)
        network.graph.output.append(onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None))
        self._network: Any = onnxruntime.InferenceSession(
            network.SerializeToString(), self._teacher.sess.get_session_options(), providers=["CPUExecutionProvider"]
        )

    def __call__(self, text: str) -> tuple[NDArray[np.float32], int]:
        """Mono sound ``(N,)`` in [-1, 1] and its sample rate."""
        return np.asarray(self._teacher(text, seed=zlib.crc32(text.encode())), dtype=np.float32), RATE

    def phone_times(self, text: str, sound_N: NDArray[np.float32], sample_rate: int) -> tuple[PhoneTime, ...]:
        """The phones of ``text`` with their times in the sound that the teacher made of it: without gaps, silence at
        both ends."""
        symbols: list[Symbol] = []
        for phonemes in self._teacher.phonemize(text):
            inputs = {"ids": np.asarray([self._teacher.ids(phonemes)]), "speed": np.ones(1, dtype=np.float32)}
            durations = self._network.run([DURATIONS], inputs)[0].reshape(-1)
            names = ("", *(name for name in phonemes if name in self._teacher.vocab), "")
            edges = symbols[-1].end_s if symbols else 0.0
            ends = edges + np.cumsum(durations) * UNIT_S
            starts = (edges, *ends[:-1])
            symbols += [Symbol(*item) for item in zip(names, map(float, starts), map(float, ends), strict=True)]
        return phones_of(symbols, sound_N, sample_rate)


def phones_of(symbols: Sequence[Symbol], sound_N: NDArray[np.float32], sample_rate: int) -> tuple[PhoneTime, ...]:
    """Phones with silences from a teacher's symbols, which have none: their durations and those of punctuation include
    it.

    The space between two words is halved. What is quiet at the ends, and at marks of punctuation, is made ``sil``.

    Args:
        symbols: All of a sentence, without gaps.
        sound_N: What was spoken, in [-1, 1].
        sample_rate: Of the sound.

    Raises:
        UserError: There is no phone.
    """
    phones, marks = spoken(symbols)
    if not phones:
        raise UserError("the teacher speaks no phone")
    total_s = len(sound_N) / sample_rate
    quiet_W = quiet_windows(sound_N, sample_rate)
    first = phones[0]
    lead = quiet_run(quiet_W, 0.0, _late(first))
    times = [PhoneTime(SIL, 0.0, _closed(first.name, 0.0, lead[1]) if lead else max(first.start_s, WINDOW_S))]
    for phone, following, mark in zip(phones, [*phones[1:], None], marks, strict=True):
        start_s = times[-1].end_s
        end_s = total_s if following is None else _late(following)
        run = None if mark is None else quiet_run(quiet_W, max(_early(phone), start_s), end_s)
        if following is None:
            edge = run[0] if run else min(phone.end_s, total_s)
            times += [PhoneTime(phone.name, start_s, edge), PhoneTime(SIL, edge, total_s)]
        elif run and run[1] - run[0] >= MIN_SILENCE_S[mark or ""]:
            times += [PhoneTime(phone.name, start_s, run[0])]
            times += [PhoneTime(SIL, run[0], _closed(following.name, run[0], run[1]))]
        else:
            times.append(PhoneTime(phone.name, start_s, max((phone.end_s + following.start_s) / 2, start_s)))
    return tuple(times)


def spoken(symbols: Sequence[Symbol]) -> tuple[list[Symbol], list[str | None]]:
    """Phones at the times of their sound, and what follows each: None for the next phone, a space, or "" for any more.

    A mark of stress belongs to the vowel after it, an ``ɹ`` to the vowel it colours.
    """
    phones: list[Symbol] = []
    marks: list[str | None] = []
    coloured, stressed = False, None
    for symbol in symbols:
        start_s, end_s = max(symbol.start_s - LAG_S, 0.0), max(symbol.end_s - LAG_S, 0.0)
        if symbol.name == "ɹ" and coloured:
            phones[-1] = Symbol("ER", phones[-1].start_s, end_s)
        elif symbol.name in PHONES:
            phones.append(Symbol(PHONES[symbol.name], start_s if stressed is None else stressed, end_s))
            marks.append(None)
            stressed = None
        elif symbol.name in STRESS:
            stressed = start_s
        elif marks:
            marks[-1] = " " if symbol.name == " " and marks[-1] is None else ""
        coloured = symbol.name in R_COLOURED
    return phones, marks


def quiet_windows(sound_N: NDArray[np.float32], sample_rate: int) -> NDArray[np.bool_]:
    """Which windows of :data:`WINDOW_S` lie :data:`QUIET_DB` below the sentence's loud ones (their 95th percentile)."""
    size = round(WINDOW_S * sample_rate)
    windows_WN = sound_N[: len(sound_N) // size * size].reshape(-1, size)
    level_W = np.sqrt((windows_WN.astype(np.float64) ** 2).mean(axis=1))
    return np.asarray(level_W < np.percentile(level_W, 95) * 10 ** (QUIET_DB / 20))


def quiet_run(quiet_W: NDArray[np.bool_], start_s: float, end_s: float) -> tuple[float, float] | None:
    """The longest run of quiet windows that lie wholly between two times, in seconds; None where there is none."""
    first, last = int(np.ceil(start_s / WINDOW_S - 1e-6)), int(end_s / WINDOW_S + 1e-6)
    place, runs = first, []
    for quiet, group in itertools.groupby(quiet_W[first:last]):
        length = len(list(group))
        if quiet:
            runs.append((length, place))
        place += length
    if not runs:
        return None
    length, place = max(runs)
    return place * WINDOW_S, (place + length) * WINDOW_S


def _early(phone: Symbol) -> float:
    """The earliest time for silence after a phone, which keeps :data:`OWN_S` for itself, or its whole length if that is
    less."""
    return phone.start_s + min(OWN_S, (phone.end_s - phone.start_s) / 2)


def _late(phone: Symbol) -> float:
    return phone.end_s - min(OWN_S, (phone.end_s - phone.start_s) / 2)


def _closed(phone: str, start_s: float, end_s: float) -> float:
    """The end of a silence before a phone; a stop's closure, which is silent, belongs to the stop."""
    return max(end_s - CLOSURE_S, (start_s + end_s) / 2) if phone in STOPS else end_s
