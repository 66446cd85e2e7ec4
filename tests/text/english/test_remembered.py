import pytest

from avsynth.text import EnglishFrontend
from avsynth.text.english.g2p import phonemise
from avsynth.text.english.remembered import remembered
from avsynth.text.english.sentences import split_sentences
from avsynth.text.frontend import PhoneSequence
from avsynth.text.marked import MarkedText


def test_a_sentence_is_read_once_and_stands_where_it_stands() -> None:
    read: list[str] = []

    def say(sentence: MarkedText) -> PhoneSequence:
        read.append(sentence.text)
        return phonemise(sentence, english.g2p)

    english = EnglishFrontend()
    recall = remembered(say, most=2)
    text = "It is £5. It is £5. It is ½. It is ½."
    for sentence in split_sentences(text):
        for word in recall(sentence).words:
            assert word.span is not None
            assert word.written == "" or text[slice(*word.span)] in word.written
    assert read == ["It is £5.", "It is  1⁄2 ."]
    for other in ("one", "two", "It is £5."):
        recall(MarkedText(other))
    assert read[2:] == ["one", "two", "It is £5."]


@pytest.mark.parametrize(
    "text",
    [
        "It costs £¼. It costs £¼. É, e\u0301 e\u0301. É, e\u0301 e\u0301.",
        '<speak>Now <break time="2s"/> now. <prosody rate="150%">Now. Now.</prosody> <mark name="a"/>Now.</speak>',
        "a [gif](/JH IH1 F/). a [gif](/G IH1 F/). a gif.",
        "**Now** now.\n\n* Now now.\n* [Now](http://a.b) now.\n* Now now.",
        "☃ Now. ☃ Now. Now.",
    ],
)
def test_what_is_remembered_is_what_would_be_read(text: str) -> None:
    english = EnglishFrontend()
    for sentence in english.sentences(text):
        for _ in range(2):
            assert english.phonemise(sentence) == phonemise(sentence, english.g2p)
