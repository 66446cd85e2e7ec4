from hypothesis import given
from hypothesis import strategies as st

from avsynth.text.english.folding import fold
from avsynth.text.english.symbol_names import GREEK, SIGNS


@given(st.text(max_size=300))
def test_folding_is_plain_and_stable(text: str) -> None:
    folded = fold(text).text
    assert all(character.isascii() or character in {*SIGNS, *GREEK, "\u2044"} for character in folded)
    assert fold(folded).text == folded


def test_a_long_dash_that_joins_is_a_hyphen_and_elsewhere_a_pause() -> None:
    assert fold("10\u201320, Mon\u2013Fri, one\u2014two \u2013 three").text == "10-20, Mon-Fri, one -- two  --  three"
