"""Any Unicode text to plain letters, digits and marks."""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache

from avsynth.text.marked import MarkedText, Origins

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
        **dict.fromkeys("\u2013\u2014\u2015", " -- "),
        **dict.fromkeys("\u3002", ". "),
        **dict.fromkeys("\u3001", ", "),
        **dict.fromkeys("\u2122\u00ae\u00a9\u00aa\u00ba", " "),
        **{"\u00d7": " times ", "\u00f7": " divided by ", "\u00b2": "^2 ", "\u00b3": "^3 "},
        **{"æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "ß": "ss", "ẞ": "SS"},
        **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "\u0131": "i"},
    }
)
_KEPT = frozenset("£€¥¢°\u2044")


def fold(text: str) -> MarkedText:
    """Fold to ASCII plus ``£ € ¥ ¢ °``, the fraction slash and line breaks; no accents, straight quotes, digits 0 to 9.

    Characters without a plain form become spaces; invisible ones (soft hyphen, joiners, accents) vanish, and what they
    follow is written with them. A long dash that joins ("10–20", "Mon–Fri") is a hyphen, elsewhere a pause.
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return MarkedText(text)
    hyphens = re.sub(r"(?<=\w)\u2013(?=\w)|(?<=\d)\u2014(?=\d)", "-", text)
    parts: list[str] = []
    starts, ends = array("q"), array("q")
    for place, character in enumerate(hyphens):
        folded = _fold_character(character)
        parts.append(folded)
        starts.extend([place] * len(folded))
        ends.extend([place + 1] * len(folded))
        if not folded and ends and ends[-1] == place:
            ends[-1] = place + 1
    return MarkedText("".join(parts), source=Origins(starts, ends))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if ord(character) in _PLAIN:
        return _PLAIN[ord(character)]
    if character.isascii():
        return character if character.isprintable() or character == "\n" else " "
    plain = "".join(_fold_part(part) for part in unicodedata.normalize("NFKD", character).translate(_PLAIN))
    return f" {plain} " if unicodedata.category(character) == "No" else plain


def _fold_part(part: str) -> str:
    if (part.isascii() and part.isprintable()) or part in _KEPT:
        return part
    digit, category = unicodedata.decimal(part, None), unicodedata.category(part)
    if digit is not None:
        return str(digit)
    if category in ("Zl", "Zp"):
        return "\n"
    return "" if category in ("Mn", "Cf") else " "
