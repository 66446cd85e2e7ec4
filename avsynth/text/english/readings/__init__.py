"""Readings: how numbers, dates, money and so on are spoken. Each kind has a module; they are tried in the order of
:data:`ORDER`.

A new reading goes into the module of its kind, with its examples; a new kind is a module with a ``KIND`` and a place in
the order. The page ``docs/readings.md`` is written from the examples by ``python -m avsynth.text.english.page``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from avsynth.text.english.reading import Kind, Match, Saying, signs_of
from avsynth.text.english.readings import (
    abbreviations,
    cells,
    channels,
    chats,
    codes,
    comparisons,
    counts,
    dates,
    durations,
    expiry,
    feet,
    figures,
    finance,
    flights,
    fractions,
    functions,
    grades,
    homes,
    keys,
    kitchen,
    law,
    letters,
    mathematics,
    measures,
    medicine,
    minutes,
    money,
    names,
    plays,
    postal,
    programs,
    ranges,
    roman,
    scripture,
    series,
    shell,
    signs,
    spans,
    sport,
    telephone,
    times,
    weather,
    web,
    weekdays,
    words,
    years,
)
from avsynth.text.english.symbol_names import GREEK, SIGNS
from avsynth.text.marked import MARKS

ORDER: tuple[Kind, ...] = tuple(
    module.KIND
    for module in (
        *(
            shell,
            keys,
            plays,
            weekdays,
            web,
            chats,
            sport,
            medicine,
            minutes,
            kitchen,
            channels,
            cells,
            finance,
            homes,
            counts,
            expiry,
            flights,
            weather,
            law,
            programs,
            scripture,
            names,
            money,
            dates,
            years,
            telephone,
            durations,
            times,
            postal,
            series,
            spans,
            ranges,
            fractions,
            feet,
            measures,
            codes,
            comparisons,
            functions,
            mathematics,
        ),
        *(figures, roman, abbreviations, grades, letters, words, signs),
    )
)
"""At each place of a text, the first reading that matches and returns words is taken."""


_NEEDED = sorted(frozenset("0").union(*(reading.signs for kind in ORDER for reading in kind.readings)))
_BITS = {sign: 2 << place for place, sign in enumerate(_NEEDED)}
_ANY = 1
_MANY = 12
"""More signs than stand in what people write."""
_FOLDED = "".join(map(chr, range(128))) + "\u2044" + "".join((*SIGNS, *GREEK, *MARKS))
"""The characters of folded text."""


def signs_in(text: str) -> int:
    """The signs in a text that some reading needs, each as a bit; the lowest is always there."""
    return sum(map(_BITS.__getitem__, _BITS.keys() & signs_of(text)), _ANY)


Ready = tuple[int, int, Callable[[str, int], Match | None], Saying]
"""The signs of which a reading needs one, those it needs all, what finds a match in a text from a place on, and what
says it."""


@cache
def _fitting(then: str) -> str:
    """The characters of folded text that ``Reading.then`` stands for."""
    return "".join(filter(re.compile(f"[{then}]", re.ASCII).match, _FOLDED)) if then else ""


@lru_cache(maxsize=256)
def _beginning(character: str) -> tuple[tuple[str, Ready], ...]:
    """The readings that may begin with a character, in their order, each after what may follow that character (empty:
    anything)."""
    found: list[tuple[str, Ready]] = []
    for reading in (reading for kind in ORDER for reading in kind.readings if reading.first.match(character)):
        one = sum(map(_BITS.__getitem__, reading.signs)) or _ANY
        found.append(
            (_fitting(reading.then), (one, _BITS["0"] if reading.figures else 0, reading.compiled.match, reading.say))
        )
    return tuple(found)


class _Asked(dict[str, int]):
    """By character, the signs that some reading that may begin with it asks for."""

    def __missing__(self, character: str) -> int:
        asked = _ANY
        for _, (one, every, _, _) in _beginning(character):
            asked |= one | every
        return self.setdefault(character, asked)


_asked_at = _Asked()


class ByFollowing(dict[str, tuple[Ready, ...]]):
    """Of some readings that may begin with a character, those that may where a certain one follows it, or none."""

    def __init__(self, readings: Sequence[tuple[str, Ready]]) -> None:
        super().__init__()
        self._readings = readings

    def __missing__(self, following: str) -> tuple[Ready, ...]:
        fit = tuple([ready for then, ready in self._readings if not then or following in then])
        return self.setdefault(following, fit)


def readings_at(character: str, signs: int) -> ByFollowing:
    """The readings that may begin with a character in a text that holds these signs, in their order.

    In a text of many signs there may be more, which need others: hardly two such texts have the same.
    """
    asked = _asked_at[character]
    return _readings_at(character, asked if signs.bit_count() > _MANY else signs & asked)


@lru_cache(maxsize=4096)
def _readings_at(character: str, signs: int) -> ByFollowing:
    return ByFollowing(
        [(then, ready) for then, ready in _beginning(character) if ready[0] & signs and ready[1] & signs == ready[1]]
    )
