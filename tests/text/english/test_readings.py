from pathlib import Path
from time import process_time

import pytest

from avsynth.text.english import guards
from avsynth.text.english.choice import GUARDS, Guards
from avsynth.text.english.folding import fold
from avsynth.text.english.lexicon import Lexicon
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.page import PAGE, page
from avsynth.text.english.reading import Context, Dates, Kind, Reading, shown, signs_of
from avsynth.text.english.readings import ORDER, choice
from tests.slowness import slowness

LEXICON = Lexicon()
HOSTILE = [
    *(
        "1",
        "1,",
        "1.",
        "1-",
        "1/",
        "1:",
        "1 ",
        "$1",
        "1a",
        "a1",
        "1e",
        "x^",
        "°",
        "(1",
        "-",
        "- ",
        "1x",
        "0",
        "00:",
        "1h",
    ),
    *(
        "a",
        "A",
        "a.",
        "A.",
        "a@",
        "a/",
        "a-",
        "a'",
        "aaa ",
        "A&",
        "#a",
        "@a",
        "www.",
        "http://a",
        "/a",
        "\\",
        "_",
        "~/a",
    ),
    *(
        "(",
        "[",
        "{",
        ")",
        "*",
        '"',
        "'",
        "=",
        "<",
        ">",
        "+",
        "%",
        "&",
        "...",
        "!?",
        "IV ",
        "May 1-",
        "1st-",
        "St. ",
        "no. ",
    ),
    *(
        "½",
        "²",
        "α",
        "①",
        "≠",
        "→",
        "é",
        "\u0301",
        "1 000 ",
        "5 km/h ",
        "555-",
        "1/2 ",
        "12:30-",
        "$5-",
        "1×",
        "U.S.A. ",
    ),
]


@pytest.mark.parametrize(
    ("written", "spoken", "dates"), [case for kind in ORDER for case in kind.cases()], ids=lambda value: str(value)[:40]
)
def test_examples(written: str, spoken: str, dates: Dates) -> None:
    assert shown(spoken_words(written, LEXICON, dates)).lower() == spoken.lower()


@pytest.mark.parametrize("kind", ORDER, ids=lambda kind: kind.name)
def test_readings_say_where_they_begin_and_what_they_need(kind: Kind) -> None:
    texts = [fold(written).text for other in ORDER for written, _, _ in other.cases()]
    for reading in kind.readings:
        for text in texts:
            for place in range(len(text)):
                if match := reading.compiled.match(text, place):
                    following, signs = text[place + 1 : place + 2], signs_of(text)
                    assert reading.first.match(text[place]), (reading.pattern, text)
                    assert not reading.signs or reading.signs & signs, (reading.pattern, text)
                    assert not following or reading.second.match(following), (reading.pattern, text)
                    lacking = reading.figures and "0" not in signs
                    assert not lacking or reading.say(match, Context(LEXICON)) is None, (reading.pattern, text)


@pytest.mark.slow
def test_a_reading_is_asked_wherever_it_matches() -> None:
    texts = [fold(written).text for kind in ORDER for written, _, _ in kind.cases()]
    readings = [reading for kind in ORDER for reading in kind.readings]
    for text, other in zip(texts, texts[1:] + texts[:1], strict=True):
        joined = text[len(text) // 2 :] + other[: len(other) // 2]
        for place in range(len(joined)):
            asked = {find for find, _ in choice().at(joined, place, (1 << len(readings)) - 1)}
            for reading in readings:
                find = reading.compiled.match
                if find not in asked:
                    assert (match := find(joined, place)) is None or match.end() == place, (reading.pattern, joined)


def test_the_guards_are_up_to_date() -> None:
    written = guards.written(reading for kind in ORDER for reading in kind.readings)
    assert GUARDS.read_text(encoding="utf-8") == written, (
        "guards.txt differs from the patterns; write it anew: python -m avsynth.text.english.page"
    )


@pytest.mark.parametrize(
    ("begins", "pattern", "around"),
    [
        ("a", "ab", ["^", "aa", "bb", "^AZaz", "^"]),
        ("a-c", r"(?<!\w)[a-c]+\d", ["^09AZ__az", "ac", "09ac", "09", ""]),
        ("a-z", r"\b[a-z]+\b(?!['.-])", ["^09AZ__az", "az", "^''-.09AZ__", "^''-.09AZ__az", "^"]),
        (r"\d", r"\d+\s?(?:kg|lb)", ["^", "09", "↵ 09kl", "↵ kl", "kl"]),
        ("nN", r"(?i:no)\.?\s\d", ["^", "NNnn", "OOoo", "↵ ..", "09"]),
        ("-", r"-(?=\d)", ["^", "--", "09", "09", ""]),
        ("xy", r"(?<=\d)x(?=\s[a-z])|y", ["^", "xy", "^", "^AZaz", "^"]),
        ("x", r"(?<=\d)x(?!y|zz|[ab])", ["09", "xx", "^abyy", "^AZaz", "^"]),
        ("a-z", r"([a-z])\1", ["^", "az", "^", "^AZaz", "^"]),
        ("a", "a{2,5}b?", ["^", "aa", "aa", "^AZaz", "^"]),
        ("a", "a(?P<b>b)?(?(b)c|d)", ["^", "aa", "bd", "^AZaz", "^"]),
    ],
)
def test_guards_are_what_a_pattern_allows(begins: str, pattern: str, around: list[str]) -> None:
    """Before a match, at its first character, after that, after its first run, and after a blank there."""
    found = guards.guards_of(Reading(begins, pattern, lambda match, context: None))
    assert found.written().split("\t") == around
    assert Guards.of(around) == found


def test_every_kind_has_at_least_ten_examples() -> None:
    assert {kind.name: len(list(kind.cases())) for kind in ORDER if len(list(kind.cases())) < 10} == {}


def test_the_page_is_up_to_date() -> None:
    assert Path(__file__).parents[3].joinpath(PAGE).read_text(encoding="utf-8") == page(), (
        "docs/readings.md differs from the examples; write it anew: python -m avsynth.text.english.page"
    )


@pytest.mark.parametrize("unit", [*HOSTILE[::8], pytest.param("", marks=pytest.mark.slow)])
def test_no_reading_looks_at_the_whole_of_a_text_from_each_of_its_places(unit: str) -> None:
    """Where one does, twenty thousand characters take ten times as long as allowed; else a tenth."""
    for repeated in [unit] if unit else HOSTILE:
        text = "x " + (repeated * 20_000)[:20_000]
        start = process_time()
        spoken_words(text, LEXICON)
        assert process_time() - start < 4 * slowness(), repeated
