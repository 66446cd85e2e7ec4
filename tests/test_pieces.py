from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.pieces import frame_span, join_timelines, pieces_of, sample_at
from avsynth.timeline import Timeline, WordSpan

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
