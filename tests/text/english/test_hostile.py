"""A hundred thousand characters of a kind are read within seconds, whatever the kind."""

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
)
FRONTEND = EnglishFrontend()
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
    text = (kind * 100_000)[:100_000]
    FRONTEND.phonemise("warm one half ② of it")
    slower = max(1.0, _additions_s() / ADDITIONS_S)
    start = process_time()
    try:
        for sentence in FRONTEND.sentences(text):
            FRONTEND.phonemise(sentence)
    except UserError as error:
        assert "nothing to say" in str(error)
    # Most need under one second. Of the others ("x! " is 33,000 sentences) the slowest needs 2.2; two processes on one
    # core need half as much again, which the additions do not show.
    assert process_time() - start < 4 * slower
