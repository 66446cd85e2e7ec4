"""A hundred thousand characters of a kind are read within a second of an idle core, whatever the kind.

``PYTHONPATH=. python tests/text/english/test_hostile.py`` tells how long each takes; run it with nothing beside it. The
tests themselves run beside each other, and two programs on the two halves of a core take up to twice as long each: they
allow that.
"""

from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, punctuation
from time import process_time

import pytest

from avsynth.errors import UserError
from avsynth.text import EnglishFrontend

KINDS = (
    *(
        "½",
        "x^",
        "①",
        "1/2 ",
        "%",
        "$5 ",
        "a.b.c.",
        "😀",
        "IV ",
        "2020-01-02 ",
        "http://a.b/c ",
        "α",
        "≠",
        "₿",
        "a ",
        "1",
    ),
    *("the ", "[a](/B/)", "<b>", "1C ", "$", "#", "@", "A&", "A.", "²", "1²", "x! ", "5! ", "/", "a/", "1/x ", "|x|"),
    *("C6", "747-8 ", "(a) ", "1-2 ", "é", "1,5 km ", "Smith II ", "no. ", "A ", "1e5 ", "5'", "x-", "n!", "1% ", "+"),
    *("…", "—", '"a" ', "aaa ", "日", "\u0301", "a1b2c3", "5555555555 ", "80s ", "512 KB ", "E. c ", "UTC-5 ", "&amp;"),
    *(
        "((a) [b] {c}) ",
        "(`*`)",
        "`*`a ",
        "“a” ‘b’ ",
        "a.b@c.de ",
        "https://www.a-b.com/x?y=1#z ",
        "MCMXCIX ",
        "👩‍👩‍👧 ",
    ),
    *("a\u0301\u0302\u0303", "aжβ字 ", "e.g. i.e. ", ":-) ", "1,234,567.89 ", "<b>a</b> ", "|---|---|\n| 1 | 2 |\n"),
    *("* a\n", "# A\n", "a\n", "2001:db8::1 ", "'90s ", "?! a ", "<speak>", "[", "](", "http://", "\u202e"),
)
MIXED = (
    "()[]{}<>",
    "0123456789",
    "0123456789,.-/: ",
    "*_`#>-+|~[]() \n",
    "≠±×÷√∞→←½¼²³αβπ°§©♯€£¥ ",
    "“”‘’«»\"' a",
    "abжщדא漢字กข ",
    f"{ascii_uppercase}{ascii_uppercase}     .",
    f"{ascii_lowercase}{ascii_lowercase}      ",
    f"{ascii_letters}       ",
    f"{ascii_lowercase}-' ",
    "IVXLCDM ",
    "aeioubdgklmnprst  ",
    "éèüñçaß  ",
    "0123456789abcdef    ",
    f"{ascii_letters}{digits}{punctuation} ",
    f"{ascii_letters}{digits}{punctuation} \t\n\r",
)
"""Characters that stand in any order."""
FRONTEND = EnglishFrontend()
ALLOWED_S = 2.0
ADDITIONS_S = 0.3
"""What ten million additions take on the machine where that was measured; slower ones get as much more."""


def _additions_s() -> float:
    start, total = process_time(), 0
    for number in range(10_000_000):
        total += number
    return process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_takes_long(kind: str) -> None:
    check(_repeated(kind))


@pytest.mark.slow
@pytest.mark.parametrize("characters", MIXED)
def test_no_mixture_takes_long(characters: str) -> None:
    """No sentence comes twice, so none is remembered."""
    check(_mixed(characters))


def _repeated(kind: str) -> str:
    return (kind * 100_000)[:100_000]


def _mixed(characters: str) -> str:
    return "".join(Random(1).choices(characters, k=100_000))


def check(text: str) -> None:
    slower = max(1.0, _additions_s() / ADDITIONS_S)
    assert reading_s(text) < ALLOWED_S * slower


def reading_s(text: str) -> float:
    """The processor time that a text takes, once its first sentences were read: what stands in it is then known."""
    _read(text[:1000])
    start = process_time()
    _read(text)
    return process_time() - start


def _read(text: str) -> None:
    try:
        for sentence in FRONTEND.sentences(text):
            FRONTEND.phonemise(sentence)
    except UserError as error:
        assert "\n" not in str(error)


if __name__ == "__main__":
    for seconds, name in sorted(
        [(reading_s(_repeated(kind)), repr(kind)) for kind in KINDS]
        + [(reading_s(_mixed(characters)), f"a mixture of {characters!r}") for characters in MIXED],
        reverse=True,
    ):
        print(f"{seconds:.2f} s  {name}")
