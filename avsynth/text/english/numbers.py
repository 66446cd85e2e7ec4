"""Numbers as English words, the British way ("two hundred and fifty"). Each function returns lower-case words."""

from __future__ import annotations

from functools import lru_cache

_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_BY_TEN = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = _UP_TO_NINETEEN.split()
_TENS = _BY_TEN.split()
_DIGITS = dict(zip("0123456789", _SMALL, strict=False))
_SCALES = (
    *((10**18, "quintillion"), (10**15, "quadrillion"), (10**12, "trillion")),
    *((10**9, "billion"), (10**6, "million"), (1000, "thousand")),
)
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_PARTS = {2: ("half", "halves"), 4: ("quarter", "quarters")}

NUMBER_WORDS = frozenset(_SMALL + _TENS[2:])
"""Words that a digit or a two-digit number begins with."""

_LARGEST = 10**21
MOST_DIGITS = 21
"""Most digits of a number that is read as a number; longer ones are read digit by digit."""


def digits(text: str) -> list[str]:
    """Each digit of ``text`` by its name, every other character left out: ``"007"`` -> zero zero seven."""
    return [_DIGITS[character] for character in text if character in _DIGITS]


def cardinal(value: int) -> list[str]:
    """``250`` -> two hundred and fifty. Negative numbers begin with "minus"; from 10**21 on, digit by digit."""
    if value < 0:
        return ["minus", *cardinal(-value)]
    if value >= _LARGEST:
        return digits(str(value))
    if value < 1000:
        return list(_below_thousand(value))
    size, name = next(scale for scale in _SCALES if value >= scale[0])
    rest = value % size
    joint = ["and"] if 0 < rest < 100 else []
    return [*cardinal(value // size), name, *joint, *(cardinal(rest) if rest else [])]


@lru_cache(maxsize=1000)
def _below_thousand(value: int) -> tuple[str, ...]:
    if value < 20:
        return (_SMALL[value],)
    if value < 100:
        return (_TENS[value // 10], *(_below_thousand(value % 10) if value % 10 else ()))
    rest = value % 100
    return (_SMALL[value // 100], "hundred", *(("and", *_below_thousand(rest)) if rest else ()))


def ordinal(value: int) -> list[str]:
    """``23`` -> twenty third."""
    *head, last = cardinal(value)
    if last in _ORDINALS:
        return [*head, _ORDINALS[last]]
    return [*head, last[:-1] + "ieth" if last.endswith("y") else last + "th"]


def street_number(value: int) -> list[str]:
    """The ordinal of a street: 149 -> one forty ninth, 103 -> one oh third, 42 -> forty second."""
    hundreds, rest = divmod(value, 100)
    if not (0 < hundreds < 10 and rest):
        return ordinal(value)
    return [*cardinal(hundreds), *(["oh"] if rest < 10 else []), *ordinal(rest)]


def year(value: int) -> list[str]:
    """1905 -> nineteen oh five, 2005 -> two thousand and five, 2026 -> twenty twenty six, 476 and 1066 likewise."""
    if value < 1000 or (value // 100 % 10 == 0 and value % 100 < 10):
        return cardinal(value)
    century, rest = divmod(value, 100)
    if rest == 0:
        return [*cardinal(century), "hundred"]
    return [*cardinal(century), *(["oh"] if rest < 10 else []), *cardinal(rest)]


def number(text: str) -> list[str]:
    """A written number without sign: ``"1,250"``, ``"3.14"``, ``".5"``, ``"1.2.3"``; leading zeros digit by digit."""
    whole, *fractions = text.replace(",", "").replace("'", "").split(".")
    by_digit = len(whole) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0")
    words = digits(whole) if by_digit or not whole else cardinal(int(whole))
    if len(fractions) > 1:  # a version: each part is a number of its own
        return words + [word for part in fractions for word in ("point", *_part_of_version(part))]
    return words + [word for part in fractions for word in ("point", *digits(part))]


def _part_of_version(figures: str) -> list[str]:
    """In pairs where it has four figures, one by one where it has more."""
    if len(figures) < 4 or figures[0] == "0":
        return number(figures)
    return pairs(int(figures)) if len(figures) == 4 else digits(figures)


@lru_cache(maxsize=1024)
def fraction(above: int, below: int) -> tuple[str, ...]:
    """``3, 4`` -> three quarters; the denominator is at least 2."""
    if below in (100, 1000):
        return (*cardinal(above), ordinal(below)[-1] + ("" if above == 1 else "s"))
    singular, plural_form = _PARTS.get(below, (ordinal(below)[-1], ordinal(below)[-1] + "s"))
    return (*cardinal(above), *ordinal(below)[:-1], singular if above == 1 else plural_form)


def pairs(value: int) -> list[str]:
    """As in names and house numbers: 747 -> seven forty seven, 101 -> one oh one, 2788 -> twenty seven eighty eight;
    from 10,000 on digit by digit."""
    if value < 100 or (value % 1000 == 0 and value < 10_000):
        return cardinal(value)
    if value >= 10_000:
        return digits(str(value))
    hundreds, rest = divmod(value, 100)
    if rest == 0:
        return [*cardinal(hundreds), "hundred"]
    return [*cardinal(hundreds), *(["oh"] if rest < 10 else []), *cardinal(rest)]


def clock(hour: int, minute: int, *, suffix: bool) -> list[str]:
    """A time of day: 10:30 -> ten thirty, 10:05 -> ten oh five, 10:00 -> ten o'clock (plain "ten" before a.m./p.m.)."""
    if minute == 0:
        if suffix:
            return cardinal(hour)
        return [*cardinal(hour), "o'clock" if 1 <= hour <= 12 else "hundred"]
    return [*cardinal(hour), *(["oh"] if minute < 10 else []), *cardinal(minute)]


def plural(words: list[str]) -> list[str]:
    """The last word in the plural: nineteen ninety -> nineteen nineties, six -> sixes."""
    *head, last = words
    if last.endswith("y"):
        return [*head, last[:-1] + "ies"]
    return [*head, last + ("es" if last.endswith("x") else "s")]
