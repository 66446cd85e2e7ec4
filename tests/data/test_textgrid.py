"""TextGrids as the Montreal Forced Aligner writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.audio.aligner import Segment
from avsynth.data.textgrid import read_textgrid
from avsynth.errors import UserError
from avsynth.text.tokens import Word

pytest.importorskip("praatio")

Interval = tuple[float, float, str]
WORDS: list[Interval] = [(0, 0.5, ""), (0.5, 0.8, "Bin"), (0.8, 1.2, "blue"), (1.2, 2, "")]
PHONES: list[Interval] = [
    (0, 0.5, "sil"),
    (0.5, 0.6, "B"),
    (0.6, 0.7, "IH1"),
    (0.7, 0.8, "N"),
    (0.8, 0.9, "B"),
    (0.9, 1.0, "L"),
    (1.0, 1.2, "UW1"),
    (1.2, 2, "sp"),
]


def write(path: Path, **tiers: list[Interval]) -> Path:
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", "xmax = 2", "tiers? <exists>"]
    lines += [f"size = {len(tiers)}", "item []:"]
    for number, (name, intervals) in enumerate(tiers.items(), start=1):
        lines += [f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{name}"']
        lines += ["        xmin = 0", "        xmax = 2", f"        intervals: size = {len(intervals)}"]
        for place, (start, end, label) in enumerate(intervals, start=1):
            lines += [f"        intervals [{place}]:", f"            xmin = {start}", f"            xmax = {end}"]
            lines += [f'            text = "{label}"']
    path.write_text("\n".join(lines) + "\n")
    return path


def test_phones_belong_to_words_which_have_their_stress(tmp_path: Path) -> None:
    segments, words = read_textgrid(write(tmp_path / "a.TextGrid", words=WORDS, phones=PHONES))
    assert words == [Word("bin", ("B", "IH", "N"), "1"), Word("blue", ("B", "L", "UW"), "1")]
    assert [(item.phone, item.word) for item in segments] == [
        *(("B", 0), ("IH", 0), ("N", 0)),
        *(("B", 1), ("L", 1), ("UW", 1)),
    ]
    assert segments[1] == Segment("IH", 0, 0.6, 0.7)


def test_a_phone_outside_every_word_is_named(tmp_path: Path) -> None:
    stray: list[Interval] = [(0, 0.5, "sil"), (0.5, 0.8, "B"), (0.8, 1.2, "B"), (1.2, 2, "Z")]
    with pytest.raises(UserError, match=r"phone Z at 1\.20 s belongs to no word"):
        read_textgrid(write(tmp_path / "a.TextGrid", words=WORDS, phones=stray))


def test_a_word_without_phones_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="a word has no phones"):
        read_textgrid(write(tmp_path / "a.TextGrid", words=WORDS, phones=PHONES[:4]))


def test_a_missing_tier_or_file_or_another_file_is_one_line(tmp_path: Path) -> None:
    other = tmp_path / "other.TextGrid"
    other.write_text("not a TextGrid")
    for path in (write(tmp_path / "a.TextGrid", words=WORDS), other, tmp_path / "gone.TextGrid"):
        with pytest.raises(UserError, match="cannot read TextGrid") as caught:
            read_textgrid(path)
        assert "\n" not in str(caught.value)
