import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.markup import MOST_PHONES, read_inline
from avsynth.text.marked import GIVEN, MARKS, MarkedText
from avsynth.text.tokens import Given


@pytest.fixture(scope="module")
def g2p() -> G2P:
    return G2P()


def test_a_pronunciation_in_a_sentence() -> None:
    read = read_inline("Say [ Gif](/jh ih1 F/), please.")
    assert read == MarkedText(f"Say {GIVEN}, please.", (Given("gif", ("JH", "IH1", "F")),))


def test_given_words_are_said_as_given_among_others(g2p: G2P) -> None:
    sequence = phonemise("the [record](/AO B/)'s [Nice Girl](/N IY S/)", g2p)
    assert [(word.text, " ".join(sequence.phones[word.first : word.last])) for word in sequence.words] == [
        ("the", "DH IY"),
        ("record's", "AO B Z"),
        ("nice girl", "N IY S"),
    ]
    assert sequence.paces == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a [word](/W XX D/)", r"\[word\]\(/W XX D/\): 'XX' is not a phone; phones are AA AE"),
        ("a [word](//)", "1 to 50 phones, not 0"),
        (f"a [word](/{'AA ' * (MOST_PHONES + 1)}/)", "1 to 50 phones, not 51"),
    ],
)
def test_bad_phones_are_one_line(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        read_inline(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["[word] (/W/)", "[word](W)", "[](/W/)", "[a\nb](/W/)", "[ ](/W/)", "a[1](b)"])
def test_other_brackets_are_text(text: str) -> None:
    assert read_inline(text).marks == ()


@given(st.text(st.sampled_from("[]()/ W\ue000\ue001\ue002\ue003'"), max_size=60))
def test_every_mark_has_its_character_and_no_text_can_forge_one(text: str) -> None:
    try:
        read = read_inline(text)
    except UserError:
        return
    assert sum(character in MARKS for character in read.text) == len(read.marks)
