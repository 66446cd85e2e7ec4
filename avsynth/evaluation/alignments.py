"""Two alignments of the same clips compared with one another, and each with the corpus's own word times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from avsynth.data.alignment import Alignment
from avsynth.data.manifest import WordTime
from avsynth.text import SIL
from avsynth.timeline import Timeline

Words = Mapping[str, Sequence[WordTime]]
"""The corpus's own word times by uid."""


@dataclass(frozen=True)
class Distances:
    """Distances in ms of our boundaries from reference ones; signed: ours minus the reference, below 0 where ours come
    first."""

    count: int
    median: float
    mean: float
    p90: float
    mean_signed: float

    @classmethod
    def of(cls, differences_ms: Iterable[float]) -> Distances:
        """Summarise signed differences, at least one."""
        values = np.asarray(list(differences_ms), np.float64)
        size = np.abs(values)
        figures = np.median(size), size.mean(), np.percentile(size, 90), values.mean()
        return cls(len(values), *(round(float(figure), 1) for figure in figures))


def compare(own: Mapping[str, Alignment], other: Mapping[str, Alignment], words: Words) -> dict[str, Distances]:
    """Distances by name: phone boundaries and word boundaries to the other's, both's word boundaries to the corpus's.

    A phone boundary is the start of a spoken phone, or the end of a clip's last. A clip that only one of the two has,
    or to which they give different phones, is left out of the distances that it lacks; a name without any clip is left
    out.
    """
    phones: list[float] = []
    between: list[float] = []
    to_corpus: dict[str, list[float]] = {"own": [], "other": []}
    for uid, alignment in own.items():
        true = [(item.start_s, item.end_s) for item in words.get(uid, ()) if not item.is_silence]
        to_corpus["own"] += _differences(word_edges(alignment.timeline), true)
        if uid not in other:
            continue
        theirs = other[uid].timeline
        to_corpus["other"] += _differences(word_edges(theirs), true)
        between += _differences(word_edges(alignment.timeline), word_edges(theirs))
        if spoken(alignment.timeline) == spoken(theirs):
            starts = zip(phone_edges(alignment.timeline), phone_edges(theirs), strict=True)
            phones += [(one - two) * 1000 for one, two in starts]
    rows = {
        "phones": phones,
        "words": between,
        "words_corpus": to_corpus["own"],
        "other_words_corpus": to_corpus["other"],
    }
    return {name: Distances.of(values) for name, values in rows.items() if values}


_TITLES = {
    "phones": "phone boundaries, own less other",
    "words": "word boundaries, own less other",
    "words_corpus": "word boundaries, own less the corpus's",
    "other_words_corpus": "word boundaries, other less the corpus's",
}


def markdown(distances: Mapping[str, Distances]) -> str:
    """A table of distances in ms; a negative signed mean: the first named come first."""
    lines = ["| ms | boundaries | median | mean | 90 % | signed mean |", "|---|---:|---:|---:|---:|---:|"]
    for name, item in distances.items():
        figures = (item.median, item.mean, item.p90, item.mean_signed)
        lines.append(f"| {_TITLES[name]} | {item.count} | " + " | ".join(f"{value:.1f}" for value in figures) + " |")
    return "\n".join(lines) + "\n"


def spoken(timeline: Timeline) -> list[str]:
    """The phones but for silence."""
    return [phone for phone in timeline.phones if phone != SIL]


def phone_edges(timeline: Timeline) -> list[float]:
    """Start of every spoken phone, and the end of the last, in seconds."""
    edges = [float(edge) for edge in timeline.boundaries_s]
    places = [place for place, phone in enumerate(timeline.phones) if phone != SIL]
    return [edges[place] for place in places] + [edges[places[-1] + 1]] if places else []


def word_edges(timeline: Timeline) -> list[tuple[float, float]]:
    """Start and end of every word in seconds."""
    return [(start, end) for _, start, end in timeline.word_times()]


def _differences(own: Sequence[tuple[float, float]], other: Sequence[tuple[float, float]]) -> list[float]:
    """In ms; none where the two have not the same number of words."""
    if len(own) != len(other):
        return []
    return [
        (one - two) * 1000
        for mine, theirs in zip(own, other, strict=True)
        for one, two in zip(mine, theirs, strict=True)
    ]
