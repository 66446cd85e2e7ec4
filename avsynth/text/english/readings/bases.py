"""Numbers of other bases than ten: "0b1010", "1010₂", of which each digit is said."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said
from avsynth.text.english.readings.codes import characters

_DIGITS = "0123456789ABCDEF"


def _prefixed(match: Match, _: Context) -> Sequence[Said] | None:
    return ["zero", match["letter"].lower() + ".", *numbers.digits(match["digits"])]


def _below(match: Match, _: Context) -> Sequence[Said] | None:
    """With its base written low, which folding sets after a stroke."""
    base = int(match["base"])
    if not set(match["digits"].upper()) <= set(_DIGITS[:base]):
        return None
    return [*characters(match["digits"]), "base", *numbers.cardinal(base)]


KIND = Kind(
    name="Numbers of other bases",
    readings=(
        Reading(
            "0",
            r"(?<![\w.])0(?:(?P<letter>[bB])(?P<digits>[01]{1,64})|(?P<eight>[oO])(?P<octal>[0-7]{1,24}))(?!\w)",
            lambda match, context: (
                _prefixed(match, context) if match["letter"] else ["zero", "o.", *numbers.digits(match["octal"])]
            ),
            then="bBoO",
        ),
        Reading(
            r"\dA-Fa-f",
            r"(?<![\w.,])(?P<digits>[\dA-Fa-f]{1,32})_(?P<base>[2-9]|1[0-6])(?!\w)",
            _below,
            needs="_",
            figures=True,
            then=r"\dA-Fa-f_",
        ),
    ),
    examples="""
        0b1010 → zero B one zero one zero
        0o755 → zero O seven five five
        1010₂ → one zero one zero base two
        FF₁₆ → F F base sixteen
        777₈ → seven seven seven base eight
        101₂ = 5₁₀ → one zero one base two equals five base ten
        2A₁₆ → two A base sixteen
        x₁ + x₂ → X one plus X two
        CO₂ → C O two
        0b2 → zero b two
    """,
)
