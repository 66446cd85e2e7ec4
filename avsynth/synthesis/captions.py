"""Captions of a timeline: the written text, cut where sentences and clauses end, and shown long enough to be read.

A cue has at most two lines of :data:`LINE_CHARACTERS` and lasts :data:`SHORTEST_S` to :data:`LONGEST_S`, as
broadcasters' guidelines say; what is too short to be read is joined to its neighbour. Words whose written form is not
known are shown as they are spoken.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from itertools import pairwise
from typing import Any

from avsynth.text import LINKS, SIL
from avsynth.timeline import Timeline, WordSpan

LINE_CHARACTERS = 42
SHORTEST_S, LONGEST_S = 1, 7
READ_CHARACTERS_S = 17
"""Reading speed in characters per second; a cue stays that long unless another one follows."""


@dataclass(frozen=True)
class _Unit:
    """Words that share a written form, such as those of "12th"; they are shown together."""

    text: str
    """With its marks; a blank at the end stands before the next."""
    words: tuple[WordSpan, ...]
    start_s: Fraction
    end_s: Fraction
    ends: bool
    """Whether a sentence ends with it."""
    pauses: bool
    """Whether a pause follows."""


@dataclass(frozen=True)
class Cue:
    """Text that is shown for a time, in at most two lines."""

    text: str
    start_s: Fraction
    end_s: Fraction
    words: tuple[WordSpan, ...]
    units: tuple[_Unit, ...]


def captions(timeline: Timeline) -> list[Cue]:
    """The cues of a timeline, one after the other; none overlap."""
    groups = [part for sentence in _sentences(_units(timeline)) for part in _parts(sentence)]
    return _timed(_gathered(groups), timeline.duration_s)


def _units(timeline: Timeline) -> list[_Unit]:
    edges, words = timeline.boundaries_s, timeline.words
    firsts = [
        place
        for place, word in enumerate(words)
        if place == 0 or word.span is None or word.span != words[place - 1].span or word.written
    ]
    units = []
    for first, end in pairwise([*firsts, len(words)]):
        own = words[first:end]
        after = timeline.phones[own[-1].last : words[end].first] if end < len(words) else (SIL, SIL)
        text = own[0].written or " ".join(word.text for word in own) + " "
        ends = after.count(SIL) > 1 or end == len(words)
        units.append(_Unit(text, own, edges[own[0].first], edges[own[-1].last], ends, SIL in after))
    return units


def _sentences(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    sentence: list[_Unit] = []
    for unit in units:
        sentence.append(unit)
        if unit.ends:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _text(units: Sequence[_Unit]) -> str:
    return re.sub(r"\s+", " ", "".join(unit.text for unit in units)).strip()


def _fits(units: Sequence[_Unit]) -> bool:
    return _span_s(units) <= LONGEST_S and _lines(_text(units)) is not None


def _span_s(units: Sequence[_Unit]) -> Fraction:
    return units[-1].end_s - units[0].start_s


def _parts(sentence: list[_Unit]) -> list[list[_Unit]]:
    """A sentence in as few cues as it fits, cut at its clauses, all about as long; what never fits stands alone."""
    if _fits(sentence):
        return [sentence]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(sentence) + 1):
        options = []
        for start in range(end - 1, -1, -1):
            if start < end - 1 and not _fits(sentence[start:end]):
                break
            options.append((best[start][0] + _cost(sentence, start, end), start))
        best.append(min(options))
    cuts = [len(sentence)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return [sentence[start:end] for start, end in pairwise(reversed(cuts))]


def _cost(sentence: Sequence[_Unit], start: int, end: int) -> float:
    """The cost of showing these units together and cutting after them."""
    length = len(_text(sentence[start:end]))
    cost = 10 + 10 * (1 - length / (2 * LINE_CHARACTERS)) ** 2
    if end < len(sentence):
        cost += _cut_cost(sentence[end - 1].text, sentence[end].text) - 2 * sentence[end - 1].pauses
    return cost


def _cut_cost(before: str, after: str) -> float:
    """The cost of cutting between two words: least after punctuation, then before a conjunction or preposition, most
    after one."""
    last, following = before.split()[-1:], after.split()[:1]
    if last and last[0][-1] in ",;:.!?)\u2026\u2014\u2013":
        return 0
    if following and following[0].lower() in LINKS:
        return 5
    return 14 if last and last[0].lower() in {*LINKS, "the", "a", "an"} else 9


def _gathered(parts: list[list[_Unit]]) -> list[list[_Unit]]:
    """Parts that are too short to be read put together with what comes next, or else with what came before."""
    gathered: list[list[_Unit]] = []
    for part in parts:
        short = gathered and min(_span_s(gathered[-1]), _span_s(part)) < SHORTEST_S
        near = gathered and part[0].start_s - gathered[-1][-1].end_s < SHORTEST_S
        if short and near and _fits([*gathered[-1], *part]):
            gathered[-1] = [*gathered[-1], *part]
        else:
            gathered.append(part)
    return gathered


def _timed(groups: list[list[_Unit]], duration_s: Fraction) -> list[Cue]:
    cues = []
    for place, group in enumerate(groups):
        text = _text(group)
        start, spoken = group[0].start_s, group[-1].end_s
        wanted = start + min(max(Fraction(SHORTEST_S), Fraction(len(text), READ_CHARACTERS_S)), Fraction(LONGEST_S))
        free = groups[place + 1][0].start_s if place + 1 < len(groups) else max(duration_s, start + SHORTEST_S)
        lines = _lines(text) or textwrap.wrap(text, LINE_CHARACTERS) or [""]
        words = tuple(word for unit in group for word in unit.words)
        cues.append(Cue("\n".join(lines), start, max(spoken, min(wanted, free)), words, tuple(group)))
    return cues


def _lines(text: str) -> list[str] | None:
    """A text in one line or two, cut where it is best; None where it does not fit."""
    if len(text) <= LINE_CHARACTERS:
        return [text]
    options = [
        (_cut_cost(text[:place], text[place:]) + abs(len(text) - 2 * place) / 6, place)
        for place in (match.start() for match in re.finditer(" ", text))
        if place <= LINE_CHARACTERS and len(text) - place - 1 <= LINE_CHARACTERS
    ]
    if not options:
        return None
    _, place = min(options)
    return [text[:place], text[place + 1 :]]


def to_srt(timeline: Timeline) -> str:
    """SubRip."""
    blocks = [
        f"{number}\n{clock(cue.start_s, ',')} --> {clock(cue.end_s, ',')}\n{cue.text}\n"
        for number, cue in enumerate(captions(timeline), start=1)
    ]
    return "\n".join(blocks)


def to_vtt(timeline: Timeline) -> str:
    """WebVTT."""
    return _vtt((cue, escape(cue.text, quote=False)) for cue in captions(timeline))


def to_karaoke(timeline: Timeline) -> str:
    """WebVTT whose written words have their times inside the cues."""
    return _vtt((cue, _with_times(cue)) for cue in captions(timeline))


def _vtt(cues: Iterator[tuple[Cue, str]]) -> str:
    blocks = [f"{clock(cue.start_s, '.')} --> {clock(cue.end_s, '.')}\n{text}\n" for cue, text in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _with_times(cue: Cue) -> str:
    """The lines of a cue, each word but the first after the time at which it begins."""
    placed = _placed(cue)
    ends = [start for start, _ in placed[1:]] + [len(cue.text)]
    return "".join(
        (f"<{clock(unit.start_s, '.')}>" if number else "") + escape(cue.text[start:end], quote=False)
        for number, ((start, unit), end) in enumerate(zip(placed, ends, strict=True))
    )


def to_cues(timeline: Timeline) -> list[dict[str, Any]]:
    """The cues as plain values for JSON: ``start_s``, ``end_s``, and ``lines``, each a list of written words with their
    blanks and times, so that the word which is being said can be shown as such."""
    return [
        {"start_s": _rounded(cue.start_s), "end_s": _rounded(cue.end_s), "lines": list(_lines_of_words(cue))}
        for cue in captions(timeline)
    ]


def _lines_of_words(cue: Cue) -> Iterator[list[dict[str, Any]]]:
    placed = _placed(cue)
    ends = [start for start, _ in placed[1:]] + [len(cue.text)]
    begun = 0
    for line in cue.text.split("\n"):
        end = begun + len(line)
        yield [
            {
                "text": cue.text[max(start, begun) : min(until, end)],
                "start_s": _rounded(unit.start_s),
                "end_s": _rounded(unit.end_s),
            }
            for (start, unit), until in zip(placed, ends, strict=True)
            if max(start, begun) < min(until, end)
        ]
        begun = end + 1


def _placed(cue: Cue) -> list[tuple[int, _Unit]]:
    """Where in a cue's text its units begin; the second half of a unit that is broken over two lines belongs to the
    first."""
    flat, place = cue.text.replace("\n", " "), 0
    placed: list[tuple[int, _Unit]] = []
    for unit in cue.units:
        text = _text([unit])
        start = flat.find(text, place) if placed else 0
        if start >= 0:
            placed.append((start, unit))
            place = start + len(text)
    return placed


def _rounded(seconds: Fraction) -> float:
    return round(float(seconds), 6)


def clock(seconds: Fraction, point: str) -> str:
    """``hh:mm:ss,mmm``, rounded to the millisecond."""
    total = round(seconds * 1000)
    return f"{total // 3_600_000:02}:{total // 60_000 % 60:02}:{total // 1000 % 60:02}{point}{total % 1000:03}"
