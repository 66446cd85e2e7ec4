"""Journeys: a dash from one place to another ("the London–Paris train"), roads and buses by their numbers, plates
of British cars, houses without a street."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.places import POINTS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, around, before, initials
from avsynth.text.english.readings.codes import type_number
from avsynth.text.later import compiled

_NO_PLACES = (
    "Franco|Anglo|Sino|Indo|Afro|Russo|Austro|Italo|Euro|Trans|Inter|Non|Pan|Mid|Anti|Post|Pre|Neo|North|South|East|West"
    "|Mason|Greco|Balto|Serbo|Hispano|Luso|Nippo|Ex|Multi|Cross"
)
_WAYS = (
    "trains?|flights?|ferry|ferries|route|railway|railroad|line|bus|buses|coach|express|service|services|motorway|highway"
    "|crossing|journey|trip|leg|sleeper|corridor|shuttle|fare|fares|tickets?|connection"
)
_GOING = compiled(
    r"\b(?:fly|flies|flew|flying|drive|drove|driving|return|travel|sail|sailed|sailing|tickets?|train|ferry|bus|route"
    r"|single|flight|flights)\s(?:(?:St|San|New|Los|Las|El)\.?\s)?$"
)
_ROAD = compiled(
    r"\b(?:traffic|freeway|highway|motorway|exit|lanes?|drive|drove|driving|jam|jammed|crash|accident|stuck|ramp"
    r"|interchange|commut\w+|bumper|northbound|southbound|eastbound|westbound|merge|merged|detour|pileup|overpass)\b"
    r"|\b(?:take|took|off|down|up|onto|along|get\soff)\sthe\s\d{3}\s(?:north|south|east|west|to|towards?|until|past|and|from|all|at\s[Ee]xit)\b"
)


def _plate(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match["area"]), *type_number(match["age"]), initials(match["last"])]


def _places(match: Match, _: Context) -> Sequence[Said] | None:
    if match["way"] is None and not _GOING.search(before(match)):
        return None
    return [match["one"].lower(), "to", match["two"].lower()]


def _road(match: Match, _: Context) -> Sequence[Said] | None:
    if match["bus"] is None and not _ROAD.search(around(match, 80)):
        return None
    return numbers.pairs(int(match["road"]))


_POWER = compiled(
    r"\b(?:[Rr]at(?:ed|ing)|runs?|[Ll]amps?|[Bb]ulbs?|[Pp]ower|[Cc]harg(?:er?|es|ing)|heated|[Ee]ngine|[Ss]olar|draws?)\b"
)


def _after_house(match: Match, _: Context) -> Sequence[Said] | None:
    """A house in a street that is not called one: "at 1100 S. Wabash"."""
    if not re.search(r"\b(?:at|to|near|from|outside)\s$", before(match, 8)) or _POWER.search(around(match, 60)):
        return None
    return [*numbers.pairs(int(match["house"])), POINTS[match["point"]]]


KIND = Kind(
    name="Journeys and roads",
    readings=(
        Reading(
            "A-Z",
            r"(?<![\w/-])(?P<area>[A-HJ-PR-Y]{2})(?P<age>\d\d)\s(?P<last>[A-HJ-PR-Z]{3})(?![\w/-])",
            _plate,
            needs="A",
            figures=True,
            then="A-Z",
        ),
        Reading(
            "A-Z",
            rf"(?<![\w'-])(?!(?:{_NO_PLACES})-)(?P<one>[A-Z][a-z]{{2,}})-(?P<two>[A-Z][a-z]{{2,}})(?![\w'-])"
            rf"(?P<way>(?=\s(?:[A-Z][a-z]+\s)?(?:{_WAYS})\b))?",
            _places,
            needs="-",
            then="a-z",
        ),
        Reading(
            "A",
            r"\bA(?P<road>\d{1,4})\(M\)",
            lambda match, _: ["a.", *numbers.pairs(int(match["road"])), "m."],
            needs="(",
            then=r"\d",
        ),
        Reading(
            "1-9",
            r"(?:(?<=\bthe\s)|(?<=\bThe\s))(?P<road>[1-9]\d\d)(?![\w%/'-]|[.,:]\d)"
            r"(?!\s(?!(?:north|south|east|west|to|towards?|until|past|and|from|for|at|near|in|is|was|again|this|all|before|after"
            r"|because|during|just|when|freeway|northbound|southbound|eastbound|westbound|exit|bus|interchange|toll)\b)\w)"
            r"(?P<bus>(?=\s(?:bus|freeway|interchange)\b))?",
            _road,
            needs="h",
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,$£€/-])(?P<house>[1-9]\d{1,4})\s(?P<point>[NSEW])\.?(?=\s[A-Z][a-z]{3,}(?![\w'-]))",
            _after_house,
            needs="A",
            then=r"\d",
        ),
    ),
    examples="""
        the house at 1100 S. Wabash → the house at eleven hundred south wabash
        rated at 60 W. → rated at sixty watts
        The plate reads KX52 ABD. → the plate reads K X fifty two A B D
        the London–Paris train → the london to paris train
        a New York–London flight → a new york to london flight
        fly Rome–Milan → fly rome to milan
        a Franco-German train → a franco-german train
        the Mason–Dixon line → the mason-dixon line
        the Lennon–McCartney songs → the lennon-mccartney songs
        take the 405 north → take the four oh five north
        stuck on the 101 → stuck on the one oh one
        the A1(M) → the A one M
        catch the 216 bus → catch the two sixteen bus
        the 405 people on board → the four hundred and five people on board
        of the 120, only 3 left → of the one hundred and twenty, only three left
    """,
)
