"""Sums that are asked in words: "What is 15 - 22?", "work out 7 x 8"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avsynth.text.english import numbers
from avsynth.text.english.quantities import AMOUNT
from avsynth.text.english.reading import Context, Kind, Match, Reading, Said, after, before
from avsynth.text.later import compiled

_ASKED = compiled(
    r"\b(?:[Ww]hat(?:'s|\sis|s)|[Hh]ow\smuch\sis|[Cc]ompute|[Cc]alculate|[Ww]ork\sout|[Ss]olve|[Ee]valuate|[Ss]implify|[Ff]ind)\s$"
)
_TOLD = compiled(r"\s(?:is|equals|makes|leaves|gives)\s-?\d")
"""What it comes to."""
_SIGNS = {"-": "minus", "+": "plus", "x": "times", "×": "times", "*": "times", "/": "divided by", "÷": "divided by"}


def _sum(match: Match, _: Context) -> Sequence[Said] | None:
    told = _TOLD.match(after(match)) and not re.search(r"(?<![\d.])(?:1[5-9]|20)\d\d(?!\d)| x ", match[0])
    if not told and not _ASKED.search(before(match, 14)):
        return None
    words: list[Said] = []
    for part in re.findall(rf"{AMOUNT}|[-+x×*/÷]", match[0]):
        words += _SIGNS[part].split() if part in _SIGNS else numbers.number(part)
    return words


KIND = Kind(
    name="Sums that are asked",
    readings=(
        Reading(
            r"\d",
            rf"(?<![\w.,$£€-]){AMOUNT}(?:\s[-+x×*/÷]\s{AMOUNT}|[x×*÷]{AMOUNT}){{1,4}}(?=\s*[?=]|[.,;:!]?\s*$|[.,;:!]\s|\s(?:is|equals|makes|leaves|gives)\s-?\d)",
            _sum,
            needs="-+x×*/÷",
            then=r"\d,.\sx×*÷",
        ),
    ),
    examples="""
        What is 15 - 22? → what is fifteen minus twenty two
        What's 7 x 8? → what's seven times eight
        How much is 12 / 4? → how much is twelve divided by four
        7 - 10 is -3. → seven minus ten is minus three
        Work out 6x7. → work out six times seven
        calculate 3.5 + 1.25 → calculate three point five plus one point two five
        compute 9 * 9 * 2 → compute nine times nine times two
        What is 2 + 2 - 1? → what is two plus two minus one
        solve 144 ÷ 12 = → solve one hundred and forty four divided by twelve equals
        What is a 2 x 4? → what is a two by four
        What is 5 x 7 in inches? → what is five by seven in inches
        ages 15 - 22 → ages fifteen to twenty two
    """,
)
