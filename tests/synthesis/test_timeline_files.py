from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.models.regulator import overlap_weights
from avsynth.synthesis.timeline_files import check_timeline_suffix, read_timeline, to_oculus, write_timeline
from avsynth.text import PHONES
from avsynth.text.visemes import OCULUS, OCULUS_NAMES
from avsynth.timeline import Timeline, WordSpan

TIMELINE = Timeline(
    ("sil", "B", "IH", "N", "sil", "N", "AW", "sil"),
    (20, 6, 8, 7, 30, 9, 20, 15),
    (WordSpan("bin", 1, 4), WordSpan("now", 5, 7)),
    22050,
    256,
    Fraction(30000, 1001),
)


def test_json_round_trip_and_edit(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    write_timeline(TIMELINE, path)
    assert read_timeline(path) == TIMELINE
    value = json.loads(path.read_text())
    assert value["phones"][1]["viseme_microsoft"] == 21 and value["phones"][1]["viseme_oculus"] == "PP"
    value["phones"][1]["hops"] = 10
    path.write_text(json.dumps(value))
    assert read_timeline(path).hops[1] == 10


def test_captions(tmp_path: Path) -> None:
    write_timeline(TIMELINE, tmp_path / "t.srt")
    assert (tmp_path / "t.srt").read_text() == "1\n00:00:00,232 --> 00:00:01,232\nbin now\n"
    write_timeline(TIMELINE, tmp_path / "t.vtt")
    assert (tmp_path / "t.vtt").read_text() == "WEBVTT\n\n00:00:00.232 --> 00:00:01.232\nbin now\n"
    write_timeline(TIMELINE, tmp_path / "t.karaoke.vtt")
    assert (tmp_path / "t.karaoke.vtt").read_text().endswith("\nbin <00:00:00.824>now\n")


def test_textgrid_is_what_praatio_reads(tmp_path: Path) -> None:
    textgrid = pytest.importorskip("praatio.textgrid")
    path = tmp_path / "t.TextGrid"
    write_timeline(TIMELINE, path)
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False)
    assert [entry.label for entry in grid.getTier("words").entries] == ["bin", "now"]
    phones = grid.getTier("phones").entries
    assert [entry.label for entry in phones] == ["B", "IH", "N", "N", "AW"]
    assert phones[0].start == pytest.approx(20 * 256 / 22050, abs=1e-6)


@pytest.mark.parametrize("text", ("", "{}", '{"phones": 3}', "[]", '[["phones"]]', "null"))
def test_a_file_that_is_no_timeline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"bad\.json"):
        read_timeline(path)


def test_unknown_suffix(tmp_path: Path) -> None:
    for name in ("t.docx", "microsoft", "t.csv"):
        with pytest.raises(
            UserError, match=r"\.json, \.srt, \.vtt, \.karaoke\.vtt, \.captions\.json, .* or \.oculus\.csv"
        ):
            write_timeline(TIMELINE, tmp_path / name)


def test_the_longest_ending_counts() -> None:
    assert check_timeline_suffix(Path("a.b/out.Microsoft.JSON")) == ".microsoft.json"
    assert check_timeline_suffix(Path("my.microsoft/out.json")) == ".json"


def test_microsofts_events(tmp_path: Path) -> None:
    hops = (10, 0, 20, 5, 5, 10)
    timeline = Timeline(("sil", "AA", "P", "B", "click", "sil"), hops, (), 22050, 256, Fraction(25))
    write_timeline(timeline, tmp_path / "t.microsoft.json")
    assert json.loads((tmp_path / "t.microsoft.json").read_text()) == [
        {"audio_offset": 0, "viseme_id": 0},
        {"audio_offset": 1_160_998, "viseme_id": 21},
        {"audio_offset": 4_063_492, "viseme_id": 0},
    ]


def test_oculus_weights_of_frames(tmp_path: Path) -> None:
    timeline = Timeline(("sil", "B", "P", "AA"), (1, 2, 1, 6), (), 1000, 10, Fraction(25))  # four hops make a frame
    write_timeline(timeline, tmp_path / "t.oculus.csv")
    with (tmp_path / "t.oculus.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [
        "time_s",
        "sil",
        "PP",
        "FF",
        "TH",
        "DD",
        "kk",
        "CH",
        "SS",
        "nn",
        "RR",
        "aa",
        "E",
        "ih",
        "oh",
        "ou",
    ]
    shown = [{name: value for name, value in zip(header, row, strict=True) if value != "0"} for row in rows]
    assert shown == [
        {"time_s": "0.000000", "sil": "0.25", "PP": "0.75"},
        {"time_s": "0.040000", "aa": "1"},
        {"time_s": "0.080000", "aa": "1"},
    ]


