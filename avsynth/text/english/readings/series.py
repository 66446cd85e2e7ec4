"""Types with a variant after a dash ("747-8"), plans named by a paragraph ("401(k)"), and chemical formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials, word_set
from avsynth.text.english.readings.codes import is_asked, type_number
from avsynth.text.english.readings.initialisms import SAID
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_ELEMENTS = "He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Ti|Cr|Mn|Fe|Ni|Cu|Zn|Br|Ag|Sn|Ba|Au|Hg|Pb|[HBCNOFPSKI]"


_DISSOLVED = "solutions?|buffer|urea|sucrose|glucose|acid|Tris|EDTA|HEPES|imidazole|guanidine|sodium|potassium"
"""What a solution is of."""
_IONS = word_set("H K Li Na Mg Al Ca Cu Fe Zn Ag Pb Ba Cl Br OH CN HCO NH")
"""Whose charge may stand behind them without being raised."""


def _formula(match: Match, _: Context) -> Sequence[Said] | None:
    """Elements, of which two or more, and how many of each: "C6H12O6", "NaCl"."""
    if match[0].rstrip("0123456789").lower() in SAID or (match[0].isalpha() and not re.search(r"[a-z]", match[0])):
        return None
    if re.fullmatch(r"[A-Z]{2}\d{3}", match[0]):
        return None  # a type, a course
    words: list[Said] = []
    for letters, count in re.findall(r"([A-Za-z]+)(\d*)", match[0]):
        words += [initials(letters), *(numbers.number(count) if count else [])]
    return words


def _grouped(match: Match, _: Context) -> Sequence[Said] | None:
    """Groups of elements in brackets: "Ca(OH)2"."""
    words: list[Said] = []
    for letters, count in re.findall(r"([A-Za-z]+)?(\d*)", match[0]):
        words += [*([initials(letters)] if letters else []), *(numbers.number(count) if count else [])]
    return _joined(words)


def _joined(words: Sequence[Said]) -> list[Said]:
    """Letters side by side as one word."""
    joined: list[Said] = []
    for word in words:
        if joined and isinstance(word, str) and isinstance(joined[-1], str) and word[-1] == joined[-1][-1] == ".":
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _ion(match: Match, _: Context) -> Sequence[Said] | None:
    """A formula with its charge: "Ca²⁺", "Na+", "SO₄²⁻", "Fe3+"."""
    formula, charge = match["formula"], match["charge"]
    if charge[0] != "^" and not (re.search(r"\d", formula) or formula in _IONS):
        return None
    words: list[Said] = []
    for letters, count in re.findall(r"([A-Za-z]+)(\d*)", formula):
        words += [initials(letters), *(numbers.number(count) if count else [])]
    figures = charge.strip("^+-")
    return [*words, *(numbers.number(figures) if figures else []), "plus" if charge[-1] == "+" else "minus"]


_MEMORY = compiled(r"(?:LP)?DDR\d|i[3579]-")
"""After the name of which memory or processor the dash before a number is not said."""


def _molar(match: Match, _: Context) -> Sequence[Said] | None:
    """How strong a solution is: "0.1 M NaOH"."""
    return [*numbers.number(match["amount"]), "molar"]


def _series(match: Match, _: Context) -> Sequence[Said] | None:
    """A type with a variant after a dash: "747-8", "A320-200", "i9-9900K", "ISO-8859-1"."""
    if is_asked(before(match)):
        return None
    words: list[Said] = []
    last = ""
    for part in re.findall(r"[A-Za-z]+|\d+|-", match[0]):
        if part == "-":
            last += part
            continue
        if part.isdigit():
            dash = last.endswith("-") and last[:-1].isdigit() and not _MEMORY.match(match[0])
            words += [*(["dash"] if dash else []), *type_number(part)]
        elif part == "s" and words:
            words = [*numbers.plural([str(word) for word in words])]
        else:
            words.append(initials(part))
        last = part
    return words


_OF_THEM = compiled(
    r"(?:\b(?:[Tt]he|[Tt]hese|[Tt]hose|[Bb]oth|two|three|four|five|six|seven|eight|nine|ten|[Oo]ld|[Nn]ew|[Oo]ur|my|your"
    r"|their|his|her|many|several|some|few|all|of|[Ff]ile|[Ff]iled|[Ss]end|[Ss]ent|\d{1,2})|[A-Z]-?\d+s\s(?:and|or))\s$"
)
_TIMED = compiled(
    r"\s(?:time(?:out|r)?|delay|limit|mark|window|interval|pause|wait|break|rest|clip|video|later|ago|apart)\b"
)


def _types(match: Match, _: Context) -> Sequence[Said] | None:
    """Several of a type or a form that is named by a number: "two 747s", "the 1099s"."""
    if not _OF_THEM.search(before(match, 12)) or _TIMED.match(after(match)):
        return None
    return numbers.plural(type_number(match["figures"]))


def _two_roles(match: Match, _: Context) -> Sequence[Said] | None:
    """An aircraft for two uses: "F/A-18"."""
    words = [initials(match["roles"].replace("/", "")), *type_number(match["figures"])]
    if match["tail"] == "s":
        return numbers.plural(words)
    return [*words, *([initials(match["tail"])] if match["tail"] else [])]


def _plan(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.pairs(int(match["figures"])), initials(match["letter"])]


def _class(match: Match, context: Context) -> Sequence[Said] | None:
    """A course and its class: "BIO 201-03"."""
    name = match["name"].lower()
    words = [name if len(name) > 2 and name in context.lexicon else initials(name)]
    return [*words, *numbers.pairs(int(match["course"])), Pause(), *numbers.digits(match["part"])]


KIND = Kind(
    name="Types with variants, and formulas",
    readings=(
        Reading(
            "A-Z",
            r"(?<![\w-])(?P<name>[A-Z]{2,5})\s(?P<course>[1-9]\d\d)-(?P<part>0\d{1,2})(?![\w-]|[.,]\d)",
            _class,
            needs="-",
            figures=True,
            then="A-Z",
        ),
        Reading(
            "A-Z",
            rf"\b(?P<formula>(?:(?:{_ELEMENTS})\d{{0,2}}){{1,8}})(?P<charge>\^\d?[+-]|[+-])(?=[\s,.;:?!)\]]|$)",
            _ion,
            needs="+-",
            then=r"a-zA-Z\d^+-",
        ),
        Reading(
            "A-Z",
            rf"\b(?=[A-Z][A-Za-z\d]*[a-z\d])(?:(?:{_ELEMENTS})\d{{0,3}}){{2,8}}(?![\w'-])",
            _formula,
            needs="a1A",
            then=r"a-zA-Z\d",
        ),
        Reading(
            "A-Z(",
            rf"(?<![\w)])(?:(?:{_ELEMENTS})\d{{0,2}}){{0,4}}\((?:(?:{_ELEMENTS})\d{{0,2}}){{1,4}}\)\d{{1,2}}"
            rf"(?:(?:{_ELEMENTS})\d{{0,2}}){{0,4}}(?![\w'(-])",
            _grouped,
            needs="(",
            figures=True,
            then=r"A-Za-z\d(",
        ),
        Reading(r"\d", r"(?<![\w.,$£€/-])7[0-8]7-(?:\d{1,3}(?:[A-Z]{1,3}|s)?)(?![\w-]|[.,]\d)", _series, needs="-"),
        Reading(
            "a-zA-Z",
            r"(?<![\w.,$£€/-])(?:[A-Z]{1,3}\d{1,4}|[A-Z]{2,4}-\d{2,5}|[a-z]\d{1,3})-\d{1,5}[A-Z]{0,3}(?![\w-]|[.,]\d)",
            _series,
            needs="-",
            then=r"A-Z\d",
            figures=True,
        ),
        Reading(
            "A-Z",
            r"(?<![\w/.-])(?P<roles>[A-Z]/[A-Z])-(?P<figures>\d{1,3})(?P<tail>[A-Z]|s)?(?![\w/-]|[.,]\d)",
            _two_roles,
            needs="/",
            then="/",
            figures=True,
        ),
        Reading(
            r"\d",
            r"(?<=[A-Za-z]-)(?P<figures>\d{1,3})s(?![\w-]|'\w)",
            lambda match, _: numbers.plural(type_number(match["figures"])),
            needs="s",
            then=r"\ds",
        ),
        Reading(
            "1-9",
            r"(?<![\w.,$£€-])(?P<figures>[1-9]\d{1,2}[1-9])s(?![\w-]|'\w)",
            _types,
            needs="s",
            then=r"\d",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.,$£€-])(?P<amount>{AMOUNT})\s?M(?=\s(?:(?:{_ELEMENTS})\d?(?:[A-Z(]\w{{0,4}})\b|{_DISSOLVED}))",
            _molar,
            needs="A",
            then=r"\d,.\sM",
        ),
        Reading("4", r"(?<![\w.,$£€])(?P<figures>40[13])(?P<letter>k|b)(?![\w'])", _plan, needs="bk", then=r"\d"),
    ),
    examples="""
        747-8 → seven forty seven dash eight
        Boeing 747-400 → boeing seven forty seven dash four hundred
        two F/A-18s → two F A eighteens
        A320-200 → A three twenty dash two hundred
        i9-9900K → I nine ninety nine hundred K
        ISO-8859-1 → I S O eighty eight fifty nine dash one
        RX-78-2 → R X seventy eight dash two
        401k → four oh one K
        C6H12O6 → C six H twelve O six
        BIO 201-03 → bio two oh one, zero three
        NaCl → N A C L
        Ca(OH)2 → C A O H two
        Al2(SO4)3 → A L two S O four three
        H2SO4 → H two S O four
        O2 → O two
        H1N1 → H one N one
        403b → four oh three B
        Omega-3s → omega threes
        two 747s landed → two seven forty sevens landed
        the 1099s are due → the ten ninety nines are due
        W-2s and 1099s → W twos and ten ninety nines
        rest 45s and 125s → rest forty five seconds and one hundred and twenty five seconds
        it took 125s → it took one hundred and twenty five seconds
        the 737-800s → the seven thirty seven dash eight hundreds
        KCl and NaOH → K C L and N A O H
        X3D-200 → X three D two hundred
        Na+ → N A plus
        Ca²⁺ → C A two plus
        Cl⁻ → C L minus
        Fe³⁺ ions → F E three plus ions
        SO₄²⁻ → S O four two minus
        OH− → O H minus
        Mg2+ → M G two plus
        NH4+ → N H four plus
        Na+ ions and Cl- ions → N A plus ions and C L minus ions
        HCO3-, K+ → H C O three minus, K plus
    """,
)
