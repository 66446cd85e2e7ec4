"""Letters with a sign: notes of music, and grades."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, initials
from avsynth.text.tokens import Pause


def _note(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match["letter"]), "sharp" if match["sign"] in "#♯" else "flat"]


def _grade(match: Match, _: Context) -> Sequence[Said] | None:
    return [initials(match["letter"]), "minus" if match["sign"] == "-" else "plus"]


def _stars(match: Match, _: Context) -> Sequence[Said] | None:
    """How many of how many: "★★★★☆"."""
    full, count = match[0].count("★"), len(match[0])
    if count < 3 or not full:
        return None
    out_of = ["out", "of", *numbers.cardinal(count)] if full < count else []
    return [*numbers.cardinal(full), *out_of, "star" if count == 1 else "stars", Pause()]


KIND = Kind(
    name="Notes, grades and stars",
    readings=(
        Reading("★", r"★{1,10}☆{0,10}", _stars),
        Reading("ABCDEFG", r"\b(?P<letter>[A-G])(?P<sign>[#♯♭])(?!\w)", _note, needs="#♭♯", then="#♯♭"),
        Reading(
            "ABCDEFO",
            r"\b(?P<letter>[A-F]|AB|O)(?P<sign>[+-])(?=[\s,.;:!?)]|$)(?!\s[\d=])",
            _grade,
            needs="+-",
            then="B+-",
        ),
    ),
    examples="""
        C# → C sharp
        ★★★★☆ → four out of five stars
        a B- → a B minus
        F♯ → F sharp
        B♭ → B flat
        an A+ → an A plus
        type O- → type O minus
        AB+ blood → A B plus blood
        got a C+. → got a C plus
        in G# → in G sharp
        a D- in maths → a D minus in maths
    """,
)
