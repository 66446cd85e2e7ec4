"""The GRID corpus as its owners and its copies lay it out.

Two shapes are read: one speaker's ``video/<id>.mp4`` with ``align/<id>.align``, and the corpus's own
``s<k>/*.mpg`` or ``s<k>/video/**/*.mpg`` with ``alignments/s<k>/*.align`` or ``s<k>/align/*.align``, sound beside it
(``audio_25k/s<k>/*.wav``) or in the video. Times are in units of 1/25,000 s. (Cooke et al., JASA 120(5), 2006.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.clips import CHECK_RATE, ClipMeasure, Corpus, FilmedClip, look, word_fit
from avsynth.data.manifest import SILENCES, WordTime
from avsynth.errors import UserError

UNITS_PER_SECOND = 25_000
VERBS = {"b": "bin", "l": "lay", "p": "place", "s": "set"}
COLOURS = {"b": "blue", "g": "green", "r": "red", "w": "white"}
PREPOSITIONS = {"a": "at", "b": "by", "i": "in", "w": "with"}
_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGITS = dict(zip("z123456789", _DIGIT_WORDS, strict=True))
LETTERS = "abcdefghijklmnopqrstuvxyz"
"""Without w."""
ADVERBS = {"a": "again", "n": "now", "p": "please", "s": "soon"}
MIN_AUDIO_S = 1.0
MIN_FRAMES = 25
CODE = re.compile(r"[blps][bgrw][abiw][a-vxyz][z1-9][anps]")


@dataclass(frozen=True)
class GridClip(FilmedClip):
    """One clip's files."""

    align: Path | None


def sentence(code: str) -> str:
    """The words of a clip's code: ``bbaf2n`` is ``bin blue at f two now``."""
    if not CODE.fullmatch(code):
        raise UserError(f"{code!r} is not the code of a GRID sentence")
    verb, colour, preposition, letter, digit, adverb = tuple(code)
    return " ".join((VERBS[verb], COLOURS[colour], PREPOSITIONS[preposition], letter, DIGITS[digit], ADVERBS[adverb]))


def all_sentences() -> list[str]:
    """The codes of all 64,000 sentences of the grammar, in alphabetical order of their slots."""
    return [
        v + c + p + x + d + a
        for v in VERBS
        for c in COLOURS
        for p in PREPOSITIONS
        for x in LETTERS
        for d in DIGITS
        for a in ADVERBS
    ]


def find_clips(corpus: Path, speaker: str | None = None) -> list[GridClip]:
    """Every clip below ``corpus``, by speaker and code.

    Args:
        corpus: The corpus's folder, in one of the shapes of this module.
        speaker: The speaker of a single-speaker folder; by default read from the folder's name (``grid_s1`` is s1).

    Raises:
        UserError: Nothing there looks like GRID.
    """
    if not corpus.is_dir():
        raise UserError(f"--data {corpus} is not a folder")
    if (corpus / "video").is_dir():
        name = speaker or (re.findall(r"s\d+", corpus.name) or [corpus.name])[-1]
        clips = [
            GridClip(name, path.stem, path, path, _existing(corpus / "align" / f"{path.stem}.align"))
            for path in sorted((corpus / "video").iterdir())
            if path.suffix in (".mp4", ".mpg")
        ]
    else:
        clips = []
        folders = [path for path in corpus.iterdir() if re.fullmatch(r"s\d+", path.name) and path.is_dir()]
        for folder in sorted(folders, key=lambda path: int(path.name[1:])):
            for path in sorted(folder.rglob("*.mpg")):
                clips.append(_corpus_clip(corpus, folder, path))
    if not clips:
        raise UserError(f"--data {corpus} holds neither video/*.mp4 nor s<number>/**/*.mpg: is it GRID?")
    return clips


def _corpus_clip(corpus: Path, folder: Path, path: Path) -> GridClip:
    name = f"{path.stem}.align"
    align = _existing(corpus / "alignments" / folder.name / name) or _existing(folder / "align" / name)
    sound = _existing(corpus / "audio_25k" / folder.name / f"{path.stem}.wav")
    return GridClip(folder.name, path.stem, path, sound or path, align)


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def read_align(path: Path) -> tuple[WordTime, ...]:
    """The words of an ``.align`` file with their times in seconds, silences left out.

    Raises :class:`UserError` naming the line where times run backwards or a line is not ``start end word``.
    """
    words = []
    previous = 0
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != 3 or not fields[0].isdigit() or not fields[1].isdigit():
            raise UserError(f"{path}:{number}: not 'start end word': {line.strip()!r}")
        start, end = int(fields[0]), int(fields[1])
        if not previous <= start <= end:
            raise UserError(f"{path}:{number}: times run backwards")
        previous = end
        if fields[2] not in SILENCES:
            words.append(WordTime(fields[2], start / UNITS_PER_SECOND, end / UNITS_PER_SECOND))
    return tuple(words)


def measure_clip(clip: GridClip, config: DataConfig) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason."""
    try:
        text = sentence(clip.code)
        sound = read_audio(clip.audio, CHECK_RATE)
        pictures = look(clip.video)
        words = read_align(clip.align) if clip.align else ()
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"unreadable: {error}")
    audio_s = len(sound) / CHECK_RATE
    reason = ""
    if not words:
        reason = "no alignment: the corpus gives no word times"
    elif [word.text for word in words] != text.split():
        spoken = " ".join(word.text for word in words)
        reason = f"wrong words: the file name says {text!r}, the alignment {spoken!r}"
    elif audio_s < MIN_AUDIO_S or pictures.count < MIN_FRAMES:
        reason = f"too short: {audio_s:.2f} s, {pictures.count} frames"
    elif words[-1].end_s > audio_s + 0.1:
        reason = f"sound ends early: at {audio_s:.2f} s, inside the words"
    elif pictures.blank:
        reason = "blank first picture: it serves as the identity"
    elif pictures.grey:
        reason = "grey picture: no colour"
    if reason:
        return ClipMeasure(clip.speaker, clip.code, reason)
    contrast, onset = word_fit(sound, CHECK_RATE, words)
    return ClipMeasure(
        clip.speaker,
        clip.code,
        text=text,
        words=words,
        audio_s=round(audio_s, 4),
        lip_frames=pictures.count,
        fps=str(pictures.fps),
        damaged=pictures.damaged,
        contrast_db=contrast,
        onset_ms=onset,
    )


CORPUS = Corpus(find_clips, measure_clip, whole_frames=75, whole_speaker=900)
