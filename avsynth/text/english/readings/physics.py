"""Physics: units with a negative power ("m s⁻²"), powers of ten by a unit, isotopes ("¹⁴C")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, MINUS, is_one, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, any_of, initials
from avsynth.text.english.units import unit_words
from avsynth.text.tokens import Pause

_ISOTOPES = {
    **{
        "H": "hydrogen",
        "He": "helium",
        "Li": "lithium",
        "Be": "beryllium",
        "B": "boron",
        "C": "carbon",
        "N": "nitrogen",
    },
    **{"O": "oxygen", "F": "fluorine", "Na": "sodium", "Al": "aluminum", "P": "phosphorus", "S": "sulfur"},
    **{
        "Cl": "chlorine",
        "Ar": "argon",
        "K": "potassium",
        "Ca": "calcium",
        "Fe": "iron",
        "Co": "cobalt",
        "Sr": "strontium",
    },
    **{"Tc": "technetium", "I": "iodine", "Xe": "xenon", "Cs": "cesium", "Pb": "lead", "Po": "polonium", "Rn": "radon"},
    **{"Ra": "radium", "Th": "thorium", "U": "uranium", "Np": "neptunium", "Pu": "plutonium", "Am": "americium"},
}
_UNIT = r"(?:[kcmnμGM]?(?:m|g|s|J|W|N|L|l|V|A|K|Pa|mol|Hz|eV|C)|h|min|day|yr|cal|kcal)"


def _below(match: Match, _: Context) -> Sequence[Said] | None:
    written = match["unit"]
    for unit, power in re.findall(rf"\s({_UNIT})\^-([123])", match["below"]):
        written += f"/{unit}" + (f"^{power}" if power != "1" else "")
    words = unit_words(written, one=is_one(match["amount"]))
    return words and [*signed(match), *numbers.number(match["amount"]), *words]


def _times_ten(match: Match, _: Context) -> Sequence[Said] | None:
    """What stands behind a power of ten: "3×10⁸ m s⁻¹", "10⁹/L"."""
    first = match["unit"] or "m"
    written = first + "".join(
        f"/{unit}" + (f"^{power}" if power and power != "1" else "")
        for unit, power in re.findall(rf"[\s/]({_UNIT})(?:\^-([123]))?", match["below"])
    )
    words = unit_words(written, one=False)
    if words is None:
        return None
    minus = ["minus"] if match["minus"] else ["power", "of"]
    return ["to", "the", *minus, *numbers.number(match["power"]), *words[0 if match["unit"] else 1 :]]


def _isotope(match: Match, _: Context) -> Sequence[Said] | None:
    return [_ISOTOPES[match["element"]], *numbers.pairs(int(match["mass"]))]


_ELEMENT = (
    r"(?:He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Cr|Mn|Fe|Ni|Cu|Zn|Br|Ag|Sn|Ba|Au|Hg|Pb|Ti|[HBCNOFPSKIU])(?![a-z])\d{0,2}"
)


def _molecules(match: Match, _: Context) -> Sequence[Said] | None:
    """So many of what reacts: "2NaOH", "2H2 + O2 → 2H2O"."""
    formula = match["formula"]
    named = not formula.isupper() and sum(map(str.isupper, formula)) > 1
    reacts = "→" in match.string and ("+" in match.string or not formula.isalpha())
    if not (named or reacts):
        return None
    words: list[Said] = [*numbers.number(match["count"])]
    for part in re.findall(r"[A-Za-z]+|\d+", formula):
        words += [initials(part)] if part.isalpha() else numbers.number(part)
    return words


KIND = Kind(
    name="Units with a negative power, isotopes and reactions",
    readings=(
        Reading(
            r"\d\-.",
            rf"{MINUS}(?<![\w.^])(?P<amount>{AMOUNT})\s?(?P<unit>{_UNIT})(?P<below>(?:\s{_UNIT}\^-[123]){{1,3}})(?![\w^])",
            _below,
            needs="^",
            then=r"\d,.\sa-zA-Zμ",
        ),
        Reading(
            r"\^",
            rf"(?<=10)\^(?P<minus>-)?(?P<power>\d{{1,3}})(?:\s(?P<unit>{_UNIT})(?=\s))?(?P<below>(?:\s{_UNIT}\^-[123]){{1,3}}"
            rf"|/{_UNIT})(?![\w^])",
            _times_ten,
            then=r"\d-",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,$£€/-])(?P<count>\d{{1,2}})(?P<formula>(?:{_ELEMENT}){{1,6}})(?![\w-])",
            _molecules,
            needs="A",
            then=r"\dA-Z",
        ),
        Reading("·", r"(?<=\w)·(?=\d{0,2}H2O\b)", lambda match, _: [Pause()], then=r"\dH"),
        Reading(
            r"\^",
            rf"(?<![\w)])\^(?P<mass>\d{{1,3}})(?P<element>{any_of(*_ISOTOPES)})(?![a-z])",
            _isotope,
            then=r"\d",
        ),
    ),
    examples="""
        9.8 m s⁻² → nine point eight meters per second squared
        3×10⁸ m s⁻¹ → three times ten to the power of eight meters per second
        4.18 kJ kg⁻¹ → four point one eight kilojoules per kilogram
        0.5 mol L⁻¹ → zero point five moles per liter
        5 W m⁻² K⁻¹ → five watts per square meter per kelvin
        10⁹/L → ten to the power of nine per liter
        ¹⁴C dating → carbon fourteen dating
        ²³⁵U → uranium two thirty five
        2NaOH → two N A O H
        2H₂ + O₂ → 2H₂O → two H two plus O two to two H two O
        CuSO₄·5H₂O → C U S O four, five H two O
        ⁶⁰Co → cobalt sixty
        x² → X squared
    """,
)
