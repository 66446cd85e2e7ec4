"""Dates: all in digits, with the month by name, spans of days and months."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR, DAYS, MONTHS, MOVED
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, any_of, around, before
from avsynth.text.english.readings.years import YEAR, short_year
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_MONTH_NAMES = {**MONTHS, **{name: name for name in CALENDAR}}
_DAY_NAMES = {**DAYS, **{name: name for name in DAYS.values()}}
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
_NUMBER = r"\d{1,2}(?!\d)"
_MONTH = rf"(?:{any_of(*_MONTH_NAMES)})"
_ANY_CASE = (
    rf"(?:{any_of(*(form(name) for name in _MONTH_NAMES for form in (str.lower, str.capitalize, str.upper)))})"
    r"\b(?<!\bmarch)(?<!\bmay)(?<!\bmar)"
)
_CAPITAL = rf"(?:{any_of(*(name.capitalize() for name in _MONTH_NAMES), *(name.upper() for name in CALENDAR))})\b"
_WEEKDAY = rf"(?:{any_of(*(form(name) for name in _DAY_NAMES for form in (str.capitalize, str.upper)))})\b"
_TH = r"(?:st|nd|rd|th)?"
_NO_DECIMAL = r"(?![:.,]\d|\s?%)"


def _year(text: str) -> list[str]:
    """A year of four digits, or of two: 30 and above are of the last century."""
    value = int(text)
    return numbers.year(value if len(text) == 4 else value + (1900 if value >= 30 else 2000))


def _month(name: str) -> str:
    return _MONTH_NAMES[name.lower().rstrip(".")]


def _in_order(day: int, month: str, context: Context) -> list[str]:
    """Day and month in the order of the country."""
    if context.dates == "us":
        return [month, *numbers.ordinal(day)]
    return ["the", *numbers.ordinal(day), "of", month]


def _iso_date(match: Match, _: Context) -> Sequence[Said] | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    date: list[Said] = [CALENDAR[month - 1], *numbers.ordinal(day), Pause(), *numbers.year(int(match["year"]))]
    return [*date, Pause()] if match["time"] or re.match(r"\s\d\d:", after(match, 4)) else date


def _numeric_date(match: Match, context: Context) -> Sequence[Said] | None:
    """In the country's order, unless only the other order gives a date."""
    day, month = int(match["one"]), int(match["two"])
    if context.dates == "us":
        day, month = month, day
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if len(match["year"]) == 2 and _NO_DATE.search(before(match, 24).lower()):
        return None
    clock = [Pause()] if re.match(r"\s\d{1,2}(?::|\s?[ap]\.?m)", after(match, 9), re.IGNORECASE) else []
    return [*_in_order(day, CALENDAR[month - 1], context), Pause(), *_year(match["year"]), *clock]


_NO_DATE = compiled(r"version\s$|v$|\bcomb(?:o|ination)\b[a-z:\s]*$")
_NUMERIC = compiled(rf"(?P<one>{_NUMBER})(?P<dash>/)(?P<two>{_NUMBER})/(?P<year>{YEAR}|\d\d)")


def _numeric_span(match: Match, context: Context) -> Sequence[Said] | None:
    """From one date to another: "01/01/24-31/12/24"."""
    ends = [_NUMERIC.fullmatch(match[name]) for name in ("first", "last")]
    first, last = (end and _numeric_date(end, context) for end in ends)
    return [*first, "to", *last] if first and last else None


_TOLD = compiled(
    r"\b(?:(?:e-?mails?|letters?|messages?|notes?|memos?|invoices?|reports?|minutes)\sof|on|since|until|till|by|before|b4|after|dated|due|available|avail\.|starting|starts|ends?|starts?|begins?|opens|closes|expires|updated|posted|effective|thru|through|(?:days?|weeks?|months?)\sfrom|(?:concert|meeting|party|game|match|wedding|exam|event|show|appointment|trip|birthday)\sis"
    r"|birthday\sis\s\d\d?/\d\d?,?\s(?:and\s)?(?:my|your|hi|her|their)s?\sis|(?:mon|tues?|weds?|thu|thurs?|fri|sat|sun)(?:[a-z]*day)?[.,]*)\s$",
    re.IGNORECASE,
)
_RECKONED = compiled(
    r"[cC]\b|\s?GHz|\s?[=+*×<>%\"]|\s(?:of|cups?|inch(?:es)?|mm|people|points|marks|correct|votes)\b|\s[a-z]+s\s[a-z]"
)


