"""Plain numbers: whole and decimal, ordinals, years of four digits, thousands in groups, plurals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import MINUS, WHOLE, adjectival, are_tens, counts, plain_or_year, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.english.units import unit_words
from avsynth.text.later import compiled

_STREET = compiled(r"\s(?:St|Ave?|Pl|Rd|Blvd|Dr)\b(?!\.?\s?[A-Z]\.)|\s(?:Street|Avenue|Place|Road|Boulevard|Terrace)\b")
"""After the number of a street, which is said in pairs."""


def _ordinal(match: Match, _: Context) -> Sequence[Said] | None:
    value = int(re.sub(r"[,\s]", "", match["value"]))
    words = numbers.street_number(value) if _STREET.match(after(match)) else numbers.ordinal(value)
    return numbers.plural(words) if match["plural"] else words


def _spaced(match: Match, _: Context) -> Sequence[Said] | None:
    """ "10 000": one number if the first group is shorter, or a group is all zeros; otherwise a list of numbers."""
    groups = match["value"].split()
    if groups[0][0] == "0" or (len(groups[0]) == 3 and "000" not in groups[1:]):
        return None
    return [*signed(match), *numbers.number("".join(groups) + (match["part"] or ""))]


def _plural(match: Match, _: Context) -> Sequence[Said] | None:
    value = match["value"].replace(",", "")
    if match["quote"] and len(value) == 4 and value[-1] != "0":
        *head, last = plain_or_year(value)
        return [*head, f"{last}'s"]
    if not match["quote"] and "," not in match["value"] and not are_tens(match, value):
        seconds = unit_words("s", one=value == "1") or []
        return [*numbers.number(value), *seconds]
    return numbers.plural(plain_or_year(value)[value in ("100", "1000", "1000000") :])


def _european(match: Match, _: Context) -> Sequence[Said] | None:
    """Thousands parted by dots, at least twice."""
    return [*signed(match), *numbers.number(match["value"].replace(".", ""))]


def _number(match: Match, _: Context) -> Sequence[Said] | None:
    text = match["value"]
    after_dot = before(match, 1) == "." and not re.search(r"\bca?\.$", before(match, 4))
    say = numbers.number if match["minus"] or after_dot or counts(match, text) else plain_or_year
    return [*signed(match), *say(text)]


_NUMBERED = compiled(
    r"\b(?:order|account|acct|confirmation|tracking|case|ticket|invoice|phone|serial|reference|ref|booking|policy|claim"
    r"|member|customer|model|part|item|flight|room|vin|licen[cs]e|check|card|conf\.?)\s$",
    re.IGNORECASE,
)


def _number_of(match: Match, _: Context) -> Sequence[Said] | None:
    """The sign without a figure behind it: "your order #"."""
    return ["number"] if _NUMBERED.search(before(match, 16)) else None


def _points_of_percent(match: Match, _: Context) -> Sequence[Said] | None:
    one = match["amount"] == "1" or adjectival(match)
    sign = {"-": ["minus"], "+": ["plus"]}.get(match["sign"] or "", [])
    return [*sign, *numbers.number(match["amount"]), "percentage", "point" if one else "points"]


def _number_sign(match: Match, _: Context) -> Sequence[Said] | None:
    return ["number"]


KIND = Kind(
    name="Numbers",
    readings=(
        Reading("#Nn№", r"(?:\b(?:No|no|NO)\.\s?|#\s?|№\s?)(?=\d|(?<=#)[A-Z]{1,4}-?\d)", _number_sign, needs="#.№"),
        Reading(
            r"\d+\-",
            r"(?<![\w.,$£€])(?P<sign>[+-])?(?P<amount>\d{1,3}\.\d{1,2}|(?<=[+-])\d{1,3})\s?pp(?!\w)",
            _points_of_percent,
            needs="p",
            then=r"\d.\sp",
        ),
        Reading("#", r"#(?![\w#])", _number_of),
        Reading(
            r"\d",
            rf"(?P<value>[1-9]\d{{0,2}}(?:\s\d{{3}}){{1,4}}(?=th)|{WHOLE})(?i:st|nd|rd|th)(?P<plural>s)?\b",
            _ordinal,
            needs="NRSTnrst",
            then=r"\d,\ssnrtSNRT",
        ),
        Reading(
            r"\-123456789",
            rf"{MINUS}(?<![\w.,])(?P<value>[1-9]\d{{0,2}}(?:\s\d{{3}}){{1,5}})(?P<part>\.\d{{1,20}})?(?![\w]|[.,]\d|\s\d)",
            _spaced,
            needs=" ",
            then=r"\d\s",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,])(?P<value>\d{1,4}|[1-9]\d{0,2}(?:,000)+)(?P<quote>')?s(?!\w)",
            _plural,
            needs="s",
            then=r"\d,'s",
        ),
        Reading(
            r"\-123456789",
            rf"{MINUS}(?<![\w.,])(?P<value>[1-9]\d{{0,2}}(?:\.\d{{3}}){{2,5}})(?!\w|[.,]\d)",
            _european,
            needs=".",
            then=r"\d.",
        ),
        Reading(
            r"\d\-.",
            rf"{MINUS}(?P<value>\d{{1,3}}(?:,\d{{3}}){{1,6}}(?![\d,]\d)(?:\.\d+)?|\d{{1,3}}(?:'\d{{3}}){{1,6}}(?!['\d])(?:\.\d+)?|\d{{1,2}}(?:,\d\d){{1,4}},\d{{3}}(?![\d,]\d)|\d+(?:\.\d+)*|(?<![A-Za-z])\.\d+)",
            _number,
        ),
    ),
    examples="""
        0 → zero
        007 → zero zero seven
        250 → two hundred and fifty
        10 000 → ten thousand
        1 234 567 → one million two hundred and thirty four thousand five hundred and sixty seven
        1,250,000 → one million two hundred and fifty thousand
        12'000 → twelve thousand
        3.14 → three point one four
        .5 → point five
        fell -1.2pp → fell minus one point two percentage points
        -0.25 → minus zero point two five
        21st → twenty first
        1,000th → one thousandth
        in 2026 → in twenty twenty six
        1905 → nineteen oh five
        2005 → two thousand and five
        No. 5 → number five
        № 7 → number seven
        #1 → number one
        What is your account #? → what is your account number
        part #A12-B34 → part number A twelve B thirty four
        ① → one
        ❷ → two
        12 345.5 → twelve thousand three hundred and forty five point five
        100 200 300 → one hundred two hundred three hundred
        1.000.000 views → one million views
        10s of thousands → tens of thousands
        80s → eighties
        for 80s → for eighty seconds
        30s → thirty seconds
        two 5's → two fives
        1s and 0s → ones and zeros
        1,000s of people → thousands of people
        1000s of people → thousands of people
        it costs 2020 dollars → it costs two thousand and twenty dollars
        the 2012 Olympics → the twenty twelve olympics
        2003's best film → two thousand and three's best film
        the 1 000th visitor → the one thousandth visitor
        1000000 → one million
        12th → twelfth
        1,50,000 → one hundred and fifty thousand
        3.0 → three point zero
        1,000,000,000,000,000 → one quadrillion
    """,
)
