"""Markdown (CommonMark, with tables, tasks and footnotes) reduced to the text that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from avsynth.text.edits import Edit, edited
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText

_FENCE = compiled(r"\s{0,3}(?P<fence>`{3,}|~{3,})[^`]*$")
_RULE = compiled(r"\s{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = compiled(r"\s{0,3}(?:=+|-+)\s*$")
_HEADING = compiled(r"\s{0,3}#{1,6}(?:\s+|$)")
_CLOSING = compiled(r"(?:\s+#+)?\s*$")
_SEPARATOR = compiled(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")
_QUOTE = compiled(r"\s{0,3}(?:>[ \t]?)+")
_ITEM = compiled(r"\s*[-*+]\s+(?:\[[ xX]\]\s+)?")
_NUMBER = compiled(r"\s*\d{1,9}[.)]\s")
_REFERENCE = compiled(r"\s{0,3}\[[^\]^\n][^\]\n]{0,200}\]:\s*\S")
_FOOTNOTE = compiled(r"\s{0,3}\[\^[^\]\n]{1,100}\]:\s*")
_FRONT = compiled(r"---[ \t]*\n(?:[\w-]+:.*\n|[ \t#-].*\n)*(?:---|\.\.\.)[ \t]*(?:\n|$)")
_HARD = compiled(r"(?: {2,}|\\)$")

_PROTECTED = {code: 0xE100 + code for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_SHOWN = {there: code for code, there in _PROTECTED.items()}
"""Characters that are no markup, and back."""

_LITERAL = compiled(r"`+|\\(?P<escaped>[!-/:-@\[-`{-~])")
_LONGEST_CODE = 1000
_SAID = compiled(r"\[[^\[\]\n]{1,100}\]\(/\s*[A-Za-z]{1,2}[0-2]?(?:\s+[A-Za-z]{1,2}[0-2]?)*\s*/\)")
_ADDRESS = r"(?:<[^<>\n]{0,500}>|[^()\s]{0,1000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?)"
_TARGET = rf"\(\s*{_ADDRESS}(?:\s+(?:\"[^\"\n]{{0,300}}\"|'[^'\n]{{0,300}}'))?\s*\)"
_IMAGE = compiled(rf"!\[(?P<text>[^\[\]\n]{{0,500}})\](?:{_TARGET}|\[[^\[\]\n]{{0,200}}\])")
_LINK = compiled(rf"\[(?P<text>[^\[\]\n]{{1,500}})\](?:{_TARGET}|\[[^\[\]\n]{{0,200}}\])")
_NOTE = compiled(r"\[\^[^\[\]\n]{1,100}\]")
_AUTOLINK = compiled(r"<(?P<text>(?:https?://|mailto:)[^<>\s]{1,1000}|[\w.+-]{1,64}@[\w.-]{1,200})>")
_DELIMITER = compiled(r"\*+|_+|~~|\n")
_EVIDENCE = compiled(
    r"^[ \t]{0,3}#{1,6}[ \t]+\S|^[ \t]{0,3}(?:```|~~~)|"
    r"\[[^\[\]\n]{1,200}\]\((?:https?:|[#.]|[\w./-]+\.\w{2,4}\b|/(?:[\w.-]+(?:/[\w.-]+){0,20})?\))|"
    r"\[\^\w{1,20}\](?![\w(])|^[ \t]{0,3}\[[^\[\]\n]{1,100}\]:[ \t]+<?(?:https?:|www\.|/)|"
    r"^[^\s#>*+|-][^\n]{0,200}\n={3,}[ \t]*$|"
    r"(?<!\w)(?:\*\*(?=\S)(?=[^*\n\w]{0,20}\w)[^*\n]{1,300}(?<=\S)\*\*|__(?=\S)[^_\n]{1,300}(?<=\S)__)(?!\w)|"
    r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[ \t:|-]*$|^[ \t]*[-*+] .*\n(?:[ \t]*\n)?[ \t]*[-*+] \S",
    re.MULTILINE,
)


def is_markdown(text: str) -> bool:
    """Whether a text has what only Markdown has: a heading, a link, bold type, a table, a fence or a list."""
    return _EVIDENCE.search(text) is not None


def read_markdown(source: MarkedText) -> MarkedText:
    """What Markdown shows, without marks; paragraphs, items and rows are lines, the cells of a row stand after commas.

    Characters that are literal (in code, after a backslash) are protected from what is read next; :func:`unprotected`
    gives them back. Pronunciations ``[word](/W ER D/)`` stay.
    """
    text = edited(source, _block_edits(source.text))
    text = edited(text, _literals(text.text))
    for pattern in (_IMAGE, _LINK, _NOTE, _AUTOLINK):
        text = edited(text, _replaced(pattern, text.text))
    return edited(text, _emphasis(text.text))


def unprotected(text: MarkedText) -> MarkedText:
    """The text with its protected literal characters restored."""
    return MarkedText(text.text.translate(_SHOWN), source=text.origins)


@dataclass
class _Line:
    start: int
    end: int
    kind: str
    """``blank``, ``heading``, ``alone`` (one that is underlined), ``row``, ``rule`` (of a table), ``code``, ``hidden``,
    ``item``, ``quote`` or ``text``."""
    content: int
    """Where its own text begins."""


def _block_edits(text: str) -> Iterator[Edit]:
    front = _FRONT.match(text)
    begin = front.end() if front else 0
    if begin:
        yield Edit(0, begin)
    lines = _classified(text, begin)
    for line, following in pairwise([*lines, None]):
        assert line is not None
        yield from _line_edits(text, line)
        if following is None:
            break
        hard = _HARD.search(text, line.content, line.end) if line.kind in ("text", "item", "quote") else None
        joins = following.kind == "text" or (following.kind == line.kind == "quote")
        if hard is not None:
            yield Edit(hard.start(), line.end)
        elif joins and line.kind in ("text", "item", "quote"):
            yield Edit(line.end, line.end + 1, " ")


def _line_edits(text: str, line: _Line) -> Iterator[Edit]:
    if line.kind in ("hidden", "rule"):
        yield Edit(line.start, line.end)
        return
    if line.content > line.start:
        yield Edit(line.start, line.content)
    if line.kind == "code":
        yield from _protect(text, line.start, line.end)
    elif line.kind == "row":
        for bar in re.finditer(r"\s*(?<!\\)\|\s*", text[line.content : line.end]):
            start, end = line.content + bar.start(), line.content + bar.end()
            inner = start > line.content and end < line.end
            yield Edit(start, end, ", " if inner else "")
    elif line.kind == "heading":
        closing = _CLOSING.search(text, line.content, line.end)
        if closing is not None and closing.start() < line.end:
            yield Edit(closing.start(), line.end)


def _classified(text: str, begin: int) -> list[_Line]:
    lines: list[_Line] = []
    fence = ""
    place = begin
    for written in text[begin:].split("\n"):
        line = _Line(place, place + len(written), "text", place)
        place += len(written) + 1
        opened = _FENCE.match(written)
        if fence:
            closes = opened is not None and opened["fence"].startswith(fence) and not written.strip(" \t`~")
            line.kind, fence = ("hidden", "") if closes else ("code", fence)
        elif opened is not None:
            line.kind, fence = "hidden", opened["fence"]
        else:
            _classify(written, line, lines)
        lines.append(line)
    return lines


def _classify(written: str, line: _Line, above: list[_Line]) -> None:
    """Tell what a line outside of code is; a table's rule makes the line above a row."""
    previous = above[-1].kind if above else "blank"
    if not written.strip():
        line.kind = "blank"
    elif _SEPARATOR.match(written) and previous == "text":
        above[-1].kind, line.kind = "row", "rule"
    elif previous in ("row", "rule") and "|" in written:
        line.kind = "row"
    elif _UNDERLINE.match(written) and previous == "text":
        above[-1].kind, line.kind = "alone", "hidden"
    elif _RULE.match(written) or _REFERENCE.match(written):
        line.kind = "hidden"
    else:
        for pattern, kind in ((_HEADING, "heading"), (_QUOTE, "quote"), (_ITEM, "item"), (_FOOTNOTE, "item")):
            match = pattern.match(written)
            if match is not None:
                line.kind, line.content = kind, line.start + match.end()
                return
        if _NUMBER.match(written):
            line.kind = "item"


