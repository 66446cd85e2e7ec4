"""Word errors: a sentence said by a voice or a teacher, or recorded, and what a recogniser understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from avsynth.audio.io import read_audio, resample
from avsynth.audio.recogniser import RECOGNISER_RATE, Moonshine, Recogniser
from avsynth.data.corpora.grid import sentence
from avsynth.data.synthetic import Teacher, load_teacher
from avsynth.evaluation.clip_sound import SoundScores, copy_synthesis, predicted_mos, recogniser
from avsynth.evaluation.open_words import MOS_COLUMNS, OPEN_COLUMNS, HeardText, open_rows
from avsynth.evaluation.report import SLOT_COLUMNS, SOUND_COLUMNS, command, commit, sound_summaries
from avsynth.evaluation.speech import word_errors
from avsynth.evaluation.tables import Heading, Table
from avsynth.files import write_json
from avsynth.synthesis.synthesizer import AVSynthesizer


@dataclass(frozen=True)
class Task:
    """A sentence for the recogniser: said by the voice or a teacher, or recorded."""

    code: str
    """The code of a GRID sentence; or any text, for the recogniser without a grammar."""
    voice: str
    vocoder: str | None
    speaker: str | None = None
    audio: Path | None = None
    teacher: str = ""
    mos: bool = False
    """Whether DNSMOS is computed as well."""


@dataclass(frozen=True)
class Heard:
    """A sentence and what the recogniser made of it."""

    code: str
    reference: tuple[str, ...]
    words: tuple[str, ...]


def hear_text(task: Task) -> HeardText:
    """The voice, or a teacher, says a text; a recogniser without a grammar writes it down."""
    if task.teacher:
        sound, rate = teacher(task.teacher)(task.code)
    else:
        made = synthesizer(task.voice, task.vocoder)(task.code, lips=False, speaker=task.speaker)
        sound, rate = made.waveform, made.sample_rate
    heard = open_recogniser()(resample(sound, rate, RECOGNISER_RATE))
    return HeardText(task.code, heard, predicted_mos(sound, rate) if task.mos else None)


@cache
def open_recogniser() -> Recogniser:
    """This process's recogniser without a grammar."""
    return Moonshine()


@cache
def teacher(name: str) -> Teacher:
    """This process's teacher."""
    return load_teacher(name)


def hear_voice(task: Task) -> Heard:
    """The voice says the sentence, sound alone, with its own durations."""
    made = synthesizer(task.voice, task.vocoder)(sentence(task.code), lips=False, speaker=task.speaker)
    return _hear(task.code, made.waveform, made.sample_rate)


def hear_recording(task: Task) -> Heard:
    """The recording itself."""
    assert task.audio is not None
    return _hear(task.code, read_audio(task.audio, 16_000), 16_000)


def hear_copy(task: Task) -> Heard:
    """The recording's own mel through the voice's vocoder."""
    assert task.audio is not None
    speaking = synthesizer(task.voice, task.vocoder)
    config = speaking.voice.config
    sound = read_audio(task.audio, config.mel.sample_rate)
    made = copy_synthesis(sound, config.mel, speaking.vocoder)
    return _hear(task.code, made, config.mel.sample_rate)


@cache
def synthesizer(voice: str, vocoder: str | None) -> AVSynthesizer:
    """This process's synthesizer."""
    return AVSynthesizer.from_pretrained(voice, device="cpu", vocoder=vocoder)


def make_table(heard: Mapping[str, Sequence[Heard]], voice: str, sentences: int, recorded: int) -> Table:
    """Word error rate and the errors of each place in the sentence; rows real and vocoded are recordings."""
    rows = {
        row: sound_summaries(
            [(item.reference, SoundScores(item.words, word_errors(item.reference, item.words))) for item in items]
        )
        for row, items in heard.items()
    }
    clips = f"GRID sentences other than the {recorded} known to be recorded, drawn by seed, said by voice {voice}"
    heading = Heading(clips, sentences, "predicted", "none: sound alone", commit(), command())
    return Table("Word errors, recogniser held to the GRID grammar", heading, (SOUND_COLUMNS[0], *SLOT_COLUMNS), rows)


def make_open_table(heard: Mapping[str, Sequence[HeardText]], texts: Path, count: int) -> Table:
    """Word error rate of texts that were said, by a recogniser that may write down anything."""
    heading = Heading(str(texts), count, "predicted", "none: sound alone", commit(), command())
    rows = open_rows({row: list(items) for row, items in heard.items()})
    columns = OPEN_COLUMNS + (MOS_COLUMNS if any("p808" in measures for measures in rows.values()) else ())
    return Table("Word errors, recogniser without a grammar", heading, columns, rows)


def write_out(path: Path, table: Table, heard: Mapping[str, Sequence[Heard]], seed: int) -> None:
    """The table and every sentence as it was heard."""
    sentences = {
        row: [{"code": item.code, "said": " ".join(item.reference), "heard": " ".join(item.words)} for item in items]
        for row, items in heard.items()
    }
    write_json(path, {"seed": seed, "table": table.to_json(), "sentences": sentences})


def _hear(code: str, sound: Any, sample_rate: int) -> Heard:
    return Heard(code, tuple(sentence(code).split()), tuple(recogniser().recognise(sound, sample_rate)))
