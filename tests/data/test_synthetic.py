"""A teacher's corpus: which sentences, what is left out, what a second run keeps."""

from __future__ import annotations

import json
import lzma
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.cli.main import main
from avsynth.data import synthetic as teacher
from avsynth.data.corpora.ljspeech import find_clips, read_labels
from avsynth.data.manifest import PhoneTime
from avsynth.data.synthetic import Reading, Sentence, choose, fault, load_teacher, read_list, teach
from avsynth.errors import UserError

RATE = 8_000
HERE = f"{__name__}:Beeper"


class Beeper:
    """Says a letter in 80 ms, and nothing at all where there is a Q; counts its calls."""

    calls = 0

    def __call__(self, text: str) -> tuple[NDArray[np.float32], int]:
        Beeper.calls += 1
        time = np.arange(round(0.08 * len(text) * RATE)) / RATE
        return (0.3 * np.sin(2 * np.pi * 200 * time) * ("Q" not in text)).astype(np.float32), RATE


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Beeper, "calls", 0)
    load_teacher.cache_clear()


def one_by_one(work: Callable[[Sentence], Reading], jobs: list[Sentence], label: str) -> Iterator[Reading]:
    return map(work, jobs)


def sentences(count: int) -> list[tuple[str, str]]:
    return [(f"LJ-{number:03d}", f"This is sentence number {number} of them.") for number in range(count)]


def test_a_corpus_is_laid_out_as_ljspeech_is(tmp_path: Path) -> None:
    readings = teach(sentences(4), HERE, tmp_path, 1.0, one_by_one)
    assert [item.reason for item in readings] == [""] * 4
    clips = find_clips(tmp_path, "beeper")
    assert [(clip.code, clip.text) for clip in clips] == sentences(4)
    sound = read_audio(clips[0].audio, RATE)
    assert len(sound) / RATE == pytest.approx(0.08 * len(clips[0].text), abs=1e-3) == readings[0].seconds


class Timed(Beeper):
    """Knows that it says B all the time."""

    def phone_times(self, text: str, sound_N: NDArray[np.float32], sample_rate: int) -> tuple[PhoneTime, ...]:
        total = len(sound_N) / sample_rate
        return (PhoneTime("sil", 0, 0.1), PhoneTime("B", 0.1, total - 0.1), PhoneTime("sil", total - 0.1, total))


def test_a_teacher_that_knows_when_it_spoke_which_phone_writes_it_down(tmp_path: Path) -> None:
    timed = f"{__name__}:Timed"
    teach(sentences(2), timed, tmp_path, 1.0, one_by_one)
    clips = find_clips(tmp_path)
    assert [item.phone for item in read_labels(clips[0].labels or tmp_path)] == ["sil", "B", "sil"]
    kept = [(clips[0].labels or tmp_path).stat().st_mtime_ns, Beeper.calls]
    (clips[1].labels or tmp_path).unlink()
    teach(sentences(2), timed, tmp_path, 1.0, one_by_one)
    again = find_clips(tmp_path)
    assert again[1].labels is not None
    assert [(again[0].labels or tmp_path).stat().st_mtime_ns, Beeper.calls] == kept


def test_it_ends_when_there_are_hours_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "CHUNK", 3)
    readings = teach(sentences(20), HERE, tmp_path, 10 / 3600, one_by_one)  # 2.8 s each, three at a time
    assert len(readings) == len(find_clips(tmp_path)) == 6


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    teach(sentences(5), HERE, tmp_path, 1.0, one_by_one)
    (tmp_path / "wavs" / "LJ-003.wav").unlink()
    before = Beeper.calls
    again = teach(sentences(5), HERE, tmp_path, 1.0, one_by_one)
    assert Beeper.calls == before + 1 and all(item.seconds > 2 for item in again)


def test_a_silent_reading_is_left_out_of_list_and_folder(tmp_path: Path) -> None:
    rows = [*sentences(2), ("LJ-9", "Quiet is what the Q of this one is.")]
    readings = teach(rows, HERE, tmp_path, 1.0, one_by_one)
    assert readings[2].reason.startswith("silent: ") and readings[2].seconds == 0
    assert {path.stem for path in (tmp_path / "wavs").iterdir()} == {"LJ-000", "LJ-001"}
    assert [clip.code for clip in find_clips(tmp_path)] == ["LJ-000", "LJ-001"]


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (np.zeros((2, 9)), "no sound: an array of shape (2, 9)"),
        (np.full(900, np.nan), "no sound"),
        (np.full(9_000, 1.5), "clipped: its peak is 1.50"),
        (np.full(900, 0.5), "no human pace: 0.011 s a character"),
        (np.full(90_000, 0.5), "no human pace: 1.125 s a character"),
        (np.full(8_000, 0.5), ""),
    ],
)
def test_faults(sound: NDArray[np.float64], says: str) -> None:
    found = fault(sound.astype(np.float32), RATE, "ten chars.")
    assert found.startswith(says) and bool(found) == bool(says)


