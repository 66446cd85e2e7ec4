"""How money, measures, ranges, telephone numbers and other numbers are read out."""

from __future__ import annotations

import re

from avsynth.text.english import numbers
from avsynth.text.english.patterns import Lexicon, Match, Said, Saying, any_of
from avsynth.text.tokens import Pause

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
}
_CODES = {"USD": "$", "US$": "$", "GBP": "£", "EUR": "€", "JPY": "¥"} | {sign: sign for sign in _CURRENCIES}
_MAGNITUDES = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
_UNITS = {
    **{"km": "kilometer", "cm": "centimeter", "mm": "millimeter", "kg": "kilogram", "mg": "milligram"},
    **{"ms": "millisecond", "mb": "megabyte", "gb": "gigabyte", "kb": "kilobyte", "tb": "terabyte"},
    **{"lb": "pound", "lbs": "pound", "oz": "ounce", "yd": "yard", "yds": "yard", "mi": "mile", "ml": "milliliter"},
    **{"kw": "kilowatt", "min": "minute", "mins": "minute", "sec": "second", "secs": "second", "hr": "hour"},
    **{"hrs": "hour", "db": "decibel", "pts": "point"},
}
_SHORT_UNITS = {"m": "meter", "g": "gram", "l": "liter", "L": "liter", "h": "hour", "s": "second"} | {
    "W": "watt",
    "V": "volt",
}
"""Read as units as written here alone."""
_INVARIABLE_UNITS = {
    **{"hz": "hertz", "khz": "kilohertz", "mhz": "megahertz", "ghz": "gigahertz", "mph": "miles per hour"},
    **{"kph": "kilometers per hour", "ft": "feet", "fps": "frames per second", "mbps": "megabits per second"},
    **{"kwh": "kilowatt hours", "°c": "degrees celsius", "°f": "degrees fahrenheit", "%": "percent"},
}
_PER = {"s": "second", "h": "hour", "hr": "hour", "min": "minute"} | _UNITS | _SHORT_UNITS
_EACH = ("second", "minute", "hour", "day", "night", "week", "month", "year", "person")
_POWERS = {"^2": "square", "^3": "cubic"}

WHOLE = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15}(?!\d))"
_AMOUNT = rf"{WHOLE}(?:\.\d+)?"
_NAMES = rf"(?:(?i:{any_of(*_UNITS, *_INVARIABLE_UNITS)})|{any_of(*_SHORT_UNITS)})(?![\w'$£€])(?:\.(?=,|\s+[a-z]))?"
_UNIT = (
    rf"(?:\s?(?P<unit>°\s?[CFcf]\b|%|{_NAMES})"
    rf"(?P<power>\^[23]\b)?(?:/(?P<per>{any_of(*_PER)})\b)?)?"
)


def _money(match: Match, _: Lexicon) -> list[Said]:
    groups = match.groupdict()
    one, many, hundredth, hundredths = _CURRENCIES[_CODES[match["sign"]]]
    amount, scale = match["amount"].replace(",", ""), (groups.get("scale") or "").lower()
    low = groups.get("low")
    start: list[Said] = [*numbers.number(low), "to"] if low else []
    whole, _dot, part = amount.partition(".")
    if scale:
        return [*start, *numbers.number(amount), _MAGNITUDES.get(scale, scale), many]
    if len(part) != 2:
        return [*start, *numbers.number(amount), one if amount == "1" else many]
    words: list[Said] = []
    if int(whole) or part == "00":
        words += [*numbers.cardinal(int(whole)), one if int(whole) == 1 else many]
    if part != "00":
        words += [*(["and"] if words else []), *numbers.cardinal(int(part)), hundredth if part == "01" else hundredths]
    return [*start, *words]


def _cents(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["value"]), "cent" if match["value"] == "1" else "cents"]


def _ordinal(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.ordinal(int(match["value"].replace(",", "")))]


def _plain_or_year(text: str) -> list[str]:
    if len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099:
        return numbers.year(int(text))
    return numbers.number(text)


def _year(match: Match, _: Lexicon) -> list[Said]:
    return [match["word"].lower(), *numbers.year(int(match["value"]))]


def _decade(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.plural(_plain_or_year(match["value"]))]


def _mixed(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["value"]), "and"]


