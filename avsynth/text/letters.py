"""Words as letters, for models that read characters instead of phones, as the paper's do on GRID."""

from __future__ import annotations

from string import ascii_lowercase

LETTERS = ("'", *ascii_lowercase)
"""Small, so that none is a phone's name. A word's end has no symbol of its own, as with phones."""


def letters_of(word: str) -> tuple[str, ...]:
    """The letters and apostrophes of a word; ValueError where it has no letter.

    >>> letters_of("Don't")
    ('d', 'o', 'n', "'", 't')
    """
    letters = tuple(letter for letter in word.lower() if letter in LETTERS)
    if set(letters) <= {"'"}:
        raise ValueError(f"{word!r} has no letter")
    return letters
