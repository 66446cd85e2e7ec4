"""How dates and times of day are read out."""

from __future__ import annotations

from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR, DAYS, MONTHS
from avsynth.text.english.patterns import Lexicon, Match, Said, Saying, any_of
from avsynth.text.tokens import Pause

_HALF_DAY = r"(?P<half>(?i:[ap]\.m\.|[ap]m\b))"
_DAY = r"3[01]|[12]\d|0?[1-9]"
_MONTH = any_of(*CALENDAR, *MONTHS)
_CAPITAL_MONTH = any_of(*(name.capitalize() for name in (*CALENDAR, *MONTHS)))
_NO_DECIMAL = r"(?![:.,]\d|\s?%)"


def _time(match: Match, _: Lexicon) -> list[Said]:
    half, second = (match["half"] or "").lower().replace(".", ""), int(match["second"] or 0)
    words: list[Said] = [*numbers.clock(int(match["hour"]), int(match["minute"] or 0), suffix=bool(half or second))]
    if second:
        words += ["and", *numbers.cardinal(second), "second" if second == 1 else "seconds"]
    return [*words, f"{half[0]}.m."] if half else words


def _numeric_date(match: Match, _: Lexicon) -> list[Said]:
    """The day first, as in Britain, unless only the other order is a date."""
    day, month = int(match["first"]), int(match["next"])
    if month > 12:
        day, month = month, day
    if month > 12:
        return [*numbers.cardinal(day), *numbers.cardinal(month), *numbers.year(int(match["year"]))]
    return ["the", *numbers.ordinal(day), "of", CALENDAR[month - 1], Pause(), *numbers.year(int(match["year"]))]


def _iso_date(match: Match, _: Lexicon) -> list[Said]:
    day = numbers.ordinal(int(match["day"]))
    return [CALENDAR[int(match["month"]) - 1], *day, Pause(), *numbers.year(int(match["year"]))]


def _month(name: str) -> str:
    return MONTHS.get(name.lower(), name.lower())


def _month_day(match: Match, _: Lexicon) -> list[Said]:
    return [_month(match["name"]), *numbers.ordinal(int(match["day"]))]


def _day_month(match: Match, _: Lexicon) -> list[Said]:
    article = [] if match["article"] is None else [match["article"].lower()]
    return [*(article or ["the"]), *numbers.ordinal(int(match["day"])), "of", _month(match["name"])]


def _weekday(match: Match, _: Lexicon) -> list[Said]:
    return [DAYS[match["name"].lower()]]


def _span(match: Match, _: Lexicon) -> list[Said]:
    names = DAYS | {name: name for name in DAYS.values()} | MONTHS | {name: name for name in CALENDAR}
    return [names[match["low"].lower()], "to", names[match["high"].lower()]]


_DAYS = any_of(*(name.capitalize() for name in (*DAYS, *DAYS.values())))
_YEAR = r"(?P<year>1[1-9]\d\d|20\d\d)"
SAYINGS: tuple[Saying, ...] = (
    (rf"(?<!\d){_YEAR}(?P<dash>[-/])(?P<month>0[1-9]|1[0-2])(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)", _iso_date),
    (rf"(?<![\d/.])(?P<first>{_DAY})(?P<dash>[/.])(?P<next>{_DAY})(?P=dash){_YEAR}(?!\d)", _numeric_date),
    (
        r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
        rf"(?:\s?{_HALF_DAY}|h\b)?",
        _time,
    ),
    (rf"(?P<hour>1[0-2]|[1-9])(?:\.(?P<minute>[0-5]\d))?(?P<second>)\s?{_HALF_DAY}", _time),
    (rf"\b(?P<name>(?i:{_MONTH}))\.?\s(?P<day>{_DAY})(?:st|nd|rd|th)?\b{_NO_DECIMAL}", _month_day),
    (
        rf"(?:(?P<article>[Tt]he)\s)?\b(?P<day>{_DAY})(?:st|nd|rd|th)?\s(?P<name>{_CAPITAL_MONTH})\b\.?",
        _day_month,
    ),
    (rf"\b(?P<low>{_DAYS})-(?P<high>{_DAYS})\b", _span),
    (rf"\b(?P<low>{_CAPITAL_MONTH})-(?P<high>{_CAPITAL_MONTH})\b", _span),
    (rf"\b(?P<name>{any_of('Mon', 'Wed', 'Sat', 'Sun')})(?=,?\s(?:\d|{_CAPITAL_MONTH}\b))", _weekday),
    (rf"\b(?P<name>{any_of('Tue', 'Tues', 'Thu', 'Thur', 'Thurs', 'Fri')})\b\.?", _weekday),
)
