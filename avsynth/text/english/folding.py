"""Folding: any Unicode text to ASCII letters and digits, and signs that have a spoken name."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from avsynth.text.english.symbol_names import GREEK, SIGNS
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText, Origins

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2212\u207b\u208b\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2013\u2014\u2015", " -- "),
        **dict.fromkeys("\u3002", ". "),
        **dict.fromkeys("\u3001\u2022\u2023\u25e6\u25aa", ", "),
        **dict.fromkeys("\u2122\u00ae\u00aa\u00ba", " "),
        **{"\u2219": "·", "\u2217": "*", "\u2215": "/", "\u223c": "~", "\u2236": ":", "\u2206": "Δ"},
        **dict.fromkeys("\u2764\u2661", "♥"),
        **{"æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS"},
        **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "\u0131": "i"},
    }
)
_KEPT = frozenset("\u2044").union(SIGNS, GREEK)
_JOINING = compiled(
    r"(?<=\w)\u2013(?=[$£€]?\w)|(?<=\ds)\u2013(?=['\u2019]\d)|(?<=\d)\u2013(?=['\u2019]\d)|(?<=[a-z]\.)\u2013(?=[A-Z][a-z])|(?<=[A-Z]\.)\u2013(?=[A-Z])|(?<=\d)\u2014(?=\d)|(?<=\d[%°])\u2013(?=\d)|(?<=[a-z]\.)\u2013(?=\d)|(?<![\w)%.!?,])[\u2013\u2014](?=[.$£€]?\d)"
)
"""A long dash that joins words or numbers, or is a minus."""
_DEGREES = compiled(r"(?<=\d)\u00ba(?=[CF]?(?!\w))|\u02da")
"""What stands for the sign of degrees."""
_ANGSTROM = compiled(r"(?<=\d)\u00c5(?!\w)|(?<=\d )\u00c5(?!\w)")
"""The letter for the sign of a unit."""
_BETWEEN = compiled(r"(?<=\d )\u2013(?= [$£€]?\d)")
_JOINERS = frozenset("\u2013\u2014\u00ba\u02da")
"""What the patterns above look for."""
_POWER = compiled("[²³¹ˣᵏ⁰⁴-⁹⁺⁻ⁿ]+")
"""What is written high and read as a power."""
_BASE = compiled("(?<=[0-9])[\u2080-\u2089]{1,2}(?![\u2080-\u2089])|(?<=[A-F])\u2081\u2086(?![\u2080-\u2089])")
"""The base of a number, written low."""


def fold(text: str) -> MarkedText:
    """Fold to ASCII plus signs that have a name, the fraction slash and line breaks; no accents, straight quotes,
    digits 0 to 9.

    Characters without a plain form become spaces; invisible ones (soft hyphen, joiners, accents) vanish, and what they
    follow is written with them. A long dash that joins ("10–20", "Mon–Fri") or is a minus ("–5") is a hyphen, elsewhere
    a pause. What is written high is a power, and what is low behind a figure a base: "x²" is "x^2",
    "11₂" "11_2". Folding what is folded changes nothing.
    """
    if text.isascii() and text.replace("\n", "").isprintable() and "`" not in text:
        return MarkedText(text)
    joined = text if _JOINERS.isdisjoint(text) else _DEGREES.sub("°", _BETWEEN.sub("-", _JOINING.sub("-", text)))
    joined = _ANGSTROM.sub("\u212b", joined) if "\u00c5" in joined else joined
    forms = {character: _fold_character(character) for character in set(joined)}
    folded = [forms[character] for character in joined]
    for pattern, sign in ((_POWER, "^"), (_BASE, "_")):
        for match in pattern.finditer(joined):
            folded[match.start()] = sign + folded[match.start()]
    lost = tuple(character for character in sorted(set(text)) if _is_lost(character))
    return MarkedText("".join(folded), source=_origins(folded), lost=lost)


def _origins(folded: Sequence[str]) -> Origins:
    """Where what each character of a text is folded to comes from; one that vanishes goes with the character before."""
    lengths = list(map(len, folded))
    if set(lengths) == {1}:
        return Origins.same(len(folded))
    starts = array("q", [place for place, text in enumerate(folded) for _ in text])
    ends = array("q", map((1).__add__, starts))
    if "" in folded:
        for place, past in enumerate(accumulate(lengths)):
            if not lengths[place] and past and ends[past - 1] == place:
                ends[past - 1] = place + 1
    return Origins(starts, ends)


@lru_cache(maxsize=4096)
def _is_lost(character: str) -> bool:
    """Whether it is a visible character without a plain form."""
    shows = not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Me")
    return shows and not _fold_character(character).strip()


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if ord(character) in _PLAIN:
        return _PLAIN[ord(character)]
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    if character in _KEPT:
        return character
    plain = "".join(_fold_part(part) for part in unicodedata.normalize("NFKD", character).translate(_PLAIN))
    if unicodedata.decomposition(character).startswith("<sub>") and plain.isalpha():
        return f" {plain}"
    apart = unicodedata.category(character) == "No" and not unicodedata.decomposition(character).startswith("<su")
    return f" {plain} " if apart else plain


def _fold_part(part: str) -> str:
    if (part.isascii() and part.isprintable()) or part in _KEPT:
        return part
    category = unicodedata.category(part)
    if category in ("Nd", "No") and unicodedata.numeric(part, 0.5) % 1 == 0:
        return str(int(unicodedata.numeric(part)))
    if category in ("Zl", "Zp"):
        return "\n"
    return "" if category in ("Mn", "Cf") else " "
