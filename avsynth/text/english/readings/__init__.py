"""Readings: how numbers, dates, money and so on are spoken. Each kind has a module; they are tried in the order of
:data:`ORDER`.

A new reading goes into the module of its kind, with its examples; a new kind is a module with a ``KIND`` and a place in
the order. The page ``docs/readings.md`` is written from the examples by ``python -m avsynth.text.english.page``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from avsynth.text.english.reading import Kind, Saying, signs_of
from avsynth.text.english.readings import (
    abbreviations,
    codes,
    dates,
    durations,
    figures,
    fractions,
    letters,
    mathematics,
    measures,
    money,
    postal,
    ranges,
    roman,
    series,
    signs,
    telephone,
    times,
    web,
    words,
)

ORDER: tuple[Kind, ...] = tuple(
    module.KIND
    for module in (
        *(
            web,
            money,
            dates,
            telephone,
            durations,
            times,
            postal,
            series,
            ranges,
            fractions,
            measures,
            codes,
            mathematics,
        ),
        *(figures, roman, abbreviations, letters, words, signs),
    )
)
"""At each place of a text, the first reading that matches and returns words is taken."""


_NEEDED: frozenset[str] = frozenset().union(*(reading.signs for kind in ORDER for reading in kind.readings))


def signs_in(text: str) -> frozenset[str]:
    """The signs in a text that some reading needs."""
    return _NEEDED & signs_of(text)


@lru_cache(maxsize=8192)
def readings_at(character: str, signs: frozenset[str]) -> tuple[tuple[re.Pattern[str], Saying], ...]:
    """The readings that may begin with a character in a text that holds these signs, in their order."""
    return tuple(
        (reading.compiled, reading.say)
        for kind in ORDER
        for reading in kind.readings
        if reading.first.match(character) and (not reading.signs or signs & reading.signs)
    )
