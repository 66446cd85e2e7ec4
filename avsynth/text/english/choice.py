"""Which readings may match at a place of a text, told by the characters around it without asking each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from avsynth.text.english.reading import Match, Reading, Saying, signs_of
from avsynth.text.english.symbol_names import GREEK, SIGNS
from avsynth.text.later import compiled

GUARDS = Path(__file__).with_name("guards.txt")
"""What may stand around a match of each reading (:mod:`avsynth.text.english.guards`)."""
EDGE = "\x03"
"""Stands for a character where there is none: before a text and after it."""
ALPHABET = (
    EDGE
    + "\n"
    + "".join(map(chr, range(32, 127)))
    + "".join(sorted({"\u2044", *SIGNS, *GREEK} - set(map(chr, range(127)))))
)
"""The characters of folded text, and :data:`EDGE`."""
_ALL, _BLANKS = frozenset(ALPHABET), frozenset(" \n")
_AS_WRITTEN, _AS_MEANT = str.maketrans(f"{EDGE}\n", "∎↵"), str.maketrans("∎↵", f"{EDGE}\n")
"""To what is written in the file for what cannot stand there, and back."""

Ready = tuple[Callable[[str, int], Match | None], Saying]
"""What finds a match of a reading in a text from a place on, and what says it."""

_RUN = compiled(r"[A-Za-z]+|[0-9]+|[\s\S]")


class Guards(NamedTuple):
    """The characters that may stand at the beginning of a match and around it, :data:`EDGE` where there may be none."""

    before: frozenset[str]
    first: frozenset[str]
    then: frozenset[str]
    """After its first character."""
    beyond: frozenset[str]
    """After the run of letters, or of figures, with which it begins; after its first character, if that is neither."""
    over: frozenset[str]
    """After the blank, where one follows that."""

    def written(self) -> str:
        """In a line, as :meth:`of` reads it."""
        return "\t".join(map(_listed, self))

    @classmethod
    def of(cls, fields: Iterable[str]) -> Guards:
        """The guards of the fields of a line."""
        return cls(*map(_expanded, fields))


def _listed(characters: frozenset[str]) -> str:
    """The first and last of each stretch of characters that follow each other; after a sign where they are those that
    are left out."""
    kept, left = (
        "".join(
            stretch[0] + stretch[-1]
            for stretch in "".join(one if one in way else "\0" for one in ALPHABET).split("\0")
            if stretch
        )
        for way in (characters, frozenset(ALPHABET) - characters)
    )
    return (kept if len(kept) <= len(left) else f"^{left}").translate(_AS_WRITTEN)


@cache
def _expanded(listed: str) -> frozenset[str]:
    text = listed.translate(_AS_MEANT)
    odd = len(text) % 2
    bounds = [ALPHABET.index(character) for character in text[odd:]]
    found = frozenset().union(
        *(ALPHABET[first : last + 1] for first, last in zip(bounds[::2], bounds[1::2], strict=True))
    )
    return frozenset(ALPHABET) - found if odd else found


def digest(reading: Reading) -> str:
    """What changes whenever a reading's guards might."""
    told = "\n".join((ALPHABET, reading.begins, reading.pattern))
    return f"{crc32(told.encode()):08x}"


def _guards() -> dict[str, Guards]:
    """By the digest of their reading."""
    lines = (line.split("\t") for line in GUARDS.read_text(encoding="utf-8").split("\n"))
    return {name: Guards.of(fields) for name, *fields in lines if fields}


class Choice:
    """Some readings in their order. A set of them is a number with a bit for each."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = tuple(readings)
        self._ready = _Compiled(self._readings)
        self._listed = lru_cache(maxsize=4096)(self._list)
        numbered = [(1 << number, reading) for number, reading in enumerate(self._readings)]
        known = _guards()
        guards = [known.get(digest(reading)) or _as_told(reading) for reading in self._readings]
        self._before, self._at, self._then, self._beyond, self._over = (
            _Allowing((1 << number, allowed) for number, allowed in enumerate(sets))
            for sets in zip(*guards, strict=True)
        )
        self._with_signs = lru_cache(maxsize=1024)(self._having)
        self._without_needs = sum(bit for bit, reading in numbered if not reading.signs)
        self._with_figures = sum(bit for bit, reading in numbered if reading.figures)
        self._by_sign: dict[str, int] = {}
        for bit, reading in numbered:
            for sign in reading.signs:
                self._by_sign[sign] = self._by_sign.get(sign, 0) | bit

    def possible(self, text: str) -> int:
        """The readings of which a text has the signs that they need."""
        return self._with_signs(signs_of(text))

    def _having(self, signs: frozenset[str]) -> int:
        found = self._without_needs
        for sign in self._by_sign.keys() & signs:
            found |= self._by_sign[sign]
        return found if "0" in signs else found & ~self._with_figures

    def at(self, text: str, place: int, possible: int) -> tuple[Ready, ...]:
        """Those of the possible readings of a text that may match at a place of it, in their order."""
        character, end = text[place], place + 1
        following = beyond = text[end : end + 1]
        if character.isalnum() and following.isalnum() and (run := _RUN.match(text, place)) is not None:
            end = run.end()
            beyond = text[end : end + 1]
        chosen = possible & self._at[character] & self._then[following] & self._beyond[beyond]
        chosen &= self._before[text[place - 1 : place]]
        if beyond in _BLANKS:
            chosen &= self._over[text[end + 1 : end + 2]]
        return self._listed(chosen)

    def _list(self, chosen: int) -> tuple[Ready, ...]:
        found: list[Ready] = []
        while chosen:
            lowest = chosen & -chosen
            found.append(self._ready[lowest])
            chosen ^= lowest
        return tuple(found)


class _Compiled(dict[int, Ready]):
    """By its bit, a reading whose pattern is compiled when first needed."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        super().__init__()
        self._readings = readings

    def __missing__(self, bit: int) -> Ready:
        reading = self._readings[bit.bit_length() - 1]
        return self.setdefault(bit, (reading.compiled.match, reading.say))


class _Allowing(dict[str, int]):
    """By a character, or none, the readings that allow it at a certain place; all allow what is not folded."""

    def __init__(self, allowed: Iterable[tuple[int, frozenset[str]]]) -> None:
        """``allowed``: each reading with what it allows."""
        super().__init__()
        self._bits: dict[frozenset[str], int] = {}
        for bit, characters in allowed:
            self._bits[characters] = self._bits.get(characters, 0) | bit

    def __missing__(self, character: str) -> int:
        sought = character or EDGE
        known = sought in _ALL
        fit = [bits for characters, bits in self._bits.items() if not known or sought in characters]
        return self.setdefault(character, sum(fit))


def _as_told(reading: Reading) -> Guards:
    """The guards of a reading that is new or was changed, by what it tells itself."""
    first, then = (frozenset(filter(seen.match, ALPHABET)) for seen in (reading.first, reading.second))
    return Guards(_ALL, first, then | {EDGE}, _ALL, _ALL)
