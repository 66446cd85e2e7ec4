"""Until when something is good: a month and a year in figures, as "Exp. 06/26"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before
from avsynth.text.later import compiled

_GOOD = compiled(
    r"\b(?:exp\.?|expires?|expir(?:y|ation)(?:\sdate)?|valid\s(?:to|thru|until|through)|good\sthru|best\sbefore|use\sby|bbe)"
    r"(?:\send)?:?\s$",
    re.IGNORECASE,
)


def _month(match: Match, _: Context) -> Sequence[Said] | None:
    if not _GOOD.search(before(match)):
        return None
    year = int(match["year"])
    return [CALENDAR[int(match["month"]) - 1], *numbers.year(year if year > 99 else 2000 + year)]


def _expires(match: Match, _: Context) -> Sequence[Said] | None:
    return ["expires"]


KIND = Kind(
    name="Until when something is good",
    readings=(
        Reading(
            "01",
            r"(?<![\w.,/-])(?P<month>0[1-9]|1[0-2])/(?P<year>\d\d|20\d\d)(?![\w/-])",
            _month,
            needs="/",
            then=r"\d",
        ),
        Reading("Ee", r"\b(?:[Ee]xp|EXP)\b\.?(?=:?\s\d{1,2}/\d)", _expires, needs="/", then="xX"),
    ),
    examples="""
        Exp. 06/26 → expires june twenty twenty six
        Exp: 11/25 → expires, november twenty twenty five
        Valid thru 09/27 → valid thru september twenty twenty seven
        expires 03/2026 → expires march twenty twenty six
        EXP 12/24 → expires december twenty twenty four
        Best before 07/25 → best before july twenty twenty five
        Expiry date: 01/28 → expiry date, january twenty twenty eight
        use by 05/25 → use by may twenty twenty five
        Good thru 10/26 → good thru october twenty twenty six
        by 05/25 → by the twenty fifth of may
    """,
)