def _is_span(match: Match) -> bool:
    """Whether it is one of two days of which a number cannot be a month: "from 1/6 to 15/6"."""
    other = re.match(r"\sto\s(\d{1,2})/(\d{1,2})(?!\d)", after(match)) if before(match, 5) == "from " else None
    other = other or re.search(r"from\s(\d{1,2})/(\d{1,2})\sto\s$", before(match, 15))
    if other is not None and MOVED.search(around(match)) and not _RECKONED.match(after(match)):
        return True
    return other is not None and max(map(int, (*other.groups(), match["one"], match["two"]))) > 12


def _is_no_fraction(match: Match, context: Context) -> bool:
    """Whether it stands where no fraction would, and no fraction would have its numbers: "25/12", "Sale: 12/25"."""
    one, two = int(match["one"]), int(match["two"])
    if "=" in match.string or not re.match(r"\s*$|[.,;:!?)]|\s(?:at|is|was|in|for|and|from|with)\b", after(match)):
        return False
    if re.search(r"[=+*×<>-]\s?$|\b(?:is|by|equals|about|scored|got|times)\s$", before(match, 12)):
        return False
    if context.dates == "us":
        return 1 < one < 13 and 12 < two not in (16, 20)
    return (one > 12 and 9 < two < 13) or (9 < one < 13 and 16 < two != 20)


def _bare_date(match: Match, context: Context) -> Sequence[Said] | None:
    """After a word that tells, or with a zero first, as no fraction has it."""
    day, month, at_an_hour = int(match["one"]), int(match["two"]), _AT_AN_HOUR.match(after(match))
    if match[0] == "9/11" and re.search(r"\b(?:on|since|before|after)\s$", before(match, 8), re.IGNORECASE):
        return None  # that of 2001
    if context.dates == "us" or month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31) or _RECKONED.match(after(match)):
        return None
    if not (
        (match["one"][0] == "0" or at_an_hour or _TOLD.search(before(match)))
        or (_is_span(match) or _is_no_fraction(match, context))
    ):
        return None
    return _in_order(day, CALENDAR[month - 1], context)


_AT_AN_HOUR = compiled(r"\s(?:at|@)\s\d{1,2}(?::\d\d)?\s?[ap]\.?m\b")
_FINE = frozenset(("2", "3", "4", "8", "16", "32", "64"))
"""Below in the fractions of tools and cooks."""


def _bare_span(match: Match, context: Context) -> Sequence[Said] | None:
    """Two days with a dash, where a number is too large for a month or a word tells: "28/12-3/1"."""
    days = [(int(match[name]), int(match[other])) for name, other in (("one", "two"), ("three", "four"))]
    told = _TOLD.search(before(match)) or before(match, 5).endswith("from ")
    if {match["two"], match["four"]} <= _FINE or not (told or max(map(max, days)) > 12):
        return None
    turned = [(day, month) for month, day in days]
    orders = [turned, days] if context.dates == "us" else [days, turned]
    fitting = [order for order in orders if all(1 <= month <= 12 and 1 <= day <= 31 for day, month in order)]
    if not fitting:
        return None
    days = fitting[0]
    first, last = (_in_order(day, CALENDAR[month - 1], context) for day, month in days)
    return [*first, "to", *last]


