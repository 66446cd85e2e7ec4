from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.synthesis.parts import amplified
from avsynth.synthesis.sentences import (
    Sentence,
    gains,
    in_known_phones,
    in_letters,
    mark_last,
    paced,
    pieces_of,
    sentences_of_text,
    timeline_in_letters,
)
from avsynth.text import Pace, default_frontend
from avsynth.timeline import Timeline, WordSpan, frame_span, join_timelines, round_durations, sample_at

RATES = st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60), Fraction(1)])


def sentence(hops: list[int], fps: Fraction = Fraction(25)) -> Timeline:
    """Silence, phones of one word, silence."""
    middle = len(hops) - 2
    phones = ("sil", *("AA",) * middle, "sil")
    words = (WordSpan("word", 1, middle + 1),) if middle else ()
    return Timeline(phones, tuple(hops), words, 22050, 256, fps)


SENTENCES = st.lists(st.lists(st.integers(1, 40), min_size=2, max_size=8), min_size=1, max_size=6)


@given(SENTENCES, RATES)
def test_sentences_joined_are_cut_into_the_same_again(hops: list[list[int]], fps: Fraction) -> None:
    parts = [sentence(item, fps) for item in hops]
    if all(len(item) > 2 for item in hops):
        assert pieces_of(join_timelines(parts)) == parts
    assert join_timelines(pieces_of(join_timelines(parts))) == join_timelines(parts)


@given(SENTENCES, RATES)
def test_every_lip_frame_belongs_to_one_piece(hops: list[list[int]], fps: Fraction) -> None:
    parts = [sentence(item, fps) for item in hops]
    done, reached = 0, 0
    for number, part in enumerate(parts, start=1):
        first, end = frame_span(part, done, number == len(parts))
        assert first == reached <= end
        for frame in (first, end - 1) if end > first and number < len(parts) else ():
            middle = (frame + Fraction(1, 2)) / fps
            assert done * part.hop_s <= middle < (done + part.total_hops) * part.hop_s
        done, reached = done + part.total_hops, end
    whole = join_timelines(parts)
    assert reached == whole.lip_frames and sample_at(reached, fps, 22050) == whole.padded_samples


def test_phones_of_no_length_stay_with_their_neighbours() -> None:
    timeline = Timeline(("sil", "sil", "AA", "sil", "sil"), (0, 3, 4, 5, 0), (), 22050, 256, Fraction(25))
    assert [piece.hops for piece in pieces_of(timeline)] == [(0, 3, 4, 5, 0)]


def test_a_long_timeline_is_cut_at_a_pause_and_never_within_a_word() -> None:
    minute = 60 * 22050 // 256 + 1
    words = (WordSpan("odd", 0, 3), WordSpan("last", 4, 5))
    timeline = Timeline(("AA", "sil", "AA", "sil", "AA"), (minute, 5, minute, 5, 9), words, 22050, 256, Fraction(25))
    first, second = pieces_of(timeline)
    assert first.words == (WordSpan("odd", 0, 3),) and second.words == (WordSpan("last", 0, 1),)
    assert second.phones == ("AA",)


def test_minutes_without_a_pause_are_refused() -> None:
    with pytest.raises(UserError, match="without a pause"):
        pieces_of(sentence([5, 10**12, 5]))


def test_the_last_is_marked_and_no_more_than_one_is_asked_for_ahead() -> None:
    asked: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(3):
            asked.append(number)
            yield number

    marked = mark_last(numbers())
    assert next(marked) == (0, False) and asked == [0, 1]
    assert list(marked) == [(1, False), (2, True)]
    assert list(mark_last([])) == [] and list(mark_last([7])) == [(7, True)]


def test_rates_and_given_lengths_are_taken_before_rounding() -> None:
    paces = {1: Pace(rate=0.5), 2: Pace(rate=2.0), 3: Pace(rate=2.0, seconds=0.3)}
    hops = list(paced([3.0, 3.2, 3.0, 9.0, 4.0], paces, Fraction(1, 100)))
    assert hops == [3.0, 6.4, 1.5, 30.0, 4.0]
    assert round_durations(hops) == (3, 6, 2, 30, 4)


