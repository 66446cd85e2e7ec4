from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text.lexicon import Lexicon
from avsynth.text.normalise import LONGEST_SENTENCE, Pause, fold, split_sentences, spoken_words
from avsynth.text.readings import ABBREVIATIONS


def said(sentence: str, *words: str) -> str:
    """What is spoken, pauses as a bar; ``words`` are read as words even in capitals."""
    return " ".join("|" if token is Pause.SHORT else str(token) for token in spoken_words(sentence, words))


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Place blue at F two now.", "place blue at f two now"),
        (
            "250 dollars and 3.5% in 2026",
            "two hundred and fifty dollars and three point five percent in twenty twenty six",
        ),
        ("1,250,000 people", "one million two hundred and fifty thousand people"),
        ("-5°C, or .5", "minus five degrees celsius | or point five"),
        ("agent 007", "agent zero zero seven"),
        ("version 1.2.3", "version one point two point three"),
        ("pages 10-20, 3-2", "pages ten to twenty | three | two"),
        ("call 555-1234", "call five five five | one two three four"),
        ("from 1914-1918", "from nineteen fourteen to nineteen eighteen"),
        ("½ cup, 2½ cups, 3/4", "one half cup | two and one half cups | three quarters"),
        ("the 1990s and the '60s", "the nineteen nineties and the sixties"),
        ("5km at 60 mph", "five kilometers at sixty miles per hour"),
    ],
)
def test_numbers(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$1", "one dollar"),
        ("$250.50", "two hundred and fifty dollars and fifty cents"),
        ("£1.01", "one pound and one penny"),
        ("€0.50", "fifty cents"),
        ("$1,000.00", "one thousand dollars"),
        ("$2.5 million", "two point five million dollars"),
        ("€3bn", "three billion euros"),
        ("$0.5", "zero point five dollars"),
    ],
)
def test_money(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("May 3rd", "may third"),
        ("Sept. 5, 2024", "september fifth | twenty twenty four"),
        ("May 2024", "may twenty twenty four"),
        ("the 21st", "the twenty first"),
        ("2024-05-03", "may third | twenty twenty four"),
        ("10:30", "ten thirty"),
        ("10:05 a.m.", "ten oh five a.m."),
        ("5pm", "five p.m."),
        ("at 7:00", "at seven o'clock"),
        ("14:00", "fourteen hundred"),
        ("10:30:15", "ten thirty and fifteen seconds"),
    ],
)
def test_dates_and_times(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dr. Smith met Mrs. Jones, e.g. on Main St. at noon etc.", None),
        ("Mr. Smith", "mister smith"),
        ("St. Paul on Main St.", "saint paul on main street"),
        ("cats vs. dogs, i.e. pets", "cats versus dogs | that is pets"),
        ("No. 5, he said no.", "number five | he said no"),
        ("the U.S.A. and J. Smith", "the u.s.a. and j. smith"),
        ("NASA and XQ are HERE", "nasa and x.q. are here"),
        ("US troops help us", "u.s. troops help us"),
        ("THIS IS A TEST", "this is a test"),
        ("This Is A Test", "this is a test"),
        ("an A in maths", "an a. in maths"),
        ("MP3", "mp three"),
    ],
)
def test_abbreviations_and_capitals(written: str, spoken: str | None) -> None:
    expected = spoken or "doctor smith met missus jones | for example on main street at noon et cetera"
    assert said(written, "nasa", "are", "here", "this", "is", "test") == expected


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("write to john.smith@example.com!", "write to john dot smith at example dot com"),
        ("a@b.co.uk", "a. at b dot co dot uk"),
        ("see https://www.example.com/news.", "see w.w.w. dot example dot com slash news"),
        ("R&B + C++ @ 50%", "r and b plus c plus plus at fifty percent"),
        ("#1 and #tag", "number one and hash tag"),
        ("hi \U0001f600 there \U0001f468\u200d\U0001f469", "hi there"),
        ("\u201cIt\u2019s\u201d\u2014café naïve \ufb01ne", "it's | cafe naive fine"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen | zerowidth"),
        ("well-known -- and (really) so; yes: ok", "well-known | and | really | so | yes | ok"),
        ("'tis the dogs' 'quoted' word", "'tis the dogs quoted word"),
        ("\u0663 apples", "three apples"),
        ("...well, , ; then...", "well | then"),
    ],
)
def test_symbols_addresses_and_unicode(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    "text", ["", "   ", "...!?", "\U0001f600\U0001f602", "\u4f60\u597d\u3002", "---", "\n\n", "\ud800"]
)
def test_nothing_to_say_is_one_clear_line(text: str) -> None:
    for function in (split_sentences, spoken_words):
        with pytest.raises(UserError, match=r"^nothing to say in '.*'; give words") as caught:
            function(text)
        assert "\n" not in str(caught.value) and str(caught.value).isascii()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left! Really? Yes; no", ["He left!", "Really?", "Yes;", "no"]),
        ("bin blue. lay red", ["bin blue.", "lay red"]),
        ("Mr. Smith paid 3.5 dollars, e.g. Fish. Then", ["Mr. Smith paid 3.5 dollars, e.g. Fish.", "Then"]),
        ("one\ntwo\r\nthree\u2028four", ["one", "two", "three", "four"]),
        ("In Washington, D.C. we met J. R. Smith.", ["In Washington, D.C. we met J. R. Smith."]),
        ("Cats etc. are. Dogs etc. Others", ["Cats etc. are.", "Dogs etc.", "Others"]),
        ('"Go." "No!" he said... and so... Then', ['"Go."', '"No!"', "he said... and so...", "Then"]),
        ("\u3053\u3093 ok\u3002yes", ["ok.", "yes"]),
        ("... \U0001f600. Hello. !!", ["Hello."]),
    ],
)
def test_split_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("unit", "most"),
    [("word ", 26), ("a clause of words, ", 28), ("x", 25), ("number 12, and $5 or so; ", 200), ("Ends here. ", 455)],
)
def test_five_thousand_characters_come_in_short_pieces_with_nothing_lost(unit: str, most: int) -> None:
    text = (unit * 5000)[:5000]
    pieces = split_sentences(text)
    assert max(map(len, pieces)) <= LONGEST_SENTENCE
    assert len(pieces) <= most
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_long_sentences_are_cut_at_commas_rather_than_inside_a_clause() -> None:
    first, *_ = split_sentences("the first clause is about this long and holds quite a few words, " * 5)
    assert first.endswith(",")