def _month_day(match: Match, _: Context) -> Sequence[Said] | None:
    words: list[Said] = [_month(match["name"]), *numbers.ordinal(int(match["day"]))]
    if match["last"]:
        words += ["to", *([_month(match["other"])] if match["other"] else []), *numbers.ordinal(int(match["last"]))]
    return [*words, *([Pause()] if match["comma"] else []), *(_year(match["year"]) if match["year"] else [])]


def _day_month(match: Match, _: Context) -> Sequence[Said] | None:
    article = ["the"] if match["article"] or not match["of"] else []
    last = ["to", "the", *numbers.ordinal(int(match["last"]))] if match["last"] else []
    year = _year(match["year"]) if match["year"] else []
    words = [*article, *numbers.ordinal(int(match["day"])), *last, "of", _month(match["name"]), *year]
    if match["until"]:
        words += ["to", "the", *numbers.ordinal(int(match["until"])), "of", _month(match["other"])]
        words += _year(match["ends"]) if match["ends"] else []
    return words


def _month_year(match: Match, _: Context) -> Sequence[Said] | None:
    return [_month(match["name"]), *_year(match["year"])]


def _month_of_year(match: Match, _: Context) -> Sequence[Said] | None:
    return [CALENDAR[int(match["month"]) - 1], *_year(match["year"])]


def _month_dash_year(match: Match, _: Context) -> Sequence[Said] | None:
    """A month with its year: "in Jun-22"."""
    if not re.search(r"\b(?:[Ii]n|[Ss]ince|[Ff]rom)\s$|-\d\d\sto\s$", before(match, 8)):
        return None
    return [_month(match["name"]), *numbers.cardinal(int(match["year"]))]


def _month_short_year(match: Match, context: Context) -> Sequence[Said] | None:
    return [_month(match["name"]), *(short_year(match, context) or ())]


def _month_years(match: Match, _: Context) -> Sequence[Said] | None:
    first, last = (_month(match["name"]), *_year(match["year"])), (_month(match["other"]), *_year(match["last"]))
    return [*first, "to", *last]


def _weekday(match: Match, _: Context) -> Sequence[Said] | None:
    return [_DAY_NAMES[match["name"].lower()]]


_BEFORE_DAYS = compiled(
    r"(?:\b(?:on|by|until|till|from|since|ends|starts|begins|expires|due|closed|open|opens|every|each|next|last|this|for|and|or|to|til)|\d[ap]?m?)\s$",
    re.IGNORECASE,
)


def _told_day(match: Match, context: Context) -> Sequence[Said] | None:
    """A day by itself, where a clause ends: "closed Mon"."""
    return _weekday(match, context) if _BEFORE_DAYS.search(before(match, 8)) else None


def _span(match: Match, _: Context) -> Sequence[Said] | None:
    names = _DAY_NAMES | _MONTH_NAMES
    return [names[match["low"].lower()], "to", names[match["high"].lower()]]