def _fraction(match: Match, _: Lexicon) -> list[Said]:
    above, below = int(match["above"]), int(match["below"])
    if above == 1 and match.string[: match.start()].endswith(("a ", "A ")):
        return [*numbers.fraction(above, below)[1:]]
    return [*(numbers.fraction(above, below) if above < below else numbers.cardinal(above) + numbers.cardinal(below))]


def _digit_groups(match: Match, _: Lexicon) -> list[Said]:
    """Telephone numbers and the like: digit by digit, with a breath between the groups."""
    named = (match.groupdict().get("word") or "").lower().split()
    words: list[Said] = [*named, *(["plus"] if match["digits"].startswith("+") else [])]
    short = not named and len(re.sub(r"\D", "", match["digits"])) < 6
    for place, group in enumerate(re.findall(r"\d+", match["digits"])):
        words += [*([Pause()] if place else []), *(numbers.number(group) if short else numbers.digits(group))]
    return words


def _emergency(match: Match, _: Lexicon) -> list[Said]:
    return [match["word"].lower(), *numbers.digits(match["digits"])]


def _paired(match: Match, _: Lexicon) -> list[Said]:
    """A three-digit name: 747 -> seven forty seven, 101 -> one oh one."""
    hundreds, rest = divmod(int(match["value"]), 100)
    if rest == 0:
        return [match["word"].lower(), *numbers.cardinal(100 * hundreds)]
    return [match["word"].lower(), *numbers.cardinal(hundreds), *(["oh"] if rest < 10 else []), *numbers.cardinal(rest)]


def _height(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["feet"]), "foot", *numbers.number(match["inches"])]


def _range(match: Match, _: Lexicon) -> list[Said]:
    low, high = match["low"], match["high"]
    if (len(low), len(high)) == (3, 4):  # a telephone number
        return [*numbers.digits(low), Pause(), *numbers.digits(high)]
    ascends = int(low) < int(high) or ((len(low), len(high)) == (4, 2) and int(low[2:]) < int(high))
    between: Said = "to" if ascends else Pause()
    unit = _unit(match, one=False)
    say = numbers.number if unit else _plain_or_year
    return [*say(low), between, *say(high), *unit]


def _minus(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["low"]), "minus", *numbers.number(match["high"])]


def _ratio(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["low"]), "to", *numbers.number(match["high"])]


def _out_of(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["low"]), "out", "of", *numbers.number(match["high"])]


def _times(match: Match, _: Lexicon) -> list[Said]:
    return [*numbers.number(match["low"]), "by" if match["sign"] == "x" else "times"]


def _power(match: Match, _: Lexicon) -> list[Said]:
    if match["value"] in ("2", "3"):
        return ["squared" if match["value"] == "2" else "cubed"]
    return ["to", "the", "power", "of", *(["minus"] if match["minus"] else []), *numbers.number(match["value"])]


def _compare(match: Match, _: Lexicon) -> list[Said]:
    return ["is", "less" if match["sign"] == "<" else "greater", "than"]


def _unit(match: Match, *, one: bool) -> list[Said]:
    if not match["unit"]:
        return []
    written = match["unit"].replace(" ", "").rstrip(".")
    short = _SHORT_UNITS.get(written)
    name = short or _UNITS.get(written.lower())
    words = _INVARIABLE_UNITS[written.lower()].split() if name is None else [name if one else name + "s"]
    power = [_POWERS[match["power"]]] if match["power"] else []
    return [*power, *words, *(["per", _PER[match["per"]]] if match["per"] else [])]


def _number(match: Match, _: Lexicon) -> list[Said]:
    text, minus = match["value"], match["minus"]
    unit = _unit(match, one=text == "1")
    say = numbers.number if unit or minus else _plain_or_year
    return [*(["minus"] if minus else []), *say(text), *unit]


