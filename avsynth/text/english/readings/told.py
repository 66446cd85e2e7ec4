"""Short units that are other words as well, told by what stands around them: "1 atm", "2 pt"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, STUFFS, adjectival, is_one, is_sort
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before, word_set
from avsynth.text.later import compiled

_PRESSED = compiled(
    r"\b(?:pressures?|gas|gases|vacuum|compress\w*|boil\w*|oxygen|hydrogen|nitrogen|steam|cylinder|dive|divers?|mmHg|kPa|Pa"
    r"|torr|psi|bar)\b"
)
_AT = compiled(
    r"(?:[=≈<>≤≥~(]|\b(?:at|of|from|to|by|than|about|under|over|exceeds?|reache[sd]|and|or|below|above))\s?$"
)
_POURED = STUFFS | word_set("stock cream beer ale cider lager blood ice stout bitter sorbet squash strawberries")
_POURED_FIRST = compiled(rf"\b(?:{'|'.join(sorted(_POURED))}),?\s?\(?$")
_IN_PARTS = compiled(
    r"\s(?:series|documentary|drama|podcast|course|plan|harmony|question|essay|guide|story|miniseries)\b"
)


def _atmospheres(match: Match, _: Context) -> Sequence[Said] | None:
    amount = match["amount"]
    if not ("." in amount or match["gap"] == "" or _PRESSED.search(around(match)) or _AT.search(before(match, 10))):
        return None
    one = is_one(amount) or adjectival(match)
    return [*numbers.number(amount), "atmosphere" if one else "atmospheres"]


def _pints_or_points(match: Match, _: Context) -> Sequence[Said] | None:
    noun = re.match(r"\s(?:of\s|carton\sof\s|bottle\sof\s)?([a-z]+)", after(match))
    if _IN_PARTS.match(after(match)):
        name = "part"
    elif (noun and noun[1] in _POURED) or _POURED_FIRST.search(before(match)):
        name = "pint"
    elif match["dot"] and re.match(r"\s[A-Z\d]", after(match, 2)):
        return None
    else:
        name = "point"
    one = is_one(match["amount"]) or adjectival(match) or (name != "pint" and is_sort(match, "points"))
    return [*numbers.number(match["amount"]), name if one else name + "s"]


def _acres(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["amount"]), "acre" if is_one(match["amount"]) or match["of"] is None else "acres"]


def _stone(match: Match, _: Context) -> Sequence[Said] | None:
    """What a person weighs: "11 st 4 lb"."""
    pounds = re.match(r"\s?\d{1,2}\s?(?:lbs?|pounds)\b", after(match, 12))
    if match["gap"] == "" and match["amount"] in ("1", "21", "31") and not pounds:
        return None
    return [*numbers.number(match["amount"]), "stone"]


def _cups(match: Match, _: Context) -> Sequence[Said] | None:
    if re.search(r"\b(?:rooms?|flats?|units?|no\.|class|section|level|apt\.?)\s$", before(match, 10), re.IGNORECASE):
        return None
    return [*numbers.number(match["amount"]), "cup" if is_one(match["amount"]) else "cups"]


KIND = Kind(
    name="Units that are other words as well",
    readings=(
        Reading(
            "1-9",
            r"(?<![\w.,/$£€])(?P<amount>[12]?\d(?:\.\d)?|3\d)(?P<gap>[\s-]?)st\b(?:\.(?=\s[a-z\d]|\s*$|,))?",
            _stone,
            needs="s",
            then=r"\d.\ss-",
        ),
        Reading(r"\d", r"(?<![\w./])(?P<amount>\d{1,2})\s?c\.(?=\s[a-z])", _cups, needs=".", then=r"\d\sc"),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})(?P<gap>\s?)atm(?!\w)",
            _atmospheres,
            needs="a",
            then=r"\d,.\sa",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€/-])(?P<amount>{AMOUNT})\spt(?P<dot>\.(?=\s[a-z]|[,)]))?(?![\w'/-]|\s?\d)",
            _pints_or_points,
            needs="p",
            then=r"\d,.\s",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})[\s-]ac\b\.?(?P<of>(?=\sof\b))?(?=\s(?:of|lot|farm|parcel|ranch|site|plot|field|park)\b)",
            _acres,
            needs="a",
            then=r"\d,.\s-",
        ),
    ),
    examples="""
        a pressure of 1 atm → a pressure of one atmosphere
        at 2.5 atm → at two point five atmospheres
        from 1 atm to 10 atm → from one atmosphere to ten atmospheres
        I have 2 ATM cards → i have two A T M cards
        buy milk (2 pt) → buy milk, two pints
        a 1 pt. carton of cream → a one pint carton of cream
        won by 2 pt → won by two points
        12 pt type → twelve point type
        a 3 pt series → a three part series
        40 ac of land → forty acres of land
        11 st 4 lb → eleven stone four pounds
        2 c. flour → two cups flour
        a 5-ac lot → a five acre lot
    """,
)
