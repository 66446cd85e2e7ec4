"""What money, measures, ranges and fractions share: numbers as written, their magnitudes, singular and plural."""

from __future__ import annotations

import re

from avsynth.text.english import numbers
from avsynth.text.english.reading import Match, after, before, word_set

WHOLE = r"(?:\d{1,3}(?:,\d{3}){1,6}(?![\d,]\d)|\d{1,2}(?:,\d\d){1,4},\d{3}(?![\d,]\d)|\d{1,21}(?!\d))"
AMOUNT = rf"(?:{WHOLE}(?:\.\d{{1,30}}(?!\d))?|\.\d{{1,30}}(?!\d))"
"""A number of bounded length, with thousands parted by commas, and its decimals."""
SCALE = r"(?:[\s-]?(?P<scale>(?i:thousand|million|billion|trillion|mn|mil|bn|tn)|[kKmMBT])\b(?!['/]))"
"""A magnitude after money, where "m" can be no meter."""
GLUED = r"(?P<scale>[kKMB]|bn|mn|tn|(?:\s(?:hundred|thousand|million|billion|trillion)))(?![\w'/])"
"""A magnitude after any number."""
MINUS = r"(?P<minus>(?<![\w.,)%])-)?"

_MAGNITUDES = {"k": "thousand", "m": "million", "mn": "million", "mil": "million", "b": "billion", "bn": "billion"} | {
    "t": "trillion",
    "tn": "trillion",
}
_DETERMINERS = word_set(
    "a an the this that these those my your his her its our their another each every any no per new"
)
_NO_NOUNS = word_set(
    "a about above across after again ago all along already also although an and apart are around as at away back "
    "be because been before behind below between both but by can celsius clockwise colder cooler could "
    "counterclockwise deep did do does during each east every fahrenheit fell for from gets had has have he her "
    "here high his hotter i if in instead into is it its just later left less like long may me might more must my "
    "next no nor north not now of off old on only onto or our out over per per plus right rose she should since "
    "so some south tall than that the their them then there these they thick this those though through to today "
    "tomorrow too toward towards under until up warmer was we were west what when where which while who wide will "
    "with within without would yesterday yet you your"
)


def magnitude(written: str) -> str:
    """``"M"`` -> million."""
    name = written.strip().lower()
    return _MAGNITUDES.get(name, name)


def signed(match: Match) -> list[str]:
    """ "minus" if the match has that group."""
    return ["minus"] if match["minus"] else []


def is_one(amount: str) -> bool:
    """Whether what is counted stands in the singular."""
    return amount in ("1", "1.0", "1.00")


def noun_follows(match: Match) -> bool:
    """Whether a word comes next that may be what an amount describes."""
    noun = re.match(r"\s([a-z]{2,})\b(?!\s?=)", after(match))
    return noun is not None and noun[1] not in _NO_NOUNS


def adjectival(match: Match) -> bool:
    """Whether an amount describes the noun after it ("a $5 bill", "the 3 km run") and so stands in the singular."""
    if not noun_follows(match):
        return False
    word = re.search(r"\b([A-Za-z]+)\s+(?:[a-z]{3,}\s)?$", before(match))
    word = re.search(r"\b([A-Za-z]+)\s$", before(match))
    return word is not None and word[1].lower() in _DETERMINERS


def plain_or_year(text: str) -> list[str]:
    """A number by itself: of four digits it may be a year."""
    if len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099:
        return numbers.year(int(text))
    return numbers.number(text)
