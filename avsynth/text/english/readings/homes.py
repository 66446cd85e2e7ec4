"""Homes to let or to sell: how many bedrooms and baths."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, around, before
from avsynth.text.later import compiled

_ROOMS = {
    "BR": "bedroom",
    "br": "bedroom",
    "bd": "bedroom",
    "bdrm": "bedroom",
    "BDRM": "bedroom",
    "bdr": "bedroom",
    "BA": "bath",
    "ba": "bath",
}


def _rooms(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["count"]), _ROOMS[match["room"]]]


_OF_HOMES = compiled(
    r"(?<![A-Za-z])(?:BR|br|BD|bdrm|bd|bed(?:room)?|[Ss]tudio|my|his|her|our|their|your|rental|furnished)\s$"
)


def _apartment(match: Match, _: Context) -> Sequence[Said] | None:
    if (match[0].endswith(".") and after(match, 1)) or _OF_HOMES.search(before(match, 12)):
        return ["apartments" if match[0].startswith("apts") else "apartment"]
    return None


_SHORT = {
    "hdwd": "hardwood",
    "W/D": "washer and dryer",
    "w/d": "washer and dryer",
    "util": "utilities",
    "Util": "utilities",
}
_SHORT |= {
    "utils": "utilities",
    "Utils": "utilities",
    "avail": "available",
    "Avail": "available",
    "kit": "kitchen",
    "bdrm": "bedroom",
    "bdrms": "bedrooms",
    "reg": "regular",
}


def _deposit(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Sec. dep.", "$500 dep."."""
    if match["sec"]:
        return ["security", "deposit"]
    return ["deposit"] if re.search(r"[$£€]\d[\d,.]*\s$", before(match, 12)) else None


_HOME = compiled(r"(?i:\d\s?-?(?:br|bd|ba)\b|\b(?:bdrms?|bath|apt|flat|rent|util|w/d|hdwd|eat-in|dining)\b)")


def _notice(match: Match, _: Context) -> Sequence[Said] | None:
    """Short words of notices: "util. incl.", "avail. now"."""
    if match["word"] == "reg":
        if re.match(r"\s(?:is|no\b|number|plate)", after(match)):
            return ["registration"]
        return ["regular"] if re.match(r"\s[$£€]\d", after(match)) else None
    if match["word"] in ("kit", "avail", "Avail") and not match["dot"]:
        return None
    if match["word"] == "kit" and not _HOME.search(around(match, 60)):
        return None
    return _SHORT[match["word"]].split()


KIND = Kind(
    name="Homes to let",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,$£€+-])(?P<count>[1-9]\d?(?:\.\d)?)[\s-]?(?P<room>(?<=-)br|BR|bdrm|BDRM|bdr|bd|BA|ba)(?!\w)\.?/?",
            _rooms,
            needs="bB",
            then=r"\d.\sbB-",
        ),
        Reading("ds", r"\b(?P<sec>sec(?:urity|\.)\s)?dep\b\.?(?!\w)", _deposit, then="e"),
        Reading("bhkruaUAWw", rf"(?<![\w/])(?P<word>{any_of(*_SHORT)})(?![\w/'-])(?P<dot>\.)?", _notice, then="dievt/"),
        Reading("a", r"(?<!\w)apts?(?:\.(?=\s[a-z]|\s*$)|(?![\w.'-]))", _apartment, then="p"),
    ),
    examples="""
        2BR apt → two bedroom apartment
        a 3BR/2BA house → a three bedroom two bath house
        3 bd, 2 ba → three bedroom, two bath
        1BR for rent → one bedroom for rent
        4BR, 3.5BA → four bedroom, three point five bath
        1 bdrm → one bedroom
        a 2-BR condo → a two bedroom condo
        2 BR → two bedroom
        2bd/1ba → two bedroom one bath
        studio apt. for rent → studio apartment for rent
        Rm avail. now, util. incl. → room available now, utilities included
        W/D in unit, hdwd floors → washer and dryer in unit, hardwood floors
        an apt answer → an apt answer
        2BR, new kit. and bath → two bedroom, new kitchen and bath
        a new first-aid kit. → a new first-aid kit
        5 bdrm. home → five bedroom home
    """,
)
