"""What SSML's elements make of a text."""

import pytest

from avsynth.errors import UserError
from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.reading import shown
from avsynth.text.english.sentences import split_sentences
from avsynth.text.english.ssml import read_ssml
from avsynth.text.english.ssml_values import EMPHASES
from avsynth.text.tokens import LONGEST_PAUSE_S, Language, Named, Pause, Prosody, Speaker, Spoken
from avsynth.timeline import Bookmark


def say_as(kind: str, text: str, form: str = "") -> str:
    written = f' format="{form}"' if form else ""
    return shown(spoken_words(f'<speak>x <say-as interpret-as="{kind}"{written}>{text}</say-as> y</speak>')[1:-1])


@pytest.mark.parametrize(
    ("kind", "text", "form", "said"),
    [
        ("characters", "GPS", "", "G P S"),
        ("characters", "a1-B2", "", "A one dash B two"),
        ("spell-out", "read", "", "R E A D"),
        ("verbatim", "ab c", "", "A B C"),
        ("characters", "Zoë", "", "Z O E"),
        ("characters", "$5", "", "dollar five"),
        ("digits", "2023", "", "two zero two three"),
        ("digits", "1,007", "", "one zero zero seven"),
        ("telephone", "555-0142", "", "five five five, zero one four two"),
        ("telephone", "+44 (20) 7946", "", "plus four four, two zero, seven nine four six"),
        ("telephone", "2125550142", "", "two one two five five five zero one four two"),
        ("date", "2023-12-25", "ymd", "december twenty fifth, twenty twenty three"),
        ("date", "25/12/2023", "dmy", "december twenty fifth, twenty twenty three"),
        ("date", "12/25/2023", "mdy", "december twenty fifth, twenty twenty three"),
        ("date", "20231225", "yyyymmdd", "december twenty fifth, twenty twenty three"),
        ("date", "3/4", "md", "march fourth"),
        ("date", "3/4", "dm", "april third"),
        ("date", "12/2023", "my", "december twenty twenty three"),
        ("date", "1999", "y", "nineteen ninety nine"),
        ("date", "5 May 2001", "", "the fifth of may two thousand and one"),
        ("time", "14:30", "hms24", "fourteen thirty"),
        ("time", "2:30pm", "hms12", "two thirty P M"),
        ("time", "1'21&quot;", "", "one minute twenty one seconds"),
        ("ordinal", "3", "", "third"),
        ("ordinal", "1,021", "", "one thousand and twenty first"),
        ("ordinal", "VIII", "", "eighth"),
        ("cardinal", "2023", "", "two thousand and twenty three"),
        ("number", "1066", "", "one thousand and sixty six"),
        ("cardinal", "-3.5", "", "minus three point five"),
        ("cardinal", "XIV", "", "fourteen"),
        ("currency", "$42.50", "", "forty two dollars and fifty cents"),
        ("currency", "£3", "", "three pounds"),
        ("fraction", "3/4", "", "three quarters"),
        ("unit", "5 kg", "", "five kilograms"),
    ],
)
def test_say_as(kind: str, text: str, form: str, said: str) -> None:
    assert say_as(kind, text, form) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<sub alias="World Wide Web Consortium">W3C</sub> rules', "world wide web consortium rules"),
        ('the <sub alias="2 dogs">pair</sub>', "the two dogs"),
        ("<emphasis>very</emphasis> big", "very big"),
        ("<w>one</w> <token>two</token>", "one two"),
        ('<lang xml:lang="en-GB">one</lang> two', "one two"),
        ('<voice name="heart">one</voice> two', "one two"),
        ('one <mark name="a"/> two', "one two"),
        ('<prosody pitch="high" volume="loud" rate="1.2">one</prosody> two', "one two"),
    ],
)
def test_elements_say_their_text(body: str, said: str) -> None:
    tokens = [token for sentence in split_sentences(f"<speak>{body}</speak>") for token in spoken_words(sentence)]
    assert shown([token for token in tokens if not isinstance(token, Prosody | Named | Speaker)]) == said


@pytest.mark.parametrize(
    ("attributes", "prosody"),
    [
        ('rate="1.2"', Prosody(1.2)),
        ('rate="0.5"', Prosody(0.5)),
        ('rate=".75"', Prosody(0.75)),
        ('rate="50%"', Prosody(0.5)),
        ('pitch="+2st"', Prosody(semitones=2)),
        ('pitch="-1.5st"', Prosody(semitones=-1.5)),
        ('pitch="high"', Prosody(semitones=3)),
        ('pitch="x-low"', Prosody(semitones=-6)),
        ('pitch="+100%"', Prosody(semitones=12)),
        ('pitch="-50%"', Prosody(semitones=-12)),
        ('pitch="default"', Prosody()),
        ('volume="+6dB"', Prosody(decibels=6)),
        ('volume="-3.5dB"', Prosody(decibels=-3.5)),
        ('volume="soft"', Prosody(decibels=-6)),
        ('volume="silent"', Prosody(decibels=-120)),
        ('volume="10"', Prosody(decibels=-20)),
        ('volume="100"', Prosody()),
        ('rate="slow" pitch="low" volume="x-soft"', Prosody(0.75, -3, -12)),
    ],
)
def test_prosody(attributes: str, prosody: Prosody) -> None:
    first, last = read_ssml(f"<speak><prosody {attributes}>a</prosody></speak>").marks
    assert isinstance(first, Prosody) and last == Prosody()
    assert (first.rate, first.semitones, first.decibels) == pytest.approx(
        (prosody.rate, prosody.semitones, prosody.decibels)
    )


