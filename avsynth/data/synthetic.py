"""A corpus spoken by another text-to-speech program (a "teacher"), laid out as LJSpeech is.

It is for training a voice on general English without a recorded corpus. A teacher is any class that is constructed
without arguments and called with a text.
"""

from __future__ import annotations

import importlib
import lzma
import os
import random
import sys
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import read_audio, write_wav
from avsynth.config.reading import fingerprint
from avsynth.data.corpora.ljspeech import LABELS, LIST, write_labels
from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError
from avsynth.files import read_json, write_json, write_text

HIBARI = "avsynth.data.hibari:Hibari"
RECORD = "teacher.json"
"""File that records the teacher, the sentences, and which were left out, with reasons."""
SHORTEST, LONGEST = 20, 120
"""Length in characters of the sentences that are chosen; it keeps batches small."""
CHUNK = 200
"""Sentences after which the hours are counted."""
QUIETEST = 0.02
PACE_S = (0.03, 0.2)
"""Plausible seconds per character; other readings are left out."""


class Teacher(Protocol):
    """Reads a text out."""

    def __call__(self, text: str) -> tuple[NDArray[np.float32], int]:
        """Mono sound ``(N,)`` in [-1, 1] and its sample rate."""
        ...


@runtime_checkable
class TimedTeacher(Teacher, Protocol):
    """A teacher that knows the times of the phones it spoke."""

    def phone_times(self, text: str, sound_N: NDArray[np.float32], sample_rate: int) -> tuple[PhoneTime, ...]:
        """The phones of ``text`` in the sound it made of it: without gaps from 0 on, silence at both ends."""
        ...


@dataclass(frozen=True)
class Sentence:
    """One to be read out, and where to."""

    code: str
    text: str
    wav: Path
    teacher: str

    @property
    def labels(self) -> Path:
        """The file for its phones' times, if the teacher knows them."""
        return self.wav.parent.with_name(LABELS) / f"{self.code}.txt"


@dataclass(frozen=True)
class Reading:
    """A spoken sentence's length, or why it is left out."""

    sentence: Sentence
    seconds: float
    reason: str = ""


@cache
def load_teacher(name: str) -> Teacher:
    """The teacher ``module:Class``, installed or where the user stands; :class:`UserError` where there is none such."""
    module, _, item = name.partition(":")
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    try:
        teacher: Teacher = getattr(importlib.import_module(module), item)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise UserError(f"no teacher {name!r} (module:Class, made without arguments): {error}") from error
    return teacher


def read_list(path: Path) -> dict[str, str]:
    """Id to sentence, of lines ``id|sentence``; ``.xz`` is unpacked. :class:`UserError` for anything else."""
    try:
        data = path.read_bytes()
        text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8-sig")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the sentences {path}: {error}") from error
    rows = [line.split("|", 1) for line in text.splitlines() if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) != 2 or not row[0].strip() or "/" in row[0] or "|" in row[1]:
            raise UserError(f"{path}, line {number}: not of the form id|sentence")
    listed = {code.strip(): sentence.strip() for code, sentence in rows}
    if len(listed) != len(rows):
        raise UserError(f"{path} names an id twice")
    return listed


def choose(listed: dict[str, str], seed: int) -> list[tuple[str, str]]:
    """The sentences of a fit length, in an order that the seed alone decides."""
    fit = sorted((code, text) for code, text in listed.items() if SHORTEST <= len(text) <= LONGEST)
    random.Random(seed).shuffle(fit)
    return fit


def teach(
    sentences: Sequence[tuple[str, str]],
    teacher: str,
    folder: Path,
    hours: float,
    run: Callable[[Callable[[Sentence], Reading], list[Sentence], str], Iterator[Reading]],
) -> list[Reading]:
    """Have sentences spoken, in order, until there are so many hours; write ``wavs/`` and, last, ``metadata.csv``.

    What is there already is kept. Sentences are taken :data:`CHUNK` at a time, so that there is a little more.
    ``teacher.json`` keeps what is left out, with reasons.

    Args:
        run: Maps a function over sentences, by processes or not; the last argument is a label for progress.

    Raises:
        UserError: There is no such teacher, or the folder holds anything but his reading of these sentences.
    """
    load_teacher(teacher)
    spoken = {"teacher": teacher, "sentences": fingerprint(sorted(sentences))}
    claim(folder, spoken)
    readings: list[Reading] = []
    for start in range(0, len(sentences), CHUNK):
        if sum(item.seconds for item in readings if not item.reason) >= hours * 3600:
            break
        chunk = sentences[start : start + CHUNK]
        jobs = [Sentence(code, text, folder / "wavs" / f"{code}.wav", teacher) for code, text in chunk]
        readings += run(read_sentence, jobs, f"teach, {len(readings)} done")
    kept = sorted((item.sentence for item in readings if not item.reason), key=lambda sentence: sentence.code)
    left_out = {item.sentence.code: item.reason for item in readings if item.reason}
    if not kept:
        code, reason = next(iter(left_out.items()))
        raise UserError(f"none of {len(readings)} sentences can be used; {code}: {reason}")
    write_text(folder / LIST, "".join(f"{item.code}|{item.text}|{item.text}\n" for item in kept))
    seconds = round(sum(item.seconds for item in readings), 2)
    write_json(folder / RECORD, spoken | {"kept": len(kept), "seconds": seconds, "left_out": left_out})
    return readings


def claim(folder: Path, spoken: dict[str, str]) -> None:
    """Make the folder and record what is spoken into it; :class:`UserError` if it holds anything else."""
    record = folder / RECORD
    known = read_json(record) if record.exists() else {}
    if folder.is_dir() and any(folder.iterdir()) and any(known.get(key) != value for key, value in spoken.items()):
        raise UserError(
            f"{folder} holds something else than {spoken['teacher']} reading these sentences: name a new folder"
        )
    try:
        for name in ("wavs", LABELS):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    if not known:
        write_json(record, spoken)


def read_sentence(sentence: Sentence) -> Reading:
    """Have one sentence spoken, and its phones' times written if the teacher knows them, unless the files exist; a
    reading with a :func:`fault` is left out."""
    teacher = load_teacher(sentence.teacher)
    if not sentence.wav.exists():
        sound, rate = teacher(sentence.text)
        reason = fault(sound, rate, sentence.text)
        if reason:
            return Reading(sentence, 0.0, reason)
        write_wav(sentence.wav, sound, rate)
    with wave.open(str(sentence.wav)) as file:
        frames, rate = file.getnframes(), file.getframerate()
    if isinstance(teacher, TimedTeacher) and not sentence.labels.exists():
        write_labels(sentence.labels, teacher.phone_times(sentence.text, read_audio(sentence.wav, rate), rate))
    return Reading(sentence, frames / rate)


def fault(sound: NDArray[np.float32], rate: int, text: str) -> str:
    """Why a reading cannot be used; empty if it can."""
    if sound.ndim != 1 or not len(sound) or not np.isfinite(sound).all():
        return f"no sound: an array of shape {sound.shape}"
    peak, pace = float(np.abs(sound).max()), len(sound) / rate / max(len(text), 1)
    if peak < QUIETEST:
        return f"silent: its peak is {peak:.3f}"
    if peak > 1:
        return f"clipped: its peak is {peak:.2f}"
    if not PACE_S[0] <= pace <= PACE_S[1]:
        return f"no human pace: {pace:.3f} s a character"
    return ""