def test_every_abbreviation_is_read_with_words_of_the_dictionary() -> None:
    lexicon = Lexicon()
    assert [word for words in ABBREVIATIONS.values() for word in words.split() if word not in lexicon] == []


@given(st.text(max_size=300))
def test_folding_is_plain_and_stable(text: str) -> None:
    folded = fold(text)
    assert all(character.isascii() or character in "£€°\u2044" for character in folded)
    assert fold(folded) == folded


@given(st.text(st.sampled_from("ab1209 .,:;$£%&@'-/\n!?()#°A\u00bd\U0001f600"), max_size=120))
def test_spoken_words_hold_no_digit_and_no_stray_pause(text: str) -> None:
    try:
        tokens = spoken_words(text)
    except UserError:
        return
    words = [token for token in tokens if isinstance(token, str)]
    assert tokens[0] is not Pause.SHORT and tokens[-1] is not Pause.SHORT
    assert all(not (one is Pause.SHORT and two is Pause.SHORT) for one, two in pairwise(tokens))
    assert all(word and set(word) <= set("abcdefghijklmnopqrstuvwxyz'-.") and word[-1] not in "-'" for word in words)


@given(st.text(max_size=600))
def test_splitting_any_text_gives_short_speakable_sentences_or_a_user_error(text: str) -> None:
    try:
        sentences = split_sentences(text)
    except UserError:
        with pytest.raises(UserError):
            spoken_words(text)
        return
    for sentence in sentences:
        assert len(sentence) <= LONGEST_SENTENCE and "\n" not in sentence
        assert spoken_words(sentence)
