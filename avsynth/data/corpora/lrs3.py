"""LRS3 as its owners laid it out: ``trainval/<id>/<n>.mp4`` with ``<n>.txt`` beside it; also ``pretrain`` and ``test``.

A text has a line ``Text: THE WORDS``, then boxes of the face, then, in most files, a table of word times in seconds
from the start of the clip under ``WORD START END ASDSCORE``. Who speaks is the video's ``<id>``. The corpus is no
longer given out by its owners; this is for those who have it. (Afouras et al., arXiv:1809.00496.)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

from avsynth.config.schema import DataConfig
from avsynth.data.clips import ClipMeasure, Corpus, FilmedClip, measure_filmed
from avsynth.data.manifest import WordTime
from avsynth.errors import UserError
from avsynth.text import default_frontend

SETS = ("pretrain", "trainval", "test")
TABLE = ["WORD", "START", "END"]


@dataclass(frozen=True)
class Lrs3Clip(FilmedClip):
    """One clip's files."""

    text: Path


def find_clips(corpus: Path, speaker: str | None = None) -> list[Lrs3Clip]:
    """Every clip of the sets that are there, by set, video and number.

    Args:
        corpus: The folder that holds ``trainval``.
        speaker: The id of one video alone.

    Raises:
        UserError: There is no clip.
    """
    clips = [
        Lrs3Clip(path.parent.name, f"{name}-{path.stem}", path, path, path.with_suffix(".txt"))
        for name in SETS
        for path in sorted((corpus / name).glob("*/*.mp4"))
        if speaker in (None, path.parent.name)
    ]
    if not clips:
        raise UserError(f"--data {corpus} holds no trainval/{speaker or '<id>'}/*.mp4: is it LRS3?")
    return clips


def measure_clip(clip: Lrs3Clip, config: DataConfig) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason."""
    try:
        text, words = read_text(clip.text)
        default_frontend().spoken(text)
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"text: {error}")
    return measure_filmed(clip, text, words, config.longest_s)


def read_text(path: Path) -> tuple[str, tuple[WordTime, ...]]:
    """What is said, in small letters, and its word times: none where the file has no table, or not of these words.

    Raises :class:`UserError` for a file that cannot be read, has no text, or whose times run backwards.
    """
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path.name}: {error}") from error
    said = next((line[1:] for line in lines if line and line[0] == "Text:"), [])
    if not said:
        raise UserError(f"{path.name} has no line 'Text: …'")
    start = next((place for place, line in enumerate(lines) if line[:3] == TABLE), len(lines))
    try:
        words = [WordTime(row[0].lower(), float(row[1]), float(row[2])) for row in lines[start + 1 :] if row]
    except (ValueError, IndexError) as error:
        raise UserError(f"{path.name}: a line of its word times is damaged: {error}") from error
    if any(one.end_s < one.start_s for one in words) or any(
        one.start_s > other.start_s for one, other in itertools.pairwise(words)
    ):
        raise UserError(f"{path.name}: times run backwards")
    matching = [word.text for word in words] == [word.lower() for word in said]
    return " ".join(said).lower(), tuple(words) if matching else ()


CORPUS = Corpus(find_clips, measure_clip)
