"""The written text that captions show for spoken words, without markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise

from avsynth.text.english.folding import fold
from avsynth.text.later import compiled
from avsynth.text.marked import GIVEN, MARKS, MarkedText

_MARKS = frozenset(MARKS)
_BLANKS = compiled(r"\s+")
_UNEVEN = compiled(r"\s\s|[^\S ]")
"""Blanks that :data:`_BLANKS` would change."""


def shown_words(sentence: MarkedText, spans: Sequence[tuple[int, int]]) -> list[str]:
    """For words that are written at ``spans``, in order: what is written, with the marks around it, up to the next.

    Where words share a span, the first gets all of it and the others nothing. Joined, the results are the whole
    sentence with a blank at the end.
    """
    first: Sequence[int] = range(len(spans))
    if len(set(spans)) < len(spans):
        first = [place for place in first if place == 0 or spans[place] != spans[place - 1]]
    apart = [spans[place] for place in first]
    if apart and (plain := _plainly(sentence, apart)) is not None:
        if len(plain) == len(spans):
            return plain
        of_words = [""] * len(spans)
        for place, text in zip(first, plain, strict=True):
            of_words[place] = text
        return of_words
    bounds = [*apart, None]
    shown = [""] * (len(first) + 1)
    number, between = -1, ""
    now, following = None, bounds[0]
    for start, end, text in _pieces(sentence):
        here = following is not None and (end > following[0] or start == end == following[0] == following[1])
        if following is not None and here and text.strip():
            left, right = ("", between) if now is None else _parted(between)
            shown[number] += left
            number, between = number + 1, ""
            now, following = following, bounds[number + 1]
            shown[number] = right + text
        elif now is not None and start < now[1]:
            shown[number] += between + text
            between = ""
        else:
            between += text
    if now is not None:
        shown[number] += between.rstrip() + " "
    of_words = [""] * len(spans)
    uneven = _UNEVEN.search("".join(shown))
    for place, text in zip(first, shown, strict=False):
        of_words[place] = _BLANKS.sub(" ", text) if uneven else text
    return of_words


def _plainly(sentence: MarkedText, spans: Sequence[tuple[int, int]]) -> list[str] | None:
    """What is shown for words where the sentence was read character by character; None where it was not."""
    origins, given = sentence.origins, sentence.given
    if sentence.marks or not origins.one_by_one:
        return None
    begin, past = origins.starts[0], origins.ends[-1]
    here = given[begin:past]
    if here != sentence.text and "|" in here:  # perhaps between the cells of a table
        return None
    cuts = [begin]
    for (start, end), (following, _) in pairwise(spans):
        if following < end or given[start : start + 1].isspace():
            return None
        blank = max(given.rfind(" ", end, following), given.rfind("\n", end, following))
        cuts.append(following if blank < 0 else blank + 1)
    start, end = spans[-1]
    if given[start : start + 1].isspace():
        return None
    shown = [given[first:last] for first, last in pairwise(cuts)]
    shown.append(f"{given[cuts[-1] : end]}{given[end:past].rstrip()} ")
    return [_BLANKS.sub(" ", text) for text in shown] if _UNEVEN.search(here) else shown


def _parted(between: str) -> tuple[str, str]:
    """What stands between two words: an opening quote or bracket goes with the second."""
    last = between.rfind(" ") + 1
    if "\n" in between:
        last = max(last, between.rfind("\n") + 1)
    return (between[:last], between[last:]) if last else (between, "")


def _pieces(sentence: MarkedText) -> Iterator[tuple[int, int, str]]:
    """The sentence as it is shown, each stretch with where it is written: start, end and what is shown."""
    text, starts, ends = sentence.text, sentence.origins.starts, sentence.origins.ends
    place, count = 0, len(text)
    while place < count:
        first, start, end = place, starts[place], ends[place]
        place += 1
        while place < count and starts[place] == start and ends[place] == end:
            place += 1
        folded, written = text[first:place], sentence.given[start:end]
        shown = folded if folded == written else _shown(folded, written)
        if shown:
            yield start, end, shown


def _shown(folded: str, written: str) -> str:
    """What is shown where ``written`` was read as ``folded``, which is something else."""
    if not _MARKS.isdisjoint(folded) and GIVEN not in folded:
        return ""
    if len(written) == 1 and written != "|":
        return written
    if written.startswith("<") or not written:
        return folded.strip(MARKS) or ""
    if any(map(str.isalnum, written)):
        return unescape(written)
    return written if GIVEN in folded or fold(written).text.strip() == folded.strip() else folded
