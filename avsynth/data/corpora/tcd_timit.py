"""TCD-TIMIT as its owners lay it out.

Clips: ``volunteers/<01M>/Clips/straightcam/<sa1>.mp4`` and ``lipspeakers/<Lipspkr1>/Clips/straightcam/…``, sound in
them or beside them as ``<sa1>.wav``, the sentence beside them as ``<sa1>.txt``. Phone labels: label files anywhere
below the corpus (:mod:`avsynth.data.mlf`). (Harte and Gillen, IEEE Transactions on Multimedia 17(5), 2015.)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.clips import CHECK_RATE, ClipMeasure, Corpus, FilmedClip, look, word_fit
from avsynth.data.manifest import SILENCES, PhoneTime, WordTime
from avsynth.data.mlf import SILENCE, UNITS_PER_SECOND, Entry, Label, read_mlf, tidy
from avsynth.errors import UserError
from avsynth.text import SIL, default_frontend

VOWEL_LABELS = ("aa", "ae", "ah", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw")
CONSONANT_LABELS = (
    *("b", "ch", "d", "dh", "f", "g", "hh", "jh", "k", "l", "m", "n"),
    *("ng", "p", "r", "s", "sh", "t", "th", "v", "w", "y", "z"),
)
PHONE_OF: Mapping[str, str] = {SILENCE: SIL} | {label: label.upper() for label in VOWEL_LABELS + CONSONANT_LABELS}
"""The corpus's 37 phones and silence to the project's symbols. AO is folded into ``aa`` there, ZH into ``sh``."""
GROUPS = ("volunteers", "lipspeakers")
CAMERA = "straightcam"
MAX_OUTSIDE_S = 0.1
"""Speech may be labelled this far beyond the end of the sound."""


@dataclass(frozen=True)
class TcdTimitClip(FilmedClip):
    """One clip's files and labels."""

    text: Path | None
    entry: Entry | None


def find_clips(corpus: Path, speaker: str | None = None) -> list[TcdTimitClip]:
    """Every clip of the straight camera below ``corpus``, by group, speaker and sentence.

    Args:
        corpus: The folder that holds ``volunteers`` or ``lipspeakers``, and the label files.
        speaker: This one alone.

    Raises:
        UserError: Nothing there looks like TCD-TIMIT, or there is no label file.
    """
    found = [
        path
        for group in GROUPS
        for path in sorted((corpus / group).glob(f"*/Clips/{CAMERA}/*"))
        if path.suffix.lower() == ".mp4" and speaker in (None, path.parts[-4])
    ]
    if not found:
        whose = "<speaker>" if speaker is None else speaker
        raise UserError(f"--data {corpus} holds no {GROUPS[0]}/{whose}/Clips/{CAMERA}/*.mp4: is it TCD-TIMIT?")
    entries = read_labels(corpus)
    clips = []
    for folder, own in groupby(found, key=lambda path: path.parent):
        beside = {path.name.lower(): path for path in folder.iterdir()}
        who = folder.parts[-3]
        for path in own:
            code = path.stem.lower()
            sound, text = beside.get(f"{code}.wav", path), beside.get(f"{code}.txt")
            clips.append(TcdTimitClip(who, code, path, sound, text, entries.get((who, code))))
    return clips


def read_labels(corpus: Path) -> dict[tuple[str, str], Entry]:
    """The labels of every clip by speaker and sentence, out of all label files below ``corpus``.

    Where two files have labels of a clip, the first in alphabetical order that has phones is used; files of viseme
    labels may lie beside those of phones.
    """
    files = sorted(path for path in corpus.rglob("*") if path.suffix.lower() == ".mlf")
    if not files:
        raise UserError(f"--data {corpus} holds no label file (*.mlf): put volunteer_labelfiles.mlf there")
    entries: dict[tuple[str, str], Entry] = {}
    for file in files:
        for entry in read_mlf(file):
            parts = entry.path.split("/")
            if len(parts) < 4 or parts[-2] != CAMERA:
                continue
            key = parts[-4], Path(parts[-1]).stem.lower()
            if key not in entries or (unknown_labels(entries[key]) and not unknown_labels(entry)):
                entries[key] = entry
    return entries


