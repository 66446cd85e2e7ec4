"""The Lombard GRID corpus as its owners lay it out: ``front/<clip>.mov``, ``audio/….wav``, ``alignment/….json``.

54 talkers said 100 sentences of the GRID grammar each, half of them plainly (``s2_p_…``), half with noise in their ears
(``s2_l_…``). The archives unpack into a folder ``lombardgrid``; it or the one that holds it may be given. An alignment
maps the clip's name to phones with offset and duration in seconds, marked where words begin and end (``B_B``, ``IH_I``,
``N_E``; ``SIL``). The camera from the side is left alone. (Alghamdi et al., JASA 143(6), 2018; CC BY 4.0.)
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avsynth.config.schema import DataConfig
from avsynth.data.clips import ClipMeasure, Corpus, FilmedClip, measure_filmed
from avsynth.data.corpora.grid import sentence
from avsynth.data.manifest import WordTime
from avsynth.errors import UserError

NAME = re.compile(r"(s\d+)_([lp])_(\w+)")
SILENCE = "SIL"
ALONE, FIRST = "S", "B"
"""Marks of a phone that is a word by itself, and of the first of several."""


@dataclass(frozen=True)
class LombardClip(FilmedClip):
    """One clip's files."""

    align: Path | None


def find_clips(corpus: Path, speaker: str | None = None) -> list[LombardClip]:
    """Every clip of the front camera, by talker and name; its sound is the WAV of that name, else its own.

    Args:
        corpus: The folder ``lombardgrid``, or the one that holds it.
        speaker: This talker alone.

    Raises:
        UserError: There is no such video.
    """
    root = corpus / "lombardgrid" if (corpus / "lombardgrid").is_dir() else corpus
    clips = []
    for path in sorted((root / "front").glob("*.mov")):
        name = NAME.fullmatch(path.stem)
        if name is None or speaker not in (None, name[1]):
            continue
        sound, align = root / "audio" / f"{path.stem}.wav", root / "alignment" / f"{path.stem}.json"
        clips.append(
            LombardClip(
                name[1],
                f"{name[2]}_{name[3]}",
                path,
                sound if sound.is_file() else path,
                align if align.is_file() else None,
            )
        )
    if not clips:
        raise UserError(f"--data {corpus} holds no front/{speaker or 's<talker>'}_*.mov: is it Lombard GRID?")
    return sorted(clips, key=lambda clip: (int(clip.speaker[1:]), clip.code))


def measure_clip(clip: LombardClip, config: DataConfig) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason."""
    try:
        text = sentence(clip.code[2:])
        words = read_alignment(clip.align, text.split()) if clip.align else ()
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"labels: {error}")
    return measure_filmed(clip, text, words, config.longest_s)


def read_alignment(path: Path, texts: list[str]) -> tuple[WordTime, ...]:
    """When these words are said; :class:`UserError` for a file that is damaged or marks another number of words."""
    try:
        phones = next(iter(json.loads(path.read_text(encoding="utf-8")).values()))
        spans = word_spans(phones)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise UserError(f"{path.name} is no alignment: {error}") from error
    if len(spans) != len(texts):
        raise UserError(f"{path.name} marks {len(spans)} words, the sentence has {len(texts)}")
    if any(end > later for (_, end), (later, _) in itertools.pairwise(spans)):
        raise UserError(f"{path.name}: times run backwards")
    return tuple(WordTime(text, start, end) for text, (start, end) in zip(texts, spans, strict=True))


def word_spans(phones: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Start and end in seconds of each word that the phones' marks tell."""
    spans: list[tuple[float, float]] = []
    for item in phones:
        phone, _, mark = str(item["phone"]).partition("_")
        start = float(item["offset"])
        end = start + float(item["duration"])
        if phone.upper() == SILENCE:
            continue
        if mark in (FIRST, ALONE) or not spans:
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], end)
    return [(round(start, 4), round(end, 4)) for start, end in spans]


CORPUS = Corpus(find_clips, measure_clip)
