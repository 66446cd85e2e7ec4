"""From seconds to whole hops: sums are exact, every phone keeps a hop, each boundary is rounded once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.audio.aligner import Segment
from avsynth.data.alignment import Alignment, read_alignments, segments_to_timeline, write_alignments
from avsynth.errors import UserError
from avsynth.text.tokens import Word
from avsynth.timeline import Timeline, durations_between

RATE, HOP, FPS = 22050, 256, Fraction(25)


def convert(segments: list[Segment], words: list[str], total_hops: int, min_silence_s: float = 0.06) -> Timeline:
    said = [Word(word, (), "1") for word in words]
    return segments_to_timeline(segments, said, total_hops, RATE, HOP, FPS, min_silence_s)


@some.composite
def spoken(draw: some.DrawFn) -> tuple[list[Segment], list[str], int]:
    """Words of phones, some touching, some a pause apart, some shorter than a hop; and a length in hops."""
    time = draw(some.floats(0, 0.5))
    segments = []
    words = draw(some.integers(1, 6))
    for word in range(words):
        for phone in range(draw(some.integers(1, 4))):
            if phone == 0:
                time += draw(some.sampled_from([0.0, 0.0, 0.03, 0.2]))
            end = time + draw(some.floats(0.001, 0.2))
            segments.append(Segment(f"P{phone}", word, time, end))
            time = end
    spare = draw(some.integers(-5, 40))
    most = 2 * len(segments) + 1
    return segments, [f"w{number}" for number in range(words)], max(most, round(time * RATE / HOP) + spare)


@settings(max_examples=60, deadline=None)
@given(spoken())
def test_hops_sum_exactly_and_no_phone_vanishes(case: tuple[list[Segment], list[str], int]) -> None:
    segments, words, total = case
    timeline = convert(segments, words, total)
    assert timeline.total_hops == total
    assert min(timeline.hops) >= 1
    assert [phone for phone in timeline.phones if phone != "sil"] == [segment.phone for segment in segments]
    assert timeline.phones[0] == timeline.phones[-1] == "sil"
    assert [word.text for word in timeline.words] == words and {word.stress for word in timeline.words} == {"1"}
    for number, word in enumerate(timeline.words):
        own = [segment.phone for segment in segments if segment.word == number]
        assert list(timeline.phones[word.first : word.last]) == own


def test_boundaries_are_the_nearest_hops() -> None:
    segments = [Segment("B", 0, 0.30, 0.40), Segment("IH", 0, 0.40, 0.52), Segment("N", 0, 0.52, 0.70)]
    timeline = convert(segments, ["bin"], 120)
    for edge, second in zip(timeline.boundaries_s[1:5], (0.30, 0.40, 0.52, 0.70), strict=True):
        assert abs(float(edge) - second) <= HOP / RATE / 2 + 1e-9


def test_a_short_gap_is_shared_and_a_long_one_is_silence() -> None:
    segments = [Segment("AA", 0, 0.2, 0.5), Segment("IY", 1, 0.54, 0.8), Segment("UW", 2, 1.0, 1.2)]
    timeline = convert(segments, ["a", "e", "u"], 150)
    assert timeline.phones == ("sil", "AA", "IY", "sil", "UW", "sil")
    edges = [float(edge) for edge in timeline.boundaries_s]
    assert edges[2] == pytest.approx(0.52, abs=0.006)
    assert edges[3:5] == pytest.approx([0.8, 1.0], abs=0.006)
    assert convert(segments, ["a", "e", "u"], 150, min_silence_s=0.5).phones == ("sil", "AA", "IY", "UW", "sil")


def test_a_gap_inside_a_word_is_never_silence() -> None:
    segments = [Segment("AA", 0, 0.2, 0.5), Segment("IY", 0, 0.9, 1.2)]
    assert convert(segments, ["ai"], 150).phones == ("sil", "AA", "IY", "sil")


def test_phones_past_the_sound_s_end_are_pressed_together() -> None:
    assert durations_between([0.0, 1.0, 2.0, 3.0], 5, 10.0) == [2, 1, 1, 1]
    assert durations_between([0.0, 0.0, 0.0], 9, 10.0) == [1, 1, 7]


def test_more_phones_than_hops_are_refused() -> None:
    with pytest.raises(UserError, match="3 phones do not fit into 2 mel frames"):
        durations_between([0.0, 0.1, 0.2], 2, 10.0)


def test_what_is_written_is_read(tmp_path: Path, timeline: Timeline) -> None:
    faster = timeline.with_fps(Fraction(30000, 1001))
    rows = [Alignment("s1_a", "acoustic", timeline), Alignment("s1_b", "held", faster)]
    write_alignments(tmp_path / "a.jsonl", rows)
    assert read_alignments(tmp_path / "a.jsonl") == {row.uid: row for row in rows}


@pytest.mark.parametrize("line", ["{", "[]", '{"uid": "a"}', '{"uid": "a", "source": "held", "phones": 3}'])
def test_a_bad_line_is_named(tmp_path: Path, timeline: Timeline, line: str) -> None:
    path = tmp_path / "a.jsonl"
    write_alignments(path, [Alignment("s1_a", "acoustic", timeline)])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(UserError, match=r"a\.jsonl:2"):
        read_alignments(path)
    with pytest.raises(UserError, match="cannot read alignments"):
        read_alignments(tmp_path / "gone.jsonl")
