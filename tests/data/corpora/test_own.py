"""A folder of one's own videos: whose they are, what is said, and what to do about those that cannot be used."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.config.schema import DataConfig
from avsynth.data.corpora.own import OwnClip, find_clips, measure_clip, read_text
from avsynth.errors import UserError
from avsynth.video.writing import write_clip

RATE = 16_000


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def pictures(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, 32, 48, 3), dtype=np.uint8)


def clip(
    folder: Path, seconds: float = 1.0, fps: int = 25, text: str | None = "hello there", name: str = "hi.mp4"
) -> OwnClip:
    """A video of noise and, unless None, its text."""
    count = round(seconds * fps)
    sound = 0.1 * np.random.default_rng(1).standard_normal(round(count * RATE / fps)).astype(np.float32)
    write_clip(folder / name, pictures(count), sound, Fraction(fps), RATE, scale=1)
    path = folder / name
    if text is not None:
        path.with_suffix(".txt").write_text(text, encoding="utf-8")
    return OwnClip("me", path.stem, path, path, path.with_suffix(".txt"), None)


def reason(clip: OwnClip, **config: float) -> str:
    return measure_clip(clip, DataConfig(corpus="own", **config)).reason  # type: ignore[arg-type]


def test_folders_are_speakers_and_the_rest_is_one_more(tmp_path: Path) -> None:
    root = tmp_path / "family videos"
    touch(root, "one.mp4", "one.txt", "Ann_B/two words.MOV", "Ann_B/2024/May/x.webm", "Ann_B/.trash/y.mp4", "._one.mp4")
    touch(root, "zoe/a.mkv", "zoe/b.avi", "zoe/c.mpg", "zoe/notes.pdf")
    (root / "folder.mp4").mkdir()
    clips = find_clips(root)
    assert [clip.uid for clip in clips] == [
        *("Ann-B_2024_May_x", "Ann-B_two-words", "family-videos_one", "zoe_a", "zoe_b", "zoe_c"),
    ]
    assert clips[1].text == root / "Ann_B" / "two words.txt" and clips[1].audio == clips[1].video
    assert find_clips(root, "me")[2].speaker == "me"


def test_two_videos_of_one_name_are_told_apart(tmp_path: Path) -> None:
    touch(tmp_path, "ann/a.mov", "ann/a.mp4", "ann/a.txt")
    first, second = find_clips(tmp_path)
    assert (first.uid, first.twin, second.uid) == ("ann_a", None, "ann_a.mp4")
    assert reason(second) == "same name: as a.mov; rename one, its text too"


def test_a_folder_without_videos_is_one_line(tmp_path: Path) -> None:
    touch(tmp_path, "song.mp3")
    with pytest.raises(UserError, match=r"holds no video \(mp4 mov mkv webm avi mpg\)"):
        find_clips(tmp_path)


@pytest.mark.parametrize(("source_fps", "frames"), [(25, 25), (30, 30), (50, 50)])
def test_a_good_clip_is_measured(tmp_path: Path, source_fps: int, frames: int) -> None:
    measure = measure_clip(clip(tmp_path, fps=source_fps, text="\ufeffHello,\n there! "), DataConfig())
    assert (measure.reason, measure.text) == ("", "Hello, there!")
    assert (measure.lip_frames, measure.fps) == (frames, str(source_fps))
    assert measure.audio_s == pytest.approx(1.0, abs=1e-3)
    assert measure.words == measure.phones == () and measure.contrast_db is None


def test_each_fault_says_what_to_do(tmp_path: Path) -> None:
    assert reason(clip(tmp_path, text=None)) == "no text: write what is said into hi.txt beside it"
    assert reason(clip(tmp_path, text="...")).startswith("no text: hi.txt: nothing to say in '...'")
    bad = clip(tmp_path)
    bad.text.write_bytes("hällo".encode("latin-1"))
    assert reason(bad) == "no text: hi.txt is not UTF-8; save it so"
    assert reason(clip(tmp_path, seconds=0.3)).startswith("too short: 0.3")
    assert reason(clip(tmp_path, fps=10)).startswith("too few pictures: 10 a second do not show speech")
    long = "too long: over 0.8 s (data.longest_s); cut it into one video and text per sentence"
    assert reason(clip(tmp_path), longest_s=0.8) == long
    assert reason(clip(tmp_path), longest_s=1.0) == ""
    broken = clip(tmp_path)
    broken.video.write_bytes(b"not a video")
    assert reason(broken).startswith("unreadable: cannot read ")


def test_a_black_beginning_is_told(tmp_path: Path) -> None:
    dark = clip(tmp_path)
    frames = pictures(25)
    frames[:3] = 0
    write_clip(dark.video, frames, np.zeros(RATE, np.float32), Fraction(25), RATE, scale=1)
    assert reason(dark).startswith("blank first picture: ")


def write_apart(path: Path, first_picture: int, pictures_until: int) -> None:
    """Two seconds of sound, pictures at 25 frames per second in the slots between."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25, options={"b": "2000k"})
        video.width, video.height, video.pix_fmt = 48, 32, "yuv420p"  # type: ignore[union-attr]
        audio = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for slot in range(first_picture, pictures_until):
            frame = av.VideoFrame.from_ndarray(pictures(1)[0])
            frame.pts, frame.time_base = slot, Fraction(1, 25)
            container.mux(video.encode(frame))  # type: ignore[union-attr]
        container.mux(video.encode(None))  # type: ignore[union-attr]
        noise = (3000 * np.random.default_rng(0).standard_normal((1, 2 * RATE))).astype(np.int16)
        block = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        block.sample_rate, block.pts, block.time_base = RATE, 0, Fraction(1, RATE)
        container.mux(audio.encode(block))  # type: ignore[union-attr]
        container.mux(audio.encode(None))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("first", "until", "told"),
    [
        (0, 50, ""),
        (10, 45, ""),
        (20, 50, "picture starts late: 0.80 s after the sound; cut the beginning off"),
        (0, 25, "picture ends early: 1.00 s before the sound; cut the end off"),
    ],
)
def test_picture_and_sound_may_not_lie_far_apart(tmp_path: Path, first: int, until: int, told: str) -> None:
    path = tmp_path / "hi.mkv"
    write_apart(path, first, until)
    path.with_suffix(".txt").write_text("hello")
    assert reason(OwnClip("me", "hi", path, path, path.with_suffix(".txt"), None)) == told


def test_a_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It is\r\n  3 o'clock.\n\n", encoding="utf-8")
    assert read_text(tmp_path / "a.txt") == "It is 3 o'clock."
