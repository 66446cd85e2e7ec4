"""A corpus's own phone times as a timeline, and which of its phones make up which word of the text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from avsynth.data.manifest import PhoneTime
from avsynth.text import SIL
from avsynth.text.symbols import VOWELS
from avsynth.timeline import Timeline, WordSpan, durations_between

MOST_DIFFERENT = 0.5
"""Edit cost per phone above which the text is taken for another than what was labelled."""

Pronounced = tuple[str, Sequence[str]]
"""A word and its phones."""


def labels_to_timeline(
    phones: Sequence[PhoneTime],
    words: Sequence[Pronounced],
    total_hops: int,
    sample_rate: int,
    hop_length: int,
    fps: Fraction,
) -> Timeline:
    """Whole hops per labelled phone, summing to ``total_hops``; each boundary is rounded once.

    The last label goes on to the end of the sound. Words that cannot be laid over the phones are left out, all of them.

    Raises:
        UserError: There are more phones than hops.
    """
    names = tuple(item.phone for item in phones)
    hops = durations_between([item.start_s for item in phones], total_hops, sample_rate / hop_length)
    return Timeline(names, tuple(hops), word_spans(names, words), sample_rate, hop_length, fps)


def word_spans(phones: Sequence[str], words: Sequence[Pronounced]) -> tuple[WordSpan, ...]:
    """Assign labelled phones to words by the cheapest edit from the dictionary's pronunciations to the phones.

    Deleting or inserting a phone costs 1, replacing a vowel by a vowel or a consonant by a consonant 1/2, a vowel by a
    consonant or the reverse 2. An inserted phone belongs to the word before it; silences cost nothing. Empty where a
    word gets no phone, or where the cost per phone is above :data:`MOST_DIFFERENT`.
    """
    places = [place for place, phone in enumerate(phones) if phone != SIL]
    wanted = [(number, phone) for number, (_, own) in enumerate(words) for phone in own]
    if not wanted or not places:
        return ()
    cost = np.zeros((len(wanted) + 1, len(places) + 1))
    cost[:, 0], cost[0] = np.arange(len(wanted) + 1), np.arange(len(places) + 1)
    for i, (_, expected) in enumerate(wanted, start=1):
        for j, place in enumerate(places, start=1):
            change = cost[i - 1, j - 1] + _change(expected, phones[place])
            cost[i, j] = min(change, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    if cost[-1, -1] > MOST_DIFFERENT * len(wanted):
        return ()
    owners: dict[int, list[int]] = {number: [] for number in range(len(words))}
    i, j = len(wanted), len(places)
    while j:
        here = phones[places[j - 1]]
        if i and cost[i, j] == cost[i - 1, j - 1] + _change(wanted[i - 1][1], here):
            i, j = i - 1, j - 1
            owners[wanted[i][0]].append(places[j])
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
            owners[wanted[max(i - 1, 0)][0]].append(places[j])
    if not all(owners.values()):
        return ()
    return tuple(WordSpan(text, min(owners[n]), max(owners[n]) + 1) for n, (text, _) in enumerate(words))


def _change(expected: str, heard: str) -> float:
    if expected == heard:
        return 0.0
    return 0.5 if (expected in VOWELS) == (heard in VOWELS) else 2.0
