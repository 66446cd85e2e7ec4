"""``<say-as interpret-as=…>``: the content as words, or rewritten so that the right reading matches it."""

from __future__ import annotations

import re
from collections.abc import Callable

from avsynth.errors import UserError
from avsynth.text.english import numbers
from avsynth.text.english.abbreviations import CALENDAR
from avsynth.text.english.folding import fold
from avsynth.text.english.readings.roman import roman_value
from avsynth.text.english.readings.web import NAMES
from avsynth.text.later import compiled
from avsynth.text.tokens import Mark, Pause, Told

Sayable = str | tuple[Mark, ...]
"""Text to be read by the usual readings, or words."""

_ROMAN = compiled(r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def say_as(kind: str, form: str, written: str, where: str) -> Sayable:
    """``written`` as a thing of that kind and format; UserError, which begins with ``where``, if it is none."""
    if kind not in KINDS:
        raise UserError(f"{where}: interpret-as={kind!r} is not known; known are {', '.join(KINDS)}")
    text = " ".join(fold(written).text.split())
    said = KINDS[kind](text, form)
    if said is None or not said or (isinstance(said, tuple) and said == (Told(()),)):
        raise UserError(f"{where}: {written!r} is no {kind}" + (f" of the format {form!r}" if form else ""))
    return said


def _characters(text: str, _: str) -> Sayable | None:
    words: list[str] = []
    for character in text.lower():
        if character.isalpha() and character.isascii():
            words.append(f"{character}.")
        elif character.isdigit():
            words += numbers.digits(character)
        elif character in NAMES:
            words += NAMES[character].split()
    return (Told(tuple(words)),)


def _digits(text: str, _: str) -> Sayable | None:
    return (Told(tuple(numbers.digits(text))),)


def _telephone(text: str, _: str) -> Sayable | None:
    marks: list[Mark] = []
    for group in re.findall(r"\+?\d+", text):
        plus = ("plus",) if group.startswith("+") else ()
        marks += [Pause(), Told((*plus, *numbers.digits(group)))]
    return tuple(marks[1:])


def _date(text: str, form: str) -> Sayable | None:
    order = "".join(dict.fromkeys(form.lower()))
    if not form:
        return text
    parts = re.findall(r"\d+", text)
    if len(form) == 8 and len(parts) == 1 and len(parts[0]) == 8:
        sizes = [4 if part == "y" else 2 for part in order]
        parts = [text[sum(sizes[:place]) : sum(sizes[: place + 1])] for place in range(len(sizes))]
    if any(character not in "ymd" for character in order):
        return None
    if len(parts) != len(order):
        return text if re.search("[A-Za-z]", text) else None
    value = {part: int(written) for part, written in zip(order, parts, strict=True)}
    if not 1 <= value.get("m", 1) <= 12 or not 1 <= value.get("d", 1) <= 31 or value.get("y", 1) > 9999:
        return None
    month = CALENDAR[value["m"] - 1] if "m" in value else ""
    if "y" in value and value["y"] < 100:
        value["y"] += 2000 if value["y"] < 30 else 1900
    words = [month] if month else []
    if "d" in value:
        words += numbers.ordinal(value["d"])
    if "y" not in value:
        return (Told(tuple(words)),)
    year = Told(tuple(numbers.year(value["y"])))
    return (Told(tuple(words)), Pause(), year) if "d" in value else (Told((*words, *year.words)),)


def _time(text: str, _: str) -> Sayable | None:
    lasting = re.fullmatch(r"(?:(\d{1,4})')?\s*(?:(\d{1,4})(?:\"|''))?", text)
    if lasting is None or not lasting[0]:
        return text
    named = ((lasting[1], "minute"), (lasting[2], "second"))
    return " ".join(f"{value} {name}{'' if int(value) == 1 else 's'}" for value, name in named if value)


def _whole(text: str) -> int | None:
    """A whole number in digits or Roman numerals."""
    if _ROMAN.fullmatch(text):
        return roman_value(text)
    digits = text.replace(",", "").replace(" ", "")
    return int(digits) if re.fullmatch(r"-?\d{1,21}", digits) else None


def _ordinal(text: str, _: str) -> Sayable | None:
    value = _whole(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", text))
    return None if value is None else (Told(tuple(numbers.ordinal(value))),)


def _cardinal(text: str, _: str) -> Sayable | None:
    value = _whole(text)
    return text if value is None else (Told(tuple(numbers.cardinal(value))),)


def _as_written(text: str, _: str) -> Sayable | None:
    return text


KINDS: dict[str, Callable[[str, str], Sayable | None]] = {
    **dict.fromkeys(("characters", "spell-out", "verbatim"), _characters),
    **{"digits": _digits, "telephone": _telephone, "date": _date, "time": _time, "ordinal": _ordinal},
    **{"cardinal": _cardinal, "number": _cardinal, "currency": _as_written, "fraction": _as_written},
    **{"unit": _as_written, "address": _as_written},
}
"""What ``interpret-as`` may be."""
