from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.text import Pause, Spoken
from avsynth.text.english.abbreviations import ABBREVIATIONS
from avsynth.text.english.lexicon import Lexicon
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.sentences import split_sentences


def said(sentence: str, *words: str) -> str:
    """What is spoken, pauses as a bar; ``words`` are read as words even in capitals."""
    return " ".join(token.text if isinstance(token, Spoken) else "|" for token in spoken_words(sentence, words))


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
        ("pages 10-20, 3-2", "pages ten to twenty | three to two"),
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
        ("MP3", "m.p. three"),
    ],
)
def test_abbreviations_and_capitals(written: str, spoken: str | None) -> None:
    expected = spoken or "doctor smith met missus jones | for example on main street at noon et cetera"
    assert said(written, "nasa", "are", "here", "this", "is", "test") == expected


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("write to john.smith@example.com!", "write to john dot smith at example dot com"),
        ("a@b.co.uk", "a. at b. dot co dot u.k."),
        ("see https://www.example.com/news.", "see w.w.w. dot example dot com slash news"),
        ("R&B + C++ @ 50%", "r. and b. plus c. plus plus at fifty percent"),
        ("#1 and #tag", "number one and hashtag tag"),
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


@pytest.mark.parametrize("text", ["...!?", "\U0001f600\U0001f602", "\u4f60\u597d\u3002", "---", "\ud800"])
def test_nothing_to_say_is_one_clear_line(text: str) -> None:
    for function in (split_sentences, spoken_words):
        with pytest.raises(UserError, match=r"^nothing to say in '.*'; give words") as caught:
            function(text)
        assert str(caught.value).isprintable()


