"""Subtitles (SubRip and WebVTT) reduced to what is spoken: no numbers or times, and sentences on one line."""

from __future__ import annotations

import re

from avsynth.text.edits import Edit, edited
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText

_CLOCK = r"(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}"
_NOT_SPOKEN = compiled(
    rf"\A\ufeff?WEBVTT\b[^\n]*(?:\n|\Z)"
    rf"|^(?:\d{{1,6}}[ \t]*+\r?\n)?{_CLOCK}[ \t]+-->[ \t]+{_CLOCK}(?:[ \t][^\n]*)?\r?(?:\n|\Z)"
    rf"|<(?:{_CLOCK}|/?[cv](?:[ .][^<>\n]{{0,100}})?)>|{{\\an?\d{{1,2}}}}",
    re.MULTILINE,
)
_CUE = compiled(rf"^{_CLOCK}[ \t]+-->[ \t]+{_CLOCK}[^\n]*\n[^\n]*\w", re.MULTILINE)
"""Times by themselves are no subtitles."""
_WITHIN = compiled(r"(?<!\s)[ \t\r]*+\n\s*+(?=[a-z])")
"""A break of lines inside a sentence."""


def read_subtitles(source: MarkedText) -> MarkedText:
    r"""The lines that are spoken, if a text is subtitles; any other text stays as it is.

    >>> read_subtitles(MarkedText("1\n00:00:01,000 --> 00:00:04,000\nWe went\nhome.\n")).text
    'We went home.\n'
    """
    if "-->" not in source.text or _CUE.search(source.text) is None:
        return source
    spoken = edited(source, (Edit(*match.span()) for match in _NOT_SPOKEN.finditer(source.text)))
    return edited(spoken, (Edit(*match.span(), " ") for match in _WITHIN.finditer(spoken.text)))
