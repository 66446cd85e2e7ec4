"""Sound alone as LJSpeech lays it out: ``metadata.csv`` (``id|raw|normalised``) and ``wavs/<id>.wav`` (or another)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.clips import CHECK_RATE, ClipMeasure, Corpus, SourceClip
from avsynth.errors import UserError
from avsynth.text import default_frontend

LIST = "metadata.csv"
ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MIN_S = 0.4


@dataclass(frozen=True)
class ListedClip(SourceClip):
    """One line of the list."""

    line: int
    text: str
    """Empty where the line gives none."""


def find_clips(corpus: Path, speaker: str | None = None) -> list[ListedClip]:
    """Every line of ``metadata.csv``, by id; the last field is the text.

    Args:
        corpus: The folder.
        speaker: The reader's name; by default the folder's.

    Raises:
        UserError: There is no list, or none that can be read; a line has one field; an id stands twice.
    """
    path = corpus / LIST
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}; LJSpeech's folder has one") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text") from error
    who = speaker or corpus.resolve().name
    clips: dict[str, ListedClip] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        code, *fields = (field.strip() for field in line.split("|"))
        if not fields or not code:
            raise UserError(f"{path}, line {number}: not of the form id|text or id|raw|normalised")
        if code in clips:
            raise UserError(f"{path}, line {number}: {code} stands in line {clips[code].line} already")
        clips[code] = ListedClip(who, code, None, _sound(corpus / "wavs", code), number, fields[-1])
    if not clips:
        raise UserError(f"{path} lists no clip")
    return [clips[code] for code in sorted(clips)]


def measure_clip(clip: ListedClip, config: DataConfig) -> ClipMeasure:
    """Decode a clip's sound; what makes it unusable becomes its reason."""
    try:
        default_frontend().spoken(clip.text)
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"no text: line {clip.line} of {LIST}: {error}")
    try:
        audio_s = len(read_audio(clip.audio, CHECK_RATE)) / CHECK_RATE
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"unreadable: {error}")
    if audio_s > config.longest_s:
        return ClipMeasure(clip.speaker, clip.code, f"too long: over {config.longest_s:g} s (data.longest_s)")
    if audio_s < MIN_S:
        return ClipMeasure(clip.speaker, clip.code, f"too short: {audio_s:.2f} s of sound")
    return ClipMeasure(clip.speaker, clip.code, text=clip.text, audio_s=round(audio_s, 4))


def _sound(folder: Path, code: str) -> Path:
    """The sound of an id; by its first ending where there is none."""
    paths = [folder / f"{code}{ending}" for ending in ENDINGS]
    return next((path for path in paths if path.is_file()), paths[0])


CORPUS = Corpus(find_clips, measure_clip)
