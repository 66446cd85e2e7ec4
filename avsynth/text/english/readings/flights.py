"""Flights: an airline's two letters and a number, where the sentence is of a flight."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, around, before, initials
from avsynth.text.english.readings.codes import type_number
from avsynth.text.later import compiled

_FLOWN = compiled(
    r"\b(?:[Ff]lights?|[Bb]oarding|[Dd]eparts?|[Ll]ands|[Ll]anded|[Aa]irlines?|[Tt]erminal|[Aa]rrives?|[Tt]ook\soff|[Dd]iverted|dep|trains?|[Pp]latform)\b"
)


def _flight(match: Match, _: Context) -> Sequence[Said] | None:
    if not _FLOWN.search(around(match)):
        return None
    return [initials(match["line"].strip()), *type_number(match["number"])]


_PLANE = compiled(r"\b(?:[Aa]|[Tt]he|[Bb]oeing|one|new|two|old|this|that)\s$")


def _plane(match: Match, _: Context) -> Sequence[Said] | None:
    """ "a 747"."""
    if not _PLANE.search(before(match, 8)) or re.match(
        r"\s(?!has\b|was\b|is\b|jets\b)[a-z]+s\b|\speople", after(match)
    ):
        return None
    *words, last = type_number(match[0][:3])
    return [*words, last + (match["own"] or "")]


def _leg(match: Match, _: Context) -> Sequence[Said] | None:
    """From one airport to another: "06:55 LHR-CDG"."""
    if not re.search(r"\d\d\s$", before(match, 3)) and not _FLOWN.search(around(match)):
        return None
    return [initials(match["one"]), "to", initials(match["two"])]


KIND = Kind(
    name="Flights",
    readings=(
        Reading("Cc", r"\b[Cc]onf\b\.?(?=\s?#|\s(?:no\b|number|code))", lambda match, _: ["confirmation"], then="o"),
        Reading("A-Z", r"(?<![\w-])(?P<one>[A-Z]{3})-(?P<two>[A-Z]{3})(?![\w-])", _leg, needs="-", then="A-Z"),
        Reading("7", r"(?<![\w.,$£€/-])7[0-8]7(?P<own>'s)?(?![\w%'-]|[.,]\d)", _plane, then="0-8"),
        Reading(
            "A-Z",
            r"(?<![\w.-])(?P<line>(?!(?:AM|PM|AD|BC|CE|US|UK|EU|NO|PO|TV|ID)\b)[A-Z]{2}\s|(?:ICE|TGV)\s|[A-Z]{3})(?P<number>[1-9]\d{0,3})(?![\w:/-]|[.,]\d)",
            _flight,
            figures=True,
            then="A-Z",
        ),
    ),
    examples="""
        Our flight, LH 401, leaves → our flight, L H four oh one, leaves
        flight BA 2490 → flight B A twenty four ninety
        BA 117 lands at gate 4 → B A one seventeen lands at gate four
        boarding for QF 12 → boarding for Q F twelve
        flights AA 100 and DL 2205 → flights A A one hundred and D L twenty two oh five
        UA 906 departs at 9 → U A nine oh six departs at nine
        the KL 1007 flight → the K L ten oh seven flight
        EK 201 arrives late → E K two oh one arrives late
        my flight is EZY8432 → my flight is E Z Y eighty four thirty two
        a 747 landed → a seven forty seven landed
        PS 401 is full → P S four hundred and one is full
    """,
)
