"""Label files as they really are: what is put right, how it is counted, and what cannot be."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.data.mlf import PAUSE, SLIP, Label, read_mlf, tidy
from avsynth.errors import UserError

MLF = """#!MLF!#
"/media/some one/TOSHIBA EXT/TCDTIMIT/volunteers/01M/Clips/straightcam/sa1.rec"
0 9100000 sil
9100000 10500000 sh
10500000 11300000 iy -71.25
11300000 20000000 sil
.
"Q:\\Videos\\TCD-TIMIT\\volunteers\\02F\\Clips\\straightcam\\SX5.mp4"
0 100 sil
.
"""


def rows(*labels: tuple[int, int, str]) -> tuple[Label, ...]:
    """Labels in milliseconds."""
    return tuple(Label(start * 10_000, end * 10_000, name) for start, end, name in labels)


def put_right(*labels: tuple[int, int, str]) -> tuple[list[tuple[float, float, str]], dict[str, int]]:
    """The same, and back in milliseconds."""
    tidied, repairs = tidy(rows(*labels))
    return [(item.start / 10_000, item.end / 10_000, item.name) for item in tidied], dict(repairs)


def test_entries_are_read_whatever_disk_they_name(tmp_path: Path) -> None:
    (tmp_path / "a.mlf").write_text(MLF)
    first, second = read_mlf(tmp_path / "a.mlf")
    assert first.path == "/media/some one/TOSHIBA EXT/TCDTIMIT/volunteers/01M/Clips/straightcam/sa1.rec"
    assert (first.line, first.fault, len(first.labels)) == (2, "", 4)
    assert first.labels[2] == Label(10_500_000, 11_300_000, "iy")
    assert second.path.split("/")[-4:] == ["02F", "Clips", "straightcam", "SX5.mp4"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('"a/sa1.rec"\n0 100 sil\n100 x sh\n.\n', "line 4: not 'start end phone': '100 x sh'"),
        ('"a/sa1.rec"\n0 -100 sil\n.\n', "line 3: not 'start end phone': '0 -100 sil'"),
        ('"a/sa1.rec"\n.\n', "line 3: no labels"),
        ('"a/sa1.rec"\n0 100 sil\n', "the file ends before its '.'"),
        ('"a/sa1.rec"\n0 100 sil\n"a/sa2.rec"\n0 1 sil\n.\n', "line 4: another begins before its '.'"),
    ],
)
def test_a_damaged_entry_has_a_fault(tmp_path: Path, entry: str, fault: str) -> None:
    (tmp_path / "a.mlf").write_text("#!MLF!#\n" + entry)
    first, *others = read_mlf(tmp_path / "a.mlf")
    assert first.fault == fault
    assert not any(item.fault for item in others)


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mlf").write_text("0 100 sil\n")
    with pytest.raises(UserError, match=r"a\.mlf is no label file: its first line must be #!MLF!#"):
        list(read_mlf(tmp_path / "a.mlf"))
    with pytest.raises(UserError, match=r"cannot read .*gone\.mlf"):
        list(read_mlf(tmp_path / "gone.mlf"))


def test_sound_labels_stay_as_they_are() -> None:
    labels = ((0, 500, "sil"), (500, 600, "t"), (600, 650, "uw"), (650, 900, "sil"))
    assert put_right(*labels) == (list(labels), {})


def test_a_gap_of_one_unit_is_a_slip() -> None:
    labels = (Label(0, 4_999_999, "sil"), Label(5_000_000, 6_000_000, "t"), Label(5_999_999, 7_000_000, "sil"))
    tidied, repairs = tidy(labels)
    assert [(item.start, item.end) for item in tidied] == [
        (0, 4_999_999),
        (4_999_999, 6_000_000),
        (6_000_000, 7_000_000),
    ]
    assert repairs == {"slips": 2}


def test_reversed_intervals_are_turned() -> None:
    labels = ((0, 500, "sil"), (600, 500, "t"), (600, 900, "sil"))
    assert put_right(*labels) == ([(0, 500, "sil"), (500, 600, "t"), (600, 900, "sil")], {"reversed": 1})


def test_a_start_off_the_end_before_it_moves_the_boundary_between() -> None:
    tidied, repairs = put_right((0, 500, "sil"), (500, 600, "t"), (580, 700, "uw"), (720, 900, "n"), (900, 990, "sil"))
    assert [item[0] for item in tidied] == [0, 500, 590, 710, 900]
    assert repairs == {"moved": 2}


def test_a_stretch_without_a_label_is_silence() -> None:
    labels = ((0, 500, "sil"), (500, 600, "t"), (700, 800, "uw"), (830, 900, "sil"), (905, 950, "n"), (950, 990, "sil"))
    tidied, repairs = put_right(*labels)
    assert tidied == [
        *((0, 500, "sil"), (500, 600, "t"), (600, 700, "sil"), (700, 800, "uw"), (800, 905, "sil")),
        *((905, 950, "n"), (950, 990, "sil")),
    ]
    assert repairs == {"pauses": 1, "moved": 2}


def test_a_phone_twice_is_one_and_silences_join_without_a_word() -> None:
    tidied, repairs = put_right((0, 500, "sil"), (500, 600, "t"), (600, 650, "t"), (650, 700, "sil"), (700, 990, "sil"))
    assert tidied == [(0, 500, "sil"), (500, 650, "t"), (650, 990, "sil")]
    assert repairs == {"twice": 1}


def test_speech_before_the_first_silence_and_after_the_last_gets_one() -> None:
    tidied, repairs = put_right((0, 100, "t"), (100, 200, "uw"))
    assert tidied == [(0, 0, "sil"), (0, 100, "t"), (100, 200, "uw"), (200, 200, "sil")]
    assert repairs == {"speech_first": 1, "speech_last": 1}
    assert put_right((300, 400, "t"), (400, 500, "sil"))[0][0] == (0, 300, "sil")


@pytest.mark.parametrize(
    "labels",
    [
        ((0, 500, "sil"), (500, 600, "t"), (400, 700, "uw")),
        ((0, 500, "sil"), (500, 900, "t"), (600, 700, "uw")),
        ((0, 500, "sil"), (600, 100, "t"), (600, 700, "uw")),
    ],
)
def test_labels_without_an_order_cannot_be_put_right(labels: tuple[tuple[int, int, str], ...]) -> None:
    with pytest.raises(UserError, match=r"the labels are out of order at 0\.\d\d s, "):
        tidy(rows(*labels))


@some.composite
def faulty(draw: some.DrawFn) -> tuple[Label, ...]:
    """Labels in order whose edges slip, part, overlap and turn round."""
    time = draw(some.sampled_from([0, 0, 7, PAUSE * 2]))
    labels = []
    for _ in range(draw(some.integers(1, 12))):
        end = time + draw(some.integers(300_000, 2_000_000))
        name = draw(some.sampled_from(["sil", "t", "uw", "n"]))
        labels.append(Label(end, time, name) if draw(some.integers(0, 9)) == 0 else Label(time, end, name))
        time = max(time, end + draw(some.sampled_from([0, 0, 0, 1, -1, SLIP, -250_000, 300_000, PAUSE])))
    return tuple(labels)


@settings(max_examples=200, deadline=None)
@given(faulty())
def test_whatever_is_put_right_has_no_gap_and_no_phone_twice(labels: tuple[Label, ...]) -> None:
    tidied, repairs = tidy(labels)
    assert tidied[0].start == 0 and tidied[0].name == tidied[-1].name == "sil"
    for one, other in pairwise(tidied):
        assert one.start <= one.end == other.start
        assert one.name != other.name
    assert tidied[-1].end == max(max(item.start, item.end) for item in labels)
    said = [item.name for item in labels if item.name != "sil"]
    assert len(said) - repairs["twice"] == sum(item.name != "sil" for item in tidied)
    moved = max((abs(one.end - other.start) for one, other in pairwise(labels)), default=0)
    for label in labels:  # every phone still lies where it was labelled
        middle = (label.start + label.end) / 2
        assert any(item.name == label.name and item.start - moved <= middle <= item.end + moved for item in tidied)