def test_what_is_nested_adds_up() -> None:
    marks = read_ssml(
        '<speak><prosody pitch="+2st" rate="2"><emphasis level="strong">a</emphasis></prosody></speak>'
    ).marks
    strong = EMPHASES["strong"]
    assert marks[1] == Prosody(2 * strong.rate, 2 + strong.semitones, strong.decibels)
    assert marks[2] == marks[0] and marks[3] == Prosody()


def test_phones_know_their_pitch_and_volume() -> None:
    sequence = phonemise('<speak>at <prosody pitch="+2st" volume="+3dB">it</prosody></speak>', G2P())
    assert {place: (pace.semitones, pace.decibels) for place, pace in sequence.paces.items()} == {3: (2, 3), 4: (2, 3)}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ('at <mark name="a"/> it', {"a": 3}),
        ('<mark name="a"/>at it<mark name="b"/>', {"a": 1, "b": 5}),
        ('at, <mark name="a"/><mark name="b"/> it', {"a": 4, "b": 4}),
    ],
)
def test_bookmarks_stand_before_the_next_phone(body: str, places: dict[str, int]) -> None:
    bookmarks = phonemise(f"<speak>{body}</speak>", G2P()).bookmarks
    assert {mark.name: mark.phone for mark in bookmarks} == places


def test_bookmarks_between_sentences_go_with_the_next() -> None:
    one, two = (phonemise(item, G2P()) for item in split_sentences('<speak>One. <mark name="a"/> Two.</speak>'))
    assert one.bookmarks == () and two.bookmarks == (Bookmark("a", 1),)


def test_another_voice_is_a_sentence_of_its_own() -> None:
    sentences = split_sentences('<speak>One <voice name="s1">two <s>three</s></voice> four</speak>')
    sequences = [phonemise(sentence, G2P()) for sentence in sentences]
    assert [(item.speaker, [word.text for word in item.words]) for item in sequences] == [
        (None, ["one"]),
        ("s1", ["two"]),
        ("s1", ["three"]),
        (None, ["four"]),
    ]


def test_the_language_tells_the_order_of_dates() -> None:
    def said(text: str) -> str:
        tokens = (token for sentence in split_sentences(text) for token in spoken_words(sentence))
        return shown([token for token in tokens if isinstance(token, Spoken)])

    american = '<speak xml:lang="en-US">On 3/4/2023 we met. On 5/6/2023 too.</speak>'
    assert said(american).count("march fourth") == 1 and said(american).count("may sixth") == 1
    assert said(american.replace("en-US", "en-GB")).count("the third of april") == 1
    assert Language("en-US") in read_ssml(american).marks


@pytest.mark.parametrize(("first", "second", "pause"), [(10, 10, 20), (0.2, 0.3, 0.5), (15, 5, 20), (0, 3, 3)])
def test_breaks_that_meet_last_as_long_as_both(first: float, second: float, pause: float) -> None:
    text = f'<speak>a <break time="{first}s"/> <break time="{second}s"/> b</speak>'
    paces = [pace for item in split_sentences(text) for pace in phonemise(item, G2P()).paces.values()]
    assert sum(pace.seconds or 0 for pace in paces) == pytest.approx(pause)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<speak>a" + '<break time="15s"/>' * 2 + "b</speak>", "breaks in a row last 30 s; at most 20 s"),
        ('<speak><break time="21s"/>a</speak>', "a break lasts 0 to 20 s"),
        ('<speak><prosody pitch="200Hz">a</prosody></speak>', r"pitch='200Hz' is not known; .*\+2st"),
        ('<speak><prosody pitch="+30st">a</prosody></speak>', r"pitch is shifted by at most 24"),
        ('<speak><prosody volume="20dB">a</prosody></speak>', r"volume='20dB' is not known"),
        ('<speak><prosody volume="+40dB">a</prosody></speak>', r"at most 12 dB louder"),
        ('<speak><emphasis level="huge">a</emphasis></speak>', r"level='huge' is not known; known are strong"),
        ('<speak><say-as interpret-as="poem">a</say-as></speak>', r"interpret-as='poem' is not known; known are"),
        ("<speak><say-as>a</say-as></speak>", r"<say-as> lacks interpret-as"),
        ('<speak><say-as interpret-as="ordinal">dog</say-as></speak>', r"'dog' is no ordinal"),
        ('<speak><say-as interpret-as="date" format="mdy">31/12/2023</say-as></speak>', r"'31/12/2023' is no date"),
        ('<speak><say-as interpret-as="digits">dog</say-as></speak>', r"'dog' is no digits"),
        ("<speak><sub>W3C</sub></speak>", r"<sub> lacks alias"),
        ("<speak><mark/>a</speak>", r"<mark> lacks name"),
        ("<speak><voice>a</voice></speak>", r"<voice> lacks name"),
        ('<speak><lang xml:lang="fr">oui</lang></speak>', r"xml:lang='fr' is not English"),
        ('<speak><audio src="a.wav"/></speak>', r"<audio> is not known; known are <speak>"),
    ],
)
def test_what_cannot_be_done_is_one_line(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        split_sentences(text)
    assert "\n" not in str(caught.value)


def test_pauses_that_meet_are_bounded() -> None:
    assert Pause(LONGEST_PAUSE_S) + Pause() == Pause(LONGEST_PAUSE_S)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('<sub alias="b"></sub>', ["b "]),
        ('<speak><sub alias="big cat"></sub></speak>', ["big cat ", ""]),
        ('<speak>A <sub alias="big cat"></sub> is.</speak>', ["A ", "big cat ", "", "is. "]),
    ],
)
def test_what_replaces_nothing_is_shown_where_it_is_said(text: str, written: list[str]) -> None:
    words = [word for sentence in split_sentences(text) for word in phonemise(sentence, G2P()).words]
    assert [word.written for word in words] == written
