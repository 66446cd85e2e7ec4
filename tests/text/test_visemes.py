from typing import Any

import pytest

from avsynth.text.symbols import PHONES, SIL
from avsynth.text.visemes import MICROSOFT, OCULUS, viseme

OCULUS_NAMES = "sil PP FF TH DD kk CH SS nn RR aa E ih oh ou"


def test_both_tables_cover_the_phone_set_and_use_every_viseme() -> None:
    assert set(MICROSOFT) == set(OCULUS) == {SIL, *PHONES}
    assert set(MICROSOFT.values()) == set(range(22))
    assert set(OCULUS.values()) == set(OCULUS_NAMES.split())


@pytest.mark.parametrize(
    ("phone", "number", "name"),
    [
        ("sil", 0, "sil"),
        ("AE", 1, "aa"),
        ("UH", 4, "ou"),
        ("UW", 7, "ou"),
        ("AY", 11, "aa"),
        ("R", 13, "RR"),
        ("TH", 17, "TH"),
        ("V", 18, "FF"),
        ("N", 19, "nn"),
        ("NG", 20, "kk"),
        ("B", 21, "PP"),
    ],
)
def test_visemes(phone: str, number: int, name: str) -> None:
    assert viseme(phone) == viseme(phone, "microsoft") == number
    assert viseme(phone, "oculus") == name


def test_phones_that_look_alike_share_a_viseme() -> None:
    for group in (("P", "B", "M"), ("F", "V"), ("S", "Z"), ("SH", "CH", "JH", "ZH"), ("TH", "DH")):
        assert len({viseme(phone) for phone in group}) == len({viseme(phone, "oculus") for phone in group}) == 1


def test_unknown_phone_and_standard_are_named() -> None:
    with pytest.raises(ValueError, match="'XX'"):
        viseme("XX")
    unknown: Any = "disney"
    with pytest.raises(ValueError, match="disney"):
        viseme("AA", unknown)
