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
    spans,
    telephone,
    times,
    web,
    words,
    years,
)
from avsynth.text.english.symbol_names import GREEK, SIGNS
from avsynth.text.marked import MARKS

ORDER: tuple[Kind, ...] = tuple(
    module.KIND
    for module in (
        *(
            web,
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
            mathematics,
        ),
        *(figures, roman, abbreviations, letters, words, signs),
    )
)
"""At each place of a text, the first reading that matches and returns words is taken."""


_NEEDED = sorted(frozenset("0").union(*(reading.signs for kind in ORDER for reading in kind.readings)))
_BITS = {sign: 2 << place for place, sign in enumerate(_NEEDED)}
_ANY = 1
_FOLDED = "".join(map(chr, range(128))) + "\u2044" + "".join((*SIGNS, *GREEK, *MARKS))
"""The characters of folded text."""


def signs_in(text: str) -> int:
    """The signs in a text that some reading needs, each as a bit; the lowest is always there."""
    return sum(map(_BITS.__getitem__, _BITS.keys() & signs_of(text)), _ANY)


Ready = tuple[str, Callable[[str, int], Match | None], Saying]
"""What may follow the first character of a reading's match (empty: anything), what finds a match in a text from a place
on, and what says it."""


@lru_cache(maxsize=256)
def _beginning(character: str) -> tuple[tuple[int, int, Ready], ...]:
    """The readings that may begin with a character, each with the signs of which it needs one, and those it needs
    all."""
    found: list[tuple[int, int, Ready]] = []
    for reading in (reading for kind in ORDER for reading in kind.readings if reading.first.match(character)):
        one = sum(map(_BITS.__getitem__, reading.signs)) or _ANY
        then = "".join(filter(reading.second.match, _FOLDED)) if reading.then else ""
        found.append((one, _BITS["0"] if reading.figures else 0, (then, reading.compiled.match, reading.say)))
    return tuple(found)


class _Asked(dict[str, int]):
    """By character, the signs that some reading that may begin with it asks for."""

    def __missing__(self, character: str) -> int:
        asked = _ANY
        for one, every, _ in _beginning(character):
            asked |= one | every
        return self.setdefault(character, asked)


asked_at = _Asked()


@lru_cache(maxsize=8192)
def readings_at(character: str, signs: int) -> tuple[Ready, ...]:
    """The readings that may begin with a character in a text that holds these signs, in their order. Signs that are not
    in :data:`asked_at` make no difference and are better left out."""
    return tuple([ready for one, every, ready in _beginning(character) if one & signs and every & signs == every])
