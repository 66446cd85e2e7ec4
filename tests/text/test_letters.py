from __future__ import annotations

import pytest

from avsynth.text import PHONES, Symbols
from avsynth.text.letters import LETTERS, letters_of


def test_a_word_is_its_letters_and_apostrophes() -> None:
    assert letters_of("Don't") == ("d", "o", "n", "'", "t")
    assert letters_of("co-op 2") == ("c", "o", "o", "p")


@pytest.mark.parametrize("word", ["", "'", "42", "—"])
def test_what_has_no_letter_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="has no letter"):
        letters_of(word)


def test_no_letter_is_a_phone() -> None:
    assert not set(LETTERS) & set(PHONES)
    assert Symbols.of("characters").names == ("<pad>", "sil", *LETTERS)
    assert Symbols.of("phones") == Symbols()
