import pytest

from avsynth.text.english import numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (19, "nineteen"),
        (40, "forty"),
        (99, "ninety nine"),
        (100, "one hundred"),
        (250, "two hundred and fifty"),
        (1_001, "one thousand and one"),
        (1_250_000, "one million two hundred and fifty thousand"),
        (-7, "minus seven"),
        (10**15, "one quadrillion"),
        (10**21, "one" + " zero" * 21),
    ],
)
def test_cardinal(value: int, words: str) -> None:
    assert " ".join(numbers.cardinal(value)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (5, "fifth"),
        (8, "eighth"),
        (9, "ninth"),
        (12, "twelfth"),
        (20, "twentieth"),
        (23, "twenty third"),
        (100, "one hundredth"),
    ],
)
def test_ordinal(value: int, words: str) -> None:
    assert " ".join(numbers.ordinal(value)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1100, "eleven hundred"),
        (1905, "nineteen oh five"),
        (1999, "nineteen ninety nine"),
        (2000, "two thousand"),
        (2005, "two thousand and five"),
        (2026, "twenty twenty six"),
    ],
)
def test_year(value: int, words: str) -> None:
    assert " ".join(numbers.year(value)) == words


def test_every_cardinal_below_ten_thousand_is_said_in_its_own_way() -> None:
    assert len({" ".join(numbers.cardinal(value)) for value in range(10_000)}) == 10_000
