"""Units with dots inside ("30 m.p.h."), degrees in full letters ("70 deg. F"), and ages in short ("a 10 yr old")."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, is_one, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before
from avsynth.text.english.units import unit_words
from avsynth.text.later import compiled

_SCALES = {"C": "celsius", "F": "fahrenheit"}


def _unit(match: Match, _: Context) -> Sequence[Said] | None:
    words = unit_words(match["unit"].replace(".", "").lower(), one=is_one(match["amount"]))
    return words and [*numbers.number(match["amount"]), *words]


def _degrees(match: Match, _: Context) -> Sequence[Said] | None:
    one = is_one(match["amount"])
    return [
        *signed(match),
        *numbers.number(match["amount"]),
        "degree" if one else "degrees",
        _SCALES[match["scale"]],
    ]


_ONE_OF = compiled(r"\b(?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er|[Oo]ur|[Mm]y|[Tt]his|[Tt]hat)\s$")
_AGES = {"yr": "year", "mo": "month", "wk": "week"}


def _old(match: Match, _: Context) -> Sequence[Said] | None:
    """ "A 10 yr old"."""
    if not _ONE_OF.search(before(match, 6)):
        return None
    return [*numbers.number(match["age"]), _AGES[match["time"]], "old"]


KIND = Kind(
    name="Units with dots, and ages in short",
    readings=(
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<amount>{AMOUNT})[\s-]?(?P<unit>m\.p\.[hg]\.|k\.p\.h\.|r\.p\.m\.|p\.s\.i\.|b\.p\.m\.|f\.p\.s\.)",
            _unit,
            needs=".",
            then=r"\d,.\s\-a-z",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.])(?P<amount>{AMOUNT})[\s-]?deg(?:\.|rees)?\s(?P<scale>[CF])(?![\w'])",
            _degrees,
            needs="d",
            then=r"\d,.\s\-d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<age>[1-9]\d?)[\s-]?(?P<time>yr|mo|wk)\.?[\s-]old(?=[\s.,;:!?)]|$)",
            _old,
            needs="o",
            then=r"\d\s\-ymw",
        ),
    ),
    examples="""
        30 m.p.h. → thirty miles per hour
        a 55 m.p.h. limit → a fifty five miles per hour limit
        1 m.p.h. faster → one mile per hour faster
        3,000 r.p.m. → three thousand R P M
        40 m.p.g. → forty miles per gallon
        20 deg C → twenty degrees celsius
        70 deg. F → seventy degrees fahrenheit
        -5 deg C → minus five degrees celsius
        a 10 yr old → a ten year old
        her 6-mo. old son → her six month old son
        it is 10 yrs old → it is ten years old
    """,
)
