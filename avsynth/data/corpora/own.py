"""Videos of one's own: ``<clip>.mp4`` with what is said in it as ``<clip>.txt`` beside it.

A folder below the corpus is a speaker; videos that lie in the corpus itself are of one more, named after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.clips import CHECK_RATE, ClipMeasure, Corpus, FilmedClip, look
from avsynth.errors import UserError
from avsynth.text import default_frontend

ENDINGS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg")
MIN_S = 0.5
MIN_FPS = 12
MAX_APART_S = 0.5
"""The picture may begin this much after the sound, and end this much before it."""


@dataclass(frozen=True)
class OwnClip(FilmedClip):
    """One video and its text."""

    text: Path
    twin: Path | None
    """Another video that would get the same name."""


def find_clips(corpus: Path, speaker: str | None = None) -> list[OwnClip]:
    """Every video below ``corpus``, by speaker and name; hidden files are passed over.

    Args:
        corpus: The folder.
        speaker: Name of the speaker of the videos that lie in the folder itself; by default the folder's.

    Raises:
        UserError: There is no video.
    """
    seen: dict[tuple[str, str], Path] = {}
    clips = []
    for path in sorted(corpus.rglob("*")):
        inside = path.relative_to(corpus)
        if (
            path.suffix.lower() not in ENDINGS
            or not path.is_file()
            or any(part.startswith(".") for part in inside.parts)
        ):
            continue
        first, *rest = inside.with_suffix("").parts
        who = plain(first if rest else speaker or corpus.resolve().name).replace("_", "-")
        code = plain("_".join(rest or [first]))
        twin = seen.setdefault((who, code), path)
        if twin != path:
            code += path.suffix
        clips.append(OwnClip(who, code, path, path, path.with_suffix(".txt"), twin if twin != path else None))
    if not clips:
        raise UserError(f"--data {corpus} holds no video ({' '.join(ending[1:] for ending in ENDINGS)})")
    return sorted(clips, key=lambda clip: (clip.speaker, clip.code))


def plain(name: str) -> str:
    """A name for manifest and files: whatever is no letter, digit, dot, hyphen or underscore becomes a hyphen."""
    return re.sub(r"[^\w.-]+", "-", name) or "-"


def read_text(path: Path) -> str:
    """What is said, on one line.

    Raises :class:`UserError`, which says what to do, for a file that is missing, not UTF-8, or holds nothing to say.
    """
    try:
        text = " ".join(path.read_text(encoding="utf-8-sig").split())
    except FileNotFoundError:
        raise UserError(f"no text: write what is said into {path.name} beside it") from None
    except OSError as error:
        raise UserError(f"no text: cannot read {path.name}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UserError(f"no text: {path.name} is not UTF-8; save it so") from None
    try:
        default_frontend().spoken(text)
    except UserError as error:
        raise UserError(f"no text: {path.name}: {error}") from None
    return text


def measure_clip(clip: OwnClip, config: DataConfig) -> ClipMeasure:
    """Decode a clip and measure it; what makes it unusable becomes its reason, with what to do about it."""
    try:
        return _measure(clip, config)
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, str(error))


def _measure(clip: OwnClip, config: DataConfig) -> ClipMeasure:
    if clip.twin is not None:
        raise UserError(f"same name: as {clip.twin.name}; rename one, its text too")
    text = read_text(clip.text)
    longest_s = config.longest_s
    try:
        pictures = look(clip.video, longest_s)
        too_long = pictures.count > longest_s * pictures.fps
        audio_s = longest_s if too_long else len(read_audio(clip.audio, CHECK_RATE)) / CHECK_RATE
    except UserError as error:
        raise UserError(f"unreadable: {error}") from error
    if too_long or audio_s > longest_s:
        raise UserError(f"too long: over {longest_s:g} s (data.longest_s); cut it into one video and text per sentence")
    if min(audio_s, pictures.end_s) < MIN_S:
        raise UserError(f"too short: {audio_s:.2f} s of sound, {pictures.count} pictures")
    if pictures.fps < MIN_FPS:
        raise UserError(f"too few pictures: {float(pictures.fps):g} a second do not show speech; film at 24 or more")
    if pictures.start_s > MAX_APART_S:
        raise UserError(f"picture starts late: {pictures.start_s:.2f} s after the sound; cut the beginning off")
    if audio_s - pictures.end_s > MAX_APART_S:
        raise UserError(f"picture ends early: {audio_s - pictures.end_s:.2f} s before the sound; cut the end off")
    if pictures.blank:
        raise UserError("blank first picture: it serves as the identity; cut the beginning off")
    return ClipMeasure(
        clip.speaker,
        clip.code,
        text=text,
        audio_s=round(audio_s, 4),
        lip_frames=pictures.count,
        fps=str(pictures.fps),
        damaged=pictures.damaged,
    )


CORPUS = Corpus(find_clips, measure_clip)
