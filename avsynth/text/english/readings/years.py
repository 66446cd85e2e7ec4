"""Years: decades, short and paired years, months of years in digits, centuries and eras."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR
from avsynth.text.english.quantities import plain_or_year
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.english.readings.roman import roman_value
from avsynth.text.later import compiled

YEAR = r"1[0-9]\d\d|20\d\d"
_OF_AN_AGE = compiled(
    r"\s(?:music|kids?|fashion|style|rock|pop|movies?|films?|hits?|shows?|era|nostalgia|songs?|party)\b"
)


def _decade(match: Match, _: Context) -> Sequence[Said] | None:
    value = match["value"]
    named = re.search(r"\b(?:the|mid|early|late|his|her|their|your|my|our)[\s-]$", before(match, 12), re.IGNORECASE)
    if len(value) == 2 and not match["quote"] and not named and not _OF_AN_AGE.match(after(match)):
        return None
    words: list[Said] = [*numbers.plural(_tens(value))]
    if value == "1000" and after(match, 4) == " of ":
        return words[1:]
    return [*words, *(["to", *numbers.plural(_tens(match["other"]))] if match["other"] else [])]


def _tens(value: str) -> list[str]:
    if value == "00":
        return ["two", "thousand"]
    return numbers.year(int(value)) if len(value) == 4 else plain_or_year(value)


def two_digits(value: str) -> list[str]:
    return ["oh", *numbers.cardinal(int(value))] if value[0] == "0" and value != "00" else numbers.cardinal(int(value))


def short_year(match: Match, _: Context) -> Sequence[Said] | None:
    return two_digits(match["value"])


def _short_years(match: Match, _: Context) -> Sequence[Said] | None:
    return [*two_digits(match["low"]), "to", *two_digits(match["high"])]


def _year_and_month(match: Match, _: Context) -> Sequence[Said] | None:
    month, year = match["month"] or match["m"], match["year"] or match["y"]
    return [CALENDAR[int(month) - 1], *numbers.year(int(year))]


def _season(match: Match, _: Context) -> Sequence[Said] | None:
    """Two years of which one follows the other: "2010/11"."""
    low, high = int(match["low"]), match["high"]
    if (low + 1) % 100 != int(high) % 100:
        return None
    return [*numbers.year(low), *(numbers.year(int(high)) if len(high) == 4 else two_digits(high))]


def _short_season(match: Match, _: Context) -> Sequence[Said] | None:
    return [*two_digits(match["low"]), *two_digits(match["high"])]


def _years(match: Match, _: Context) -> Sequence[Said] | None:
    low, high = match["low"], match["high"]
    if int(low[-len(high) :]) >= int(high):
        return None
    return [*numbers.year(int(low)), "to", *(numbers.year if len(high) == 4 else numbers.cardinal)(int(high))]


def _era(match: Match, _: Context) -> Sequence[Said] | None:
    letters = ".".join(match["era"].lower().replace(".", "")) + "."
    value = match["value"].replace(",", "")
    return [*(numbers.year(int(value)) if len(value) == 4 else numbers.number(value)), letters]


def _century(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.ordinal(int(match["day"])), "century"]


def _after_christ(match: Match, _: Context) -> Sequence[Said] | None:
    return ["a.d.", *numbers.pairs(int(match["value"]))]


def _named_year(match: Match, _: Context) -> Sequence[Said] | None:
    return [match["word"].lower(), *numbers.year(int(match["value"]))]


def _of_century(match: Match, _: Context) -> Sequence[Said] | None:
    return ["century"]


def _month(match: Match, _: Context) -> Sequence[Said] | None:
    """A date whose month is a numeral: "12.vii.1935"."""
    day, month = int(match["day"]), roman_value(match["month"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    article = [] if re.search(r"\bthe\s$", before(match, 4)) else ["the"]
    return [*article, *numbers.ordinal(day), "of", CALENDAR[month - 1], *numbers.year(int(match["year"]))]


KIND = Kind(
    name="Years",
    readings=(
        Reading(
            "F",
            r"(?<!\w)FY\s?(?P<low>(?:20)?\d\d)[/-](?P<high>\d\d)(?![\w/-])",
            lambda match, _: ["f.y.", *numbers.pairs(int(match["low"])), *two_digits(match["high"])],
            needs="/-",
            figures=True,
            then="Y",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<day>\d{1,2})\.\s?(?P<month>[ivx]{1,4}|[IVX]{1,4})\.\s?(?P<year>1\d{3}|20\d\d)(?![\w-])",
            _month,
            needs="IVXivx",
            then=r"\d.",
        ),
        Reading(
            "c",
            r"(?:(?<=\dth\s)|(?<=\dst\s)|(?<=\dnd\s)|(?<=\drd\s))c\b(?:\.(?=\s[a-zB]|[,;)])|\.?\s*$)?(?!\w)",
            _of_century,
            figures=True,
            then=r"\W",
        ),
        Reading(
            r"\d'",
            r"(?<![\w.,$£€])(?P<quote>')?(?P<value>\d0|\d{3}0)'?s(?:\s?-\s?'?(?P<other>\d0|\d{3}0)'?s)?(?![\w'])",
            _decade,
            needs="s",
            then=r"\d",
        ),
        Reading("'", r"(?<![\w'])'(?P<low>\d\d)\s?-\s?'(?P<high>\d\d)(?![\w'])", _short_years, needs="-", then=r"\d"),
        Reading("'", r"(?<![\w'])'(?P<low>\d\d)/'?(?P<high>\d\d)(?![\w'/-])", _short_season, needs="/", then=r"\d"),
        Reading("'", r"(?<![\w'])'(?P<value>\d\d)(?![\w'])", short_year, then=r"\d"),
        Reading(
            r"\d",
            r"(?<![\w.,])(?P<day>1?\d|2[01])(?:st|nd|rd|th)\s?c\.(?=\s[a-z]|\s*$|,)",
            _century,
            needs=".",
            then=r"\dsnrt",
        ),
        Reading(
            "12",
            rf"(?<![\w.,$£€/-])(?P<low>{YEAR})/'?(?P<high>\d\d(?:\d\d)?)(?![\w/-])",
            _season,
            needs="/",
            then=r"\d",
        ),
        Reading(
            "12",
            rf"(?<![\w.,$£€/-])(?P<low>{YEAR})\s?-\s?(?P<high>(?:{YEAR})|\d\d)(?![\w%/-]|[.,]\d|\s?=)",
            _years,
            needs="-",
            then=r"\d",
        ),
        Reading(
            "012",
            rf"(?<![\w.,/-])(?:(?P<year>{YEAR})-(?P<month>0[1-9])|(?P<m>0[1-9]|1[0-2])-(?P<y>{YEAR}))(?![\w/-]|[.,]\d)",
            _year_and_month,
            needs="-",
            then=r"\d",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,])(?P<value>\d{1,2},\d{3}|\d{1,4})\s?(?P<era>A\.D\.|B\.C\.E?\.?|C\.E\.|AD\b|BCE?\b|CE\b|bce?(?=[.,;:!?)]|$))",
            _era,
            needs=".ABCa",
            then=r"\d,\sABCb",
        ),
        Reading(
            "A",
            r"\b(?P<word>A\.?D\.?)\s(?P<value>10[1-9]\d)\b(?![,.:%]?\d)",
            _after_christ,
            needs="A",
            then="D.",
            figures=True,
        ),
        Reading(
            "ISUYisuy",
            r"\b(?P<word>(?i:in|year|since|until))\s(?P<value>10[1-9]\d)\b(?![,.:%]?\d|\s?%)",
            _named_year,
            then="a-zA-Z",
            figures=True,
        ),
    ),
    examples="""
        born 12.vii.1935 → born the twelfth of july nineteen thirty five
        in the 5th c. BC → in the fifth century B C
        the 1040s → the ten forties
        1980s → nineteen eighties
        the '60s → the sixties
        the 90s → the nineties
        the '00s → the two thousands
        1960s-80s → nineteen sixties to eighties
        the 1800s → the eighteen hundreds
        340 A.D. → three hundred and forty A D
        50 BC → fifty B C
        2010/11 season → twenty ten eleven season
        in his 40s → in his forties
        mid-20s → mid twenties
        back in '08 → back in oh eight
        90s music → nineties music
        1914-18 → nineteen fourteen to eighteen
        1990–1995 → nineteen ninety to nineteen ninety five
        A.D. 1066 → A D ten sixty six
        in 1066 → in ten sixty six
        2000s → two thousands
        the 19th c. → the nineteenth century
        '98-'99 → ninety eight to ninety nine
        the winter of '62/'63 → the winter of sixty two sixty three
        2001/02 → two thousand and one oh two
        2021-02 → february twenty twenty one
        02-2021 → february twenty twenty one
    """,
)
