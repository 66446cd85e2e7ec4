from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text import SIL, PhoneSequence, Spoken, Symbols
from avsynth.text.english.compounds import parts_of
from avsynth.text.english.g2p import G2P, letter_phones, phonemise

GRID = {
    **{"bin": "B IH N", "lay": "L EY", "place": "P L EY S", "set": "S EH T"},
    **{"blue": "B L UW", "green": "G R IY N", "red": "R EH D", "white": "W AY T"},
    **{"at": "AE T", "by": "B AY", "in": "IH N", "with": "W IH DH"},
    **{"a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH"},
    **{"i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY"},
    **{"q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY", "x": "EH K S", "y": "W AY"},
    **{"z": "Z EH D", "zero": "Z IH R OW", "one": "W AH N", "two": "T UW", "three": "TH R IY", "four": "F AO R"},
    **{"five": "F AY V", "six": "S IH K S", "seven": "S EH V AH N", "eight": "EY T", "nine": "N AY N"},
    **{"again": "AH G EH N", "now": "N AW", "please": "P L IY Z", "soon": "S UW N"},
}


@pytest.fixture(scope="module")
def g2p() -> G2P:
    return G2P()


def spell_out(sequence: PhoneSequence) -> str:
    return " ".join(sequence.phones)


def phones_of(g2p: G2P, *words: str) -> list[str]:
    return [" ".join(word.phones) for word in g2p.words([Spoken(word) for word in words])]


def test_the_grammar_has_51_words() -> None:
    assert len(GRID) == 51


@pytest.mark.parametrize("word", GRID)
def test_grid_words(g2p: G2P, word: str) -> None:
    (found,) = g2p.words([Spoken(word)])
    assert (found.text, " ".join(found.phones)) == (word, GRID[word])


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("livestream", "L AY V S T R IY M"),
        ("touchscreen", "T AH CH S K R IY N"),
        ("homeschooling", "HH OW M S K UW L IH NG"),
        ("cybersecurity", "S AY B ER S IH K Y UH R AH T IY"),
        ("whitespace", "W AY T S P EY S"),
        ("doomscrolling", "D UW M S K R OW L IH NG"),
        ("flatbread", "F L AE T B R EH D"),
    ],
)
def test_words_made_of_two_are_said_in_two(g2p: G2P, word: str, phones: str) -> None:
    assert phones_of(g2p, word) == [phones]


@pytest.mark.parametrize(
    "word", ["chattier", "sagacity", "mascarpone", "xiaolongbao", "breathlessness", "pear", "a" * 90]
)
def test_what_only_looks_like_two_words_is_not_parted(g2p: G2P, word: str) -> None:
    assert parts_of(word, g2p.lexicon) is None


def test_grid_sentence_with_spans(g2p: G2P) -> None:
    sequence = phonemise("Place blue at A two now.", g2p)
    assert spell_out(sequence) == "sil P L EY S B L UW AE T EY T UW N AW sil"
    assert [(span.text, span.first, span.last) for span in sequence.words] == [
        ("place", 1, 5),
        ("blue", 5, 8),
        ("at", 8, 10),
        ("a", 10, 11),
        ("two", 11, 13),
        ("now", 13, 15),
    ]


@pytest.mark.parametrize(
    ("sentence", "phones"),
    [
        ("a dog", "AH"),
        ("a two", "AH"),
        ("a 2", "AH"),
        ("a, dog", "EY"),
        ("a b c", "EY"),
        ("a", "EY"),
    ],
)
def test_the_letter_a_and_the_article(g2p: G2P, sentence: str, phones: str) -> None:
    assert phonemise(sentence, g2p).phones[1] == phones


def test_a_capital_inside_a_sentence_is_the_letter(g2p: G2P) -> None:
    words = phonemise("my plan A is a plan", g2p)
    assert [words.phones[span.first] for span in words.words if span.text == "a"] == ["EY", "AH"]


@pytest.mark.parametrize(
    "text",
    [
        "Zyphonated Grobbles: snorkelblaxic, snorkelblaxic's re-zyphonated o'grobblers.",
        "GROBBLERS, MacGrobble or grobbleZyph 5grobbles; Grooooobbling zyphs-to-be",
    ],
)
def test_words_that_are_foreseen_are_said_as_others(g2p: G2P, text: str) -> None:
    alone = phonemise(text, g2p)
    foreseen = G2P()
    foreseen.foresee([text])
    asked: list[str] = []
    foreseen._sound = lambda unit, sound=foreseen._sound: asked.append(unit) or sound(unit)  # type: ignore[method-assign]
    assert phonemise(text, foreseen) == alone
    assert asked and set(asked) <= set(foreseen._foreseen)


