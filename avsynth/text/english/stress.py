"""Stress: which syllables of a word are said with weight.

Pronunciations hold it as CMUdict does, in a digit behind a vowel: 1 for primary stress, 2 for secondary, 0 for none.
Outside of the English front end phones have no digits; a word's stress stands in :class:`avsynth.timeline.WordSpan`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from avsynth.text.english.reading import word_set
from avsynth.text.symbols import PHONES, SIL, VOWELS, unstressed
from avsynth.text.tokens import Pronunciation

UNSTRESSED = word_set(
    "am an and are as at be been by can could for from had has have he her his if in is it its my of or shall she"
    " than that the their these they this those through to was we were will with would you your"
)
"""Words without stress in running speech. This list and the next are those that hibari-tts speaks so in most of their
places in 1,200 sentences of LJSpeech, and "shall"."""
LIGHT = word_set("but down him i made make me might not on our should so some them up what when where which who why")
"""Words with secondary stress."""
_DIGITS = frozenset("012")
_VOWELS = frozenset(vowel + digit for vowel in VOWELS for digit in ("", *_DIGITS))
REDUCED = frozenset(("AH", "ER"))
"""Vowels that are mostly without stress."""


def apart(word: str, phones: Pronunciation) -> tuple[Pronunciation, str]:
    """A word's phones without digits, and the digit of each vowel.

    Where a pronunciation has no digits, the first vowel that is not :data:`REDUCED` has the stress.

    >>> apart("paper", ("P", "EY1", "P", "ER0")), apart("about", ("AH", "B", "AW", "T"))
    ((('P', 'EY', 'P', 'ER'), '10'), (('AH', 'B', 'AW', 'T'), '01'))
    """
    bare = _bare()
    plain = tuple(map(bare.__getitem__, phones))
    vowels = list(filter(_VOWELS.__contains__, phones))
    if word in UNSTRESSED:
        return plain, "0" * len(vowels)
    digits = [phone[-1] for phone in vowels]
    if _DIGITS.isdisjoint(digits):
        return plain, _guessed(vowels)
    stress = "".join([digit if digit in _DIGITS else "0" for digit in digits])
    return plain, stress.replace("1", "2") if word in LIGHT else stress


@cache
def _bare() -> dict[str, str]:
    """Each phone, with and without a digit of stress, to that without."""
    return {phone + digit: phone for phone in (*PHONES, SIL) for digit in ("", "0", "1", "2")}


def lowered(phones: Sequence[str]) -> Pronunciation:
    """The same phones with secondary stress where it was primary."""
    return tuple([phone[:-1] + "2" if phone[-1] == "1" else phone for phone in phones])


def _guessed(vowels: Sequence[str]) -> str:
    full = [place for place, phone in enumerate(vowels) if unstressed(phone) not in REDUCED]
    first = full[0] if full else 0
    return "".join("1" if place == first else "0" for place in range(len(vowels)))
