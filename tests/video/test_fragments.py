"""MP4 in fragments: playable from the first on, in sync like the file, whatever the parts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.errors import UserError
from avsynth.video.fragments import boxes
from avsynth.video.inspection import inspect
from avsynth.video.reading import read_frames
from avsynth.video.writing import Mp4Writer, write_clip

RATE = 22050
SIZE = (16, 32)


class Sink:
    """What was written, write by write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(data)


def made(fps: Fraction, lengths: list[int], seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.float32], list[int]]:
    """Grey pictures that change, a sound that reaches their end, and the samples at which parts end."""
    rng = np.random.default_rng(seed)
    frames = np.empty((sum(lengths), *SIZE, 3), np.uint8)
    frames[:] = rng.integers(30, 220, len(frames), dtype=np.uint8)[:, None, None, None]
    ends = [round(sum(lengths[: number + 1]) / fps * RATE) for number in range(len(lengths))]
    return frames, rng.normal(0, 0.1, ends[-1]).astype(np.float32), ends


def stream(fps: Fraction, lengths: list[int]) -> list[bytes]:
    frames, sound, ends = made(fps, lengths)
    sink = Sink()
    with Mp4Writer(sink, fps, SIZE, RATE, scale=1, metadata={"voice": "tiny"}) as writer:
        for length, end in zip(lengths, ends, strict=True):
            writer.write(frames[writer.frame_count : writer.frame_count + length], sound[writer.sample_count : end])
            writer.flush()
    return sink.writes


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30000, 1001), Fraction(60)], ids=str)
def test_joined_fragments_are_in_sync_and_hold_what_the_file_holds(tmp_path: Path, fps: Fraction) -> None:
    lengths = [8, 21, 34, 5]
    streamed, filed = tmp_path / "stream.mp4", tmp_path / "file.mp4"
    streamed.write_bytes(b"".join(stream(fps, lengths)))
    frames, sound, _ = made(fps, lengths)
    write_clip(filed, frames, sound, fps, RATE, scale=1)
    report = inspect(streamed)
    assert report.video is not None and report.audio is not None and not report.damaged
    assert report.start_difference_ms == 0 and report.video.start_s == 0
    assert abs(report.audio.duration_s - report.video.duration_s) <= 1 / fps / 2
    assert report.video.frame_count == len(frames) and report.video.fps == fps
    assert report.metadata["voice"] == "tiny" and "ynthetic" in report.metadata["comment"]
    np.testing.assert_array_equal(read_audio(streamed, RATE), read_audio(filed, RATE))
    assert np.abs(read_frames(streamed).frames.astype(int) - read_frames(filed).frames).max() <= 4


def test_each_part_goes_out_at_once_and_begins_with_a_keyframe() -> None:
    writes = stream(Fraction(25), [8, 20, 30])
    assert [[kind for kind, _ in boxes(data)] for data in writes[:3]] == [
        [b"ftyp", b"moov", b"moof", b"mdat"],
        [b"moof", b"mdat"],
        [b"moof", b"mdat"],
    ]
    for data in writes[:3]:
        _, mdat = list(boxes(data))[-1]
        kinds = {mdat[place] & 31 for place in _nal_starts(mdat)}
        assert 5 in kinds, "an IDR picture"


def _nal_starts(mdat: bytes) -> list[int]:
    """Where the NAL units of a fragment's first picture begin."""
    starts, place = [], 8
    while not starts or mdat[starts[-1]] & 31 != 5:
        starts.append(place + 4)
        place += 4 + int.from_bytes(mdat[place : place + 4], "big")
    return starts


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_what_has_come_so_far_plays(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"".join(stream(Fraction(25), [8, 20, 30, 10])[:cut]))
    assert len(read_frames(path).frames) == sum([8, 20, 30][:cut])
    late = sum([8, 20, 30][:cut]) / 25 * RATE - len(read_audio(path, RATE))
    assert 0 <= late < 3 * 1024, "at most what the encoder still holds"


def test_a_part_too_short_for_the_sound_encoder_waits_for_the_next(tmp_path: Path) -> None:
    writes = stream(Fraction(25), [1, 1, 1, 1, 20])
    assert [kind for kind, _ in boxes(writes[0])][:2] == [b"ftyp", b"moov"]
    (tmp_path / "a.mp4").write_bytes(b"".join(writes))
    assert len(read_frames(tmp_path / "a.mp4").frames) == 24
    assert inspect(tmp_path / "a.mp4").start_difference_ms == 0


def test_a_sink_that_fails_ends_the_writing() -> None:
    class Gone:
        def write(self, data: bytes) -> None:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError), Mp4Writer(Gone(), Fraction(25), SIZE, RATE, scale=1) as writer:
        writer.write(np.zeros((25, *SIZE, 3), np.uint8), np.zeros(RATE, np.float32))
        writer.flush()


def test_a_stream_refuses_what_a_file_refuses() -> None:
    with pytest.raises(UserError, match="25000 Hz"):
        Mp4Writer(Sink(), Fraction(25), SIZE, 25000)
