from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text import EnglishFrontend
from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.sentences import LEAD_IN_S, LONGEST_SENTENCE, REST_S, SHORTEST_REST_S, split_sentences
from avsynth.text.marked import MARKS
from avsynth.text.tokens import LONGEST_PAUSE_S, Given, Pause, Prosody, Spoken

SIGNS_OF_FACES = ":;bDPOT^_<3>(){}?!.,-' xo*="


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left! Really? Yes; no", ["He left!", "Really?", "Yes;", "no"]),
        ("bin blue. lay red", ["bin blue.", "lay red"]),
        ("Mr. Smith paid 3.5 dollars, e.g. Fish. Then", ["Mr. Smith paid 3.5 dollars, e.g. Fish.", "Then"]),
        ("one\ntwo\r\nthree\u2028four", ["one", "two", "three", "four"]),
        ("In Washington, D.C. we met J. R. Smith.", ["In Washington, D.C. we met J. R. Smith."]),
        ("Cats etc. are. Dogs etc. Others", ["Cats etc. are.", "Dogs etc.", "Others"]),
        ('"Go." "No!" he said... and so... Then', ['"Go."', '"No!" he said... and so...', "Then"]),
        ("\u3053\u3093 ok\u3002yes", ["ok.", "yes"]),
        ("... \U0001f600. Hello. !!", ["Hello."]),
        ("I live in the U.S. It is big. The U.S. Army", ["I live in the U.S.", "It is big.", "The U.S. Army"]),
        ("Choose Plan B. Then go. J. A. Smith", ["Choose Plan B.", "Then go.", "J. A. Smith"]),
        ("See p. 45, vol. 2, no. 7. Gen. Lee", ["See p. 45, vol. 2, no. 7.", "Gen. Lee"]),
        ("At 9 p.m. ET. It was 9 p.m. Then", ["At 9 p.m. ET.", "It was 9 p.m.", "Then"]),
        ("About c. 1850 it grew.", ["About c. 1850 it grew."]),
        ("Well. :b?:", ["Well."]),
        ("Well. :D?) :P! Good", ["Well.", "Good"]),
        ("Well. ;O_<", ["Well."]),
        ("Cook 5 min. or so. It took 5 min. Then", ["Cook 5 min. or so.", "It took 5 min.", "Then"]),
    ],
)
def test_split_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("unit", "most"),
    [("word ", 26), ("a clause of words, ", 28), ("x", 25), ("number 12, and $5 or so; ", 200), ("Ends here. ", 455)],
)
def test_five_thousand_characters_come_in_short_pieces_with_nothing_lost(unit: str, most: int) -> None:
    text = (unit * 5000)[:5000]
    pieces = [piece.text for piece in split_sentences(text)]
    assert max(map(len, pieces)) <= LONGEST_SENTENCE
    assert len(pieces) <= most
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_long_sentences_are_cut_at_commas_rather_than_inside_a_clause() -> None:
    first, *_ = split_sentences("the first clause is about this long and holds quite a few words, " * 5)
    assert first.text.endswith(",")


@given(st.text(max_size=600) | st.text(SIGNS_OF_FACES, max_size=12).map("Well. ".__add__))
def test_splitting_any_text_gives_short_speakable_sentences_or_a_user_error(text: str) -> None:
    try:
        sentences = split_sentences(text)
    except UserError:
        with pytest.raises(UserError):
            spoken_words(text)
        return
    for sentence in sentences:
        assert len(sentence.text) <= LONGEST_SENTENCE and "\n" not in sentence.text
        assert spoken_words(sentence)


def test_a_pause_between_sentences_is_shared_out() -> None:
    for seconds, lead_in in ((0.3, 0.15), (1.5, LEAD_IN_S)):
        first, second = split_sentences(f'<speak>One. <break time="{seconds}s"/> Two.</speak>')
        assert first.marks == (Pause(seconds - lead_in),) and second.marks == (Pause(lead_in),)
    assert second.text.strip()[0] in MARKS and second.text.endswith("Two.")


