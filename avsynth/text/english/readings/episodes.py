"""Seasons and episodes: "S02E05"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said


def _episode(match: Match, _: Context) -> Sequence[Said] | None:
    last = ["to", *numbers.cardinal(int(match["last"]))] if match["last"] else []
    name = "episodes" if last else "episode"
    return ["season", *numbers.cardinal(int(match["season"])), name, *numbers.cardinal(int(match["episode"])), *last]


KIND = Kind(
    name="Seasons and episodes",
    readings=(
        Reading(
            "Ss",
            r"(?<![\w.-])[Ss](?P<season>\d{1,2})(?:[\s:]\s?|,\s)?(?:[Ee]|Ep\.?\s?)(?P<episode>\d{1,3})"
            r"(?:-[Ee]?(?P<last>\d{1,3}))?(?![\w-])",
            _episode,
            needs="Ee",
            figures=True,
            then=r"\d",
        ),
    ),
    examples="""
        S02E05 → season two episode five
        watch S1E3 → watch season one episode three
        s03e10 is great → season three episode ten is great
        S1 E1 → season one episode one
        S12:E4 → season twelve episode four
        S2, E7 → season two episode seven
        S01E01-E03 → season one episodes one to three
        S4 Ep. 2 → season four episode two
        the Galaxy S21 → the galaxy S twenty one
        S3 buckets → S three buckets
    """,
)
