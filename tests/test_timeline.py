import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.timeline import Timeline, WordSpan, lip_frame_count, parse_fps

RATES = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60)]
) | (st.fractions(min_value=1, max_value=240, max_denominator=1001))
CLOCKS = st.sampled_from([(22050, 256), (16000, 160), (24000, 300), (44100, 512)])


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    hops = draw(st.lists(st.integers(0, 60), min_size=1, max_size=40).filter(any))
    cuts = sorted(draw(st.sets(st.integers(0, len(hops)), max_size=6)))
    words = tuple(WordSpan(f"w{first}", first, last) for first, last in zip(cuts[::2], cuts[1::2], strict=False))
    sample_rate, hop_length = draw(CLOCKS)
    phones = tuple(f"P{index}" for index in range(len(hops)))
    return Timeline(phones, tuple(hops), words, sample_rate, hop_length, draw(RATES))


def make(**changes: Any) -> Timeline:
    values: dict[str, Any] = {
        "phones": ("SIL", "AH", "SIL"),
        "hops": (10, 20, 30),
        "words": (WordSpan("a", 1, 2),),
        "sample_rate": 22050,
        "hop_length": 256,
        "fps": Fraction(25),
    }
    return Timeline(**(values | changes))


@given(timelines())
def test_boundaries_sum_to_the_sound(timeline: Timeline) -> None:
    edges = timeline.boundaries_s
    assert len(edges) == len(timeline.phones) + 1 and edges[0] == 0 and edges[-1] == timeline.duration_s
    assert timeline.duration_s == Fraction(sum(timeline.hops) * timeline.hop_length, timeline.sample_rate)
    assert list(edges) == sorted(edges)


@given(timelines())
def test_the_frames_cover_the_sound_and_no_frame_is_spare(timeline: Timeline) -> None:
    shown = timeline.lip_frames / timeline.fps
    assert shown - timeline.duration_s >= 0
    assert timeline.lip_frames == 1 or shown - timeline.duration_s < 1 / timeline.fps


@given(timelines())
def test_padded_sound_and_picture_end_within_half_a_sample(timeline: Timeline) -> None:
    padded = Fraction(timeline.padded_samples, timeline.sample_rate)
    assert abs(padded - timeline.lip_frames / timeline.fps) <= Fraction(1, 2 * timeline.sample_rate)


@given(timelines(), RATES)
def test_another_rate_leaves_the_durations(timeline: Timeline, fps: Fraction) -> None:
    other = timeline.with_fps(fps)
    assert other.boundaries_s == timeline.boundaries_s and other.fps == fps
    assert other.lip_frames == lip_frame_count(timeline.total_hops, timeline.hop_s, fps)


@given(timelines())
def test_json_round_trip(timeline: Timeline) -> None:
    assert Timeline.from_dict(json.loads(json.dumps(timeline.to_dict()))) == timeline
    stressed = replace(timeline, words=tuple(word._replace(stress="10") for word in timeline.words))
    assert Timeline.from_dict(json.loads(json.dumps(stressed.to_dict()))) == stressed


def test_a_stress_that_is_none_is_refused() -> None:
    value = make().to_dict()
    for stress in (3, "3", "x", "1" * 100, None):
        value["words"][0]["stress"] = stress
        with pytest.raises(UserError, match="word 1: 'stress' must be"):
            Timeline.from_dict(value)


@given(timelines())
def test_written_frames_lie_in_the_picture_and_hold_their_phone(timeline: Timeline) -> None:
    edges = timeline.boundaries_s
    for item, start, end in zip(timeline.to_dict()["phones"], edges, edges[1:], strict=False):
        first, last = item["first_lip_frame"], item["last_lip_frame"]
        assert 0 <= first <= last < timeline.lip_frames
        if end > start:
            assert first / timeline.fps <= start < (first + 1) / timeline.fps
            assert last / timeline.fps < end <= (last + 1) / timeline.fps


@given(timelines(), timelines())
def test_joined_timelines_follow_one_another(left: Timeline, right: Timeline) -> None:
    if (left.sample_rate, left.hop_length, left.fps) != (right.sample_rate, right.hop_length, right.fps):
        with pytest.raises(ValueError, match="different clocks"):
            _ = left + right
        return
    both = left + right
    assert both.total_hops == left.total_hops + right.total_hops
    shifted = [(name, start + float(left.duration_s)) for name, start, _ in right.word_times()]
    joined = [(name, start) for name, start, _ in both.word_times()[len(left.words) :]]
    assert [name for name, _ in joined] == [name for name, _ in shifted]
    assert [start for _, start in joined] == pytest.approx([start for _, start in shifted])


