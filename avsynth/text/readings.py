"""How each kind of written token is read out: a list of patterns, each with the function that says what it matched.

The patterns are tried in order at each place of a folded sentence (see :mod:`avsynth.text.normalise`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import Enum
from functools import cache

from avsynth.text import numbers


class Pause(Enum):
    """A break in speech inside a sentence."""

    SHORT = "short"


Token = str | Pause
Match = re.Match[str]

_CALENDAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name[:3]: name for name in _CALENDAR if name != "may"} | {"sept": "september"}
TITLES = {
    **{"mr": "mister", "mrs": "missus", "ms": "ms", "dr": "doctor", "prof": "professor", "st": "saint"},
    **{"capt": "captain", "sgt": "sergeant", "lt": "lieutenant", "messrs": "messieurs", "mt": "mount"},
}
"""Abbreviations before a name, without their dot: no sentence ends there."""

INTRODUCERS = {"e.g": "for example", "i.e": "that is", "vs": "versus", "cf": "compare", "approx": "approximately"}
"""Abbreviations before what they introduce: no sentence ends there."""

_CAPITALISED = {"gen": "general", "col": "colonel", "rev": "reverend", "gov": "governor", "sen": "senator", **_MONTHS}
_CLOSERS = {
    **{"etc": "et cetera", "jr": "junior", "sr": "senior", "dept": "department", "inc": "incorporated"},
    **{"ltd": "limited", "corp": "corporation", "ave": "avenue", "rd": "road", "blvd": "boulevard"},
}
ABBREVIATIONS = TITLES | INTRODUCERS | _CAPITALISED | _CLOSERS
"""Everything that is read otherwise than written when a dot follows, without the dot."""

_BARE = {"dr": "doctor", "prof": "professor", "eg": "for example", "ie": "that is"}
_SPELLED_IN_CAPITALS = frozenset(("us", "ai", "un", "id"))
_CLIPPED = frozenset(("'em", "'til", "'tis", "'twas", "'cause", "'bout", "'round"))
_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
_MAGNITUDES = {"k": "thousand", "m": "million", "bn": "billion", "tn": "trillion"}
_UNITS = {
    **{"km": "kilometer", "cm": "centimeter", "mm": "millimeter", "kg": "kilogram", "mg": "milligram"},
    **{"ms": "millisecond", "mb": "megabyte", "gb": "gigabyte", "kb": "kilobyte", "lb": "pound", "oz": "ounce"},
}
_INVARIABLE_UNITS = {
    **{"hz": "hertz", "khz": "kilohertz", "mph": "miles per hour", "ft": "feet", "fps": "frames per second"}
}
_SYMBOLS = {
    **{"&": "and", "@": "at", "%": "percent", "+": "plus", "=": "equals", "#": "hash"},
    **{"£": "pounds", "$": "dollars", "€": "euros", "°": "degrees"},
}
_IN_ADDRESSES = {".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "+": "plus"}


def _address(match: Match, _: Container[str]) -> list[Token]:
    words: list[Token] = []
    for part in re.findall(r"www(?=\.)|[A-Za-z]+|\d+|[.@_/+-]", match["address"].rstrip(".,;:!?'\")/")):
        if part.isdigit():
            words += numbers.number(part)
        elif part in _IN_ADDRESSES:
            words.append(_IN_ADDRESSES[part])
        else:
            words.append({"www": "w.w.w.", "a": "a."}.get(part.lower(), part.lower()))
    return words


def _money(match: Match, _: Container[str]) -> list[Token]:
    one, many, hundredth, hundredths = _CURRENCIES[match["sign"]]
    amount, scale = match["amount"].replace(",", ""), (match["scale"] or "").lower()
    whole, _dot, part = amount.partition(".")
    if scale:
        return [*numbers.number(amount), _MAGNITUDES.get(scale, scale), many]
    if len(part) != 2:
        return [*numbers.number(amount), one if amount == "1" else many]
    words: list[Token] = []
    if int(whole) or part == "00":
        words += [*numbers.cardinal(int(whole)), one if int(whole) == 1 else many]
    if part != "00":
        words += [*(["and"] if words else []), *numbers.cardinal(int(part)), hundredth if part == "01" else hundredths]
    return words


def _time(match: Match, _: Container[str]) -> list[Token]:
    half, second = (match["half"] or "").lower().replace(".", ""), int(match["second"] or 0)
    words: list[Token] = [*numbers.clock(int(match["hour"]), int(match["minute"] or 0), suffix=bool(half or second))]
    if second:
        words += ["and", *numbers.cardinal(second), "second" if second == 1 else "seconds"]
    return [*words, f"{half[0]}.m."] if half else words


def _iso_date(match: Match, _: Container[str]) -> list[Token]:
    day = numbers.ordinal(int(match["day"]))
    return [_CALENDAR[int(match["month"]) - 1], *day, Pause.SHORT, *numbers.year(int(match["year"]))]


def _month_day(match: Match, _: Container[str]) -> list[Token]:
    name = match["name"].lower()
    return [_MONTHS.get(name, name), *numbers.ordinal(int(match["day"]))]


def _ordinal(match: Match, _: Container[str]) -> list[Token]:
    return [*numbers.ordinal(int(match["value"].replace(",", "")))]


def _plain_or_year(text: str) -> list[str]:
    if len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099:
        return numbers.year(int(text))
    return numbers.number(text)


def _decade(match: Match, _: Container[str]) -> list[Token]:
    return [*numbers.plural(_plain_or_year(match["value"]))]


def _mixed(match: Match, _: Container[str]) -> list[Token]:
    return [*numbers.number(match["value"]), "and"]


def _fraction(match: Match, _: Container[str]) -> list[Token]:
    above, below = int(match["above"]), int(match["below"])
    return [*(numbers.fraction(above, below) if above < below else numbers.cardinal(above) + numbers.cardinal(below))]


def _range(match: Match, _: Container[str]) -> list[Token]:
    if (len(match["low"]), len(match["high"])) == (3, 4):  # a telephone number
        return [*numbers.digits(match["low"]), Pause.SHORT, *numbers.digits(match["high"])]
    between: Token = "to" if int(match["low"]) < int(match["high"]) else Pause.SHORT
    return [*_plain_or_year(match["low"]), between, *_plain_or_year(match["high"])]


def _number(match: Match, _: Container[str]) -> list[Token]:
    text, unit, minus = match["value"], (match["unit"] or "").lower(), match["minus"]
    words: list[Token] = ["minus"] if minus else []
    words += numbers.number(text) if unit or minus else _plain_or_year(text)
    if unit in _UNITS:
        words.append(_UNITS[unit] + ("" if text == "1" else "s"))
    elif unit:
        words += _INVARIABLE_UNITS[unit].split()
    return words


def _abbreviation(match: Match, _: Container[str]) -> list[Token]:
    name = match["name"].lower()
    if name == "st" and not re.match(r"\s*[A-Z]", match.string[match.end() :]):
        return ["street"]
    words: list[Token] = [*ABBREVIATIONS[name].split()]
    closes = name in _CLOSERS and re.match(r"\s+[A-Z]", match.string[match.end() :])
    return [*words, Pause.SHORT] if closes else words


def _spelled(match: Match, _: Container[str]) -> list[Token]:
    return [match["letters"].lower().rstrip(".") + "."]


def _word(match: Match, lexicon: Container[str]) -> list[Token]:
    written = match[0] if match[0].lower() in _CLIPPED else match[0].lstrip("'")
    word, sentence = written.lower(), match.string
    ordinary_capitals = not sentence.isupper() and not sentence.istitle()
    if written == "A" and ordinary_capitals and any(map(str.isalnum, sentence[: match.start()])):
        return ["a."]  # a capital inside a sentence is the letter; the article is written small
    in_capitals = 2 <= len(word) <= 5 and written.isupper() and written.isalpha() and ordinary_capitals
    if in_capitals and (word in _SPELLED_IN_CAPITALS or word not in lexicon):
        return [".".join(word) + "."]
    return [word]


@dataclass(frozen=True)
class Reading:
    """A pattern and what is said for its match, given the words that are words even when written in capitals."""

    pattern: re.Pattern[str]
    say: Callable[[Match, Container[str]], list[Token]]


def _any_of(*names: str) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_WHOLE = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15}(?!\d))"
_HALF_DAY = r"(?P<half>(?i:[ap]\.m\.|[ap]m\b))"
_DOMAIN = r"(?:[\w-]{1,63}\.){1,8}(?:com|org|net|edu|gov|uk|io|eu|info)\b(?:/\S*)?"
_CAPITALISED_NAMES = _any_of(*(name.capitalize() for name in _CAPITALISED))
_OTHER_NAMES = _any_of(*(name for name in ABBREVIATIONS if name not in _CAPITALISED))
_SAYINGS: tuple[tuple[str, Callable[[Match, Container[str]], list[Token]]], ...] = (
    (r"https?://(?P<address>\S+)", _address),
    (rf"(?P<address>www\.\S+|[\w.+-]{{1,64}}@(?:[\w-]{{1,63}}\.){{1,8}}[\w-]+|{_DOMAIN})", _address),
    (
        rf"(?P<sign>[$£€])\s?(?P<amount>{_WHOLE}(?:\.\d+)?)"
        r"(?:\s?(?P<scale>(?i:thousand|million|billion|trillion|k|m|bn|tn))\b)?",
        _money,
    ),
    (r"(?<!\d)(?P<year>1[1-9]\d\d|20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)", _iso_date),
    (
        r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
        rf"(?:\s?{_HALF_DAY})?",
        _time,
    ),
    (rf"(?P<hour>1[0-2]|[1-9])(?P<minute>)(?P<second>)\s?{_HALF_DAY}", _time),
    (
        rf"\b(?P<name>(?i:{_any_of(*_CALENDAR, *_MONTHS)}))\.?\s(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
        r"(?![:.,]\d|\s?%)",
        _month_day,
    ),
    (r"(?P<value>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?i:st|nd|rd|th)\b", _ordinal),
    (r"(?P<value>\d{1,4})'?s\b", _decade),
    (r"(?P<value>\d{1,15})\s+(?=\d{1,2}(?:\u2044|/[2-9]\b(?!/)))", _mixed),
    (r"(?P<above>\d{1,2})(?:/(?=[2-9](?![\d/])|10(?![\d/]))|\s?\u2044\s?(?=[2-9]|1\d))(?P<below>\d{1,2})", _fraction),
    (r"(?P<low>\d{1,4})-(?P<high>\d{1,4})(?![\d-])", _range),
    (
        r"(?P<minus>(?<!\S)-)?(?P<value>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*|\.\d+)"
        rf"(?:\s?(?P<unit>(?i:{_any_of(*_UNITS, *_INVARIABLE_UNITS)}))\b)?",
        _number,
    ),
    (r"°\s?(?P<scale>[CF])\b", lambda m, _: ["degrees", "celsius" if m["scale"] == "C" else "fahrenheit"]),
    (r"(?:\bNo\.\s?|#)(?=\d)", lambda m, _: ["number"]),
    (rf"\b(?P<name>{_CAPITALISED_NAMES}|(?i:{_OTHER_NAMES}))\.", _abbreviation),
    (rf"\b(?P<name>(?i:{_any_of(*_BARE)}))\b(?!['-])", lambda m, _: [*_BARE[m["name"].lower()].split()]),
    (r"\b(?P<letters>(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?|[A-HJ-Z]\.(?=\s+[A-Z]))", _spelled),
    (r"'?[A-Za-z]+(?:['-][A-Za-z]+)*", _word),
    (rf"[{''.join(_SYMBOLS)}]", lambda m, _: [_SYMBOLS[m[0]]]),
    (r"[,;:()\[\]\n]|[.!?]+|-{2,}|(?<=\s)-(?=\s)", lambda m, _: [Pause.SHORT]),
)


@cache
def readings() -> tuple[Reading, ...]:
    """All readings in the order in which they are tried; compiled at the first call."""
    return tuple(Reading(re.compile(pattern, re.ASCII), say) for pattern, say in _SAYINGS)
