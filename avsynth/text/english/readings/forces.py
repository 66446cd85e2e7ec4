"""Parts of armies, after their numbers: "7th Cav. Regt."."""

from __future__ import annotations

from collections.abc import Sequence

from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of

_UNITS_OF_FORCES = {
    **{"Bn": "battalion", "Cav": "cavalry", "Regt": "regiment", "Inf": "infantry", "Div": "division", "Bde": "brigade"},
    **{
        "Btn": "battalion",
        "Co": "company",
        "Sqn": "squadron",
        "Arty": "artillery",
        "Armd": "armored",
        "Abn": "airborne",
    },
}


def _force(match: Match, _: Context) -> Sequence[Said] | None:
    """Part of an army: "7th Cav. Regt."."""
    return [_UNITS_OF_FORCES[match["unit"]]]


KIND = Kind(
    name="Parts of armies",
    readings=(
        Reading(
            "BCRIDSA",
            rf"(?:(?<=\dst\s)|(?<=\dnd\s)|(?<=\drd\s)|(?<=\dth\s)|(?<=Cav\.\s)|(?<=Inf\.\s))(?P<unit>{any_of(*_UNITS_OF_FORCES)})\b\.?",
            _force,
            needs="A",
            figures=True,
        ),
    ),
    examples="""
        the 7th Cav. Regt. → the seventh cavalry regiment
        the 1st Bn. → the first battalion
        the 82nd Abn. Div. → the eighty second airborne division
        the 3rd Inf. Div. → the third infantry division
        2nd Bn moved up → second battalion moved up
        the 5th Regt. of foot → the fifth regiment of foot
        the 4th Armd. → the fourth armored
        10th Bde → tenth brigade
        617 Sqn → six hundred and seventeen sqn
        the 9th Cav. → the ninth cavalry
    """,
)