KIND = Kind(
    name="Dates",
    readings=(
        Reading(
            "12",
            rf"(?<![\d.,/-])(?P<year>{YEAR})(?P<dash>[-/.])(?P<month>{_NUMBER})(?P=dash)(?P<day>{_NUMBER})(?![\d/-])(?P<time>T(?=\d\d:))?",
            _iso_date,
            needs="-./",
            then=r"\d",
        ),
        Reading(
            r"\d",
            rf"(?<![\d/.,-])(?P<first>{_NUMBER}/{_NUMBER}/(?:{YEAR}|\d\d))\s?-\s?(?P<last>{_NUMBER}/{_NUMBER}/(?:{YEAR}|\d\d))(?![\d/-])",
            _numeric_span,
            needs="/",
            then=r"\d/",
        ),
        Reading(
            r"\d",
            rf"(?<![\d/.,-])(?P<one>{_NUMBER})(?P<dash>[/.-])(?P<two>{_NUMBER})(?P=dash)(?P<year>{YEAR}|\d\d)"
            r"(?![\d/-]|\.\d)",
            _numeric_date,
            needs="-./",
            then=r"\d/.-",
        ),
        Reading(
            r"\d",
            rf"(?<![\d/.,-])(?P<one>{_NUMBER})/(?P<two>{_NUMBER})\s{{0,2}}-{{1,2}}\s{{0,2}}(?P<three>{_NUMBER})/(?P<four>{_NUMBER})(?![\d/-])",
            _bare_span,
            needs="/",
            then=r"\d/",
        ),
        Reading(
            r"\d", rf"(?<![\d/.,-])(?P<one>{_NUMBER})/(?P<two>{_NUMBER})(?![\d/-])", _bare_date, needs="/", then=r"\d/"
        ),
        Reading(
            r"\dTt",
            rf"(?:(?P<article>[Tt]he)\s)?(?<![\d:.,/-])(?P<day>{_DAY}){_TH}(?:\s?-\s?(?P<last>{_DAY}){_TH})?"
            rf"(?:\s|-|(?P<of>\sof\s))(?P<name>{_ANY_CASE})\.?(?:,?[\s-](?P<year>{YEAR})(?![\d,]|\.\d))?"
            rf"(?:\s?-\s?(?P<until>{_DAY}){_TH}\s(?P<other>{_CAPITAL})\.?(?:,?\s(?P<ends>{YEAR})(?![\d,]|\.\d))?)?",
            _day_month,
            needs="aA",
            figures=True,
            then=r"\dhsnrt\s-",
        ),
        Reading(
            "JFMASOND",
            rf"\b(?P<name>{any_of(*(name.capitalize() for name in MONTHS), 'May')})-(?P<year>[0-3]\d)(?![\w-]|[.,]\d)",
            _month_dash_year,
            needs="-",
            then="a-z",
        ),
        Reading(
            "ADFJMNOSadfjmnos",
            rf"\b(?P<name>(?i:{_MONTH}))(?:\.?(?:\s|-)(?:the\s)?|\.)(?P<day>{_DAY}){_TH}\b{_NO_DECIMAL}"
            rf"(?:\s?-\s?(?:(?P<other>{_CAPITAL})\.?\s)?(?P<last>{_DAY}){_TH}\b)?"
            rf"(?:(?P<comma>,)?\s(?P<year>{YEAR})(?![\d,]|\.\d|\s?%))?",
            _month_day,
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            r"\d",
            rf"(?<![\d/.,-])(?P<month>0[1-9]|1[0-2]|[2-9])/(?P<year>{YEAR})(?![\w/-])",
            _month_of_year,
            needs="/",
            then=r"\d/",
        ),
        Reading(
            "ADFJMNOS",
            rf"\b(?P<name>{_CAPITAL})\.?,?\s'(?P<value>\d\d)(?![\w'])",
            _month_short_year,
            needs="'",
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            "ADFJMNOSadfjmnos",
            rf"\b(?P<name>(?i:{_MONTH}))(?:\.?-|\.\s)(?P<year>{YEAR})\b",
            _month_year,
            needs="-.",
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            "ADFJMNOS",
            rf"\b(?P<name>{_CAPITAL})\.?,?\s(?P<year>{YEAR})\s?-\s?(?P<other>{_CAPITAL})\.?,?\s(?P<last>{YEAR})\b",
            _month_years,
            needs="-",
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            "ADFJMNOS",
            rf"\b(?P<name>{_CAPITAL})\s(?P<year>{YEAR})(?!\w|-\s?\d|[.,]\d)",
            _month_year,
            then="a-zA-Z",
            figures=True,
        ),
        Reading(
            "FMSTW",
            rf"\b(?P<low>{_WEEKDAY})\.?\s{{0,2}}-{{1,2}}\s{{0,2}}(?P<high>{_WEEKDAY})(?!\s(?:is|was|were|will|has|had)\b)(?:\.(?=\s[a-z\d]|,|:))?",
            _span,
            needs="-",
            then="a-zA-Z",
        ),
        Reading(
            "ADFJMNOS",
            rf"\b(?P<low>{_CAPITAL})\.?\s{{0,2}}-{{1,2}}\s{{0,2}}(?P<high>{_CAPITAL})(?!\s(?:is|was|were|will|has|had)\b)(?:\.(?=\s[a-z\d]|,|:))?",
            _span,
            needs="-",
            then="a-zA-Z",
        ),
        Reading(
            "MSW",
            rf"\b(?P<name>{any_of('Mon', 'Wed', 'Sat', 'Sun')})(?=(?:/|\s(?:&|and|to|or|thru|through)\s){_WEEKDAY})",
            _weekday,
            then="a-z",
        ),
        Reading(
            "MSW",
            rf"\b(?P<name>{any_of('Mon', 'Wed', 'Sat', 'Sun')})(?:\.(?=,|\s\d\d?[/:-]\d))?"
            rf"(?=,?\s(?:\d|@|{_CAPITAL}|{_WEEKDAY}|(?:morning|afternoon|evening|night|eve|lunch)\b)|:\s[HL\d])",
            _weekday,
            then="a-z",
        ),
        Reading(
            "MSW",
            rf"\b(?P<name>{any_of('Mon', 'Wed', 'Sat', 'Sun')})\b\.?(?=\s*$|[,;:!?)])",
            _told_day,
            then="a-z",
        ),
        Reading(
            "FTW",
            rf"\b(?P<name>{any_of('Weds', 'Tue', 'Tues', 'Thu', 'Thur', 'Thurs', 'Fri')})\b\.?",
            _weekday,
            then="a-z",
        ),
    ),
    examples="""
        25-12-2023 → the twenty fifth of december, twenty twenty three
        3/4/99 → the third of april, nineteen ninety nine
        [us] 3/4/99 → march fourth, nineteen ninety nine
        [us] 12/25/2024 → december twenty fifth, twenty twenty four
        12/25/2024 → the twenty fifth of december, twenty twenty four
        3.5.2024 → the third of may, twenty twenty four
        2024-05-03 → may third, twenty twenty four
        2022-12-25T10:30:00Z → december twenty fifth, twenty twenty two, ten thirty U T C
        [us] 2024-05-03 → may third, twenty twenty four
        1998/2/30 → february thirtieth, nineteen ninety eight
        25 july 2012 → the twenty fifth of july twenty twelve
        jan. 2020 → january twenty twenty
        Nov.5 → november fifth
        Jan-15 → january fifteenth
        25 July 2012 → the twenty fifth of july twenty twelve
        15-Jan-2024 → the fifteenth of january twenty twenty four
        the 3rd of May → the third of may
        July 4, 1776 → july fourth, seventeen seventy six
        May 3rd → may third
        Sept. 5 → september fifth
        Mon.-Fri. → monday to friday
        Jan 1–Feb 3 → january first to february third
        May 3-5, 2021 → may third to fifth, twenty twenty one
        3-5 May → the third to the fifth of may
        14 Nov–3 Jan → the fourteenth of november to the third of january
        Monday – Friday → monday to friday
        28/12–3/1 → the twenty eighth of december to the third of january
        Jan-March → january to march
        closed Mon → closed monday
        Sat 3 May → saturday the third of may
        due on 3/4 → due on the third of april
        Dec. 31, 1999 → december thirty first, nineteen ninety nine
        Mar 2020 → march twenty twenty
        June 2020 - July 2021 → june twenty twenty to july twenty twenty one
        Sun., Mon. → sunday, monday
        Mon/Tue → monday slash tuesday
        12/25 → the twenty fifth of december
        [us] Sale: 11/28–12/2 → sale, november twenty eighth to december second
        [us] 12/25 → december twenty fifth
        25/12 → the twenty fifth of december
        Mon 3/4 → monday the third of april
        [us] 11/16 → eleven sixteenths
        02/21 → the twenty first of february
        31 OCT 2020 → the thirty first of october twenty twenty
        08/2013 → august twenty thirteen
        Jan '07 → january oh seven
        Oct. 2019 → october twenty nineteen
    """,
)