def test_pauses_at_both_ends_and_alone_go_to_the_nearest_sentence() -> None:
    (only,) = split_sentences('<speak><break time="1s"/>One.<break time="0.5s"/><p><break time="0.2s"/></p></speak>')
    assert only.marks == (Pause(1.0), Pause(0.7))


def test_a_long_pause_ends_a_sentence_and_a_short_one_does_not() -> None:
    for seconds, pieces in ((1, 1), (1.1, 2)):
        assert len(split_sentences(f'<speak>one <break time="{seconds}s"/> two</speak>')) == pieces


def test_a_pace_goes_on_over_sentences_until_it_ends() -> None:
    slow, still, normal = split_sentences('<speak>One. <prosody rate="50%">Two. Three.</prosody> Four.</speak>')[1:]
    assert slow.marks == (Prosody(0.5),) and still.marks == (Prosody(0.5),)
    assert normal.marks == ()


def test_given_words_keep_their_phones_wherever_the_text_is_cut() -> None:
    text = "word [x](/B IY/) and [y](/K AA/), " * 60
    given = [mark for sentence in split_sentences(text) for mark in sentence.marks]
    assert given == [Given("x", ("B", "IY")), Given("y", ("K", "AA"))] * 60


def test_pauses_that_meet_stay_bounded() -> None:
    (only,) = split_sentences("<speak>" + '<break time="5s"/>' * 4 + "One.</speak>")
    assert only.marks == (Pause(LONGEST_PAUSE_S),)
    with pytest.raises(UserError, match="breaks in a row last 27 s; at most 20 s"):
        split_sentences("<speak>" + '<break time="9s"/>' * 9 + "One.</speak>")


def test_nothing_but_pauses_says_nothing() -> None:
    for text in ('<speak>☃<break time="2s"/></speak>', "<speak>...</speak>", "..."):
        with pytest.raises(UserError, match="nothing to say"):
            split_sentences(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ('<speak><break time="2s"/></speak>', 2.0),
        ('<speak><break time="400ms"/> <break time="1.1s"/></speak>', 1.5),
        ('<speak><p><s><break time="3s"/></s></p></speak>', 3.0),
        ("<speak><break time='0s'/></speak>", SHORTEST_REST_S),
        ("<speak></speak>", REST_S),
        ('<speak>\n<p> <prosody rate="slow"><s/></prosody></p>\n</speak>', REST_S),
    ],
)
def test_breaks_alone_are_a_pause_of_their_length(text: str, seconds: float) -> None:
    (only,) = split_sentences(text)
    said = EnglishFrontend().phonemise(only)
    assert said.phones == ("sil",) and not said.words
    assert said.paces[0].seconds == seconds


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Dr. Lee paid $5. Bye!", "Dr. Lee paid $5 $5 Bye"),
        ("  cafe\u0301s \u2014 \u00bd\u00a0kg", "cafe\u0301s \u00bd\u00a0kg \u00bd\u00a0kg \u00bd\u00a0kg"),
        ("a [gif](/JH IH F/)'s end", "a gif](/JH IH F/)'s end"),
        (
            '<speak>Tom &amp; <phoneme ph="m\u00e6t">Matt</phoneme><s>won \u00a35</s></speak>',
            "Tom &amp; Matt won \u00a35 \u00a35",
        ),
    ],
)
def test_words_know_where_they_are_written(text: str, written: str) -> None:
    sequences = [phonemise(sentence, G2P()) for sentence in split_sentences(text)]
    spans = [word.span for item in sequences for word in item.words]
    assert " ".join(text[slice(*span)] for span in spans if span) == written


@given(st.text(max_size=300))
def test_the_words_of_any_text_are_written_within_it_in_order(text: str) -> None:
    try:
        tokens = [token for sentence in split_sentences(text) for token in spoken_words(sentence)]
    except UserError:
        return
    spans = [token.span for token in tokens if isinstance(token, Spoken)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one == other or one.end <= other.start for one, other in pairwise(spans))
