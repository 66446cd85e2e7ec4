"""Cells of a table, and screws: letters with a number on both sides of a colon or a cross."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, initials


def _cell(written: str) -> list[Said]:
    letters, figures = re.findall(r"[A-Z]+|\d+", written)
    return [initials(letters), *numbers.number(figures)]


def _cells(match: Match, _: Context) -> Sequence[Said] | None:
    """A range: "A1:B10"."""
    return [*_cell(match["first"]), "to", *_cell(match["last"])]


def _screw(match: Match, _: Context) -> Sequence[Said] | None:
    """A thread before its length, which is read by itself: "M8 x 40 mm"."""
    return [initials("m"), *numbers.number(match["size"]), "by"]


KIND = Kind(
    name="Cells and screws",
    readings=(
        Reading(
            "A-Z",
            r"(?<![\w$:.-])(?P<first>[A-Z]{1,2}[1-9]\d{0,4}):(?P<last>[A-Z]{1,2}[1-9]\d{0,4})(?![\w:])",
            _cells,
            needs=":",
            figures=True,
            then=r"A-Z\d",
        ),
        Reading(
            "M",
            r"(?<![\w.-])M(?P<size>\d{1,2}(?:\.\d)?)\s?[x×]\s?(?=\d)",
            _screw,
            needs="x×",
            figures=True,
            then=r"\d",
        ),
    ),
    examples="""
        =SUM(A1:A10) → equals sum, A one to A ten
        B2:D20 → B two to D twenty
        cells A1:C3 → cells A one to C three
        AA1:AB9 → A A one to A B nine
        M8 × 40 mm → M eight by forty millimeters
        M6x20 → M six by twenty
        M3 x 10mm → M three by ten millimeters
        M2.5x6 → M two point five by six
        an M8 bolt → an M eight bolt
        Row B2: total → row B two, total
    """,
)
