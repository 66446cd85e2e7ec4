"""Feet, inches and angles: heights, sizes with marks for inches, degrees with minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, adjectival, is_one, noun_follows, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.english.units import unit_words
from avsynth.text.later import compiled

_POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}


_QUOTES = compiled(r"(?<!\d)\"")
"""Marks of a quotation that cannot be those of inches."""


def _inches(match: Match, _: Context) -> Sequence[Said] | None:
    opened, closed = (len(_QUOTES.findall(text)) for text in (before(match, 240), after(match, 240)))
    if opened % 2 and not closed % 2:
        return None  # the end of a quotation
    words = unit_words("in", one=is_one(match["amount"]) or noun_follows(match) or after(match, 1) == "-", glued=True)
    return [*numbers.number(match["amount"]), *(words or ())]


def _inches_to(match: Match, context: Context) -> Sequence[Said] | None:
    """From so many to so many: "38-40"."""
    words = _inches(match, context)
    return words and [*numbers.number(match["low"]), "to", *words]


def _long(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "inch" if is_one(match["amount"]) or adjectival(match) else "inches"]


def _angles(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["low"]), "to", *numbers.number(match["high"]), "degrees"]


def _feet_by_feet(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["one"]), "by", *numbers.number(match["two"]), "feet"]


def _inches_by_inches(match: Match, _: Context) -> Sequence[Said] | None:
    third = ["by", *numbers.number(match["three"])] if match["three"] else []
    return [*numbers.number(match["one"]), "by", *numbers.number(match["two"]), *third, "inches"]


def _height(match: Match, _: Context) -> Sequence[Said] | None:
    part = match.groupdict().get("above")
    fraction = ["and", *numbers.fraction(int(part), int(match["below"]))] if part else []
    return [*numbers.number(match["feet"]), "foot", *numbers.number(match["inches"]), *fraction]


def _feet(match: Match, _: Context) -> Sequence[Said] | None:
    if re.search(r"(?<!\w)'", before(match, 200)):
        return None  # the end of a quotation
    return [*numbers.number(match["amount"]), "foot" if is_one(match["amount"]) or adjectival(match) else "feet"]


_TURNED = compiled(
    r"\s(?:angles?|turns?|bends?|views?|heat|rotations?|wedges?|corners?|slopes?|weather|water|oven|days?)\b"
)


def _angle(match: Match, _: Context) -> Sequence[Said] | None:
    sort = adjectival(match) or _TURNED.match(after(match))
    one = is_one(match["degrees"]) or (sort and not match["minute"] and not match["point"])
    words = [*signed(match), *numbers.number(match["degrees"]), "degree" if one else "degrees"]
    for name in ("minute", "second"):
        if match[name]:
            words += [*numbers.number(match[name]), name if match[name] == "1" else name + "s"]
    return [*words, *([_POINTS[match["point"]]] if match["point"] else [])]


KIND = Kind(
    name="Feet, inches and angles",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>\d{1,3})°\s?-\s?(?P<high>\d{1,3})°(?!\s?[CFKcf]\b|\d)",
            _angles,
            needs="°",
            then=r"\d°",
        ),
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.])(?P<degrees>\d{{1,3}})°\s?(?P<minute>\d{{1,2}}(?:\.\d{{1,9}})?)'"
            r"(?:\s?(?P<second>\d{1,2}(?:\.\d{1,9})?)(?:\"|''))?(?:\s?(?P<point>[NSEW])\b)?",
            _angle,
            needs="°",
            then=r"\d°",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<degrees>{AMOUNT})°(?P<minute>)(?P<second>)(?:\s?(?P<point>[NSEW])\b)?"
            r"(?!\s?[CFKcf]\b)",
            _angle,
            needs="°",
            then=r"\d,.°",
        ),
        Reading(
            r"\d",
            r"(?<![\w'.])(?P<one>\d{1,4})'\s?[x×]\s?(?P<two>\d{1,4})'(?![\w'])",
            _feet_by_feet,
            needs="'",
            then=r"\d'",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<one>{AMOUNT})(?:\"|'')?\s?[x×]\s?(?P<two>{AMOUNT})(?:(?:\"|'')?\s?[x×]\s?(?P<three>{AMOUNT}))?(?:\"|'')(?!\w)",
            _inches_by_inches,
            needs="x×",
            then=r"\d,.\"'\sx×",
        ),
        Reading(
            "123456789",
            r"(?<![\w'.])(?P<feet>[1-9]\d?)'\s?(?P<inches>1[01]|\d)"
            r"(?:\s{0,2}(?P<above>\d{1,2})[/\u2044](?P<below>2|4|8|16)\s?)?(?:\"|'')(?!\w)",
            _height,
            needs="'",
            then=r"\d'",
        ),
        Reading(
            "123456789",
            r"(?<![\w'.])(?P<feet>[1-9])'\s?(?P<inches>1[01]|\d)(?![\w'\u2044])",
            _height,
            needs="'",
            then="'",
        ),
        Reading(
            "123456789",
            r"(?<![\w'.])(?P<feet>[1-9])\s?ft\.?\s(?P<inches>1[01]|\d)\s?in\b\.?",
            _height,
            needs="f",
            then=r"\sf",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>\d{1,3})(?:\"|'')?-(?P<amount>\d{1,3})(?:\"|'')(?!\w)",
            _inches_to,
            needs='"',
            then=r"\d\"-",
        ),
        Reading(r"\d.", rf"(?<![\w\".])(?P<amount>{AMOUNT})(?:\"|'')(?!\w)", _inches, needs=""""'""", then=r"\d,.\"'"),
        Reading(
            r"\d",
            r"(?<![\w'.])(?P<amount>\d{1,5}|\d{1,2},\d{3})'(?=\s[a-z]|\s[HWDL]\b|\s*$|[,.;:)])",
            _feet,
            needs="'",
            then=r"\d,'",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<amount>{AMOUNT})\s?in\b\.?(?=\s*$|[,;:)]|(?<=\.)\s[A-Z]{{2}}|\s(?:tall|wide|long|deep|thick|high|by|x)\b)",
            _long,
            needs="i",
            then=r"\d,.\si",
        ),
    ),
    examples="""
        45° → forty five degrees
        40° 26′ 46″ N → forty degrees twenty six minutes forty six seconds north
        5'11" → five foot eleven
        6 ft 2 in → six foot two
        a 12" ruler → a twelve inch ruler
        1.5" pipe → one point five inch pipe
        5' → five feet
        20" W x 30" H → twenty inches w by thirty inches h
        a 5" screen and a 6" one → a five inch screen and a six inch one
        20°–25° → twenty to twenty five degrees
        a 90° angle → a ninety degree angle
        5'x7' → five by seven feet
        8.5x11" paper → eight point five by eleven inches paper
        12" x 18" x 4" → twelve by eighteen by four inches
        10" x 12" → ten by twelve inches
        65" TV → sixty five inch T V
        a 6-in. nail → a six inch nail
    """,
)