def test_sentences_are_chosen_by_length_and_seed() -> None:
    listed = {f"{number:03d}": "x" * number for number in range(1, 200)}
    chosen = choose(listed, 1)
    assert sorted(len(text) for _, text in chosen) == list(range(20, 121))
    assert chosen == choose(dict(reversed(listed.items())), 1) != choose(listed, 2)


def test_lists_may_be_packed(tmp_path: Path) -> None:
    text = "a|One sentence.\nb|Another, with a comma.\n"
    (tmp_path / "list.csv").write_text(text)
    (tmp_path / "list.csv.xz").write_bytes(lzma.compress(text.encode()))
    assert read_list(tmp_path / "list.csv") == read_list(tmp_path / "list.csv.xz") == {
        "a": "One sentence.",
        "b": "Another, with a comma.",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["one", "a|b|c", "../a|Up.", "a|One.\na|Two.", "|No id."])
def test_lists_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UserError, match=r"list\.csv"):
        read_list(tmp_path / "list.csv")
    (tmp_path / "list.xz").write_text(text)
    with pytest.raises(UserError, match=r"cannot read the sentences .*list\.xz"):
        read_list(tmp_path / "list.xz")


@pytest.mark.parametrize(
    "name",
    ["nowhere:Class", "avsynth.data.synthetic:Nobody", "avsynth.data.synthetic", "avsynth.data.synthetic:Sentence"],
)
def test_a_teacher_that_is_none_is_one_line(name: str) -> None:
    with pytest.raises(UserError, match=f"no teacher '{name}'"):
        load_teacher(name)


def test_the_command_tells_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("".join(f"{code}|{text}\n" for code, text in sentences(3)))
    line = [
        "teach",
        "--texts",
        str(tmp_path / "list.csv"),
        "--out",
        str(tmp_path / "c"),
        "--teacher",
        HERE,
        "--jobs",
        "1",
    ]
    assert main(line) == 0
    assert capsys.readouterr().out.endswith(": 3 sentences, 0.00 hours; left out: none\n")
    assert main([*line, "--hours", "0"]) == 2
    (tmp_path / "list.csv").write_text("a|Short.\n")
    assert main(line) == 2 and "no sentence of a fit length" in capsys.readouterr().err


def test_the_reasons_are_kept_beside_the_corpus(tmp_path: Path) -> None:
    teach([*sentences(2), ("LJ-9", "Quiet is what the Q of this one is.")], HERE, tmp_path, 1.0, one_by_one)
    record = json.loads((tmp_path / "teacher.json").read_text())
    assert record["left_out"] == {"LJ-9": "silent: its peak is 0.000"} and record["kept"] == 2
    assert record["seconds"] == pytest.approx(0.08 * sum(len(text) for _, text in sentences(2)), abs=0.01)


def test_nothing_usable_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="none of 1 sentences can be used; a: silent"):
        teach([("a", "Q as in quiet.")], HERE, tmp_path, 1.0, one_by_one)
    assert not (tmp_path / "metadata.csv").exists()


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    def killed(work: Callable[[Sentence], Reading], jobs: list[Sentence], label: str) -> Iterator[Reading]:
        yield work(jobs[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        teach(sentences(3), HERE, tmp_path, 1.0, killed)
    assert not (tmp_path / "metadata.csv").exists()
    before = Beeper.calls
    assert len(teach(sentences(3), HERE, tmp_path, 1.0, one_by_one)) == 3 and Beeper.calls == before + 2


def test_a_folder_of_anything_else_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "metadata.csv").write_text("a|Recorded.\n")
    with pytest.raises(UserError, match="holds something else"):
        teach(sentences(2), HERE, tmp_path, 1.0, one_by_one)
    assert [path.name for path in tmp_path.iterdir()] == ["metadata.csv"]
    own = tmp_path / "own"
    teach(sentences(2), HERE, own, 1.0, one_by_one)
    monkeypatch.setattr(f"{__name__}.Other", Beeper, raising=False)
    with pytest.raises(UserError, match="Other reading these sentences"):
        teach(sentences(2), f"{__name__}:Other", own, 1.0, one_by_one)
    with pytest.raises(UserError, match="holds something else"):
        teach(sentences(3), HERE, own, 1.0, one_by_one)
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot make the folder"):
        teach(sentences(2), HERE, tmp_path / "file", 1.0, one_by_one)


def test_a_teacher_may_lie_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "teacher_of_my_own.py").write_text("class Mine:\n    pass\n")
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    assert type(load_teacher("teacher_of_my_own:Mine")).__name__ == "Mine"


def test_hibari_says_what_it_is_told(tmp_path: Path) -> None:
    pytest.importorskip("hibari")
    sound, rate = load_teacher(teacher.HIBARI)("The quick brown fox jumps over the lazy dog.")
    again, _ = load_teacher(teacher.HIBARI)("The quick brown fox jumps over the lazy dog.")
    assert np.array_equal(again, sound)
    assert rate == 24_000 and not fault(sound, rate, "The quick brown fox jumps over the lazy dog.")
