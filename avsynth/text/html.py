"""HTML reduced to the text that it shows: no tags or comments, blocks on lines of their own, entities as characters;
and removal of terminals' colour codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from avsynth.text.edits import Edit, edited
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText

_BLOCK = (
    "address article aside blockquote body br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 head header hr html li main nav ol option p pre section select summary table tbody tfoot thead title tr ul"
)
_OTHERS = (
    "a abbr acronym audio b bdi bdo big button caption center cite code col colgroup data del dfn em font i iframe img "
    "input ins kbd label link mark meta object picture q s samp small source span strike strong sub sup svg textarea "
    "time tt u var video wbr"
)
_BLOCKS, _CELLS = frozenset(_BLOCK.split()), frozenset(("td", "th"))
_UNSHOWN = frozenset(("script", "style", "template"))
_NAMES = "|".join(sorted({*_BLOCKS, *_CELLS, *_UNSHOWN, *_OTHERS.split()}, key=len, reverse=True))
_VALUE = r"""(?:"[^"<]{0,2000}+"|'[^'<]{0,2000}+'|[^\s"'<>=]{1,500}+)"""
_MARKUP = compiled(
    rf"<!--|<!DOCTYPE\b[^<>]{{0,500}}>|<(?P<close>/?)(?P<name>{_NAMES})"
    rf"(?:\s+[\w:@.-]{{1,50}}+\s*+=\s*+{_VALUE}){{0,30}}+\s*+/?>|&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]\w{{1,31}});",
    re.ASCII | re.IGNORECASE,
)
_ESCAPES = compiled(
    r"(?:\x1b\[|\x9b)[0-?]{0,60}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,300}(?:\x07|\x1b\\)|\x1b[ -/]{0,3}[0-Z\\^-~]"
)


_POWER = compiled(r"-?\d{1,3}</sup>", re.IGNORECASE)
_RAISED = compiled(r"(?:\d|\)|(?<![A-Za-z])(?:[A-Za-z]|mc|[cdkm]m))$")


def _is_power(text: str, start: int, end: int) -> bool:
    """Whether what is raised after a tag is a power and no note."""
    return _POWER.match(text, end) is not None and _RAISED.search(text[max(0, start - 4) : start]) is not None


def without_colours(text: str) -> MarkedText:
    """A text without the escapes by which terminals are told colours."""
    marked = MarkedText(text)
    if "\x1b" not in text and "\x9b" not in text:
        return marked
    return edited(marked, (Edit(*match.span()) for match in _ESCAPES.finditer(text)))


def read_html(source: MarkedText) -> MarkedText:
    """What a browser would show; whatever is no known tag or entity stays as it is.

    >>> read_html(MarkedText("Fish &amp; <b>chips</b>, if x<y")).text
    'Fish & chips, if x<y'
    >>> read_html(MarkedText("x<sup>2</sup>, a note<sup>2</sup>")).text
    'x^2, a note2'
    """
    return edited(source, _edits(source.text)) if "<" in source.text or "&" in source.text else source


def _edits(text: str) -> Iterator[Edit]:
    lower = text.lower()
    place, unended = 0, set[str]()
    while (match := _MARKUP.search(text, place)) is not None:
        place = match.end()
        name = (match["name"] or "").lower()
        hidden = "-->" if match[0] == "<!--" else f"</{name}" if name in _UNSHOWN and not match["close"] else ""
        if hidden:
            end = -1 if hidden in unended else lower.find(hidden, place)
            if end >= 0:
                place = text.find(">", end) + 1 or len(text)
                yield Edit(match.start(), place)
            else:
                unended.add(hidden)
        elif match[0].startswith("&"):
            shown = unescape(match[0])
            if shown != match[0]:
                yield Edit(*match.span(), shown)
        elif name == "sup" and not match["close"] and _is_power(text, match.start(), place):
            yield Edit(*match.span(), "^")
        else:
            yield Edit(*match.span(), "\n" if name in _BLOCKS else ", " if name in _CELLS and match["close"] else "")