def test_nothing_to_say_shows_what_was_written() -> None:
    for function in (split_sentences, spoken_words):
        with pytest.raises(UserError, match=r"^nothing to say in '\u4f60\u597d\u3002';"):
            function("\u4f60\u597d\u3002")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("on 12 May 2021", "on the twelfth of may twenty twenty one"),
        ("the 4 July, 25th of December", "the fourth of july | twenty fifth of december"),
        ("by 1 Jan.", "by the first of january"),
        (
            "05/03/2024 and 12/25/2024",
            "the fifth of march | twenty twenty four and the twenty fifth of december | twenty twenty four",
        ),
        ("3.5.2024", "the third of may | twenty twenty four"),
        ("2022/04/01", "april first | twenty twenty two"),
        ("in 1066", "in ten sixty six"),
        ("in 476 AD", "in four hundred and seventy six a.d."),
        ("Sat 3 May, on Fri.", "saturday the third of may | on friday"),
        ("at 7.15pm or 17:30h", "at seven fifteen p.m. or seventeen thirty"),
        ("9am-5pm", "nine a.m. to five p.m."),
        ("Mon\u2013Fri, Jan-March", "monday to friday | january to march"),
        ("c. 1850", "circa eighteen fifty"),
        ("1990-95, 1914\u201318", "nineteen ninety to ninety five | nineteen fourteen to eighteen"),
    ],
)
def test_more_dates_and_times(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("US$20, 20 EUR, USD 30", "twenty u.s. dollars | twenty euros | thirty u.s. dollars"),
        ("50¢ or ¥1,000", "fifty cents or one thousand yen"),
        ("$5-10 or $5-$10", "five to ten dollars or five to ten dollars"),
        ("$20/month", "twenty dollars per month"),
        ("$1.2M, £350k", "one point two million dollars | three hundred and fifty thousand pounds"),
        ("5\u201310% at 20-25°C", "five to ten percent at twenty to twenty five degrees celsius"),
        ("12 km/h, 30 m/s", "twelve kilometers per hour | thirty meters per second"),
        ("5 m², 3.2 m", "five square meters | three point two meters"),
        ("1 lb, 2 lbs, 30 s, 5 V", "one pound | two pounds | thirty seconds | five volts"),
        ("5 min. or so", "five minutes or so"),
        ("5'11\" or 6 ft 2 in", "five foot eleven or six foot two"),
        ("16:9, 3x, 2x4", "sixteen to nine | three times | two by four"),
        ("2 x 500 ml, 98/100", "two times five hundred milliliters | ninety eight out of one hundred"),
        ("10^6, x^2", "ten to the power of six | x. squared"),
        ("5-3=2, 3*4, x > y", "five minus three equals two | three times four | x is greater than y"),
        ("a 1/2 point", "a half point"),
        ("~5", "about five"),
    ],
)
def test_measures_and_sums(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("555-123-4567", "five five five | one two three | four five six seven"),
        ("(020) 7946 0958", "zero two zero | seven nine four six | zero nine five eight"),
        ("+44 20 7946", "plus four four | two zero | seven nine four six"),
        ("0800 123 456", "zero eight zero zero | one two three | four five six"),
        ("1234 5678 9012", "one two three four | five six seven eight | nine zero one two"),
        ("dial 911", "dial nine one one"),
        ("PIN 1234, ZIP 90210", "pin one two three four | zip nine zero two one zero"),
        ("a 4-4-2", "a four | four | two"),
        ("Flight 370, Boeing 747, Room 101", "flight three seventy | boeing seven forty seven | room one oh one"),
    ],
)
def test_numbers_that_are_names(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("King Henry VIII and Louis XIV", "king henry the eighth and louis the fourteenth"),
        ("Queen Elizabeth I and Pope John Paul II", "queen elizabeth the first and pope john paul the second"),
        ("Chapter IV of World War II", "chapter four of world war two"),
        ("Super Bowl LIV, Part I, Act V", "super bowl fifty four | part one | act five"),
        ("The IV drip", "the i.v. drip"),
        ("Louis XIV's and Rocky IV's", "louis the fourteenth's and rocky four's"),
        ("Malcolm X and I", "malcolm x and i"),
    ],
)
def test_roman_numerals(written: str, spoken: str) -> None:
    assert said(written, "drip") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Ft. Worth, Lt. Col. Ray, the Rev. Green", "fort worth | lieutenant colonel ray | the reverend green"),
        (
            "vol. 2, pp. 3-9, no. 7, Nos. 5 and 6",
            "volume two | pages three to nine | number seven | numbers five and six",
        ),
        ("a Ph.D. on Elm Dr. in Mon.", "a phd on elm drive in monday"),
        ("w/o salt, n/a", "without salt | not applicable"),
        ("COVID-19, CO2, R2D2", "covid nineteen | c.o. two | r two d two"),
        ("two ATMs, an M&M, AT&T", "two a.t.m.'s | an m. and m. | a.t. and t."),
        ("ChatGPT, MacBook, iOS", "chat g.p.t. | mac book | i.o.s."),
        ("#ThrowbackThursday", "hashtag throwback thursday"),
        ("C# and a B-", "c. sharp and a b. minus"),
        ("amazon.de, x.com/a?b=1", "amazon dot d.e. | x. dot com slash a. question mark b. equals one"),
        ("the IT department", "the i.t. department"),
        ("{now} (then)", "now | then"),
    ],
)
def test_more_abbreviations_and_names(written: str, spoken: str) -> None:
    assert said(written) == spoken


def test_every_abbreviation_is_read_with_words_of_the_dictionary() -> None:
    lexicon = Lexicon()
    assert [word for words in ABBREVIATIONS.values() for word in words.split() if word not in lexicon] == []


@given(st.text(st.sampled_from("ab1209 .,:;$£%&@'-/\n!?()#°A\u00bd\U0001f600"), max_size=120))
def test_spoken_words_hold_no_digit_and_no_stray_pause(text: str) -> None:
    try:
        tokens = spoken_words(text)
    except UserError:
        return
    words = [token.text for token in tokens if isinstance(token, Spoken)]
    assert tokens[0] != Pause() and tokens[-1] != Pause()
    assert all(not (one == Pause() and two == Pause()) for one, two in pairwise(tokens))
    assert all(word and set(word) <= set("abcdefghijklmnopqrstuvwxyz'-.") and word[-1] not in "-'" for word in words)
