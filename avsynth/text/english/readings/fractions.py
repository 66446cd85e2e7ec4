"""Fractions: with a slash or as one sign, after whole numbers, with units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import MINUS, adjectival, noun_follows, signed
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.english.units import UNIT, unit_words
from avsynth.text.later import compiled

_SLASH = r"(?:/|\s?\u2044\s?|\s/\s(?=\d{1,2}(?!\d|\s?=)))"
_FRACTION = (
    rf"(?P<above>\d{{1,4}}){_SLASH}(?P<below>[1-9]\d{{0,3}})(?!\d|[.,]\d|{_SLASH}\d)(?P<th>(?:st|nds?|rds?|ths?|ds)\b)?"
)


def _words(match: Match) -> Sequence[str] | None:
    above, below = int(match["above"]), int(match["below"])
    if below == 1:
        return [*numbers.cardinal(above), "over", "one"]
    words: Sequence[str] = numbers.fraction(above, below)
    if below == 4 and (match.groupdict().get("gap") == "-" or re.match(r"\s?-[a-z]", after(match, 3))):
        words = (*words[:-1], "quarter")  # a three quarter inch bolt
    if (
        above == 1
        and not match["whole"]
        and words[1:2] not in (("eighth",), ("eleventh",), ("eighteenth",))
        and (
            before(match, 3).lower().strip(" (") == "a"
            or re.search(
                r"\b(?:every|each|per|the|another|(?:[Tt]he|my|your|his|her|its|our|their)\s(?:first|last|next|final|second|top|bottom|other))\s{1,2}$",
                before(match, 16),
            )
        )
    ):
        return words[1:]
    return words


_LASTING = r"hours?|days?|weeks?|months?|years?|dozen|century|decade|minutes?|seconds?"
_TIMES = compiled(rf"\s{{1,2}}(?P<article>an?\s)?(?P<unit>{_LASTING})\b")
_SPAN = compiled(rf"\s{{1,2}}(?:to|or)\s\d{{1,3}}\s(?:{_LASTING})\b")
_OF_THE_HOUR = compiled(r"\s{1,2}(?:past|to)\s(?:1[0-2]|[1-9])(?![\w:/\u2044]|[.,]\d|\s{0,2}[\d\u2044]|\s[a-z]|-)")
_BACKED = compiled(r"\s(?:odds|shot|favou?rites?|outsiders?|joint|bet|on\sfavou?rite)\b")
_HALVED = compiled(r"\s{1,2}(?:price|time|term|board|marathon|way|full|empty|done|off|pint|size|moon|asleep)\b")
_A_HALF = compiled(r"\b(?:an?|the|every|each|per|another|last|first|next|this|that)\s{1,2}$", re.IGNORECASE)


def _half(match: Match, unit: str, *, article: bool = False) -> list[str] | None:
    """A half of what lasts: "half an hour", "one and a half hours"; without the unit."""
    if (match["above"], match["below"]) != ("1", "2"):
        return None
    if match["whole"]:
        return [*numbers.number(match["whole"]), "and", "a", "half"]
    if re.search(r"\band\s{1,2}$", before(match, 6)):
        return ["a", "half"]
    joined = article or _A_HALF.search(before(match, 10))
    return ["half"] if joined else ["half", "an" if unit.startswith("hour") else "a"]


def _is_odds(match: Match) -> bool:
    """Whether it is what a bet wins: "at 5/1", "the 11/4 favourite"."""
    told = re.search(r"\b(?:odds(?:\sof|\sare|\swere)?|(?:bet|priced|bookies)[^.,;]{0,20}\sat)\s$", before(match, 40))
    return bool(
        told or _BACKED.match(after(match)) or (match["below"] == "1" and re.search(r"\bat\s$", before(match, 3)))
    )


def _fraction(match: Match, _: Context) -> Sequence[Said] | None:
    above, below = int(match["above"]), int(match["below"])
    if not match["whole"] and above > below and _is_odds(match):
        return [*numbers.cardinal(above), "to", *numbers.cardinal(below)]
    if before(match, 1) == "√":
        return [*numbers.cardinal(above), "over", *numbers.cardinal(below)]
    if above == 1 and below in (2, 4) and not match["whole"] and _OF_THE_HOUR.match(after(match)):
        return ["half" if below == 2 else "quarter"]
    if not match["whole"] and above >= below > 0 and re.match(r"\s?=", after(match, 2)):
        return [*signed(match), *numbers.cardinal(above), "divided", "by", *numbers.cardinal(below)]
    if not match["whole"] and (above, below) == (1, 2) and _HALVED.match(after(match)):
        return ["half"]
    lasting = _TIMES.match(after(match)) if not match["inch"] and not match["cup"] else None
    if match["whole"] and above + below == 3 and _SPAN.match(after(match)):
        return [*numbers.number(match["whole"]), "and", "a", "half"]
    if lasting and (half := _half(match, lasting["unit"], article=bool(lasting["article"]))):
        return [*signed(match), *half]
    words = _words(match)
    if lasting and words and words[-1].startswith("quarter") and not match["whole"] and not lasting["article"]:
        return [*signed(match), *words, "of", "an" if lasting["unit"] == "hour" else "a"]
    whole = [*numbers.number(match["whole"]), "and"] if match["whole"] else []
    if match["cup"] and words is not None:
        return [*whole, *words, "cups" if match["whole"] else "cup"]
    inches = [] if not match["inch"] else ["inch" if not match["whole"] or noun_follows(match) else "inches"]
    if inches == ["inch"] and words and words[-1] == "quarters" and noun_follows(match):
        words = [*words[:-1], "quarter"]
    return None if words is None else [*signed(match), *whole, *words, *inches]


def _measured(match: Match, _: Context) -> Sequence[Said] | None:
    """ "Three quarters of a mile": "of a" before a unit, except after a half."""
    words = _words(match)
    joined = match["gap"] == "-" or adjectival(match)
    if match["unit"] == "s" and "\u2044" in match[0]:
        return numbers.plural([*numbers.fraction(1, int(match["below"]))][1:]) if match["above"] == "1" else None
    of = not match["whole"] and words and words[-1] != "half" and not joined
    one = not match["whole"] or joined
    inches = match["unit"] == "in" and (joined or bool(match["dot"]) or not after(match, 2).strip().isalnum())
    unit = unit_words(match["unit"], one=one, glued=inches)
    if unit is None or words is None:
        return None
    if joined and words[-1] == "quarters":
        words = [*words[:-1], "quarter"]
    if re.fullmatch(_LASTING, unit[0]) and (half := _half(match, unit[0])):
        return [*signed(match), *half, *unit]
    article = ["of", "an" if unit[0][0] in "aeio" or unit[0] == "hour" else "a"] if of else []
    whole = [*numbers.number(match["whole"]), "and"] if match["whole"] else []
    return [*signed(match), *whole, *words, *article, *unit]


KIND = Kind(
    name="Fractions",
    readings=(
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.,/$£€])(?:(?P<whole>\d{{1,9}})(?:\s+|-|\sand\s)(?=\d))?{_FRACTION}(?P<gap>\s{{0,2}}|-){UNIT}",
            _measured,
            needs="/⁄",
            then=r"\d\s/\u2044-",
        ),
        Reading(
            r"\d\-",
            rf"{MINUS}(?<![\w.,/])(?:(?P<whole>\d{{1,9}})(?:\s+|-|\sand\s)(?=\d))?{_FRACTION}(?:(?:(?<=\u2044\d)\s(?=\"))?(?P<inch>\"|'')|(?P<cup>\s?\s?c\.(?=\s[a-z]|\s*$|[),;])))?",
            _fraction,
            needs="/⁄",
            then=r"\d\s/\u2044-",
        ),
    ),
    examples="""
        1/2 → one half
        10/2 = 5 → ten divided by two equals five
        11/16 → eleven sixteenths
        22/3 → twenty two thirds
        1/4th → one quarter
        3/4 → three quarters
        2 1/2 → two and one half
        4 1/2 lbs → four and one half pounds
        ½ cup → one half cup
        2½ cups → two and one half cups
        a 1/2 point → a half point
        5/100 → five out of one hundred
        1/100 → one hundredth
        7/23 → seven twenty thirds
        1/32 → one thirty second
        3/8ths → three eighths
        ⅔ → two thirds
        a 3/8-in. slot → a three eighths inch slot
        3/4 mi → three quarters of a mile
        1/2 kg → one half kilogram
        1-1/2 cups → one and one half cups
        9/10 → nine tenths
        1/3 of it → one third of it
        3 1/2" nails → three and one half inch nails
        ¾ tsp. of salt → three quarters of a teaspoon of salt
        -1/2 → minus one half
        3 / 4 → three quarters
        2/3rds → two thirds
        2/3 c. milk → two thirds cup milk
        ½ hour → half an hour
        1½ hours → one and a half hours
        1/2 hr → half an hour
        a ½ hour drive → a half hour drive
        3/4 hr → three quarters of an hour
        -2 1/4 → minus two and one quarter
        the last 1/4-mile → the last quarter mile
        the first 1/3 of it → the first third of it
        355/113 → three hundred and fifty five one hundred and thirteenths
    """,
)
