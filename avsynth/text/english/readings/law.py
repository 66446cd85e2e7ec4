"""The law: regulations by year and number, clauses in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, before, initials

_ACT = re.compile(
    r"\b(?:Reg(?:ulations?|\.)|Dir(?:ectives?|\.)|Decision|Act|Law|Bill|Resolution|Case|Statute)\s(?:\((?:EU|EC|EEC)\)\s)?(?:No\.?\s)?$"
)
_PLACED = re.compile(
    r"\b(?:[Aa]rt(?:icles?|\.)|[Ss]ec(?:tions?|\.)|[Rr]ules?|[Cc]lauses?|[Pp]ara(?:graphs?|\.)|s\.|§{1,2})\s?$"
)


def _number(match: Match, _: Context) -> Sequence[Said] | None:
    """A year and a number: "2016/679"."""
    if not _ACT.search(before(match)):
        return None
    first, second = match["first"], match["second"]
    year = numbers.year(int(first)) if len(first) == 4 else numbers.cardinal(int(first))
    return [*year, "slash", *(numbers.digits(second) if len(second) > 2 else numbers.number(second))]


def _clauses(match: Match, _: Context) -> Sequence[Said] | None:
    """Its parts side by side: "Article 5(1)(a)"."""
    if not _PLACED.search(before(match)):
        return None
    words = numbers.number(match["article"])
    for part in re.findall(r"[A-Za-z]+|\d+", match["parts"]):
        words += numbers.number(part) if part.isdigit() else [initials(part)]
    return words


def _clause(match: Match, _: Context) -> Sequence[Said] | None:
    """A section of a law: "401(k)"."""
    return [*numbers.pairs(int(match["figures"])), initials(match["letter"])]


KIND = Kind(
    name="Law",
    readings=(
        Reading(
            r"\d", r"(?<![\w.,/])(?P<first>\d{2}|\d{4})/(?P<second>\d{1,4})(?![\w/])", _number, needs="/", then=r"\d"
        ),
        Reading(
            r"\d",
            r"(?<![\w.,/])(?P<article>\d{1,4})(?P<parts>(?:\((?:\d{1,2}|[a-z]|[A-Z])\)){1,4})",
            _clauses,
            needs="(",
            then=r"\d(",
        ),
        Reading(r"\d", r"(?<![\w.,])(?P<figures>\d{1,4})\((?P<letter>[a-z])\)", _clause, needs="(", then=r"\d("),
    ),
    examples="""
        401(k) → four oh one K
        Reg. 2016/679 → regulation twenty sixteen slash six seven nine
        Regulation (EU) 2016/679 → regulation, E U, twenty sixteen slash six seven nine
        Directive 95/46 → directive ninety five slash forty six
        Resolution 46/182 → resolution forty six slash one eight two
        Case 26/62 → case twenty six slash sixty two
        Article 5(1)(a) → article five one A
        Art. 6(1)(f) → article six one F
        section 230(c)(2) → section two hundred and thirty C two
        Rule 12(b)(6) → rule twelve B six
        s. 3(a) → S, three A
        5/46 of it → five forty sixths of it
    """,
)
