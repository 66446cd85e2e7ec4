"""Which vowels of a word are stressed, wherever its pronunciation comes from."""

import pytest

from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.stress import apart, lowered


@pytest.mark.parametrize(
    ("text", "stress"),
    [
        ("paper about photograph photography", "10 01 102 0100"),
        ("The record will record it.", "0 10 0 01 0"),  # homographs
        ("I made it up.", "2 2 0 2"),
        ("The UN and the BBC", "0 21 0 0 221"),
        ("snorkelblaxic", "2010"),  # letter to sound
        ("re-enter well-known", "210 11"),  # word parts
        ("They'll colour it.", "1 10 0"),
        ("[Nguyen](/N W IY Y EH1 N/) [Anna](/AE N AH/) said", "01 10 1"),
        ("A is a letter: a.", "0 0 0 10 1"),
    ],
)
def test_stress_of_words(text: str, stress: str) -> None:
    assert " ".join(word.stress for word in phonemise(text, G2P()).words) == stress


def test_a_stress_stands_for_each_vowel_and_phones_have_no_digits() -> None:
    text = "Unfortunately the xylophonist's 42 colleagues couldn't rehearse at 10:30 a.m. on the 3rd of May, in Wales."
    sequence = phonemise(text, G2P())
    assert all(phone.isalpha() for phone in sequence.phones)
    for word in sequence.words:
        own = sequence.phones[word.first : word.last]
        assert len(word.stress) == sum(phone[0] in "AEIOU" for phone in own), word


def test_a_word_without_any_stress_gets_one() -> None:
    assert apart("ubik", ("Y", "UW", "B", "IH", "K")) == (("Y", "UW", "B", "IH", "K"), "10")
    assert apart("er", ("ER",)) == (("ER",), "1")
    assert apart("psst", ("P", "S", "T")) == (("P", "S", "T"), "")
    assert lowered(("B", "IY1", "ER0")) == ("B", "IY2", "ER0")