@given(
    st.lists(st.tuples(st.sampled_from(("sil", *PHONES)), st.integers(0, 12)), min_size=1, max_size=30),
    st.sampled_from([Fraction(25), Fraction(30000, 1001), Fraction(60), Fraction(7)]),
)
def test_oculus_weights_are_those_of_the_lips(phones: list[tuple[str, int]], fps: Fraction) -> None:
    names, hops = zip(*phones, strict=True)
    if not sum(hops):
        return
    timeline = Timeline(names, hops, (), 22050, 256, fps)
    rows = [list(map(float, row.split(",")[1:])) for row in to_oculus(timeline).splitlines()[1:]]
    frame_hops = float(1 / (fps * timeline.hop_s))
    weights_TP = overlap_weights(torch.tensor([hops]), frame_hops, timeline.lip_frames)[0]
    for name, column in zip(OCULUS_NAMES, zip(*rows, strict=True), strict=True):
        mine_T = weights_TP[:, [OCULUS[phone] == name for phone in names]].sum(dim=1)
        assert column == pytest.approx(mine_T.tolist(), abs=1e-5)


@pytest.mark.parametrize("hops", (-1, 2.5, True, None, float("inf"), float("nan"), "two"))
def test_durations_that_are_no_whole_hops(tmp_path: Path, hops: object) -> None:
    path = tmp_path / "bad.json"
    write_timeline(TIMELINE, path)
    value = json.loads(path.read_text())
    value["phones"][2]["hops"] = hops
    path.write_text(json.dumps(value))
    with pytest.raises(UserError, match=r"bad\.json"):
        read_timeline(path)


def test_suffixes_in_capitals_and_phones_without_a_viseme(tmp_path: Path) -> None:
    path = tmp_path / "T.JSON"
    write_timeline(replace(TIMELINE, phones=("sil", "B", "click", *TIMELINE.phones[3:])), path)
    assert json.loads(path.read_text())["phones"][2]["viseme_oculus"] is None
    write_timeline(TIMELINE, tmp_path / "t.textgrid")
    assert "IntervalTier" in (tmp_path / "t.textgrid").read_text()


def test_a_word_of_no_length_has_no_interval(tmp_path: Path) -> None:
    textgrid = pytest.importorskip("praatio.textgrid")
    path = tmp_path / "t.TextGrid"
    write_timeline(replace(TIMELINE, hops=(20, 0, 0, 0, 30, 9, 20, 15)), path)
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=True)
    words = grid.getTier("words").entries
    assert [entry.label for entry in words] == ["", "now", ""]
    assert [entry.start for entry in words[1:]] == [entry.end for entry in words[:-1]]


def changed(**change: object) -> dict[str, object]:
    return {**TIMELINE.to_dict(), **change}


def phone(number: int, **change: object) -> dict[str, object]:
    """The timeline with one phone, from 0, edited."""
    value: dict[str, Any] = TIMELINE.to_dict()
    value["phones"][number] |= change
    return value


def without(key: str, number: int) -> dict[str, object]:
    value: dict[str, Any] = TIMELINE.to_dict()
    del value["phones"][number][key]
    return value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (json.dumps(changed(fps="1e9")), "fps must"),
        (json.dumps(changed(fps="1e999999999")), "fps must"),
        (json.dumps(changed(fps=1e-7)), "fps must"),
        (json.dumps(changed(fps=241)), "fps must lie between"),
        (json.dumps(changed(fps=None)), "fps must"),
        (json.dumps(phone(2, hops=int("9" * 400))), "hundreds of digits"),
        (json.dumps(phone(2, hops=999_999_999)), "more than 24 hours"),
        (json.dumps(phone(2, hops=2.5)), "phone 3: 'hops'"),
        (json.dumps(without("hops", 1)), "phone 2 has no 'hops'"),
        (json.dumps(without("phone", 0)), "phone 1 has no 'phone'"),
        (json.dumps(changed(words=[{"word": "a"}])), "word 1 has no 'first_phone'"),
        (
            json.dumps(changed(words=[{"word": "a", "first_phone": 1, "last_phone": 2, "span": [1, "x"]}])),
            "word 1: 'span' must be two whole numbers",
        ),
        (json.dumps(changed(bookmarks=[{"name": "a", "phone": 99}])), "a bookmark of the timeline lies outside"),
        (json.dumps(changed(phones="abc")), "must be a list"),
        (json.dumps(changed(phones=[7])), "phone 1 is no JSON object"),
        (json.dumps(changed(sample_rate="fast")), "'sample_rate'"),
        (json.dumps(phone(3, end_s=9.5)), "phone 4 ends at 9.5 s"),
        ("[" * 100_000 + "]" * 100_000, "too deeply"),
        ("[]", "no JSON object"),
        ("{", "not valid JSON"),
    ],
)
def test_what_is_no_timeline_is_one_line_that_names_the_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(UserError, match=re.escape(says)) as refused:
        read_timeline(path)
    line = str(refused.value)
    assert "bad.json" in line and "\n" not in line and len(line) < 300


@pytest.mark.parametrize(("fps", "read"), [(29.97, Fraction(30000, 1001)), (25, Fraction(25)), ("50/2", Fraction(25))])
def test_a_frame_rate_is_a_number_or_a_text(tmp_path: Path, fps: object, read: Fraction) -> None:
    (tmp_path / "t.json").write_text(json.dumps(changed(fps=fps)))
    assert read_timeline(tmp_path / "t.json").fps == read


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(TIMELINE.to_dict()), encoding="utf-8-sig")
    assert read_timeline(tmp_path / "t.json") == TIMELINE


def test_edited_hops_need_no_edited_times(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(phone(1, hops=40)))
    assert read_timeline(tmp_path / "t.json").hops[1] == 40