def test_lines_of_a_text_carry_what_it_asks_of_durations() -> None:
    plain, slow = sentences_of_text('<speak>At it. <prosody rate="slow">At it.</prosody></speak>', default_frontend())
    assert plain.paces == {} and plain.phones == slow.phones
    assert {place: pace.rate for place, pace in slow.paces.items()} == dict.fromkeys(range(6), 0.75)


def test_letters_share_their_word_s_time_evenly_and_silences_keep_theirs() -> None:
    spans = (WordSpan("bin", 1, 4), WordSpan("a", 4, 5), WordSpan("Don't", 6, 10))
    phones = ("sil", "B", "IH", "N", "AH", "sil", "D", "OW", "N", "T", "sil")
    spoken = Timeline(phones, (5, 1, 2, 4, 3, 2, 1, 1, 1, 1, 6), spans, 22050, 256, Fraction(25))
    spelt = timeline_in_letters(spoken)
    assert spelt.phones == ("sil", "b", "i", "n", "a", "sil", "d", "o", "n", "'", "t", "sil")
    assert spelt.hops == (5, 2, 3, 2, 3, 2, 1, 1, 0, 1, 1, 6)
    assert spelt.words == (WordSpan("bin", 1, 4), WordSpan("a", 4, 5), WordSpan("Don't", 6, 11))
    assert [edge[1:] for edge in spelt.word_times()] == [edge[1:] for edge in spoken.word_times()]


@given(st.lists(st.integers(0, 30), min_size=3, max_size=9).filter(any))
def test_letters_last_as_long_as_the_phones(hops: list[int]) -> None:
    assert timeline_in_letters(sentence(hops)).total_hops == sum(hops)


def test_a_text_in_letters_keeps_what_it_asks_of_durations() -> None:
    text = '<speak>bin <break time="500ms"/><prosody rate="50%">blue</prosody></speak>'
    (sentence,) = sentences_of_text(text, default_frontend(), "characters")
    assert sentence.phones == ("sil", "b", "i", "n", "sil", "b", "l", "u", "e", "sil")
    assert sentence.paces == {4: Pace(0.5, 0.5), **dict.fromkeys(range(5, 9), Pace(0.5))}


def test_what_cannot_be_spelt_is_told() -> None:
    with pytest.raises(UserError, match="'42' has no letter, and the model reads characters"):
        in_letters(Sentence(("sil", "T", "sil"), (WordSpan("42", 1, 2),)))
    with pytest.raises(UserError, match="phones that belong to no word"):
        in_letters(Sentence(("sil", "T", "sil"), ()))
    with pytest.raises(UserError, match="the letter 'z', which the voice never saw"):
        in_known_phones([Sentence(("z", "o"), (WordSpan("zo", 0, 2),))], {"o", "sil"})


def test_volume_amplifies_hops_and_parts_as_the_whole() -> None:
    (sentence,) = sentences_of_text('<speak>at <prosody volume="+6dB">it</prosody></speak>', default_frontend())
    gains_H = gains(sentence, (2,) * len(sentence.phones))
    assert gains_H is not None and gains_H.tolist() == pytest.approx([1] * 6 + [10**0.3] * 4 + [1] * 2)
    assert gains(replace(sentence, paces={}), (2,) * len(sentence.phones)) is None
    whole = amplified(np.full(12 * 4, 0.9, np.float32), gains_H, 0, 4)
    assert whole.max() == 1 and whole.min() == np.float32(0.9)
    assert np.array_equal(amplified(np.full(5 * 4, 0.9, np.float32), gains_H, 3, 4), whole[12:32])


def test_lines_carry_speakers_bookmarks_and_what_is_passed_over() -> None:
    text = '<speak>One <mark name="a"/> two \u2603. <voice name="s1">Three.</voice></speak>'
    one, two = sentences_of_text(text, default_frontend())
    assert (one.speaker, two.speaker, one.unread) == (None, "s1", ("\u2603",))
    assert [(mark.name, one.phones[mark.phone]) for mark in one.bookmarks] == [("a", "T")]
    spelt, _ = sentences_of_text(text, default_frontend(), "characters")
    assert [(mark.name, spelt.phones[mark.phone]) for mark in spelt.bookmarks] == [("a", "t")]
