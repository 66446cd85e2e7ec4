"""Labels to whole hops, and words laid over what was really said."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.data.labels import labels_to_timeline, word_spans
from avsynth.data.manifest import PhoneTime
from avsynth.errors import UserError
from avsynth.text.tokens import Word
from avsynth.timeline import Timeline, WordSpan

RATE, HOP, FPS = 22050, 256, Fraction(30000, 1001)


def convert(phones: list[PhoneTime], total_hops: int) -> Timeline:
    return labels_to_timeline(phones, (), total_hops, RATE, HOP, FPS)


def timed(names: list[str], edges_s: list[float]) -> list[PhoneTime]:
    return [PhoneTime(name, start, end) for name, (start, end) in zip(names, pairwise(edges_s), strict=True)]


@settings(max_examples=100, deadline=None)
@given(some.lists(some.floats(0, 0.3), min_size=1, max_size=20), some.integers(-8, 60))
def test_hops_sum_to_the_mel_and_every_phone_keeps_one(lengths: list[float], spare: int) -> None:
    edges = [0.0]
    for length in lengths:
        edges.append(edges[-1] + length)
    phones = timed([f"P{number}" for number in range(len(lengths))], edges)
    total = max(len(lengths), round(edges[-1] * RATE / HOP) + spare)
    timeline = convert(phones, total)
    assert timeline.total_hops == total and min(timeline.hops) >= 1
    assert timeline.phones == tuple(item.phone for item in phones) and timeline.fps == FPS


def test_boundaries_are_the_nearest_hops() -> None:
    edges = [0.0, 0.912, 1.05, 1.131, 1.163, 1.246]
    timeline = convert(timed(["sil", "SH", "IY", "HH", "sil"], edges), 140)
    for found, given_s in zip(timeline.boundaries_s, edges[:-1], strict=False):
        assert abs(float(found) - given_s) <= HOP / RATE / 2
    assert timeline.boundaries_s[-1] == 140 * Fraction(HOP, RATE)


def test_more_labels_than_hops_are_refused() -> None:
    with pytest.raises(UserError, match="3 phones do not fit into 2 mel frames"):
        convert(timed(["sil", "T", "sil"], [0, 0.1, 0.2, 0.3]), 2)


SHE_HAD = (Word("she", ("SH", "IY")), Word("had", ("HH", "AE", "D")), Word("your", ("Y", "AO", "R")))


def test_words_cover_what_the_dictionary_says() -> None:
    said = ("sil", "SH", "IY", "HH", "AE", "D", "sil", "Y", "AO", "R", "sil")
    assert word_spans(said, SHE_HAD) == (WordSpan("she", 1, 3), WordSpan("had", 3, 6), WordSpan("your", 7, 10))


def test_words_cover_what_was_said_otherwise() -> None:
    """A dropped HH, a vowel of its own, a D taken over into the next word, an R more."""
    said = ("sil", "SH", "IY", "AE", "D", "Y", "UH", "R", "R", "sil")
    assert word_spans(said, SHE_HAD) == (WordSpan("she", 1, 3), WordSpan("had", 3, 5), WordSpan("your", 5, 9))


def test_a_silence_inside_a_word_belongs_to_it() -> None:
    said = ("sil", "SH", "IY", "HH", "AE", "sil", "D", "Y", "AO", "R", "sil")
    assert word_spans(said, SHE_HAD)[1] == WordSpan("had", 3, 7)


def test_another_text_or_a_word_that_was_not_said_has_no_spans() -> None:
    other = ("sil", "D", "OW", "N", "T", "AE", "S", "K", "M", "IY", "sil")
    assert word_spans(other, SHE_HAD) == ()
    assert word_spans(("sil", "SH", "IY", "Y", "AO", "R", "sil"), SHE_HAD) == ()
    assert word_spans(("sil", "SH", "sil"), ()) == word_spans(("sil",), SHE_HAD) == ()


def test_a_vowel_has_the_stress_of_the_one_it_stands_for() -> None:
    happened = (Word("happened", ("HH", "AE", "P", "AH", "N", "D"), "10"), Word("again", ("AH", "G", "EH", "N"), "01"))
    said = ("sil", "HH", "AE", "P", "AH", "N", "D", "AH", "G", "IH", "N", "sil")
    assert [word.stress for word in word_spans(said, happened)] == ["10", "01"]
    swallowed = ("sil", "HH", "AE", "P", "N", "D", "G", "EH", "N", "sil")
    assert [word.stress for word in word_spans(swallowed, happened)] == ["1", "1"]
    drawn = ("sil", "HH", "AE", "P", "AH", "N", "D", "AH", "G", "EH", "AH", "N", "sil")
    assert [word.stress for word in word_spans(drawn, happened)] == ["10", "010"]


def test_a_stress_whose_vowel_was_not_said_goes_to_the_first() -> None:
    again = (Word("again", ("AH", "G", "EH", "N"), "01"),)
    assert word_spans(("sil", "AH", "G", "N", "sil"), again) == (WordSpan("again", 1, 4, stress="1"),)
