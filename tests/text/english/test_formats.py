"""Markdown, HTML and terminal colours are read as what they show; a bar stands where a sentence ends."""

import pytest

from avsynth.errors import UserError
from avsynth.text.english.g2p import G2P, phonemise
from avsynth.text.english.sentences import split_sentences
from avsynth.text.marked import MARKS, Format

MARKDOWN = [
    ("# Title\n\nText here.", "Title|Text here."),
    ("Title\n=====\n\nText here.\n\nNext\n----\nMore.", "Title|Text here.|Next|More."),
    ("## Part two ##\nGo on.", "Part two|Go on."),
    ('See [the guide](https://a.org/x "Guide") now.', "See the guide now."),
    ("See [the guide][g] and [this one][].\n\n[g]: https://a.org/x", "See the guide and this one."),
    ("See [docs](/docs/) now.", "See docs now."),
    ("![A red cat](cat.png) sleeps.", "A red cat sleeps."),
    ("[![Build](b.svg)](https://ci.org) passes.", "Build passes."),
    ("This is **very** *nice* and __bold__ and _slanted_.", "This is very nice and bold and slanted."),
    ("This is ***both*** and ~~gone~~.", "This is both and gone."),
    ("Call `run` or ``a`b``.", "Call run or a'b."),
    ("```python\nx is y\n```\nDone.", "x is y|Done."),
    ("~~~\nx is y\n~~~\nDone.", "x is y|Done."),
    ("- one\n- two\n* three\n+ four", "one|two|three|four"),
    ("1. one\n2. two", "1. one|2. two"),
    ("1) one\n2) two", "1) one|2) two"),
    ("- [x] done\n- [ ] open", "done|open"),
    ("> Quoted\n> twice.\n\nPlain.", "Quoted twice.|Plain."),
    ("A line\nthat goes on\nto here.\n\nNew one.", "A line that goes on to here.|New one."),
    ("One  \nTwo\\\nThree", "One|Two|Three"),
    ("Over\n\n---\n\nand\n\n* * *\n\nout", "Over|and|out"),
    ("| Name | Age |\n|------|----:|\n| Ann | six |\n| Bob | ten |", "Name, Age|Ann, six|Bob, ten"),
    ("Name | Age\n--- | ---\nAnn | six", "Name, Age|Ann, six"),
    ("Snow \\*and\\* ice.", "Snow *and* ice."),
    ("A note.[^1]\n\n[^1]: The note.", "A note.|The note."),
    ("Use snake_case_here and 2 * 3 * 4.", "Use snake_case_here and 2 * 3 * 4."),
    ("# Fish &amp; chips<br>are <b>good</b>", "Fish & chips|are good"),
    ("Say [gif](/JH IH F/) **now**.", "Say now."),
    ("<https://a.org> is *it*.", "https://a.org is it."),
    ("---\ntitle: X\n---\n# Hello", "Hello"),
    ("**Note:** go *home*, [Tom](t).", "Note: go home, Tom."),
    ("- *one\n- two* [x](y)", "*one|two* x"),
]

AUTO = [
    ("I like <b>bold</b> and <i>thin</i> type.", "I like bold and thin type."),
    ("<p>One.</p><p>Two</p>three", "One.|Two|three"),
    ('<div class="a">One<br/>two</div>', "One|two"),
    ("Tom &amp; Ann &lt;3 &#65;&#x42; &nbsp;c&eacute;", "Tom & Ann <3 AB ce"),
    ("<!-- not this -->Go on.", "Go on."),
    ("<script>var a = 1;</script>Go <!-- not this --> on.<style>p {}</style>", "Go on."),
    ("<ul><li>one</li><li>two</li></ul>", "one|two"),
    ('<a href=\'x\'>here</a> and <img src="i.png" alt="a cat"/> there', "here and there"),
    ("a < b and c > d", "a < b and c > d"),
    ("if x<y then y>x", "if x<y then y>x"),
    ("AT&T and R&D; go", "AT&T and R&D;|go"),
    ("\x1b[31mred\x1b[0m and \x1b[1;32mgreen\x1b[m", "red and green"),
    ("\x1b]0;title\x07go \x1b[2Kon", "go on"),
    ("# Title\nWe use **bold**.", "Title|We use bold."),
    ("- one\n- two\n- three", "one|two|three"),
    ("2 * 3 * 4 is #1 - or not", "2 * 3 * 4 is #1 - or not"),
    ("Dear all\nthis is\nplain", "Dear all|this is|plain"),
    ("See [here](https://a.org).", "See here."),
    ('Wait <break time="300ms"/> now.', "Wait now."),
    ("He is <emphasis>very</emphasis> big &amp; slow.", "He is very big & slow."),
]


