"""Text with stretches of it replaced, where each character keeps its place in the original."""

from __future__ import annotations

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
    origins: list[Origins] = []
    done = 0

    def keep(end: int) -> None:
        texts.append(source.text[done:end])
        origins.append(source.origins.cut(done, end))

    for edit in edits:
        keep(edit.start)
        done = edit.end
        if edit.text:
            texts.append(edit.text)
            origins.append(Origins.of([_span(source.origins, edit)] * len(edit.text)))
    if not texts:
        return source
    keep(len(source.text))
    return MarkedText("".join(texts), source=Origins.joined(origins))


def _span(origins: Origins, edit: Edit) -> Span:
    if edit.start < edit.end:
        return origins.span(edit.start, edit.end)
    place = origins.starts[edit.start] if edit.start < len(origins) else origins.ends[-1] if len(origins) else 0
    return Span(place, place)
