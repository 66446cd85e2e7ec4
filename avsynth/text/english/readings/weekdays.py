"""Days of the week by their letters, in timetables: "M/W/F"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import DAYS
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before
from avsynth.text.later import compiled

_DAYS = {
    "M": "monday",
    "T": "tuesday",
    "Tu": "tuesday",
    "W": "wednesday",
    "Th": "thursday",
    "F": "friday",
    "Sa": "saturday",
}


def _days(match: Match, _: Context) -> Sequence[Said] | None:
    parts = match[0].split("/")
    if len(set(parts)) < len(parts) or parts == ["M", "F"] or parts == ["F", "M"]:
        return None
    return [_DAYS[part] for part in parts]


_SPAN = compiled(r"(?:M|Tu?|W|Th|F|Sa)-(?:Th|F|Sa|W)(?:,?\s\d|,\s)")


def _span(match: Match, _: Context) -> Sequence[Said] | None:
    """From one day to another, before the hours: "M-Th 9-5"."""
    return [_DAYS[match["first"]], "to", _DAYS[match["last"]]]


def _one(match: Match, _: Context) -> Sequence[Said] | None:
    """A day after such a span: "M-Th 9-5, F 9-1"."""
    return [_DAYS[match["day"]]] if _SPAN.search(before(match)) else None


_ON = compiled(
    r"\b(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\.?,?\s$"
)


def _number(match: Match, _: Context) -> Sequence[Said] | None:
    """The day of a month after that of the week: "Fri 13th"."""
    return ["the", *numbers.ordinal(int(match["number"]))] if _ON.search(before(match, 12)) else None


KIND = Kind(
    name="Days by their letters",
    readings=(
        Reading(
            "MTWFS",
            r"\b(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?=\sthe\s\d{1,2}(?:st|nd|rd|th)\b)",
            lambda match, _: [DAYS[match["day"].lower()]],
            needs="h",
            figures=True,
            then="oueahr",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<number>[1-3]?\d)(?:st|nd|rd|th)\b(?!\s(?:of\b|[A-Z][a-z]{2})|-)",
            _number,
            needs="srnt",
            then=r"\dsnrt",
        ),
        Reading(
            "MTWF",
            r"(?<![\w/])(?:Tu|Th|Sa|[MTWF])(?:/(?:Tu|Th|Sa|[MTWF])){1,4}(?![\w/])",
            _days,
            needs="/",
            then="uha/",
        ),
        Reading(
            "MTWF",
            r"(?<![\w/-])(?P<first>M|Tu?|W|Th|F)-(?P<last>Th|F|Sa|W)(?=,?\s\d{1,2}(?::\d\d)?(?:\s?[ap]m?)?\s?-)",
            _span,
            needs="-",
            figures=True,
            then="uh-",
        ),
        Reading(
            "FSWT", r"(?<=[\dm],\s)(?P<day>F|Sa|W|Th)(?=\s\d{1,2}(?::\d\d)?(?:\s?[ap]m?)?\s?-)", _one, figures=True
        ),
    ),
    examples="""
        M/W/F → monday wednesday friday
        class meets T/Th → class meets tuesday thursday
        Tu/Th 9-10 → tuesday thursday nine to ten
        M–Th 9–5, F 9–1 → monday to thursday nine to five, friday nine to one
        M/W 6pm → monday wednesday six P M
        W/F → wednesday friday
        M/T/W/Th/F → monday tuesday wednesday thursday friday
        Tu/Th/Sa → tuesday thursday saturday
        M/Th → monday thursday
        T/F → tuesday friday
        Fri 13th → friday the thirteenth
        M/F → M slash F
    """,
)