def shown(text: str, form: Format) -> str:
    """The sentences without their marks, blanks as one."""
    plain = (
        "".join(" " if character in MARKS else character for character in sentence.text)
        for sentence in split_sentences(text, form)
    )
    return "|".join(" ".join(sentence.split()) for sentence in plain)


@pytest.mark.parametrize(("text", "expected"), MARKDOWN)
def test_markdown(text: str, expected: str) -> None:
    assert shown(text, "markdown") == expected


@pytest.mark.parametrize(("text", "expected"), AUTO)
def test_auto(text: str, expected: str) -> None:
    assert shown(text, "auto") == expected


SUBTITLES = [
    (
        "1\n00:00:01,000 --> 00:00:04,000\nWe went\nhome.\n\n2\n00:00:05,000 --> 00:00:06,000\nBye.",
        "We went home.|Bye.",
    ),
    ("1\r\n00:00:01,000 --> 00:00:04,000\r\nHello.\r\n", "Hello."),
    ("00:01:12,500 --> 00:01:15,000\nWhere were you?", "Where were you?"),
    ("1\n00:00:01,000 --> 00:00:04,000\n- Is it safe?\n- Not yet.", "Is it safe?|Not yet."),
    ("1\n00:00:01,000 --> 00:00:02,000\nI saw\n\n2\n00:00:02,000 --> 00:00:03,000\nthe sea.", "I saw the sea."),
    ("WEBVTT - Film\n\n00:01.000 --> 00:04.000 align:start\n<v Ann>Hello <c.red>there</c>.", "Hello there."),
    ("WEBVTT\n\n00:01.000 --> 00:04.000\nWe <00:02.000>run.", "We run."),
    ("1\n00:00:01,000 --> 00:00:04,000\n{\\an8}<i>Up</i> here.", "Up here."),
    ("1\n00:00:01,000 --> 00:00:04,000\n20\n", "20"),
    ("00:00:01,000 --> 00:00:04,000", "00:00:01,000 --> 00:00:04,000"),
]


@pytest.mark.parametrize(("text", "expected"), SUBTITLES)
def test_numbers_and_times_of_subtitles_are_not_read(text: str, expected: str) -> None:
    assert shown(text, "auto") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n**bold**", "# Title|**bold**"),
        ("<b>bold</b> &amp; [here](x)", "<b>bold</b> &amp;|[here](x)"),
        ("<speak>a</speak>", "<speak>a</speak>"),
        ("\x1b[31mred\x1b[0m", "red"),
    ],
)
def test_text_is_taken_as_it_stands(text: str, expected: str) -> None:
    assert shown(text, "text") == expected


def test_ssml_is_read_where_it_is_asked_for() -> None:
    assert shown("  <speak>a <break/> b</speak>", "ssml") == "a b"
    with pytest.raises(UserError, match="SSML, line 1"):
        split_sentences("no tags", "ssml")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# The **red** [cat](c)\n\n- sits", "The red cat sits"),
        ("Tom &amp; <b>Ann</b>", "Tom &amp; Ann"),
        ("| a. | b |\n|---|---|\n| Ann | ran |", "a b Ann ran"),
    ],
)
def test_words_are_written_where_they_stand_in_the_source(text: str, written: str) -> None:
    sequences = (phonemise(sentence, G2P()) for sentence in split_sentences(text, "markdown"))
    spans = [word.span for sequence in sequences for word in sequence.words]
    assert " ".join(text[slice(*span)] for span in spans if span) == written