def test_seven_consonants_in_a_row_are_spelled(g2p: G2P) -> None:
    assert phones_of(g2p, "brtfghjkla") == phones_of(g2p, "b.r.t.f.g.h.j.k.l.a.")
    assert phones_of(g2p, "waldschmidtig") != phones_of(g2p, "w.a.l.d.s.c.h.m.i.d.t.i.g.")


def test_the_before_a_vowel(g2p: G2P) -> None:
    assert phones_of(g2p, "the", "apple", "the", "pear")[::2] == ["DH IY", "DH AH"]


def test_to_is_short_in_a_sentence_and_whole_at_its_end(g2p: G2P) -> None:
    assert phones_of(g2p, "to", "eat", "to", "drive")[::2] == ["T UH", "T AH"]
    assert phones_of(g2p, "where", "to")[1] == "T UW"
    assert phonemise("To us, to; so to speak.", g2p).phones[:3] == ("sil", "T", "UH")
    own = G2P({"to": ("T", "UW1")})
    assert phones_of(own, "to", "drive")[0] == "T UW"


def test_small_words_are_said_as_in_running_speech(g2p: G2P) -> None:
    said = phones_of(g2p, "it", "was", "on", "an", "and", "than")[1:]
    assert said == ["W AH Z", "AO N", "AH N", "AE N D", "DH AH N"]


def test_names_of_letters() -> None:
    assert letter_phones("Z") == ("Z", "EH1", "D") and letter_phones("z", "zee") == ("Z", "IY1")
    assert G2P(z="zee").words([Spoken("z")])[0].phones == ("Z", "IY")
    assert all(letter_phones(letter) for letter in "abcdefghijklmnopqrstuvwxyz")
    for stranger in ("", "ab", "é", "1"):
        with pytest.raises(ValueError, match="is not a letter"):
            letter_phones(stranger)


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("isn't", "IH Z AH N T"),
        ("shan't", "SH AA N T"),
        ("grobbles's", "G R AA B AH L Z AH Z"),
        ("zyphon's", "Z IH F AH N Z"),
        ("paralip's", "P EH R AH L IH P S"),
        ("paralip'd", "P EH R AH L IH P T"),
        ("look'd", "L UH K T"),
        ("it'd", "IH T AH D"),
        ("re-enter", "R IY EH N T ER"),
        ("read-only", "R IY D OW N L IY"),
        ("privatising", "P R AY V AH T AY Z IH NG"),
        ("they'd've", "DH EY D AH V"),
        ("place-bin", "P L EY S B IH N"),
        ("mother-in-law", "M AH DH ER IH N L AO"),
        ("u.s.a.", "Y UW EH S EY"),
        ("xqk", "EH K S K Y UW K EY"),
        ("rock'n'roll", "R AA K AH N R OW L"),
    ],
)
def test_composed_and_spelled_words(g2p: G2P, word: str, phones: str) -> None:
    assert phones_of(g2p, word) == [phones]


def test_user_lexicon_goes_first() -> None:
    g2p = G2P({"gif": ("JH", "IH", "F"), "now": ("N", "OW"), "a": ("AA",)})
    assert phones_of(g2p, "gif", "now", "a", "gif's") == ["JH IH F", "N OW", "AA", "JH IH F S"]


def test_pauses_are_single_silences_outside_the_words(g2p: G2P) -> None:
    sequence = phonemise("(now) -- , please; now!", g2p)
    assert spell_out(sequence) == "sil N AW sil P L IY Z sil N AW sil"


def test_nothing_to_say(g2p: G2P) -> None:
    with pytest.raises(UserError, match="nothing to say"):
        phonemise("\U0001f600 ...", g2p)


def test_text_that_was_not_normalised_is_refused(g2p: G2P) -> None:
    with pytest.raises(ValueError, match="'12'"):
        g2p.words([Spoken("12")])


def check(sequence: PhoneSequence) -> None:
    assert set(sequence.phones) <= set(Symbols().names[1:])
    assert sequence.phones[0] == sequence.phones[-1] == SIL
    covered = [index for span in sequence.words for index in range(span.first, span.last)]
    assert covered == [index for index, phone in enumerate(sequence.phones) if phone != SIL]
    assert all(span.first < span.last and span.text for span in sequence.words)
    assert ("sil", "sil") not in pairwise(sequence.phones)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=80))
def test_any_unicode_is_said_or_refused(g2p: G2P, text: str) -> None:
    try:
        check(phonemise(text, g2p))
    except UserError as error:
        assert "nothing to say" in str(error)


@settings(deadline=None, max_examples=150)
@given(st.text(st.sampled_from("aAbstzeUS019 .,:;$%&@'-/!?\n"), max_size=80))
def test_any_mixture_of_letters_digits_and_marks_is_said_or_refused(g2p: G2P, text: str) -> None:
    try:
        check(phonemise(text, g2p))
    except UserError as error:
        assert "nothing to say" in str(error)
