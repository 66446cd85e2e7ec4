import pytest

from avsynth.errors import UserError
from avsynth.text.english.g2p import G2P, Pace, PhoneSequence, phonemise
from avsynth.text.english.ssml import is_ssml, read_ssml
from avsynth.text.english.ssml_values import RATES, STRENGTHS
from avsynth.text.marked import CHANGE
from avsynth.text.tokens import Given, Mark, Pause, Prosody


@pytest.fixture(scope="module")
def g2p() -> G2P:
    return G2P()


def marks(body: str) -> tuple[Mark, ...]:
    return read_ssml(f"<speak>{body}</speak>").marks


def paces(sequence: PhoneSequence) -> str:
    """The phones, each with its rate or length where it has one."""

    def written(pace: Pace | None) -> str:
        if pace is None:
            return ""
        return f"*{pace.rate:g}" if pace.seconds is None else f"={pace.seconds:g}"

    return " ".join(phone + written(sequence.paces.get(place)) for place, phone in enumerate(sequence.phones))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<break time="300ms"/>', (Pause(0.3),)),
        ('<break time="0.5s"/>', (Pause(0.5),)),
        ('<break time="+.5s" strength="none"/>', (Pause(0.5),)),
        ("<break/>", (Pause(STRENGTHS["medium"]),)),
        ('<break strength="none"/>', (Pause(0.0),)),
        ('<prosody rate="80%">a</prosody>', (Prosody(0.8), Prosody(1.0))),
        ('<prosody rate="+20%">a</prosody>', (Prosody(1.2), Prosody(1.0))),
        ('<prosody rate="-20%">a</prosody>', (Prosody(0.8), Prosody(1.0))),
        ('<prosody rate="slow">a</prosody>', (Prosody(RATES["slow"]), Prosody(1.0))),
        ("<prosody>a</prosody>", (Prosody(1.0), Prosody(1.0))),
        (
            '<prosody rate="200%">a <prosody rate="50%">b</prosody></prosody>',
            (Prosody(2.0), Prosody(1.0), Prosody(2.0), Prosody(1.0)),
        ),
        ('<phoneme alphabet="x-arpabet" ph="G IH1 F">Gif</phoneme>', (Given("gif", ("G", "IH1", "F")),)),
        ('<phoneme alphabet="arpabet" ph="G IH F">GIF\n file</phoneme>', (Given("gif file", ("G", "IH", "F")),)),
        ('<phoneme ph="ɡɪf">gif</phoneme>', (Given("gif", ("G", "IH", "F")),)),
        ("[gif](/G IH F/)", (Given("gif", ("G", "IH", "F")),)),
    ],
)
def test_marks(body: str, expected: tuple[Mark, ...]) -> None:
    assert marks(body) == expected


def test_text_is_unescaped_and_paragraphs_are_parted() -> None:
    read = read_ssml(
        '\ufeff <?xml version="1.0" encoding="utf-16"?>\n<speak version="1.1" xml:lang="en-GB" '
        'xmlns="http://www.w3.org/2001/10/synthesis"><!-- no --><p><s>R &amp; D\ncafé</s></p>two</speak>'
    )
    assert [line for line in (line.strip(f" {CHANGE}") for line in read.text.split("\n")) if line] == [
        "R & D cafe",
        "two",
    ]


