"""How many of a thing, with a cross: "3 x laptops"; and two parts of a hundred: "70/30"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import adjectival, magnitude
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, around, before
from avsynth.text.english.units import unit_words
from avsynth.text.later import compiled


def _so_many(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["count"])]


def _split(match: Match, _: Context) -> Sequence[Said] | None:
    low, high = int(match["low"]), int(match["high"])
    return [*numbers.cardinal(low), *numbers.cardinal(high)] if low + high == 100 else None


def _for_several(match: Match, _: Context) -> Sequence[Said] | None:
    """Before a price, which is read by itself: "2/$16"."""
    return [*numbers.number(match["count"]), "for"]


_SERIES = compiled(
    r"\b(?:round|page|part|day|slide|step|lap|week|tweet|question|episode|ep\.?|photo|stage|level|match|game|set|heat|lesson"
    r"|no\.|module|item|image|panel|volume|issue|thread|post|stop|session|test|task)\s$",
    re.IGNORECASE,
)


def _one_of(match: Match, _: Context) -> Sequence[Said] | None:
    """The place in a series: "Round 5/24"."""
    low, high = int(match["low"]), int(match["high"])
    if low > high or not _SERIES.search(before(match)):
        return None
    return [*numbers.cardinal(low), "of", *numbers.cardinal(high)]


def _large(match: Match, _: Context) -> Sequence[Said] | None:
    """The size of what is counted: "2 lg. eggs"."""
    return [{"l": "large", "m": "medium", "s": "small"}[match[0][0]]]


def _pages(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["count"]), "page" if match["count"] == "1" else "pages"]


_BET = compiled(
    r"\b(?:odds|book(?:ies|makers?)|bett?(?:ing|ors?)|punters?|backed\sat|priced\sat|favou?rite\sat|each-way)\b",
    re.IGNORECASE,
)


def _odds(match: Match, _: Context) -> Sequence[Said] | None:
    """What a bet may win: "odds of 11/4"."""
    if match["low"] == match["high"] or not _BET.search(around(match)):
        return None
    return [*numbers.cardinal(int(match["low"])), "to", *numbers.cardinal(int(match["high"]))]


def _placed(match: Match, _: Context) -> Sequence[Said] | None:
    """A place among so many: "3rd/120"."""
    return [*numbers.ordinal(int(match["place"])), "out", "of", *numbers.number(match["among"])]


def _thousands(match: Match, _: Context) -> Sequence[Said] | None:
    """Thousands or millions of a unit: "38k mi", "150M km"."""
    unit = unit_words(match["unit"], one=adjectival(match))
    return None if unit is None else [*numbers.number(match["amount"]), magnitude(match["scale"]), *unit]


def _of_them(match: Match, _: Context) -> Sequence[Said] | None:
    """How many of those just named: "the mice (6/12)"."""
    low, high = int(match["low"]), int(match["high"])
    if low > high or high < 9 or high in (16, 32, 64) or not re.search(r"[a-z]\s\($", before(match, 3)):
        return None
    return [*numbers.cardinal(low), "out", "of", *numbers.cardinal(high)]


KIND = Kind(
    name="Counts of things, and parts of a hundred",
    readings=(
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<count>[1-9]\d{0,2})\s[x×](?=\s(?:[a-z]{3,}|AAA?|[A-Z][a-z]{2,})\b)",
            _so_many,
            needs="x×",
            then=r"\d\s",
        ),
        Reading(r"\d", r"(?<![\w.,/$£€-])(?P<count>[2-9]|1\d)/(?=[$£€]\d)", _for_several, needs="$£€", then=r"\d/"),
        Reading(
            r"\d", r"(?<![\w.,/-])(?P<low>\d{1,3})/(?P<high>\d{1,3})(?![\w/]|[.,]\d)", _one_of, needs="/", then=r"\d/"
        ),
        Reading(
            r"\d", r"(?<![\w.,/-])(?P<low>\d{1,3})/(?P<high>\d{1,2})(?![\w/]|[.,]\d)", _odds, needs="/", then=r"\d/"
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<count>[1-9]\d{0,3})\spp?\.(?=[,;)]|\s+[a-z]|\s*$)(?!\s?\d)",
            _pages,
            needs="p",
            then=r"\d\s",
        ),
        Reading("lms", r"(?<=\d\s)(?:lg|med|sm)\b\.?(?=\s[a-z])", _large, figures=True, then="gem"),
        Reading("m", r"\bmed\.?(?=[\s-](?:rare|heat|well)\b)", lambda match, _: ["medium"], then="e"),
        Reading("f", r"(?<=\d-)fig\b\.?", lambda match, _: ["figure"], figures=True, then="i"),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<place>\d{1,3})(?:st|nd|rd|th)/(?P<among>\d{1,5})(?![\w/]|[.,]\d)",
            _placed,
            needs="/",
            then=r"\dsnrt",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<amount>\d{1,4}(?:\.\d)?)(?P<scale>[kKMB]|bn)\s(?P<unit>mi|km|ft|lbs?|kg|sq\.?\sft|mAh|sqft|gal|m|yds?)\b(?!/)",
            _thousands,
            needs="kKMBb",
            then=r"\d.kKMBb",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€-])(?P<amount>\d{1,3}(?:\.\d{1,2})?)[\s-]?ct\b\.?(?=\s(?:diamonds?|rub(?:y|ies)|sapphires?|emeralds?|stones?|gems?|opals?))",
            lambda match, _: [*numbers.number(match["amount"]), "carat"],
            needs="c",
            then=r"\d.\sc-",
        ),
        Reading(r"\d", r"(?<=\()(?P<low>\d{1,4})/(?P<high>\d{1,4})(?=\))", _of_them, needs="(", then=r"\d/"),
        Reading("e", r"(?<=[\dp]\s)ea\b(?!\w)", lambda match, _: ["each"], then="a", figures=True),
        Reading(
            "14",
            r"(?<![\w.,/-])(?:1-2(?=\s(?:punch|combo|finish))|401-?[kK](?![\w-])|4-0-1-[kK])",
            lambda match, _: ["one", "two"] if match[0] == "1-2" else ["four", "oh", "one", "k."],
            needs="-kK",
            then="-0",
        ),
        Reading(
            "1",
            r"(?:(?<=\b[Aa]\s)|(?<=\b[Mm]y\s)|(?<=\byour\s)|(?<=\bhis\s)|(?<=\bher\s))(?P<type>1099|1040)(?![\w/-]|[.,]\d|\s(?!comes\b|was\b|is\b)[a-z]+s\b)",
            lambda match, _: [*numbers.pairs(int(match["type"]))],
            then="0",
        ),
        Reading(
            "57",
            r"(?<![\w.,$£€-])(?P<type>7[0-8]7(?=\s(?:MAX|Max|jet|jets|Dreamliner|freighter|aircraft|cockpit|crew|pilot)\b)|529(?=\s(?:plan|plans|account)\b))",
            lambda match, _: [*numbers.pairs(int(match["type"]))],
            then=r"\d",
        ),
        Reading(
            "5-9",
            r"(?<![\w.,/])(?P<low>[5-9][05])/(?P<high>[1-4][05]|5)(?![\w/]|\.\d)",
            _split,
            needs="/",
            then="05",
        ),
    ),
    examples="""
        3 x laptops → three laptops
        1 x large onion → one large onion
        2 x AA batteries → two A A batteries
        4 x wheels → four wheels
        2/$16 → two for sixteen dollars
        Round 5/24 → round five of twenty four
        Page 3/10 → page three of ten
        150M km away → one hundred and fifty million kilometers away
        odds of 11/4 → odds of eleven to four
        3 x 4 → three by four
        a 70/30 split → a seventy thirty split
        the 80/20 rule → the eighty twenty rule
        a 95/5 cut → a ninety five five cut
        split 55/45 → split fifty five forty five
        a 75/25 blend → a seventy five twenty five blend
        a 1-2 punch → a one two punch
        my 401-k → my four oh one K
        the 737 MAX 8 → the seven thirty seven max eight
        a 1099 came → a ten ninety nine came
        a 529 plan → a five twenty nine plan
        70/31 → seventy thirty firsts
    """,
)
