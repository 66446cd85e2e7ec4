"""Sound alone as LJSpeech lays it out: ``metadata.csv`` (``id|raw|normalised``) and ``wavs/<id>.wav`` (or another).

Where the phones' times are known, ``labels/<id>.txt`` has a line for each phone: start and end in seconds, phone, tabs
between them, as Audacity writes a track of labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.clips import CHECK_RATE, ClipMeasure, Corpus, SourceClip
from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError
from avsynth.files import read_lines, write_text
from avsynth.text import SIL, default_frontend
from avsynth.text.symbols import PHONES

LIST = "metadata.csv"
LABELS = "labels"
ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MIN_S = 0.4


@dataclass(frozen=True)
class ListedClip(SourceClip):
    """One line of the list."""

    line: int
    text: str
    """Empty where the line gives none."""
    labels: Path | None = None


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
        labels = corpus / LABELS / f"{code}.txt"
        sound = _sound(corpus / "wavs", code)
        clips[code] = ListedClip(who, code, None, sound, number, fields[-1], labels if labels.is_file() else None)
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
    try:
        phones = read_labels(clip.labels) if clip.labels else ()
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"labels: {error}")
    return ClipMeasure(clip.speaker, clip.code, text=clip.text, phones=phones, audio_s=round(audio_s, 4))


def read_labels(path: Path) -> tuple[PhoneTime, ...]:
    """Phones with their times; :class:`UserError` names the line that is malformed, leaves a gap or has no phone."""
    times: list[PhoneTime] = []
    for number, line in enumerate(read_lines(path, "labels"), start=1):
        try:
            start_s, end_s, phone = line.split()
            item = PhoneTime(phone, float(start_s), float(end_s))
        except ValueError:
            raise UserError(f"{path}, line {number}: not of the form start, end, phone") from None
        if phone not in (*PHONES, SIL):
            raise UserError(f"{path}, line {number}: {phone!r} is not one of {SIL} {' '.join(PHONES)}")
        if item.start_s != (times[-1].end_s if times else 0.0) or not item.end_s >= item.start_s:
            raise UserError(f"{path}, line {number}: it must go on from {times[-1].end_s if times else 0} s")
        times.append(item)
    if not times or times[0].phone != SIL or times[-1].phone != SIL:
        raise UserError(f"{path}: it must begin and end with {SIL}")
    return tuple(times)


def write_labels(path: Path, times: Sequence[PhoneTime]) -> None:
    """Write what :func:`read_labels` reads, in whole milliseconds, whole or not at all."""
    write_text(path, "".join(f"{item.start_s:.3f}\t{item.end_s:.3f}\t{item.phone}\n" for item in times))


def _sound(folder: Path, code: str) -> Path:
    """The sound of an id; by its first ending where there is none."""
    paths = [folder / f"{code}{ending}" for ending in ENDINGS]
    return next((path for path in paths if path.is_file()), paths[0])


CORPUS = Corpus(find_clips, measure_clip)