@pytest.mark.parametrize(
    ("text", "ssml"),
    [
        ("<speak>a</speak>", True),
        ("\n <speak version='1.0'>a</speak>", True),
        ("<speaker>a", False),
        ("say <speak>", False),
        ("<!DOCTYPE speak><speak/>", True),
    ],
)
def test_ssml_is_known_by_its_beginning(text: str, ssml: bool) -> None:
    assert is_ssml(text) == ssml


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<speak>\n<audio>a</audio></speak>",
            r"line 2: <audio> is not known; known are <speak>, <p>, <s>, <b",
        ),
        ('<speak><prosody range="high">a</prosody></speak>', r"<prosody> knows rate, pitch, volume, and not 'range'"),
        ('<speak><prosody rate="brisk">a</prosody></speak>', r"rate='brisk' is not known; known are 80%"),
        ('<speak><prosody rate="900%">a</prosody></speak>', r"rate='900%': speech is made at 25% to 400%"),
        ('<speak><prosody rate="-100%">a</prosody></speak>', r"speech is made at 25% to 400%"),
        ('<speak><break time="1 min"/></speak>', r"time='1 min' is no length; write it as 300ms or 0.5s"),
        ('<speak><break time="21s"/></speak>', r"a break lasts 0 to 20 s"),
        ('<speak><break strength="mild"/></speak>', r"strength='mild' is not known; known are none, x-weak"),
        ('<speak><phoneme alphabet="sampa" ph="a">a</phoneme></speak>', r"'sampa' is not known; known are arpabet"),
        ('<speak><phoneme alphabet="arpabet">a</phoneme></speak>', r"<phoneme> lacks ph"),
        ('<speak><phoneme alphabet="arpabet" ph="QQ">a</phoneme></speak>', r"line 1: ph='QQ': 'QQ' is not a phone"),
        ('<speak><phoneme alphabet="ipa" ph="x">a</phoneme></speak>', r"'x' is no IPA sign"),
        ('<speak><phoneme ph="a"> </phoneme></speak>', r"ph='a' holds no word"),
        ('<speak><phoneme ph="a"><s>a</s></phoneme></speak>', r"<phoneme> holds no tag"),
        ("<speak><speak>a</speak></speak>", r"<speak> stands once"),
        ('<speak xml:lang="de">a</speak>', r"xml:lang='de' is not English"),
        ("<speak>a", r"line 1, column 9: no element found"),
        ("<speak>a & b</speak>", r"not well-formed"),
        ("<speak>&nbsp;</speak>", r"undefined entity"),
        ('<!DOCTYPE a [<!ENTITY b "bb">]><speak>&b;</speak>', r"line 1: a DOCTYPE is not read"),
    ],
)
def test_what_is_not_known_is_one_line_that_names_it(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        read_ssml(text)
    assert "\n" not in str(caught.value) and str(caught.value).startswith("SSML, line ")


def test_deep_and_long_documents_are_read() -> None:
    depth = 20_000
    assert "word" in read_ssml("<speak>" + "<p>" * depth + "word" + "</p>" * depth + "</speak>").text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("at it", "sil AE T IH T sil"),
        ('at <break time="0.3s"/> it', "sil AE T sil=0.3 IH T sil"),
        ('at, <break time="0.3s"/> it', "sil AE T sil=0.3 IH T sil"),
        ('at <break time="0.3s"/><break time="0.5s"/>, it', "sil AE T sil=0.8 IH T sil"),
        ('at, <break strength="none"/> it', "sil AE T IH T sil"),
        ('<break time="1s"/>at it.<break time="2s"/>', "sil=1 AE T IH T sil=2"),
        ('at <prosody rate="50%">it</prosody> at', "sil AE T IH*0.5 T*0.5 AE T sil"),
        ('<prosody rate="50%">at, it</prosody>', "sil*0.5 AE*0.5 T*0.5 sil*0.5 IH*0.5 T*0.5 sil"),
        ('<prosody rate="50%">at <break time="0.2s"/> it</prosody>', "sil*0.5 AE*0.5 T*0.5 sil=0.2 IH*0.5 T*0.5 sil"),
        ('at <phoneme alphabet="arpabet" ph="B IY1">it</phoneme>', "sil AE T B IY sil"),
    ],
)
def test_marks_become_paces_of_phones(g2p: G2P, body: str, expected: str) -> None:
    sequence = phonemise(f"<speak>{body}</speak>", g2p)
    assert paces(sequence) == expected
    covered = [place for span in sequence.words for place in range(span.first, span.last)]
    assert covered == [place for place, phone in enumerate(sequence.phones) if phone != "sil"]
