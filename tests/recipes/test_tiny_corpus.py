"""The tiny recipe's own corpus: layout, true times, a mouth that really moves, and the same again for the same seed."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.scripts import load_script

av = pytest.importorskip("av")
pytestmark = pytest.mark.slow
for package in ("hibari", "pocketsphinx", "skimage", "scipy"):
    pytest.importorskip(package)


@pytest.fixture(scope="module")
def corpus() -> ModuleType:
    """The script as a module."""
    return load_script("tiny/make_corpus.py")


@pytest.fixture(scope="module")
def clips(corpus: ModuleType) -> list[Any]:
    """Two clips before coding."""
    return list(corpus.make_clips(2, seed=3))


@pytest.fixture(scope="module")
def written(corpus: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same two clips as the command line writes them."""
    folder = tmp_path_factory.mktemp("tiny") / "corpus"
    assert corpus.main([str(folder), "--clips", "2", "--seed", "3"]) == 0
    return folder


def dark_area(frames: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of the mouth's inside is seen in each frame (T,): dark pixels in the middle of the mouth, any shift."""
    mouth = frames[:, 155:195, 125:160].astype(float).mean(-1)
    return np.asarray((mouth < 90.0).sum((1, 2)), float)


def test_every_code_is_six_words(corpus: ModuleType) -> None:
    assert corpus.words_of("bbaf2n") == ("bin", "blue", "at", "f", "two", "now")
    assert corpus.words_of("swwzzs") == ("set", "white", "with", "z", "zero", "soon")
    ids = corpus.draw_ids(500, seed=1)
    assert len(set(ids)) == 500
    assert ids[:20] == corpus.draw_ids(20, seed=1) != corpus.draw_ids(20, seed=2)
    assert not any(code[3] == "w" for code in ids)


def test_layout_and_alignment_are_grids(corpus: ModuleType, written: Path, clips: list[Any]) -> None:
    names = sorted(clip.clip_id for clip in clips)
    assert sorted(path.stem for path in (written / "video").iterdir()) == names
    assert sorted(path.stem for path in (written / "align").iterdir()) == names
    for name in names:
        rows = [line.split() for line in (written / "align" / f"{name}.align").read_text().splitlines()]
        times = [(int(start), int(end)) for start, end, _ in rows]
        assert times[0][0] == 0 and times[-1][1] == 74_500
        assert all(end == start for (_, end), (start, _) in itertools.pairwise(times))
        assert all(start < end for start, end in times)
        labels = [label for _, _, label in rows]
        assert labels[0] == labels[-1] == "sil"
        assert tuple(label for label in labels if label != "sil") == corpus.words_of(name)


def test_files_hold_the_drawn_frames_and_the_sound_where_it_was_put(written: Path, clips: list[Any]) -> None:
    for clip in clips:
        with av.open(str(written / "video" / f"{clip.clip_id}.mp4")) as container:
            video, audio = container.streams.video[0], container.streams.audio[0]
            assert (video.codec_context.name, video.average_rate) == ("h264", 25)
            assert audio.codec_context.layout.name == "mono"
            assert video.start_time == audio.start_time == 0
            assert video.duration * video.time_base == 3
            assert float(audio.duration * audio.time_base) == pytest.approx(2.98, abs=0.001)
            assert "synthetic" in container.metadata["comment"]
            frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
        assert frames.shape == clip.frames.shape == (75, 288, 288, 3)
        assert np.abs(frames.astype(float) - clip.frames).mean() < 4.0
        with av.open(str(written / "video" / f"{clip.clip_id}.mp4")) as container:
            sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
        size = 1 << 19
        match = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(clip.waveform, size).conj())
        assert np.argmax(match) == 0


def test_word_times_surround_the_speech(clips: list[Any]) -> None:
    for clip in clips:
        loud = np.flatnonzero(np.abs(clip.waveform) > 0.02) / 48_000
        assert 0.4 <= loud[0] <= 0.75 and loud[-1] < 2.9
        assert clip.words[1].start == pytest.approx(loud[0], abs=0.1)
        assert clip.words[-2].end == pytest.approx(loud[-1], abs=0.1)
        assert clip.phones[0].end == clip.words[0].end


def test_the_mouth_opens_with_the_phones(corpus: ModuleType, clips: list[Any]) -> None:
    for clip in clips:
        seen = dark_area(clip.frames)
        assert np.corrcoef(seen, clip.openness)[0, 1] > 0.8
        lags = [np.corrcoef(np.roll(seen, -lag), clip.openness)[0, 1] for lag in range(-3, 4)]
        assert int(np.argmax(lags)) == 3
        silent = clip.openness == 0.0
        assert silent[:8].all() and silent[-3:].all()
        assert np.ptp(seen[silent]) < 0.2 * np.ptp(seen)
        assert clip.openness.min() >= 0.0 and 0.5 < clip.openness.max() <= 1.0


def test_lips_meet_for_b_and_part_for_a_vowel(corpus: ModuleType) -> None:
    phones = (
        corpus.Segment("AA", 0.0, 0.4),
        corpus.Segment("B", 0.4, 0.6),
        corpus.Segment("UW", 0.6, 1.0),
        corpus.Segment("SIL", 1.0, 2.98),
    )
    openness, rounding = corpus.mouth_motion(phones)
    assert openness[5] == pytest.approx(1.0) and openness[12] < 0.02 and openness[40] == 0.0
    assert rounding[20] == pytest.approx(1.0) and rounding[5] == 0.0


def test_only_the_lower_face_opens_and_the_whole_head_shifts(corpus: ModuleType) -> None:
    portrait, still = corpus.load_portrait(), np.zeros(2)
    rest = corpus.draw_face(portrait, 0.0, 0.0, still)
    opened = corpus.draw_face(portrait, 1.0, 0.0, still)
    assert np.array_equal(rest[:140], opened[:140])  # eyes and nose stay
    assert dark_area(opened[None])[0] > dark_area(rest[None])[0] + 100
    moved = corpus.draw_face(portrait, 0.0, 0.0, np.array([2.0, 1.0]))
    assert np.abs(moved[1:, 2:].astype(int) - rest[:-1, :-2]).max() <= 1


def test_same_seed_same_clip_and_another_seed_another(corpus: ModuleType, clips: list[Any]) -> None:
    again = next(corpus.make_clips(2, seed=3))
    assert np.array_equal(again.frames, clips[0].frames)
    assert np.array_equal(again.waveform, clips[0].waveform)
    assert again.words == clips[0].words and again.phones == clips[0].phones
    assert not np.array_equal(clips[0].frames, clips[1].frames)


@pytest.mark.parametrize("arguments", [["--clips", "0"], ["--clips", "70000"], ["--seed", "-1"]])
def test_numbers_out_of_range_are_one_line(
    corpus: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert corpus.main([str(tmp_path), *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unwritable_folder_is_one_line(
    corpus: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert corpus.main([str(tmp_path / "file"), "--clips", "1"]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1 and "file" in message
