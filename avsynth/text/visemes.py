"""Phones to visemes, for avatars and animation tools.

``microsoft``: the 22 numbered visemes of the Microsoft Speech Platform (SPVISEMES) and of Azure speech events.
``oculus``: the 15 names of Oculus Lipsync, which follow MPEG-4. Its reference lists only some phones; the others
are placed by the shape of the mouth: diphthongs by their start, HH (which has no shape of its own) with the velars.
"""

from __future__ import annotations

from typing import Literal, overload

MICROSOFT: dict[str, int] = {
    phone: viseme_id
    for viseme_id, phones in enumerate(
        (
            *("sil", "AE AH", "AA", "AO", "EY EH UH", "ER", "Y IY IH", "W UW", "OW", "AW", "OY", "AY"),
            *("HH", "R", "L", "S Z", "SH CH JH ZH", "TH DH", "F V", "D T N", "K G NG", "P B M"),
        )
    )
    for phone in phones.split()
}
"""Viseme number 0 to 21 of ``sil`` and of each phone."""

_OCULUS_PHONES = {
    "sil": "sil",
    "PP": "P B M",
    "FF": "F V",
    "TH": "TH DH",
    "DD": "T D",
    "kk": "K G NG HH",
    "CH": "CH JH SH ZH",
    "SS": "S Z",
    "nn": "N L",
    "RR": "R ER",
    "aa": "AA AE AH AY AW",
    "E": "EH EY",
    "ih": "IH IY Y",
    "oh": "AO OW OY",
    "ou": "UW UH W",
}
OCULUS: dict[str, str] = {phone: name for name, phones in _OCULUS_PHONES.items() for phone in phones.split()}
"""Viseme name of ``sil`` and of each phone."""
OCULUS_NAMES = tuple(_OCULUS_PHONES)
"""The 15 names, in the order in which Oculus Lipsync numbers them."""


Standard = Literal["microsoft", "oculus"]


@overload
def viseme(phone: str, standard: Literal["microsoft"] = ...) -> int: ...
@overload
def viseme(phone: str, standard: Literal["oculus"]) -> str: ...
@overload
def viseme(phone: str, standard: Standard) -> int | str: ...
def viseme(phone: str, standard: Standard = "microsoft") -> int | str:
    """The viseme of a phone or of ``sil``; ValueError names an unknown phone or standard.

    >>> viseme("M"), viseme("M", "oculus")
    (21, 'PP')
    """
    tables: dict[str, dict[str, int] | dict[str, str]] = {"microsoft": MICROSOFT, "oculus": OCULUS}
    if standard not in tables:
        raise ValueError(f"unknown viseme standard {standard!r}; known are {', '.join(tables)}")
    if phone not in tables[standard]:
        raise ValueError(f"{phone!r} is not a phone")
    return tables[standard][phone]
