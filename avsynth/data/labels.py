"""A corpus's own phone times as a timeline, and which of its phones make up which word of the text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from avsynth.data.manifest import PhoneTime
from avsynth.text import SIL
from avsynth.text.accents import stresses
from avsynth.text.symbols import VOWELS
from avsynth.text.tokens import Word
from avsynth.timeline import Timeline, WordSpan, durations_between

MOST_DIFFERENT = 0.5
"""Edit cost per phone above which the text is taken for another than what was labelled."""


def labels_to_timeline(
    phones: Sequence[PhoneTime],
    words: Sequence[Word],
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


def word_spans(phones: Sequence[str], words: Sequence[Word]) -> tuple[WordSpan, ...]:
    """Assign labelled phones to words by the cheapest edit from the dictionary's pronunciations to the phones.

    Deleting or inserting a phone costs 1, replacing a vowel by a vowel or a consonant by a consonant 1/2, a vowel by a
    consonant or the reverse 2. An inserted phone belongs to the word before it; silences cost nothing. A vowel
    has the stress of the one that it stands for, and the first of a word takes a primary stress that would be lost.
    Empty where a word gets no phone, or where the cost per phone is above :data:`MOST_DIFFERENT`.
    """
    places = [place for place, phone in enumerate(phones) if phone != SIL]
    wanted = [(number, phone) for number, word in enumerate(words) for phone in word.phones]
    digits = [digit for word in words for digit in stresses(word.phones, word.stress)]
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
    stress: dict[int, str] = {}
    i, j = len(wanted), len(places)
    while j:
        here = phones[places[j - 1]]
        if i and cost[i, j] == cost[i - 1, j - 1] + _change(wanted[i - 1][1], here):
            i, j = i - 1, j - 1
            owners[wanted[i][0]].append(places[j])
            stress[places[j]] = digits[i]
        elif i and cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
            owners[wanted[max(i - 1, 0)][0]].append(places[j])
    if not all(owners.values()):
        return ()
    spans = []
    for word, own in zip(words, owners.values(), strict=True):
        vowels = [place for place in sorted(own) if phones[place] in VOWELS]
        stressed = "".join(stress.get(place) or "0" for place in vowels) if word.stress else ""
        if "1" in word.stress and "1" not in stressed:
            stressed = "1" + stressed[1:]
        spans.append(WordSpan(word.text, min(own), max(own) + 1, stress=stressed))
    return tuple(spans)


def _change(expected: str, heard: str) -> float:
    if expected == heard:
        return 0.0
    return 0.5 if (expected in VOWELS) == (heard in VOWELS) else 2.0
