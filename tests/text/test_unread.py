"""What is passed over is named once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.text import load_frontend
from avsynth.text.unread import unread_line

ENGLISH = load_frontend()


def unread(text: str) -> set[str]:
    return {character for item in ENGLISH.sentences(text) for character in ENGLISH.phonemise(item).unread}


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("Plain text, 50% of it (really) - \u201cquoted\u201d\u2026 \u2014 caf\u00e9!", ""),
        ("Nice \U0001f600 day \u2603 \u2603.", "\U0001f600\u2603"),
        ("Say \u4e2d\u6587 and \u0436.", "\u4e2d\u6587\u0436"),
        ("Hello.\n\U0001f600\nBye.", "\U0001f600"),
        ("a \x00 b \u200b c \u00ad d\ufe0f", ""),
        ("Brand\u2122 new.", "\u2122"),
        ("\u2400 rest", "\u2400"),
        ("forged \ue000 mark", "\ue000"),
        ("<speak>one \u2603 <break/> \u05d0 two</speak>", "\u2603\u05d0"),
        ("Use **stars** and `ticks` and [links](http://a.b).", ""),
        ("<b>bold</b> &amp; \u2602", "\u2602"),
        ("snake_case here", ""),
        ("half*baked", "*"),
    ],
)
def test_what_is_passed_over(text: str, characters: str) -> None:
    assert unread(text) == set(characters)


@pytest.mark.parametrize(
    ("characters", "line"),
    [
        ("", ""),
        ("\u2603", "passed over, as nothing is said for it: '\u2603' (snowman)"),
        ("\u4e2d\u6587\u2603", "passed over, as nothing is said for it: '\u4e2d\u6587' (cjk), '\u2603' (snowman)"),
        ("\u0436" * 3, "passed over, as nothing is said for it: '\u0436' (cyrillic)"),
        ("\ue000", "passed over, as nothing is said for it: '\\ue000' (u+e000)"),
    ],
)
def test_the_line(characters: str, line: str) -> None:
    assert unread_line(characters) == line


@given(st.text(max_size=40))
def test_the_line_of_anything_is_one(characters: str) -> None:
    line = unread_line(characters)
    assert "\n" not in line and len(line) < 1500
