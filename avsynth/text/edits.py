"""Text with stretches of it replaced, where each character keeps its place in the original."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

from avsynth.text.marked import MarkedText, Origins
from avsynth.text.tokens import Span


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str = ""


def edited(source: MarkedText, edits: Iterable[Edit]) -> MarkedText:
    """Apply edits, which come in order and do not overlap, to text without marks; new characters take the place of what
    they replace."""
    texts: list[str] = []
    origins = source.origins
    starts, ends = array("q"), array("q")
    done = 0
    for edit in edits:
        texts += source.text[done : edit.start], edit.text
        starts.extend(origins.starts[done : edit.start])
        ends.extend(origins.ends[done : edit.start])
        done = edit.end
        if edit.text:
            start, end = _span(origins, edit)
            starts.extend([start] * len(edit.text))
            ends.extend([end] * len(edit.text))
    if not texts:
        return source
    texts.append(source.text[done:])
    starts.extend(origins.starts[done:])
    ends.extend(origins.ends[done:])
    return MarkedText("".join(texts), source=Origins(starts, ends))


def _span(origins: Origins, edit: Edit) -> Span:
    if edit.start < edit.end:
        return origins.span(edit.start, edit.end)
    place = origins.starts[edit.start] if edit.start < len(origins) else origins.ends[-1] if len(origins) else 0
    return Span(place, place)
