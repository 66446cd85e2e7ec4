"""Days of the week by their letters, in timetables: "M/W/F"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said

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


KIND = Kind(
    name="Days by their letters",
    readings=(
        Reading(
            "MTWF",
            r"(?<![\w/])(?:Tu|Th|Sa|[MTWF])(?:/(?:Tu|Th|Sa|[MTWF])){1,4}(?![\w/])",
            _days,
            needs="/",
            then="uha/",
        ),
    ),
    examples="""
        M/W/F → monday wednesday friday
        class meets T/Th → class meets tuesday thursday
        Tu/Th 9-10 → tuesday thursday nine to ten
        M/W 6pm → monday wednesday six P M
        W/F → wednesday friday
        M/T/W/Th/F → monday tuesday wednesday thursday friday
        Tu/Th/Sa → tuesday thursday saturday
        M/Th → monday thursday
        T/F → tuesday friday
        M/F → M slash F
    """,
)
