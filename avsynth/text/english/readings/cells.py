"""Cells of a table, and screws: letters with a number on both sides of a colon or a cross."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before, initials
from avsynth.text.later import compiled


def _cell(written: str) -> list[Said]:
    letters, figures = re.findall(r"[A-Z]+|\d+", written)
    return [initials(letters), *numbers.number(figures)]


def _cells(match: Match, _: Context) -> Sequence[Said] | None:
    """A range: "A1:B10"."""
    return [*_cell(match["first"]), "to", *_cell(match["last"])]


def _screw(match: Match, _: Context) -> Sequence[Said] | None:
    """A thread before its length, which is read by itself: "M8 x 40 mm"."""
    return [initials("m"), *numbers.number(match["size"]), "by"]


_LEVELLED = compiled(r"\b(?:levels?|grades?|from)\s$")


def _from_to(match: Match, _: Context) -> Sequence[Said] | None:
    """What is counted with a letter: "Q1-Q3"; neighbours in the spine stand side by side: "L4-L5"."""
    low, high = (int(match[name]) for name in ("low", "high"))
    same = match["one"] == match["other"]
    if same and low >= high:
        return None
    spine = match["one"] in "CLT" and match["other"] in "CLTS" and (not same or high == low + 1)
    if not same and not spine and not (match["one"] < match["other"] and _LEVELLED.search(before(match, 8))):
        return None
    joint = [] if spine and not _LEVELLED.search(before(match, 8)) else ["to"]
    return [initials(match["one"]), *numbers.cardinal(low), *joint, initials(match["other"]), *numbers.cardinal(high)]


KIND = Kind(
    name="Cells, screws and what is counted with a letter",
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
            "A-Z",
            r"(?<![\w$:.-])(?P<one>[A-Z])(?P<low>\d{1,2})-(?P<other>[A-Z])(?P<high>\d{1,2})(?![\w'-]|[.:]\d)",
            _from_to,
            needs="-",
            figures=True,
            then=r"\d",
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
        in Q1–Q3 → in Q one to Q three
        the L4-L5 disc → the L four L five disc
        an M8 bolt → an M eight bolt
        Row B2: total → row B two, total
    """,
)
