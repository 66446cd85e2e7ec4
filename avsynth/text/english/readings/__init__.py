"""Readings: how numbers, dates, money and so on are spoken. Each kind has a module; they are tried in the order of
:data:`ORDER`.

A new reading goes into the module of its kind, with its examples; a new kind is a module with a ``KIND`` and a place in
the order. The page ``docs/readings.md`` is written from the examples, and ``guards.txt`` from the patterns, by ``python
-m avsynth.text.english.page``.
"""

from __future__ import annotations

from functools import cache

from avsynth.text.english.choice import Choice
from avsynth.text.english.reading import Kind
from avsynth.text.english.readings import (
    abbreviations,
    bases,
    books,
    cells,
    channels,
    chats,
    codes,
    comparisons,
    counts,
    dates,
    days,
    dotted,
    durations,
    episodes,
    expiry,
    faces,
    feet,
    figures,
    finance,
    flights,
    forces,
    fractions,
    functions,
    grades,
    homes,
    hours,
    journeys,
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
    orders,
    physics,
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
    sums,
    telephone,
    times,
    told,
    weather,
    web,
    weekdays,
    words,
    years,
)

ORDER: tuple[Kind, ...] = tuple(
    module.KIND
    for module in (
        *(
            shell,
            keys,
            plays,
            weekdays,
            faces,
            bases,
            sums,
            books,
            physics,
            web,
            chats,
            sport,
            episodes,
            journeys,
            medicine,
            minutes,
            hours,
            kitchen,
            channels,
            cells,
            finance,
            dotted,
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
            days,
            dates,
            years,
            telephone,
            durations,
            times,
            postal,
            orders,
            series,
            spans,
            ranges,
            fractions,
            told,
            feet,
            measures,
            codes,
            comparisons,
            functions,
            mathematics,
        ),
        *(figures, roman, forces, abbreviations, grades, letters, words, signs),
    )
)
"""At each place of a text, the first reading that matches and returns words is taken."""


@cache
def choice() -> Choice:
    """The readings in their order, as they are chosen from."""
    return Choice(reading for kind in ORDER for reading in kind.readings)
