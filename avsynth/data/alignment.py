"""Alignments on disk: one timeline per utterance, and how segments in seconds become whole hops."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from avsynth.audio.aligner import Segment
from avsynth.data.manifest import Utterance, iterate_manifest
from avsynth.errors import UserError
from avsynth.files import atomic_path, read_lines
from avsynth.text import SIL
from avsynth.text.tokens import Word
from avsynth.timeline import Timeline, WordSpan, durations_between

Source = Literal["acoustic", "held", "textgrid", "labels", "espnet", "lips"]


@dataclass(frozen=True)
class Alignment:
    """An utterance's timeline and its source (``held``: words moved onto the corpus's own times)."""

    uid: str
    source: Source
    timeline: Timeline


def segments_to_timeline(
    segments: Sequence[Segment],
    words: Sequence[Word],
    total_hops: int,
    sample_rate: int,
    hop_length: int,
    fps: Fraction,
    min_silence_s: float,
) -> Timeline:
    """Whole hops per phone from phones in seconds, silence at both ends and in pauses, summing to ``total_hops``.

    A gap between words shorter than ``min_silence_s`` is split between its neighbours. Each boundary is rounded once;
    a phone that would vanish keeps one hop, taken from what follows it.

    Raises:
        UserError: There are more phones than hops.
    """
    phones, edges, owner = [SIL], [0.0], [-1]
    previous_end = 0.0
    for index, segment in enumerate(segments):
        gap = segment.start_s - previous_end
        if index and gap >= min_silence_s and segments[index - 1].word != segment.word:
            phones.append(SIL)
            edges.append(previous_end)
            owner.append(-1)
            edges.append(segment.start_s)
        else:
            edges.append(previous_end + gap / 2 if index else segment.start_s)
        phones.append(segment.phone)
        owner.append(segment.word)
        previous_end = segment.end_s
    phones.append(SIL)
    owner.append(-1)
    edges.append(previous_end)
    hops = durations_between(edges, total_hops, sample_rate / hop_length)
    spans = []
    for number, word in enumerate(words):
        own = [place for place, of in enumerate(owner) if of == number]
        spans.append(WordSpan(word.text, own[0], own[-1] + 1, stress=word.stress))
    return Timeline(tuple(phones), tuple(hops), tuple(spans), sample_rate, hop_length, fps)


def write_alignments(path: Path, alignments: Iterable[Alignment]) -> None:
    """One JSON line per utterance, in the manifest's order."""
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for item in alignments:
            record = {"uid": item.uid, "source": item.source, **item.timeline.to_dict()}
            file.write(json.dumps(record) + "\n")


def read_alignments(path: Path) -> Mapping[str, Alignment]:
    """All alignments by uid."""
    return {item.uid: item for item in iterate_alignments(path)}


def iterate_alignments(path: Path) -> Iterator[Alignment]:
    """Alignments line by line; a bad line is a :class:`UserError` naming it."""
    for number, line in enumerate(read_lines(path, "alignments"), start=1):
        try:
            value = json.loads(line)
            uid, source = value["uid"], value["source"]
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(f"{path}:{number} is not an alignment: {error}") from error
        yield Alignment(uid, source, Timeline.from_dict(value, f"{path}:{number}"))


def aligned(manifest: Path, alignments: Path) -> Iterator[tuple[Utterance, Alignment | None]]:
    """Each utterance of a manifest with its alignment, if it has one, in memory that does not grow.

    Raises :class:`UserError` where the alignments do not come in the manifest's order, as the align stage writes them.
    """
    others = iterate_alignments(alignments)
    following = next(others, None)
    for item in iterate_manifest(manifest):
        if following is not None and following.uid == item.uid:
            yield item, following
            following = next(others, None)
        else:
            yield item, None
    if following is not None:
        raise UserError(f"{alignments} is not in the order of {manifest} ({following.uid}): run the align stage again")
