"""``avsynth wer``: GRID sentences that were never recorded, or any texts, said by a voice and heard by a recogniser."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.cli.common import CONFIG_FOLDERS, positive

if TYPE_CHECKING:
    from avsynth.audio.recogniser import Recogniser
    from avsynth.data.synthetic import Teacher
    from avsynth.evaluation.open_words import HeardText
    from avsynth.evaluation.tables import Table
    from avsynth.synthesis.synthesizer import AVSynthesizer

KNOWN = "grid_s1_train_ids.txt"
"""The committed list of the shipped voice's recorded sentences, beside the configs."""


@dataclass(frozen=True)
class Task:
    """A sentence to be listened to: said by the voice, or in a recording."""

    code: str
    """Of a GRID sentence; any text where the recogniser has no grammar."""
    voice: str
    vocoder: str | None
    speaker: str | None = None
    audio: Path | None = None
    teacher: str = ""


@dataclass(frozen=True)
class Heard:
    """A sentence and what the recogniser made of it."""

    code: str
    reference: tuple[str, ...]
    words: tuple[str, ...]


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("wer", help="word errors of a voice on unrecorded GRID sentences or any texts")
    parser.add_argument("--voice", default="grid_s1", metavar="NAME|DIR")
    parser.add_argument("--speaker", metavar="NAME", help="of a voice that has several (default the first)")
    parser.add_argument("--vocoder", metavar="NAME", help="another vocoder than the voice's own")
    parser.add_argument(
        "--texts",
        type=Path,
        metavar="FILE",
        help="these instead, one a line; no grammar (extra recognise)",
    )
    parser.add_argument("--teacher", metavar="MODULE:CLASS", help="with --texts: said by this teacher as well")
    parser.add_argument("--sentences", type=positive, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    recorded_help = f"lists of codes that were recorded, one per line (default {KNOWN} beside the configs)"
    parser.add_argument("--recorded", type=Path, action="append", metavar="FILE", help=recorded_help)
    parser.add_argument("--data", type=Path, metavar="DIR", help="GRID recordings, to be listened to as well")
    parser.add_argument("--clips", type=positive, metavar="N", help="at most this many recordings (default all)")
    parser.add_argument("--copy", action="store_true", help="also the recordings' own mels through the vocoder")
    parser.add_argument("--jobs", type=positive, default=2, metavar="N", help="worker processes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write figures and every sentence as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Listen, print the table, write the JSON."""
    import random

    from avsynth.data.corpora.grid import find_clips
    from avsynth.errors import UserError
    from avsynth.evaluation.grammar import read_codes, unrecorded_sentences
    from avsynth.recipe.context import parallel
    from avsynth.synthesis.voice import find_voice

    if args.texts is not None:
        return run_open(args)
    if args.teacher is not None:
        raise UserError("--teacher needs --texts")
    if args.copy and args.data is None:
        raise UserError("--copy needs --data: it is made of recordings")
    voice = str(find_voice(args.voice))
    recorded = read_codes(args.recorded or [known_codes()])
    recordings = []
    if args.data is not None:
        clips = find_clips(args.data)
        recorded |= {clip.code for clip in clips}
        chosen = random.Random(args.seed).sample(clips, min(args.clips or len(clips), len(clips)))
        recordings = [Task(clip.code, voice, args.vocoder, audio=clip.audio) for clip in chosen]
    codes = unrecorded_sentences(args.sentences, args.seed, recorded)
    work: dict[str, tuple[Callable[[Task], Heard], list[Task]]] = {}
    if recordings:
        work["real"] = hear_recording, recordings
    if args.copy:
        work["vocoded"] = hear_copy, recordings
    work["ours"] = hear_voice, [Task(code, voice, args.vocoder, args.speaker) for code in codes]
    heard = {row: list(parallel(hear, tasks, args.jobs, f"wer {row}")) for row, (hear, tasks) in work.items()}
    table = make_table(heard, args.voice, len(codes), len(recorded))
    print(table.markdown(), end="")
    if args.out is not None:
        write_out(args.out, table, heard, args.seed)
    return 0


def run_open(args: argparse.Namespace) -> int:
    """The same for any texts, and a recogniser that may write down anything."""
    from avsynth.evaluation.open_words import OPEN_COLUMNS, open_rows, read_texts
    from avsynth.evaluation.report import command, commit
    from avsynth.evaluation.tables import Heading, Table
    from avsynth.files import write_json
    from avsynth.recipe.context import parallel
    from avsynth.synthesis.voice import Voice, find_voice

    texts, voice = read_texts(args.texts), str(find_voice(args.voice))
    speaker = args.speaker or Voice.load(voice).stats.speakers[0]
    rows = {args.teacher: args.teacher} if args.teacher else {}
    heard: dict[str, list[HeardText]] = {}
    for row, teacher in {**rows, f"{args.voice}, {speaker}": ""}.items():
        tasks = [Task(text, voice, args.vocoder, speaker, teacher=teacher) for text in texts]
        heard[row] = list(parallel(hear_text, tasks, args.jobs, f"wer {row}"))
    heading = Heading(str(args.texts), len(texts), "predicted", "none: sound alone", commit(), command())
    table = Table("Word errors, recogniser without a grammar", heading, OPEN_COLUMNS, open_rows(heard))
    print(table.markdown(), end="")
    if args.out is not None:
        said = {row: [{"text": item.text, "heard": item.heard} for item in items] for row, items in heard.items()}
        write_json(args.out, {"table": table.to_json(), "texts": said})
    return 0


def hear_text(task: Task) -> HeardText:
    """The voice, or a teacher, says a text; a recogniser without a grammar writes it down."""
    import soxr  # type: ignore[import-untyped,unused-ignore]

    from avsynth.audio.recogniser import RECOGNISER_RATE
    from avsynth.evaluation.open_words import HeardText

    if task.teacher:
        sound, rate = teacher(task.teacher)(task.code)
    else:
        made = synthesizer(task.voice, task.vocoder)(task.code, lips=False, speaker=task.speaker)
        sound, rate = made.waveform, made.sample_rate
    return HeardText(task.code, open_recogniser()(soxr.resample(sound, rate, RECOGNISER_RATE)))


@cache
def open_recogniser() -> Recogniser:
    """This process's recogniser without a grammar."""
    from avsynth.audio.recogniser import Moonshine

    return Moonshine()


@cache
def teacher(name: str) -> Teacher:
    """This process's teacher."""
    from avsynth.data.synthetic import load_teacher

    return load_teacher(name)


def known_codes() -> Path:
    """The committed list of recorded sentences."""
    from avsynth.errors import UserError

    for folder in CONFIG_FOLDERS:
        if (folder / KNOWN).is_file():
            return folder / KNOWN
    raise UserError(f"{KNOWN} lies beside no config: name the recorded sentences with --recorded FILE")


def hear_voice(task: Task) -> Heard:
    """The voice says the sentence, sound alone, with its own durations."""
    from avsynth.data.corpora.grid import sentence

    made = synthesizer(task.voice, task.vocoder)(sentence(task.code), lips=False, speaker=task.speaker)
    return _hear(task.code, made.waveform, made.sample_rate)


def hear_recording(task: Task) -> Heard:
    """The recording itself."""
    from avsynth.audio.io import read_audio

    assert task.audio is not None
    return _hear(task.code, read_audio(task.audio, 16_000), 16_000)


def hear_copy(task: Task) -> Heard:
    """The recording's own mel through the voice's vocoder."""
    from avsynth.audio.io import read_audio
    from avsynth.evaluation.clip_sound import copy_synthesis

    assert task.audio is not None
    config = synthesizer(task.voice, task.vocoder).voice.config
    sound = read_audio(task.audio, config.mel.sample_rate)
    made = copy_synthesis(sound, config.mel, task.vocoder or config.vocoder)
    return _hear(task.code, made, config.mel.sample_rate)


@cache
def synthesizer(voice: str, vocoder: str | None) -> AVSynthesizer:
    """This process's synthesizer."""
    from avsynth.synthesis.synthesizer import AVSynthesizer

    return AVSynthesizer.from_pretrained(voice, device="cpu", vocoder=vocoder)


def make_table(heard: Mapping[str, Sequence[Heard]], voice: str, sentences: int, recorded: int) -> Table:
    """Word error rate and the errors of each place in the sentence; rows real and vocoded are recordings."""
    from avsynth.evaluation.clip_sound import SoundScores
    from avsynth.evaluation.report import SLOT_COLUMNS, SOUND_COLUMNS, command, commit, sound_summaries
    from avsynth.evaluation.speech import word_errors
    from avsynth.evaluation.tables import Heading, Table

    rows = {
        row: sound_summaries(
            [(item.reference, SoundScores(item.words, word_errors(item.reference, item.words))) for item in items]
        )
        for row, items in heard.items()
    }
    clips = f"GRID sentences other than the {recorded} known to be recorded, drawn by seed, said by voice {voice}"
    heading = Heading(clips, sentences, "predicted", "none: sound alone", commit(), command())
    return Table("Word errors, recogniser held to the GRID grammar", heading, (SOUND_COLUMNS[0], *SLOT_COLUMNS), rows)


def write_out(path: Path, table: Table, heard: Mapping[str, Sequence[Heard]], seed: int) -> None:
    """The table and every sentence as it was heard."""
    from avsynth.files import write_json

    sentences = {
        row: [{"code": item.code, "said": " ".join(item.reference), "heard": " ".join(item.words)} for item in items]
        for row, items in heard.items()
    }
    write_json(path, {"seed": seed, "table": table.to_json(), "sentences": sentences})


def _hear(code: str, sound: Any, sample_rate: int) -> Heard:
    from avsynth.data.corpora.grid import sentence
    from avsynth.evaluation.clip_sound import recogniser

    return Heard(code, tuple(sentence(code).split()), tuple(recogniser().recognise(sound, sample_rate)))