def _literals(text: str) -> Iterator[Edit]:
    """Code between two runs of as many ticks, and what stands after a backslash."""
    found = list(_LITERAL.finditer(text))
    closing: dict[int, re.Match[str]] = {}
    latest: dict[str, re.Match[str]] = {}
    for match in reversed(found):
        if match[0][0] == "`":
            if match[0] in latest:
                closing[match.start()] = latest[match[0]]
            latest[match[0]] = match
    done = 0
    for match in found:
        if match.start() < done:
            continue
        end = closing.get(match.start())
        if match["escaped"]:
            yield Edit(*match.span(), match["escaped"].translate(_PROTECTED))
        elif end is not None and end.start() - match.end() <= _LONGEST_CODE:
            yield Edit(*match.span())
            yield from _protect(text, match.end(), end.start())
            yield Edit(*end.span())
            done = end.end()


def _protect(text: str, start: int, end: int) -> Iterator[Edit]:
    for place in range(start, end):
        if ord(text[place]) in _PROTECTED:
            yield Edit(place, place + 1, chr(_PROTECTED[ord(text[place])]))


def _replaced(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    """Replace each match by its group ``text``, if it has one."""
    for match in pattern.finditer(text):
        if _SAID.match(text, match.start()):
            continue
        if "text" in pattern.groupindex:
            yield Edit(match.start(), match.start("text"))
            yield Edit(match.end("text"), match.end())
        else:
            yield Edit(*match.span())


def _emphasis(text: str) -> list[Edit]:
    """The stars, underscores and tildes that stand in pairs around something; none within a word or a sum counts."""
    opened: dict[str, list[tuple[int, int]]] = {"*": [], "_": [], "~": []}
    edits: list[Edit] = []
    for match in _DELIMITER.finditer(text):
        if match[0] == "\n":
            opened = {sign: [] for sign in opened}
            continue
        sign = match[0][0]
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        start, end = match.span()
        closing = bool(before.strip()) and not after.isalnum()
        while closing and opened[sign] and start < end:
            first, last = opened[sign].pop()
            count = min(last - first, end - start)
            edits += [Edit(last - count, last), Edit(start, start + count)]
            start += count
            if last - count > first:
                opened[sign].append((first, last - count))
        if start < end and after.strip() and not before.isalnum():
            opened[sign].append((start, end))
    return sorted(edits)
