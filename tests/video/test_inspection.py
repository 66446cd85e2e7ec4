"""What inspection reports of files whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from avsynth.audio.io import write_wav
from avsynth.errors import UserError
from avsynth.video.inspection import format_report, inspect
from avsynth.video.writing import SYNTHETIC_COMMENT, write_clip


def write_shifted(path: Path, sound_start_s: float, sound_s: float, frame_count: int = 25) -> Path:
    """A file whose sound is wrong on purpose: 25 frames per second, PCM at 16 kHz from ``sound_start_s`` on."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25, options={"bf": "2"})
        video.width = video.height = 32
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("pcm_s16le", rate=16000, layout="mono")
        for number in range(frame_count):
            image = np.random.default_rng(number).integers(0, 256, (32, 32, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(video.encode(frame))
        sound = AudioFrame.from_ndarray(np.zeros((1, round(16000 * sound_s)), np.int16), format="s16", layout="mono")
        sound.sample_rate, sound.time_base, sound.pts = 16000, Fraction(1, 16000), round(16000 * sound_start_s)
        container.mux(audio.encode(sound))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return path


def test_a_clip_of_ours_is_in_sync_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    frames = np.zeros((12, 16, 32, 3), np.uint8)
    write_clip(path, frames, np.zeros(8829, np.float32), Fraction(30000, 1001), 22050, metadata={"voice": "tiny"})
    report = inspect(path)
    assert report.video is not None and report.audio is not None
    assert (report.video.codec, report.video.width, report.video.height) == ("h264", 128, 64)
    assert (report.video.fps, report.video.frame_count) == (Fraction(30000, 1001), 12)
    assert report.video.duration_s == pytest.approx(0.4004)
    assert (report.audio.codec, report.audio.sample_rate, report.audio.channels) == ("aac", 22050, 1)
    assert report.audio.duration_s == pytest.approx(8829 / 22050)
    assert report.audio.declared_duration_s == pytest.approx(8829 / 22050)
    assert report.start_difference_ms == 0.0
    assert report.length_difference_ms == pytest.approx(0.0, abs=0.05)
    assert report.metadata["comment"] == SYNTHETIC_COMMENT and report.metadata["voice"] == "tiny"
    assert not report.damaged
    text = format_report(report)
    assert "29.97 frames per second, 12 frames; starts at 0.0000 s, lasts 0.4004 s" in text
    assert "sound minus picture: start +0.00 ms, length +0.01 ms" in text and f"comment: {SYNTHETIC_COMMENT}" in text


def test_late_and_short_sound_is_measured(tmp_path: Path) -> None:
    report = inspect(write_shifted(tmp_path / "a.mov", sound_start_s=0.25, sound_s=0.5))
    assert report.start_difference_ms == pytest.approx(250, abs=1)
    assert report.length_difference_ms == pytest.approx(-500, abs=1)
    assert "start +250" in format_report(report) and "length -500" in format_report(report)


def test_file_that_breaks_off_is_damaged_and_its_header_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    frames = np.random.default_rng(0).integers(0, 256, (25, 16, 32, 3), dtype=np.uint8)
    write_clip(path, frames, np.zeros(22050, np.float32), Fraction(25), 22050)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    report = inspect(path)
    assert report.damaged and report.video is not None
    assert report.video.duration_s < 0.9 and report.video.declared_duration_s == pytest.approx(1.0)
    text = format_report(report)
    assert "(its header says: lasts 1.0000 s)" in text and "damaged" in text


def test_sound_alone(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.zeros(8000), 16000)
    report = inspect(tmp_path / "a.wav")
    assert report.video is None and report.audio is not None and report.audio.duration_s == pytest.approx(0.5)
    assert report.start_difference_ms is None and report.length_difference_ms is None
    assert "picture" not in format_report(report)


@pytest.mark.parametrize("content", [None, b"", b"neither" * 99])
def test_unreadable_file_is_a_user_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.mp4"):
        inspect(tmp_path / "a.mp4")
