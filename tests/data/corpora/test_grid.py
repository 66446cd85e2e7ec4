"""GRID as its owners lay it out and as its copies do."""

from __future__ import annotations

from pathlib import Path

import pytest

from avsynth.data.corpora.grid import all_sentences, find_clips, read_align, sentence
from avsynth.data.manifest import WordTime
from avsynth.errors import UserError


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_code_is_a_sentence() -> None:
    assert sentence("bbaf2n") == "bin blue at f two now"
    assert sentence("swwzzs") == "set white with z zero soon"


@pytest.mark.parametrize("code", ["bbaf2", "bbaw2n", "xbaf2n", "bbaf2nn", "BBAF2N", ""])
def test_another_code_is_refused(code: str) -> None:
    with pytest.raises(UserError, match="not the code of a GRID sentence"):
        sentence(code)


def test_the_grammar_has_64000_sentences() -> None:
    codes = all_sentences()
    assert len(set(codes)) == len(codes) == 64_000
    assert len({sentence(code) for code in codes[::97]}) == len(codes[::97])


def test_one_speaker_s_folder(tmp_path: Path) -> None:
    corpus = tmp_path / "grid_s7"
    touch(corpus, "video/bbaf2n.mp4", "video/lgal1s.mpg", "video/notes.txt", "align/bbaf2n.align")
    first, second = find_clips(corpus)
    assert (first.speaker, first.code, first.align) == ("s7", "bbaf2n", corpus / "align" / "bbaf2n.align")
    assert first.audio == first.video == corpus / "video" / "bbaf2n.mp4"
    assert (second.code, second.align) == ("lgal1s", None)
    assert {clip.speaker for clip in find_clips(corpus, "s9")} == {"s9"}


def test_the_corpus_s_own_folders(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "s1/bbaf2n.mpg",
        "alignments/s1/bbaf2n.align",
        "audio_25k/s1/bbaf2n.wav",
        "s2/video/mpg_6000/bbaf2n.mpg",
        "s2/align/bbaf2n.align",
        "s10/lgal1s.mpg",
        "s2x/lgal1s.mpg",
    )
    clips = find_clips(tmp_path)
    assert [(clip.speaker, clip.code) for clip in clips] == [("s1", "bbaf2n"), ("s2", "bbaf2n"), ("s10", "lgal1s")]
    assert clips[0].audio == tmp_path / "audio_25k" / "s1" / "bbaf2n.wav"
    assert clips[0].align == tmp_path / "alignments" / "s1" / "bbaf2n.align"
    assert clips[1].audio == clips[1].video == tmp_path / "s2" / "video" / "mpg_6000" / "bbaf2n.mpg"
    assert clips[1].align == tmp_path / "s2" / "align" / "bbaf2n.align"
    assert clips[2].align is None


def test_a_folder_that_is_not_grid_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "music/song.mp3")
    with pytest.raises(UserError, match="is it GRID"):
        find_clips(tmp_path)
    with pytest.raises(UserError, match="is not a folder"):
        find_clips(tmp_path / "gone")


def test_word_times_are_25_000_to_the_second(tmp_path: Path) -> None:
    path = tmp_path / "a.align"
    path.write_text("0 5000 sil\n5000 12500 bin\n12500 13000 sp\n\n13000 25000 blue\n25000 74500 sil\n")
    assert read_align(path) == (WordTime("bin", 0.2, 0.5), WordTime("blue", 0.52, 1.0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 100 sil\n100 bin\n", r"a\.align:2: not 'start end word'"),
        ("0 100 sil\n100 x bin\n", r"a\.align:2: not 'start end word'"),
        ("0 100 sil\n50 200 bin\n", r"a\.align:2: times run backwards"),
        ("100 50 bin\n", r"a\.align:1: times run backwards"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.align"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        read_align(path)
