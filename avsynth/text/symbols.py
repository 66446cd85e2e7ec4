"""The phone set, how phones become integers, and which phone stands in for one that a voice has never seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Literal

from avsynth.text.letters import LETTERS

PAD = "<pad>"
SIL = "sil"
VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
CONSONANTS = (
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N"),
    *("NG", "P", "R", "S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
)
PHONES = tuple(sorted(VOWELS + CONSONANTS))
"""The 39 ARPAbet phones of English, without stress, in alphabetical order."""


@dataclass(frozen=True)
class Symbols:
    """The symbol table of a voice: a symbol's index is its place in ``names``; index 0 is padding.

    Raises ValueError if padding is not first, silence is missing or a name stands twice.
    """

    names: tuple[str, ...] = (PAD, SIL, *PHONES)

    def __post_init__(self) -> None:
        if not self.names or self.names[0] != PAD:
            raise ValueError(f"the first symbol must be {PAD}, not {self.names[0] if self.names else 'missing'}")
        if SIL not in self.names:
            raise ValueError(f"the symbols lack {SIL!r}")
        if len(set(self.names)) != len(self.names):
            twice = next(name for name in self.names if self.names.count(name) > 1)
            raise ValueError(f"symbol {twice!r} stands more than once")

    @classmethod
    def of(cls, tokens: Literal["phones", "characters"]) -> Symbols:
        """The table of a model that reads these: padding and silence, then every phone or letter there is."""
        return cls((PAD, SIL, *(PHONES if tokens == "phones" else LETTERS)))

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def encode(self, phones: Iterable[str]) -> list[int]:
        """Indices of ``phones``, each in [0, len(self)); ValueError names a phone that is not in the table."""
        try:
            return [self._index[phone] for phone in phones]
        except KeyError as error:
            raise ValueError(f"phone {error.args[0]!r} is not one of {' '.join(self.names)}") from None

    def decode(self, indices: Iterable[int]) -> list[str]:
        """Names at ``indices``, padding included; ValueError names an index outside [0, len(self))."""
        listed = [int(index) for index in indices]
        for index in listed:
            if not 0 <= index < len(self):
                raise ValueError(f"symbol index {index} is not below {len(self)}")
        return [self.names[index] for index in listed]


@dataclass(frozen=True)
class Articulation:
    """How a phone is made, each feature 0 to 1.

    Vowels: where the tongue and lips start and where they end (the same unless a diphthong). Consonants: place
    from lips (0) to glottis (1); manner from full closure (0) to glide (1).
    """

    vowel: float = 0.0
    openness: float = 0.0
    backness: float = 0.0
    rounding: float = 0.0
    end_openness: float = 0.0
    end_backness: float = 0.0
    end_rounding: float = 0.0
    glide: float = 0.0
    rhotic: float = 0.0
    place: float = 0.0
    manner: float = 0.0
    voicing: float = 0.0
    nasal: float = 0.0
    sibilant: float = 0.0
    lateral: float = 0.0


# How much each feature counts for what is heard and seen; the first keeps vowels and consonants apart.
_WEIGHTS = Articulation(
    vowel=100.0,
    openness=2.0,
    backness=2.0,
    rounding=2.0,
    end_openness=1.0,
    end_backness=1.0,
    end_rounding=1.0,
    glide=0.5,
    rhotic=0.5,
    place=3.0,
    manner=2.5,
    voicing=0.8,
    nasal=2.0,
    sibilant=1.5,
    lateral=0.8,
)


def _vowel(
    start: tuple[float, float, float], end: tuple[float, float, float] | None = None, *, rhotic: float = 0.0
) -> Articulation:
    return Articulation(1.0, *start, *(end or start), glide=float(end is not None), rhotic=rhotic)


def _consonant(
    place: float,
    manner: float,
    voicing: float,
    *,
    nasal: float = 0.0,
    sibilant: float = 0.0,
    lateral: float = 0.0,
    rhotic: float = 0.0,
    rounding: float = 0.0,
) -> Articulation:
    return Articulation(
        place=place,
        manner=manner,
        voicing=voicing,
        nasal=nasal,
        sibilant=sibilant,
        lateral=lateral,
        rhotic=rhotic,
        rounding=rounding,
    )


_LIPS, _LIP_TEETH, _TEETH, _RIDGE, _BEHIND, _PALATE, _VELUM, _GLOTTIS = 0.0, 0.15, 0.45, 0.5, 0.6, 0.7, 0.9, 1.0
_STOP, _AFFRICATE, _FRICATIVE, _APPROXIMANT = 0.0, 0.3, 0.5, 1.0

ARTICULATION: dict[str, Articulation] = {
    "AA": _vowel((1.0, 0.8, 0.0)),
    "AE": _vowel((0.9, 0.1, 0.0)),
    "AH": _vowel((0.6, 0.5, 0.0)),
    "AO": _vowel((0.7, 0.9, 0.7)),
    "AW": _vowel((1.0, 0.4, 0.0), (0.2, 0.8, 0.8)),
    "AY": _vowel((1.0, 0.5, 0.0), (0.2, 0.2, 0.0)),
    "EH": _vowel((0.6, 0.1, 0.0)),
    "ER": _vowel((0.5, 0.5, 0.2), rhotic=1.0),
    "EY": _vowel((0.5, 0.1, 0.0), (0.1, 0.1, 0.0)),
    "IH": _vowel((0.2, 0.2, 0.0)),
    "IY": _vowel((0.0, 0.0, 0.0)),
    "OW": _vowel((0.5, 0.7, 0.6), (0.2, 0.8, 0.9)),
    "OY": _vowel((0.7, 0.9, 0.7), (0.2, 0.2, 0.0)),
    "UH": _vowel((0.2, 0.8, 0.6)),
    "UW": _vowel((0.1, 0.9, 0.8)),
    "B": _consonant(_LIPS, _STOP, 1),
    "CH": _consonant(_BEHIND, _AFFRICATE, 0, sibilant=1, rounding=0.3),
    "D": _consonant(_RIDGE, _STOP, 1),
    "DH": _consonant(_TEETH, _FRICATIVE, 1),
    "F": _consonant(_LIP_TEETH, _FRICATIVE, 0),
    "G": _consonant(_VELUM, _STOP, 1),
    "HH": _consonant(_GLOTTIS, _FRICATIVE, 0),
    "JH": _consonant(_BEHIND, _AFFRICATE, 1, sibilant=1, rounding=0.3),
    "K": _consonant(_VELUM, _STOP, 0),
    "L": _consonant(_RIDGE, _APPROXIMANT, 1, lateral=1),
    "M": _consonant(_LIPS, _STOP, 1, nasal=1),
    "N": _consonant(_RIDGE, _STOP, 1, nasal=1),
    "NG": _consonant(_VELUM, _STOP, 1, nasal=1),
    "P": _consonant(_LIPS, _STOP, 0),
    "R": _consonant(_BEHIND, _APPROXIMANT, 1, rhotic=1, rounding=0.4),
    "S": _consonant(_RIDGE, _FRICATIVE, 0, sibilant=1),
    "SH": _consonant(_BEHIND, _FRICATIVE, 0, sibilant=1, rounding=0.3),
    "T": _consonant(_RIDGE, _STOP, 0),
    "TH": _consonant(_TEETH, _FRICATIVE, 0),
    "V": _consonant(_LIP_TEETH, _FRICATIVE, 1),
    "W": _consonant(_LIPS, _APPROXIMANT, 1, rounding=1),
    "Y": _consonant(_PALATE, _APPROXIMANT, 1),
    "Z": _consonant(_RIDGE, _FRICATIVE, 1, sibilant=1),
    "ZH": _consonant(_BEHIND, _FRICATIVE, 1, sibilant=1, rounding=0.3),
}
"""Articulatory features of each of :data:`PHONES`, after the usual descriptions of English phonetics."""


def articulatory_distance(one: str, other: str) -> float:
    """Weighted sum of feature differences between two of :data:`PHONES`; 0 for the same, over 100 across classes."""
    pairs = zip(astuple(ARTICULATION[one]), astuple(ARTICULATION[other]), astuple(_WEIGHTS), strict=True)
    return float(sum(weight * abs(a - b) for a, b, weight in pairs))


def nearest_kin(phone: str, known: Collection[str]) -> str:
    """The known phone that sounds and looks most like ``phone``; a vowel replaces a vowel, a consonant a consonant.

    Symbols in ``known`` that are no phones (silence, padding) are passed over; ties go to the alphabet. ValueError if
    ``phone`` is none of :data:`PHONES` or ``known`` holds none of them.
    """
    if phone not in ARTICULATION:
        raise ValueError(f"{phone!r} is not a phone; phones are {' '.join(PHONES)}")
    candidates = [candidate for candidate in PHONES if candidate in known]
    if not candidates:
        raise ValueError("no phone is known that could stand in")
    return min(candidates, key=lambda candidate: articulatory_distance(phone, candidate))


def unstressed(phone: str) -> str:
    """A phone of CMUdict without the digit of its stress."""
    return phone.rstrip("012")


@dataclass(frozen=True)
class Replacement:
    """Phones with every unseen one replaced, and what replaced what."""

    phones: tuple[str, ...]
    replaced: dict[str, str]


def replace_unseen(phones: Sequence[str], known: Collection[str]) -> Replacement:
    """Replace each phone that is not in ``known`` by the nearest one that is (:func:`nearest_kin`); silence is never
    replaced."""
    replaced = {
        phone: nearest_kin(phone, known) for phone in dict.fromkeys(phones) if phone != SIL and phone not in known
    }
    return Replacement(tuple(replaced.get(phone, phone) for phone in phones), replaced)
