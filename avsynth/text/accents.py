"""What the sound is told of each phone beside its name: where words begin and end, and which vowels are stressed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avsynth.text.symbols import VOWELS
from avsynth.timeline import WordSpan

ACCENTS = 4
"""The features of a phone: it begins a word, it ends one, it has primary stress, it has secondary stress."""


def accents(phones: Sequence[str], words: Sequence[WordSpan]) -> NDArray[np.float32]:
    """The features of each phone, ``(P, 4)`` of 0 and 1; all 0 in silence and where no word is known.

    The digits of a word's stress go to its vowels one by one; vowels beyond them have none.
    """
    features_PA = np.zeros((len(phones), ACCENTS), np.float32)
    for word in words:
        features_PA[word.first, 0] = features_PA[word.last - 1, 1] = 1
        vowels = [place for place in range(word.first, word.last) if phones[place] in VOWELS]
        for place, digit in zip(vowels, word.stress, strict=False):
            features_PA[place, 2:] = digit == "1", digit == "2"
    return features_PA
