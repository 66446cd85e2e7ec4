"""The written text that captions show for spoken words, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from avsynth.text.english.folding import fold
from avsynth.text.marked import GIVEN, MARKS, MarkedText
from avsynth.text.tokens import Span

_MARKS = frozenset(MARKS)
_BLANKS = re.compile(r"\s+")


def shown_words(sentence: MarkedText, spans: Sequence[Span]) -> list[str]:
    """For words that are written at ``spans``, in order: what is written, with the marks around it, up to the next.

    Where words share a span, the first gets all of it and the others nothing. Joined, the results are the whole
    sentence with a blank at the end.
    """
    starts = [place for place, span in enumerate(spans) if place == 0 or span != spans[place - 1]]
    shown = ["" for _ in spans]
    number, between = -1, ""
    for span, text in _pieces(sentence):
        following = number + 1
        if following < len(starts) and span.end > spans[starts[following]].start and text.strip():
            left, right = ("", between) if number < 0 else _parted(between)
            if number >= 0:
                shown[starts[number]] += left
            number, between = following, ""
            shown[starts[number]] = right + text
        elif number >= 0 and span.start < spans[starts[number]].end:
            shown[starts[number]] += between + text
            between = ""
        else:
            between += text
    if number >= 0:
        shown[starts[number]] += between.rstrip() + " "
    return [text and _BLANKS.sub(" ", text) for text in shown]


def _parted(between: str) -> tuple[str, str]:
    """What stands between two words: an opening quote or bracket goes with the second."""
    last = max(between.rfind(" "), between.rfind("\n")) + 1
    return (between[:last], between[last:]) if last else (between, "")


def _pieces(sentence: MarkedText) -> Iterator[tuple[Span, str]]:
    """The sentence as it is shown, each stretch with where it is written."""
    text, starts, ends = sentence.text, sentence.origins.starts, sentence.origins.ends
    place = 0
    while place < len(text):
        first, span = place, Span(starts[place], ends[place])
        while place < len(text) and starts[place] == span.start and ends[place] == span.end:
            place += 1
        shown = _shown(text[first:place], sentence.given[span.start : span.end])
        if shown:
            yield span, shown


def _shown(folded: str, written: str) -> str:
    """What is shown where ``written`` was read as ``folded``."""
    if folded == written:
        return folded
    if not _MARKS.isdisjoint(folded) and GIVEN not in folded:
        return ""
    if len(written) == 1 and written != "|":
        return written
    if written.startswith("<") or not written:
        return folded.strip(MARKS) or ""
    if any(map(str.isalnum, written)):
        return unescape(written)
    return written if GIVEN in folded or fold(written).text.strip() == folded.strip() else folded
