"""What the sound is told of each phone beside its name: where words begin and end, and which vowels are stressed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avsynth.text.symbols import VOWELS
from avsynth.timeline import WordSpan

ACCENTS = 4
"""The features of a phone: it begins a word, it ends one, it has primary stress, it has secondary stress."""


def stresses(phones: Sequence[str], stress: str) -> list[str]:
    """For each phone of a word the digit of its stress (:class:`avsynth.timeline.WordSpan`); empty for consonants, and
    for vowels beyond the digits."""
    left = iter(stress)
    return [next(left, "") if phone in VOWELS else "" for phone in phones]


def accents(phones: Sequence[str], words: Sequence[WordSpan]) -> NDArray[np.float32]:
    """The features of each phone, ``(P, 4)`` of 0 and 1; all 0 in silence and where no word is known."""
    features_PA = np.zeros((len(phones), ACCENTS), np.float32)
    for word in words:
        features_PA[word.first, 0] = features_PA[word.last - 1, 1] = 1
        for place, digit in enumerate(stresses(phones[word.first : word.last], word.stress), start=word.first):
            features_PA[place, 2:] = digit == "1", digit == "2"
    return features_PA