_SCALE = r"(?:\s?(?P<scale>(?i:thousand|million|billion|trillion|k|m|mn|b|bn|tn))\b)?"
_GROUPED = (
    r"\+\d{1,3}(?:[ -]\(?\d{1,5}\)?){1,5}|\(\d{2,5}\) ?\d{3,4}[ -]?\d{3,5}|0\d{2,5}(?:[ -]\d{3,8}){1,3}"
    r"|(?:1[ -])?\d{3}[ -]\d{3}[ -]\d{4}|\d{4}(?:[ -]\d{4}){2,3}|\d{1,15}(?:-\d{1,15}){2,5}"
)
_NUMBERED = "boeing|airbus|flight|room|highway|route|interstate|bus|apartment|suite"
SAYINGS: tuple[Saying, ...] = (
    (rf"(?P<sign>{any_of(*_CODES)})\s?(?P<low>\d{{1,4}})-[$£€¥]?(?P<amount>{_AMOUNT}){_SCALE}", _money),
    (rf"(?P<sign>{any_of(*_CODES)})\s?(?P<amount>{_AMOUNT}){_SCALE}", _money),
    (rf"(?P<amount>{_AMOUNT}){_SCALE}\s?(?P<sign>[€£¥]|USD\b|EUR\b|GBP\b|JPY\b)(?!\s?\d)", _money),
    (rf"(?P<value>{_AMOUNT})\s?¢", _cents),
    (rf"(?<![\w.,/-])(?P<digits>{_GROUPED})(?![\w/])(?!-\d)", _digit_groups),
    (
        r"\b(?P<word>(?i:(?:pin|zip|isbn|passcode|extension|postcode)(?: code| number)?))"
        r" (?P<digits>\d(?:[ -]?\d){3,16})\b",
        _digit_groups,
    ),
    (r"\b(?P<word>(?i:dial|call|ring))\s(?P<digits>911|999|112|101|111|000)\b", _emergency),
    (rf"\b(?P<word>(?i:{_NUMBERED}))\s(?P<value>[1-9]\d\d)\b(?![.,:]\d|\s(?i:million|thousand))", _paired),
    (r"\b(?P<word>(?i:in|year|since|until))\s(?P<value>10[1-9]\d)\b(?![,.:%]?\d|\s?%)", _year),
    (rf"(?P<value>{WHOLE})(?i:st|nd|rd|th)\b", _ordinal),
    (r"(?P<value>\d{1,4})'?s\b", _decade),
    (r"(?P<value>\d{1,15})\s+(?=\d{1,2}(?:\u2044|/[2-9]\b(?!/)))", _mixed),
    (r"(?P<above>\d{1,2})(?:/(?=[2-9](?![\d/])|10(?![\d/]))|\s?\u2044\s?(?=[2-9]|1\d))(?P<below>\d{1,2})", _fraction),
    (r"(?<![\w'])(?P<feet>[1-9])'\s?(?P<inches>1[01]|\d)(?:\"|''|(?![\w']))", _height),
    (r"(?P<feet>[1-9])\s?ft\.?\s(?P<inches>1[01]|\d)\s?in\b\.?", _height),
    (r"(?P<low>\d{1,9})\s?-\s?(?P<high>\d{1,9})(?=\s?=)", _minus),
    (rf"(?P<low>\d{{1,4}})-(?P<high>\d{{1,4}})(?![\d-]){_UNIT}", _range),
    (r"(?P<low>\d{1,4})/(?P<high>20|100|1000)(?![\d/])", _out_of),
    (r"(?P<low>\d{1,4}):(?P<high>\d{1,4})(?![\d:])", _ratio),
    (r"(?P<low>\d{1,6})\s?(?P<sign>x|\s?[*x]\s?)(?=\d)", _times),
    (r"(?P<value>\d{1,4})x\b", lambda m, _: [*numbers.number(m["value"]), "times"]),
    (r"\^(?P<minus>-)?(?P<value>\d{1,9})", _power),
    (r"(?<=[\w)])\s?(?P<sign>[<>])\s?(?=[\d(]|[a-z](?![\w>]))", _compare),
    (rf"/(?P<per>{any_of(*_PER, *_EACH)})\b", lambda m, _: ["per", _PER.get(m["per"], m["per"])]),
    (r"~(?=\d)", lambda m, _: ["about"]),
    (
        r"(?P<minus>(?<!\S)-)?(?P<value>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*|\.\d+)" + _UNIT,
        _number,
    ),
    (r"(?:(?<=[ap]m)|(?<=m\.)|(?<=[\d%]))-(?=[\d$£€])", lambda m, _: ["to"]),
    (r"°\s?(?P<scale>[CF])\b", lambda m, _: ["degrees", "celsius" if m["scale"] == "C" else "fahrenheit"]),
    (r"(?:\b(?i:no)\.\s?|#)(?=\d)", lambda m, _: ["number"]),
)