def unknown_labels(entry: Entry) -> list[str]:
    """Labels that are none of the corpus's phones."""
    return sorted({label.name for label in entry.labels} - PHONE_OF.keys())


def read_text(path: Path) -> str:
    """The sentence of a transcription: the words of its lines, without the times that begin a line ``start end words``.

    Lines that name a silence are passed over. Empty where it holds nothing that can be said.
    """
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    said = (" ".join(re.sub(r"^\s*\d+\s+\d+(\s+|$)", "", line).split()) for line in lines)
    text = " ".join(words for words in said if words not in SILENCES)
    try:
        default_frontend().spoken(text)
    except UserError:
        return ""
    return text


def measure_clip(clip: TcdTimitClip, config: DataConfig) -> ClipMeasure:
    """Decode a whole clip, repair its labels and measure it; if it cannot be used, the reason is given."""
    try:
        phones, repairs = phone_times(clip.entry)
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"labels: {error}")
    try:
        sound = read_audio(clip.audio, CHECK_RATE)
        pictures = look(clip.video)
        text = read_text(clip.text) if clip.text else ""
    except (UserError, OSError) as error:
        return ClipMeasure(clip.speaker, clip.code, f"unreadable: {error}")
    audio_s = len(sound) / CHECK_RATE
    speech = speech_runs(phones)
    if not speech:
        return ClipMeasure(clip.speaker, clip.code, "no speech: the labels hold silence alone")
    if speech[-1].end_s > audio_s + MAX_OUTSIDE_S:
        return ClipMeasure(clip.speaker, clip.code, f"sound ends early: at {audio_s:.2f} s, inside the labelled speech")
    if pictures.blank:
        return ClipMeasure(clip.speaker, clip.code, "blank first picture: it serves as the identity")
    contrast, onset = word_fit(sound, CHECK_RATE, speech)
    return ClipMeasure(
        clip.speaker,
        clip.code,
        text=text,
        phones=phones,
        audio_s=round(audio_s, 4),
        lip_frames=pictures.count,
        fps=str(pictures.fps),
        damaged=pictures.damaged,
        contrast_db=contrast,
        onset_ms=onset,
        repairs=repairs,
    )


def phone_times(entry: Entry | None) -> tuple[tuple[PhoneTime, ...], Counter[str]]:
    """An entry's phones in the project's symbols and in seconds, repaired, with the counts of repairs (:func:`tidy`).

    Raises :class:`UserError` where there is no entry, or it cannot be read, used or put right.
    """
    if entry is None:
        raise UserError("no label file tells of this clip")
    if entry.fault:
        raise UserError(f"the entry of {entry.path} at line {entry.line} is damaged: {entry.fault}")
    if unknown := unknown_labels(entry):
        raise UserError(f"{unknown[0]!r} is none of the corpus's phones")
    labels, repairs = tidy(entry.labels)
    return tuple(_phone_time(label) for label in labels), repairs


def _phone_time(label: Label) -> PhoneTime:
    return PhoneTime(PHONE_OF[label.name], label.start / UNITS_PER_SECOND, label.end / UNITS_PER_SECOND)


def speech_runs(phones: tuple[PhoneTime, ...]) -> list[WordTime]:
    """What is spoken between two silences, as times."""
    runs: list[WordTime] = []
    speaking = False
    for item in phones:
        if item.phone != SIL:
            start_s = runs.pop().start_s if speaking else item.start_s
            runs.append(WordTime("speech", start_s, item.end_s))
        speaking = item.phone != SIL
    return runs


CORPUS = Corpus(find_clips, measure_clip)
