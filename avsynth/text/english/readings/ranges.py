"""Ranges, scores, ratios, and sizes in two or three directions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT, GLUED, adjectival, is_sort, magnitude, plain_or_year, told_unit
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before, initials
from avsynth.text.english.readings.codes import characters, is_asked
from avsynth.text.english.units import UNIT, unit_words
from avsynth.text.later import compiled
from avsynth.text.tokens import Pause

_SHORT = r"(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d{1,6})?(?!\d)"
_COUNTED = frozenset(("ml", "l", "cl", "g", "kg", "mg", "oz", "lb", "lbs", "w", "gb", "mb", "min", "s", "h"))
"""Units of what is counted out in packs and not measured in two directions."""
_DAILY = compiled(r"(?:day|days|Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun|daily|[Oo]pen|[Hh]ours:?)\s$")
_ONLY = r"(?![\w-]|[.,/:]\d)"


def _measured_range(match: Match, _: Context) -> Sequence[Said] | None:
    glued = bool(match["dot"]) if match["unit"] == "in" else match["gap"] == ""
    words = unit_words(match["unit"], one=adjectival(match), glued=glued)
    if words is None:
        return None
    return [*numbers.number(match["low"]), "to", *numbers.number(match["high"]), *words]


def _each_measured(match: Match, context: Context) -> Sequence[Said] | None:
    """The unit is written twice, and said once: "5kg-10kg"."""
    first = unit_words(match["first"].strip(), one=False, glued=True)
    return _measured_range(match, context) if first == unit_words(match["unit"], one=False, glued=True) else None


def _either_measured(match: Match, _: Context) -> Sequence[Said] | None:
    """What works with both: "110/220V"."""
    words = unit_words(match["unit"], one=False, glued=True)
    return words and [*numbers.number(match["low"]), "slash", *numbers.number(match["high"]), *words]


def _told_range(match: Match, _: Context) -> Sequence[Said] | None:
    words = told_unit(match, match["unit"], one=adjectival(match))
    return words and [*numbers.number(match["low"]), "to", *numbers.number(match["high"]), *words]


def _times_range(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["low"]), "to", *numbers.number(match["high"]), "times"]


def _scaled_range(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["low"]), "to", *numbers.number(match["high"]), magnitude(match["scale"])]


_MAPPED = compiled(r"\s(?:and\sonto|correspondence|mapping|map|function|relation\w*|meetings?|chats?)\b")


def _range(match: Match, _: Context) -> Sequence[Said] | None:
    low, high = match["low"], match["high"]
    if any(len(one) > 1 and one[0] == "0" and "." not in one for one in (low, high)):
        return None
    if (before(match, 1) == "#" and is_asked(before(match))) or after(match, 1) == '"':
        return None
    if " " in match[0] and float(low.replace(",", "")) >= float(high.replace(",", "")):
        return None
    if low == high == "1" and _MAPPED.match(after(match)):
        return ["one", "to", "one"]
    between = [] if low == high and not _DAILY.search(before(match)) else ["to"]
    if re.match(r"\s(?:CE|AD)\b", after(match)):
        return [*plain_or_year(low), "to", *plain_or_year(high)]
    return [*_years_or_plain(low, high), *between, *_years_or_plain(high, low)]


def _years_or_plain(text: str, other: str) -> list[str]:
    return plain_or_year(text) if len(text) == len(other) else numbers.number(text)


def _chain(match: Match, _: Context) -> Sequence[Said] | None:
    words: list[Said] = []
    if is_asked(before(match)) and re.fullmatch(r"(?:\d\d-)+\d\d", match[0]) and "sort" not in before(match):
        return characters(match[0])
    pauses = match[0] != "9-1-1"
    for place, part in enumerate(re.findall(r"\d+", match[0])):
        words += [*([Pause()] if place and pauses else []), *numbers.number(part)]
    return words


_STANDARD = compiled(r"\b(?:ISO|IEC|EN|BS|DIN|ANSI|IEEE)\s$")


def _ratio(match: Match, _: Context) -> Sequence[Said] | None:
    if _STANDARD.search(before(match, 6)) and re.fullmatch(r"\d{2,4}:(?:19|20)\d\d", match[0]):
        return [*numbers.number(match[0][:-5]), Pause(), *numbers.year(int(match[0][-4:]))]
    return [word for place, part in enumerate(match[0].split(":")) for word in (*["to"][:place], *numbers.number(part))]


def _out_of(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.number(match["low"]), "out", "of", *numbers.number(match["high"])]


_RATED = compiled(
    r"\b(?:(?:rated?|rating|scores?|overall|verdict|taste|food|service|value|quality|price|difficulty|pain|mark)d?:?|(?:gave|gives?|giving)(?:\s[a-z']+){0,4}|(?:gets|got|is|was|it's|that's)(?:\s(?:it|this|that|them|him|her))?"
    r"|solid|easily|strong|maybe)\s(?:an?\s)?(?:it\s|this\s)?(?:solid\s|strong\s)?$",
    re.IGNORECASE,
)


def _rated(match: Match, context: Context) -> Sequence[Said] | None:
    """A mark at the end of a clause: "gave it a 9/10"."""
    recommended = re.match(r"\swould\b", after(match))
    ends = re.match(r"\s*$|[.,;:!?)]|\s&|\s(?:for|if|from|imo|so|but|and|because|overall)\b", after(match))
    fits = float(match["low"]) <= int(match["high"])
    return _out_of(match, context) if fits and (recommended or (ends and _RATED.search(before(match)))) else None


def _size(match: Match, _: Context) -> Sequence[Said] | None:
    if match["one"] == "0":
        return None  # hexadecimal
    parts = [part for part in (match["one"], match["two"], match["three"]) if part]
    counted = (
        match["unit"] and re.search(r"[x×]\s", match[0]) and match["unit"].lower() in _COUNTED and not match["three"]
    )
    joint = "times" if counted else "by"
    words = [word for place, part in enumerate(parts) for word in (*[joint][:place], *numbers.number(part))]
    if not match["unit"]:
        return words
    long = match["unit"] == "in" and re.match(r"\s*$|[,;:)]", after(match))
    one = adjectival(match) or is_sort(match, match["unit"])
    unit = unit_words(match["unit"], one=one, glued=match["gap"] == "" or bool(long))
    return None if unit is None else [*words, *unit]


def _pair(match: Match, _: Context) -> Sequence[Said] | None:
    """Figures that are said side by side."""
    days = numbers.pairs(365) if match.groupdict().get("year") else []
    return [*numbers.cardinal(int(match["low"])), *numbers.cardinal(int(match["high"])), *days]


def _over(match: Match, _: Context) -> Sequence[Said] | None:
    return [
        *numbers.pairs(int(match["low"])),
        "over",
        *numbers.pairs(int(match["high"])),
        "millimeters",
        "of",
        "mercury",
    ]


def _by(match: Match, _: Context) -> Sequence[Said] | None:
    return ["by"]


def _letters(match: Match, _: Context) -> Sequence[Said] | None:
    if " " in match[0] and re.search(r"[=≠≈≤≥Α-Ωα-ω]", match.string):
        return None  # a sum
    return [match["low"].lower() + ".", "to", match["high"].lower() + "."]


def _clothes(match: Match, _: Context) -> Sequence[Said] | None:
    high = match["high"]
    count = numbers.number(high[0]) if high[0].isdigit() else []
    return [initials(match["low"]), "to", *count, initials(high.lstrip("23456789"))]


def _ages(match: Match, _: Context) -> Sequence[Said] | None:
    return [*numbers.ordinal(int(match["low"])), "to", *numbers.ordinal(int(match["high"]))]


def _to(match: Match, _: Context) -> Sequence[Said] | None:
    return (
        ["to"]
        if re.search(
            r"(?:[ap]m|m\.|\b(?:min|mins|hr|hrs|sec|secs|wk|wks|yr|yrs|ft|in|lb|lbs|oz)\.|[\d%]|noon|midnight|\bnow|today)$",
            before(match, 9),
            re.IGNORECASE,
        )
        else None
    )


KIND = Kind(
    name="Ranges, scores and sizes",
    readings=(
        Reading(
            "2",
            r"(?<![\w.,/-])(?P<low>24)[/-](?P<high>7)(?:[/-](?P<year>365))?(?![\w/-])",
            _pair,
            needs="/-",
            then=r"\d",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})(?P<first>\s?(?:°\s?[CFcf]?|%|[A-Za-zμ]{{1,5}}))\s?-\s?(?P<high>{_SHORT})(?P<gap>\s?){UNIT}",
            _each_measured,
            needs="-",
            then=r"\d,.\s°%A-Za-zμ",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})\s?%?-\s?(?P<high>{_SHORT})(?P<gap>\s?){UNIT}",
            _measured_range,
            needs="-",
            then=r"\d,.\s%-",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})\s?-\s?(?P<high>{_SHORT}){GLUED}",
            _scaled_range,
            needs="-",
            then=r"\d,.\s-",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})x?-(?P<high>{_SHORT})x(?![\w-])",
            _times_range,
            needs="-",
            then=r"\d,.x-",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<one>\d{3,5})\s?×\s?(?P<two>\d{3,5})(?P<three>)(?P<unit>)(?!\s?(?:[\d=×+*/]|px\b))",
            _size,
            needs="×",
            then=r"\d",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})\s?-\s?(?P<high>{_SHORT})\s?(?P<unit>[ACFKNT])(?![\w'/-])",
            _told_range,
            needs="-",
            then=r"\d,.\s-",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<one>{AMOUNT})\s?[x×]\s?(?P<two>{AMOUNT})(?:\s?[x×]\s?(?P<three>{AMOUNT}))?"
            rf"(?P<gap>\s?){UNIT}",
            _size,
            needs="x×",
            then=r"\d,.\sx×",
        ),
        Reading(
            r"\d.",
            rf"(?<![\w.])(?P<one>{AMOUNT})(?:[xX]|\sx\s(?=\d{{1,5}}\b(?!\s?=|\^)))(?P<two>{AMOUNT})(?:\s?[xX]\s?(?P<three>{AMOUNT}))?"
            r"(?P<unit>)(?![\w=\"]|''|-(?:k?g|lbs?|oz|m?l)\b)",
            _size,
            needs="xX",
            then=r"\d,.\sxX",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>\d{1,3})(?:st|nd|rd|th)\s?-\s?(?P<high>\d{1,3})(?:st|nd|rd|th)\b",
            _ages,
            needs="-",
            then=r"\dsnrt",
        ),
        Reading(
            r"\d",
            rf"(?<![\w.,/-])(?P<low>{_SHORT})(?:[-~]|\s[-~]\s)(?P<high>{_SHORT}){_ONLY}(?!\s?=)",
            _range,
            needs="-~",
            then=r"\d,.\s~-",
        ),
        Reading(r"\d", r"(?<![\w.,/-])\d{1,2}(?:-\d{1,2}){2,4}(?![\w-]|[.,/]\d)", _chain, needs="-", then=r"\d-"),
        Reading(
            r"\d",
            r"(?<![\w.,/:])\d{1,4}(?:\.\d{1,2})?:(?:\d{1,3}(?:,\d{3})+|\d{1,4})(?::\d{1,4})?(?!\w|:\d)",
            _ratio,
            needs=":",
            then=r"\d.:",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>\d{2,3}|\d(?:\.\d)?(?=/\d\s?GHz))/(?P<high>\d{2,3}|\d(?=\s?GHz))\s?(?P<unit>V|VAC|VDC|G?Hz|kHz|W)\b",
            _either_measured,
            needs="/",
            then=r"\d./",
        ),
        Reading(
            "25", r"(?<![\w.,/])(?P<low>20|50|24)/(?P<high>20|50|7)(?![\w/])(?!\s?=)", _pair, needs="/", then=r"\d"
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>\d{1,2})/(?P<high>[248]|16)(?=\s(?:time|beats?|meter|rhythm|signature)\b)",
            _pair,
            needs="/",
            then=r"\d/",
        ),
        Reading("9", r"(?<![\w.,/])(?P<low>9)/(?P<high>11)(?![\w/])", _pair, needs="/", then=r"\d/"),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>[5-9]|\d\d)/(?P<high>(?P=low))(?![\w/]|\.\d)(?!\s?=)",
            _out_of,
            needs="/",
            then=r"\d/",
        ),
        Reading("0", r"(?<![\w.,/])(?P<low>0)/(?P<high>\d{1,4})(?![\d/])", _out_of, needs="/", then="/"),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>[2-9]|\d\d{1,3})/(?P<high>20|100|1000)(?![\d/])",
            _out_of,
            needs="/",
            then=r"\d/",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/-])(?P<low>10|\d(?:\.\d)?)/(?P<high>5|10)(?![\w/-]|[.,]\d)",
            _rated,
            needs="/",
            then="0/.",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>\d(?:\.\d)?)/(?P<high>5|10)(?=\s(?:stars?|points|rating|score)\b)",
            _out_of,
            needs="/",
            then="/.",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>[1-9])/(?P<high>10)(?!\s(?:miles|seconds|inches|hours|degrees|points|meters|metres|units)\b)"
            r"(?=\s(?:people|men|women|children|[a-z]{2,}[^s\W]s)\b)",
            _out_of,
            needs="/",
            then="/",
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<low>\d{1,2}\.\d{1,2})/(?P<high>4(?:\.00?)?|5(?:\.00?)?|10(?:\.00?)?|100)(?![\w/]|\.\d)",
            _out_of,
            needs="/",
            then=r"\d.",
        ),
        Reading(r"\d", r"(?<![\w.,/])(?P<low>\d{2,3})/(?P<high>\d{2,3})\s?mm\s?Hg\b", _over, needs="/", then=r"\d"),
        Reading("x×", r"(?:(?<=[a-zHWDL'\".]\s)|(?<=#\d\s)|(?<=#\d\d\s))[x×](?=\s\d)", _by),
        Reading("LMSX", r"(?<![\w-])(?P<low>X{0,3}S|M|L|XL)-(?P<high>X{0,4}L|\dXL|M|S)(?![\w'-])", _clothes, needs="-"),
        Reading("A-Z", r"(?<![\w-])(?P<low>[A-Z])\s?-\s?(?P<high>[A-Z])(?![\w'-])", _letters, needs="-", then=r"\s-"),
        Reading(r"\-", r"-(?=[\d$£€])", _to),
    ),
    examples="""
        3-0 → three to zero
        112-108 → one hundred and twelve to one hundred and eight
        pages 3–9 → pages three to nine
        2x8 m → two by eight meters
        2 x 4 x 6 cm → two by four by six centimeters
        2x4 → two by four
        1920x1080 → one thousand nine hundred and twenty by one thousand and eighty
        16:9 → sixteen to nine
        1:2:3 → one to two to three
        20/20 vision → twenty twenty vision
        24/7 → twenty four seven
        50/50 → fifty fifty
        98/100 → ninety eight out of one hundred
        4/5 stars → four out of five stars
        a 4-4-2 → a four, four, two
        5–10% → five to ten percent
        20-25°C → twenty to twenty five degrees celsius
        10-15 min → ten to fifteen minutes
        a 10-15 min walk → a ten to fifteen minute walk
        2-3 million → two to three million
        A-Z → A to Z
        sizes S-XXL → sizes S to X X L
        5 - 10 people → five to ten people
        1,000-2,000 → one thousand to two thousand
        1.5-2 hours → one point five to two hours
        2nd-5th → second to fifth
        6-8 weeks → six to eight weeks
        2-3x faster → two to three times faster
        a 3.8/4.0 average → a three point eight out of four point zero average
        3.5/5 → three point five out of five
        noon-3pm → noon to three P M
        9/10 people → nine out of ten people
        120/80 mmHg → one twenty over eighty millimeters of mercury
        12 ft x 10 ft → twelve feet by ten feet
        a 2-2 draw → a two two draw
        3–2 → three to two
        3x-5x → three to five times
        5~10 → five to ten
        20-25C outside → twenty to twenty five degrees celsius outside
        1920 × 1080 → one thousand nine hundred and twenty by one thousand and eighty
        2 x 4 in → two by four inches
        10°C-15°C → ten to fifteen degrees celsius
        5kg-10kg → five to ten kilograms
        10 cm - 20 cm → ten to twenty centimeters
        10/10 → ten out of ten
        24-7, 24/7/365 → twenty four seven, twenty four seven three sixty five
        dial 9-1-1 → dial nine one one
        a 1:10,000 scale → a one to ten thousand scale
        6 ft. x 9 ft. → six feet by nine feet
        4x100m relay → four by one hundred meter relay
        1024×768px → one thousand and twenty four by seven hundred and sixty eight pixels
        110/220V → one hundred and ten slash two hundred and twenty volts
        1.5:1 → one point five to one
        in 7/4 time → in seven four time
        0/10 → zero out of ten
        I rate it 6/10. → i rate it six out of ten
        ages 18-24 → ages eighteen to twenty four
    """,
)
