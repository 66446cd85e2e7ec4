"""English in the International Phonetic Alphabet to ARPAbet."""

from __future__ import annotations

import unicodedata

from avsynth.errors import UserError

_DROPPED = str.maketrans("", "", "ːˑ\u035c\u0361")
"""Length, and the ties within pairs."""
_SILENT = frozenset("ˈˌ'.‿ ")
_TABLE = {
    **{"ɑ": "AA", "a": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɔ": "AO", "ɒ": "AO", "ɛ": "EH", "e": "EH"},
    **{"ɜ": "ER", "ɝ": "ER", "ɚ": "ER", "ɜr": "ER", "ɜɹ": "ER", "ər": "ER", "əɹ": "ER", "ɪ": "IH", "ɨ": "IH"},
    **{"i": "IY", "o": "OW", "ʊ": "UH", "u": "UW", "ʉ": "UW", "aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW"},
    **{"əʊ": "OW", "ɔɪ": "OY"},
    **{"b": "B", "d": "D", "ɾ": "D", "ð": "DH", "f": "F", "g": "G", "ɡ": "G", "h": "HH", "dʒ": "JH", "ʤ": "JH"},
    **{"k": "K", "l": "L", "ɫ": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "r": "R", "ɹ": "R", "s": "S"},
    **{"ʃ": "SH", "t": "T", "tʃ": "CH", "ʧ": "CH", "θ": "TH", "v": "V", "w": "W", "ʍ": "W", "j": "Y", "z": "Z"},
    **{"ʒ": "ZH", "l\u0329": "AH L", "m\u0329": "AH M", "n\u0329": "AH N"},
}
"""Single signs and pairs; pairs are matched first."""


def from_ipa(written: str, where: str) -> str:
    """Phones of ARPAbet, parted by spaces, of an English word in IPA: stress, length and syllables are passed over.

    A sign that English does not use is a UserError, which begins with ``where``.

    >>> from_ipa("təˈmeɪtoʊ", "here")
    'T AH M EY T OW'
    """
    text, phones, place = unicodedata.normalize("NFD", written.strip("/[] ").translate(_DROPPED)), [], 0
    while place < len(text):
        size = next((size for size in (2, 1) if text[place : place + size] in _TABLE), 0)
        if size:
            phones.append(_TABLE[text[place : place + size]])
        elif text[place] not in _SILENT:
            raise UserError(
                f"{where}: {text[place]!r} is no IPA sign of English; ARPAbet is read too (alphabet=arpabet)"
            )
        place += size or 1
    return " ".join(phones)
