"""Dates with dashes and short years ("05-Jan-20"), several days of one month, weekends ("Sat/Sun")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR, DAYS, MONTHS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said
from avsynth.text.tokens import Pause

_NAMES = {name.capitalize(): full for name, full in (MONTHS | {full: full for full in CALENDAR}).items()}
_MONTH = "|".join(sorted(_NAMES, key=len, reverse=True))
_WEEKDAY = "(?:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"


def _short(match: Match, _: Context) -> Sequence[Said] | None:
    year = int(match["year"])
    return [
        *["the", *numbers.ordinal(int(match["day"])), "of", _NAMES[match["month"].capitalize()]],
        *numbers.year(year + (1900 if year > 39 else 2000)),
    ]


def _several(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Dec. 24, 25 and 26"."""
    words: list[Said] = [_NAMES[match["month"]]]
    for part in re.findall(r"\d+|,|and|&|or", match["days"]):
        if part.isdigit():
            words += numbers.ordinal(int(part))
        else:
            words.append(Pause() if part == "," else "or" if part == "or" else "and")
    return words


def _either(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Sat/Sun"."""
    return [word for place, day in enumerate(match[0].split("/")) for word in (*["slash"][:place], DAYS[day.lower()])]


KIND = Kind(
    name="Dates with short years, and several days",
    readings=(
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<day>{_DAY})-(?P<month>(?i:{_MONTH}))-(?P<year>\d\d)(?![\w-]|[.,]\d)",
            _short,
            needs="-",
            then=r"\d-",
        ),
        Reading(
            "ADFJMNOS",
            rf"\b(?P<month>{_MONTH})\.?\s(?P<days>{_DAY}(?:,\s{_DAY}){{0,4}},?\s(?:and|&|or)\s{_DAY})(?![\w:/-]|[.,]\d|\s?%|\s(?:[a-z]+s|people|men|women|children)\b)",
            _several,
            figures=True,
            then="a-z",
        ),
        Reading(
            "MTWFS",
            rf"\b{_WEEKDAY}/{_WEEKDAY}\b",
            _either,
            needs="/",
        ),
    ),
    examples="""
        05-Jan-20 → the fifth of january twenty twenty
        12-Mar-98 → the twelfth of march nineteen ninety eight
        3-SEP-07 → the third of september two thousand and seven
        on Dec. 24, 25 and 26 → on december twenty fourth, twenty fifth and twenty sixth
        May 4 and 5 → may fourth and fifth
        July 8 or 9 → july eighth or ninth
        March 1, 2, and 3 → march first, second, and third
        Sat/Sun → saturday slash sunday
        closed Mon/Tue → closed monday slash tuesday
        May 4, 2020 and 5 more → may fourth, twenty twenty and five more
    """,
)
