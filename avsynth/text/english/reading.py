"""A reading: a pattern of folded text, a function that gives the spoken words for a match, and examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from avsynth.text.tokens import Pause, Spoken, Token

Match = re.Match[str]
Said = str | Pause
"""A word as it is spoken, or a pause."""
Dates = Literal["uk", "us"]
"""Which of two numbers in a date is the day: the first (``uk``) or the second."""


class Context(NamedTuple):
    """What a reading may use besides its match."""

    lexicon: Container[str] = ()
    """Words that are not spelled when written in capitals."""
    dates: Dates = "uk"
    shouted: bool = False
    """Whether the whole sentence is written in capitals."""
    titled: bool = False
    """Whether each word of the sentence begins with a capital."""


Saying = Callable[[Match, Context], Sequence[Said] | None]
"""The words spoken for a match. None where the match turns out to be something else; the next reading is then tried."""


@dataclass(frozen=True)
class Reading:
    """A pattern of folded text, and what is said for its match."""

    begins: str
    """The characters at which a match begins, as within the brackets of a pattern."""
    pattern: str
    """The text that it matches is not offered to further readings if words are returned. It must not backtrack over
    more than some hundred steps."""
    say: Saying
    needs: str = ""
    """Characters one of which is in every match, if there are such; sentences without any of them are skipped. One
    lower-case letter stands for all of them, and one capital for all capitals."""
    figures: bool = False
    """Whether there is a figure in every match, or in what must stand around it."""
    then: str = ""
    """The characters that may follow the first of a match, as within the brackets of a pattern; empty for any, and
    wherever the text may end."""

    @cached_property
    def first(self) -> re.Pattern[str]:
        """Matches a character at which a match may begin."""
        return re.compile(f"[{self.begins}]")

    @cached_property
    def second(self) -> re.Pattern[str]:
        """Matches a character that may follow the first of a match."""
        return re.compile(f"[{self.then}]" if self.then else r"[\s\S]", re.ASCII)

    @cached_property
    def signs(self) -> frozenset[str]:
        """The characters of :attr:`needs` in the form of :func:`signs_of`."""
        return signs_of(self.needs)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled when first needed."""
        return re.compile(self.pattern, re.ASCII)


class _Signs(dict[str, str]):
    """By character, the signs as which it counts."""

    def __missing__(self, character: str) -> str:
        kinds = ("a" if character != character.upper() else "") + ("A" if character != character.lower() else "")
        kinds += "0" if character in "0123456789" else ""
        return self.setdefault(character, kinds if character.isalnum() else kinds + character)


_SIGNS = _Signs()


def signs_of(text: str) -> frozenset[str]:
    """The characters in a text, with all lower-case letters as one sign, all capitals as another, all digits as a
    third."""
    return frozenset("".join(map(_SIGNS.__getitem__, set(text))))


@dataclass(frozen=True)
class Kind:
    """Readings of one kind. All kinds, in the order in which they are tried, are ``readings.ORDER``."""

    name: str
    readings: Sequence[Reading]
    """Tried in order at a place of the text."""
    examples: str
    """A line each: ``written → spoken``, as :func:`shown` shows it; ``[us]`` before it for American dates."""

    def cases(self) -> Iterator[tuple[str, str, Dates]]:
        """What is written, what is spoken, and the order of dates, for each example."""
        for line in self.examples.strip().splitlines():
            written, _, spoken = line.strip().rpartition(" → ")
            order: Dates = "us" if written.startswith("[us] ") else "uk"
            yield written.removeprefix("[us] "), spoken, order


def shown(tokens: Sequence[Token]) -> str:
    """Tokens for people to read: letters that are named in capitals, a pause as a comma.

    >>> shown([Spoken("u.s."), Spoken("army"), Pause(), Spoken("a."), Spoken("ngo")])
    'U S army, A ngo'
    """
    words = (_shown(token.text) if isinstance(token, Spoken) else "," for token in tokens)
    return " ".join(words).replace(" ,", ",")


def _shown(word: str) -> str:
    letters = re.fullmatch(r"((?:[a-z]\.)+)('[sd])?", word)
    return " ".join(letters[1][::2].upper()) + (letters[2] or "") if letters else word


def word_set(words: str) -> frozenset[str]:
    """Words that are parted by spaces."""
    return frozenset(words.split())


def any_of(*names: str) -> str:
    """A pattern of any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def before(match: Match, size: int = 40) -> str:
    """The text before a match, at most ``size`` characters."""
    return match.string[max(0, match.start() - size) : match.start()]


def after(match: Match, size: int = 40) -> str:
    """The text after a match, at most ``size`` characters."""
    return match.string[match.end() : match.end() + size]


def around(match: Match, size: int = 200) -> str:
    """A match with the text around it, as much as a sentence may have."""
    return match.string[max(0, match.start() - size) : match.end() + size]


def initials(letters: str) -> str:
    """Letters by their names, as one word: ``"ATM"`` -> a.t.m."""
    return ".".join(letters.lower()) + "."
