"""Plays: act, scene and line, as "III.i.56"."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said
from avsynth.text.english.readings.roman import roman_value


def _line(match: Match, _: Context) -> Sequence[Said] | None:
    act, scene = roman_value(match["act"]), roman_value(match["scene"])
    words = [*numbers.cardinal(act), *numbers.cardinal(scene)]
    if match["line"]:
        words += numbers.number(match["line"])
    return [*words, *(["to", *numbers.number(match["last"])] if match["last"] else [])]


KIND = Kind(
    name="Lines of plays",
    readings=(
        Reading(
            "IV",
            r"(?<![\w.])(?P<act>IV|V|I{1,3})\.(?P<scene>i{1,3}|iv|vi{0,3}|ix|x)(?:\.(?P<line>\d{1,4})(?:-(?P<last>\d{1,4}))?)?(?!\w|\.\w)",
            _line,
            needs=".",
            then="IV.",
        ),
    ),
    examples="""
        Hamlet, III.i.56 → hamlet, three one fifty six
        Macbeth V.v.19 → macbeth five five nineteen
        II.ii.33-35 → two two thirty three to thirty five
        in III.iv → in three four
        I.v.166 → one five one hundred and sixty six
        IV.iii → four three
        I.i.90 → one one ninety
        Act III.ii.1 → act three two one
        V.S. Naipaul → V S naipaul
        I.V. drip → I V drip
    """,
)
