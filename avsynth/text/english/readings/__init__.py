"""Readings: how numbers, dates, money and so on are spoken. Each kind has a module; they are tried in the order of
:data:`ORDER`.

A new reading goes into the module of its kind, with its examples; a new kind is a module with a ``KIND`` and a place in
the order. The page ``docs/readings.md`` is written from the examples by ``python -m avsynth.text.english.page``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from avsynth.text.english.reading import Kind, Match, Saying, signs_of
from avsynth.text.english.readings import (
    abbreviations,
    codes,
    dates,
    durations,
    feet,
    figures,
    fractions,
    letters,
    mathematics,
    measures,
    money,
    names,
    postal,
    ranges,
    roman,
    scripture,
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
            scripture,
            names,
            money,
            dates,
            telephone,
            durations,
            times,
            postal,
            series,
            ranges,
            fractions,
            feet,
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


Ready = tuple[Callable[[str, int], Match | None], Saying]
"""What finds a reading's match in a text from a place on, and what says it."""


@lru_cache(maxsize=256)
def _beginning(character: str) -> tuple[tuple[frozenset[str], Ready], ...]:
    """The readings that may begin with a character, each with the signs that it needs."""
    readings = (reading for kind in ORDER for reading in kind.readings if reading.first.match(character))
    return tuple((reading.signs, (reading.compiled.match, reading.say)) for reading in readings)


@lru_cache(maxsize=8192)
def readings_at(character: str, signs: frozenset[str]) -> tuple[Ready, ...]:
    """The readings that may begin with a character in a text that holds these signs, in their order."""
    return tuple(ready for needed, ready in _beginning(character) if not needed or signs & needed)