def test_an_hour_does_not_drift() -> None:
    hops = 310_078  # 3600.0 s
    for fps in (Fraction(25), Fraction(30000, 1001), Fraction(60)):
        timeline = make(phones=("AH",) * hops, hops=(1,) * hops, words=(), fps=fps)
        assert abs(timeline.lip_frames / fps - timeline.duration_s) < 1 / fps


def test_word_times_are_those_of_their_phones() -> None:
    assert make().word_times() == [("a", pytest.approx(10 * 256 / 22050), pytest.approx(30 * 256 / 22050))]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hops": (1, 2)}, "3 phones but 2 durations"),
        ({"hops": (1, -2, 3)}, "0 or more"),
        ({"hops": (0, 0, 0)}, "positive sum"),
        ({"fps": Fraction(0)}, "positive fps"),
        ({"words": (WordSpan("a", 1, 9),)}, "'a' does not cover phones"),
        ({"words": (WordSpan("a", 1, 2), WordSpan("b", 0, 1))}, "'b' does not cover"),
    ],
)
def test_impossible_timelines_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        make(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"phones": None},
        {"fps": "0/0"},
        {"words": [{}]},
        {"phones": [{"phone": "A", "hops": 1.5}]},
        {"sample_rate": "x"},
    ],
)
def test_foreign_json_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"my\.json"):
        Timeline.from_dict(make().to_dict() | change, "my.json")


@pytest.mark.parametrize(
    ("place", "times", "fault"),
    [
        (2, {"end_s": 0.9}, r"phone 3 ends at 0\.9 s, where its hops do not end"),
        (2, {"end_s": round(70 * 256 / 22050, 6)}, r"phone 3 ends at 0\.\d+ s and 'duration_s' is 0\.\d+:"),
        (0, {"start_s": 0.1}, r"phone 1 begins at 0\.1 s and what is before it ends at 0 s"),
        (1, {"end_s": 0.4}, r"phone 2 ends at 0\.4 s"),
        (1, {"start_s": 0.2}, r"phone 2 begins at 0\.2 s"),
        (1, {"end_s": "late"}, r"phone 2: 'end_s' must be a number of seconds, not 'late'"),
        (2, {"end_s": float("nan")}, r"phone 3: 'end_s' must be a number of seconds, not nan"),
    ],
)
def test_times_edited_where_hops_should_have_been_are_refused(place: int, times: dict[str, Any], fault: str) -> None:
    value = make().to_dict()
    value["phones"][place] |= times
    with pytest.raises(UserError, match=fault):
        Timeline.from_dict(value)
    for phone in value["phones"]:
        for key in ("start_s", "end_s"):
            del phone[key]
    assert Timeline.from_dict(value) == make()


def test_both_sides_of_a_boundary_moved_to_where_no_hop_ends_are_refused() -> None:
    value = make().to_dict()
    value["phones"][0]["end_s"] = value["phones"][1]["start_s"] = 0.2
    with pytest.raises(UserError, match=r"phone 1 ends at 0\.2 s, where its hops do not end: .* change 'hops'"):
        Timeline.from_dict(value)


@given(timelines(), st.data())
def test_edited_hops_count_whether_times_are_old_new_or_left_out(timeline: Timeline, data: st.DataObject) -> None:
    value = timeline.to_dict()
    place = data.draw(st.integers(0, len(timeline.hops) - 1))
    value["phones"][place]["hops"] += data.draw(st.integers(1, 9))
    edited = Timeline.from_dict(value)
    assert edited.hops[place] == value["phones"][place]["hops"]
    new = edited.to_dict() | {"duration_s": value["duration_s"]}
    assert Timeline.from_dict(new) == edited


@pytest.mark.parametrize("text", ["", "fast", "0", "-25", "1/0", "1000", "nan"])
def test_rates_that_are_none(text: str) -> None:
    with pytest.raises(UserError, match="fps must"):
        parse_fps(text)


@given(RATES)
def test_rates_read_what_they_print(fps: Fraction) -> None:
    assert parse_fps(str(fps)) == parse_fps(fps) == fps


@pytest.mark.parametrize("fps", ["809/27", "2997/100", "1199/20"])
def test_a_fraction_near_a_broadcast_rate_is_what_it_says(fps: str) -> None:
    timeline = make(fps=Fraction(fps))
    assert Timeline.from_dict(timeline.to_dict()) == timeline
