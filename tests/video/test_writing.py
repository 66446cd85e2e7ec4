"""MP4 out: sync by two independent readers, nothing cut, colours, metadata, memory, failures."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.errors import UserError
from avsynth.video.inspection import inspect
from avsynth.video.reading import read_frames
from avsynth.video.writing import SYNTHETIC_COMMENT, Mp4Writer, playable_rate, write_clip

RATE = 22050
RATES = [Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60)]


@dataclass(frozen=True)
class Track:
    """One track as an edit-list-aware player sees it, times in seconds, read from the boxes alone."""

    start: Fraction
    duration: Fraction
    media_duration: Fraction
    sample_duration: Fraction
    priming: Fraction


def boxes(data: bytes) -> Iterator[tuple[str, bytes]]:
    while data:
        size, kind = struct.unpack(">I4s", data[:8])
        yield kind.decode("latin1"), data[8:size]
        data = data[size:]


def box(data: bytes, path: str) -> bytes:
    for name in path.split("/"):
        data = dict(boxes(data))[name]
    return data


def timescale_and_duration(header: bytes) -> tuple[int, int]:
    """Of a version 0 or 1 mvhd or mdhd box."""
    if header[0] == 1:
        return struct.unpack(">IQ", header[20:32])
    return struct.unpack(">II", header[12:20])


def track_of(path: Path, handler: bytes) -> Track:
    moov = box(path.read_bytes(), "moov")
    movie_scale, _ = timescale_and_duration(box(moov, "mvhd"))
    trak = next(body for kind, body in boxes(moov) if kind == "trak" and box(body, "mdia/hdlr")[8:12] == handler)
    scale, duration = timescale_and_duration(box(trak, "mdia/mdhd"))
    edits = box(trak, "edts/elst")
    assert edits[0] == 0
    count = struct.unpack(">I", edits[4:8])[0]
    entries = [struct.unpack(">Iii", edits[8 + 12 * i : 20 + 12 * i]) for i in range(count)]
    assert len(entries) == 1 and entries[0][2] == 0x10000
    table = box(trak, "mdia/minf/stbl/stts")
    runs = [struct.unpack(">II", table[8 + 8 * i : 16 + 8 * i]) for i in range(struct.unpack(">I", table[4:8])[0])]
    length, media_time = entries[0][:2]
    assert media_time >= 0, "an empty edit would delay the track"
    tkhd = box(trak, "tkhd")
    assert tkhd[0] == 0 and struct.unpack(">I", tkhd[20:24])[0] == length
    stbl = dict(boxes(box(trak, "mdia/minf/stbl")))
    first_offset = 0 if "ctts" not in stbl else struct.unpack(">i", stbl["ctts"][12:16])[0]
    priming = Fraction(media_time, scale)
    return Track(
        start=max(Fraction(first_offset, scale) - priming, Fraction(0)),
        duration=Fraction(length, movie_scale),
        media_duration=Fraction(duration, scale),
        sample_duration=Fraction(sum(n * delta for n, delta in runs), scale),
        priming=priming,
    )


def pictures(count: int, height: int = 16, width: int = 32) -> NDArray[np.uint8]:
    return np.full((count, height, width, 3), 128, np.uint8)


def clicks(samples: int, *at: int) -> NDArray[np.float32]:
    """Silence with a short bump at each of the given samples."""
    time = np.arange(samples)
    return sum((0.8 * np.exp(-(((time - i) / 6.0) ** 2)) for i in at), np.zeros(samples)).astype(np.float32)


def covering(frame_count: int, fps: Fraction) -> int:
    """Samples that reach the end of the last frame."""
    return -(-frame_count * RATE // fps)


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [Fraction(1, 5), Fraction(107, 100), Fraction(3), Fraction(60)], ids=str)
def test_sound_and_picture_start_and_end_together(tmp_path: Path, fps: Fraction, seconds: Fraction) -> None:
    path = tmp_path / "a.mp4"
    frame_count = -(-seconds * fps // 1)
    sample_count = covering(frame_count, fps)
    write_clip(path, pictures(frame_count), clicks(sample_count, 0, sample_count - 1), fps, RATE, scale=1)
    half_frame = 1 / fps / 2

    video, audio = track_of(path, b"vide"), track_of(path, b"soun")
    assert video.start == audio.start == 0
    assert abs(audio.duration - video.duration) <= half_frame
    assert video.media_duration == video.sample_duration == frame_count / fps
    assert audio.media_duration == audio.sample_duration
    assert audio.media_duration - audio.priming == audio.duration == Fraction(sample_count, RATE)

    report = inspect(path)
    assert report.video is not None and report.audio is not None and not report.damaged
    assert report.video.frame_count == frame_count and report.video.fps == fps
    for start, video_s, audio_s in (
        (report.start_difference_ms, report.video.duration_s, report.audio.duration_s),
        (0.0, report.video.declared_duration_s, report.audio.declared_duration_s),
    ):
        assert start is not None and abs(start) < 1.0
        assert video_s is not None and audio_s is not None
        assert abs(audio_s - video_s) <= half_frame
    assert report.video.declared_start_s == report.audio.declared_start_s == 0.0

    sound = read_audio(path, RATE)
    assert len(sound) == sample_count
    for place in (sound[:40], sound[-40:]):
        assert place.max() > 0.5
    assert sound[:40].argmax() <= 2 and sound[-40:].argmax() >= 37
    assert np.abs(sound[200:-200]).max() < 0.1


def test_pictures_and_clicks_keep_their_times_sentence_by_sentence(tmp_path: Path) -> None:
    path, fps = tmp_path / "a.mp4", Fraction(30000, 1001)
    frames = pictures(300)
    flashes = [7, 100, 211, 299]
    frames[:] = 20
    frames[flashes] = 230
    at = [round(i / fps * RATE) for i in flashes]
    sound = clicks(covering(300, fps), *at)
    with Mp4Writer(path, fps, (16, 32), RATE, scale=1) as writer:
        for i, start in enumerate(range(0, 300, 60)):
            until = round((start + 60) / fps * RATE) + (37 if i < 4 else 10**6)
            written = writer.sample_count
            writer.write(frames[start : start + 60], sound[written:until])
    decoded = read_frames(path).frames.mean(axis=(1, 2, 3))
    assert np.flatnonzero(decoded > 150).tolist() == flashes
    waveform = read_audio(path, RATE)
    for place in at:
        near = waveform[max(place - 400, 0) : place + 400]
        assert abs(int(near.argmax()) + max(place - 400, 0) - place) <= 2


def test_streams_are_interleaved_and_the_index_comes_first(tmp_path: Path) -> None:
    """A browser can start to play before it has the end of the file."""
    path = tmp_path / "a.mp4"
    write_clip(path, pictures(500), np.zeros(covering(500, Fraction(25)), np.float32), Fraction(25), RATE, scale=1)
    order = [kind for kind, _ in boxes(path.read_bytes())]
    assert order.index("moov") < order.index("mdat")
    with av.open(str(path)) as container:
        packets = sorted(
            (packet for packet in container.demux() if packet.pos is not None), key=lambda packet: packet.pos or 0
        )
        ends = {"video": 0.0, "audio": 0.0}
        for packet in packets:
            assert packet.pts is not None
            ends[packet.stream.type] = float(packet.pts * packet.time_base)
            assert abs(ends["video"] - ends["audio"]) < 3.0


COLOURS = [
    (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 140, 120), (90, 40, 50),
]  # fmt: skip


def test_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    frames = np.broadcast_to(np.array(COLOURS, np.uint8)[:, None, None], (len(COLOURS), 20, 40, 3))
    write_clip(path, frames, np.zeros(covering(len(COLOURS), Fraction(25)), np.float32), Fraction(25), RATE)
    decoded = read_frames(path).frames
    assert decoded.shape == (len(COLOURS), 80, 160, 3)
    assert np.abs(decoded.astype(int) - np.array(COLOURS)[:, None, None]).max() <= 3
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        tags = stream.colorspace, stream.color_primaries, stream.color_trc, stream.color_range
        assert tags == (1, 1, 1, 1), "BT.709, limited range"
        assert stream.pix_fmt == "yuv420p"


def test_enlarging_keeps_places(tmp_path: Path) -> None:
    frames = np.full((3, 16, 32, 3), 40, np.uint8)
    frames[:, 4:12, 8:24] = 220
    write_clip(tmp_path / "a.mp4", frames, np.zeros(2646, np.float32), Fraction(25), RATE, scale=4)
    decoded = read_frames(tmp_path / "a.mp4").frames.astype(int)
    expected = frames.repeat(4, axis=1).repeat(4, axis=2)
    assert decoded.shape == expected.shape
    inside = np.zeros(expected.shape[1:3], bool)
    for rows, columns in ((slice(24, 40), slice(40, 88)), (slice(0, 8), slice(None)), (slice(56, 64), slice(None))):
        inside[rows, columns] = True
    assert np.abs(decoded - expected)[:, inside].max() <= 6


def test_odd_sizes_are_rounded_up(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.mp4", pictures(5, 17, 33), np.zeros(4410, np.float32), Fraction(25), RATE, scale=1)
    assert read_frames(tmp_path / "a.mp4").frames.shape == (5, 18, 34, 3)


def test_metadata_survives_and_says_synthetic(tmp_path: Path) -> None:
    metadata = {"title": "Place blue", "voice": "grid_s1 — ünïcode", "avsynth_seed": "7"}
    write_clip(tmp_path / "a.mp4", pictures(5), np.zeros(4410, np.float32), Fraction(25), RATE, metadata=metadata)
    found = inspect(tmp_path / "a.mp4").metadata
    assert metadata.items() <= found.items() and found["comment"] == SYNTHETIC_COMMENT
    assert "ynthetic" in SYNTHETIC_COMMENT
    write_clip(
        tmp_path / "b.mp4", pictures(5), np.zeros(4410, np.float32), Fraction(25), RATE, metadata={"comment": "x"}
    )
    assert inspect(tmp_path / "b.mp4").metadata["comment"] == "x"


def test_same_input_gives_the_same_file(tmp_path: Path) -> None:
    frames = np.random.default_rng(0).integers(0, 256, (20, 16, 32, 3), dtype=np.uint8)
    for name in "ab":
        write_clip(tmp_path / f"{name}.mp4", frames, clicks(17640, 5000), Fraction(25), RATE)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("missing", [1, 1023])
def test_short_sound_is_padded(tmp_path: Path, missing: int) -> None:
    write_clip(tmp_path / "a.mp4", pictures(25), np.zeros(RATE - missing, np.float32), Fraction(25), RATE, scale=1)
    assert track_of(tmp_path / "a.mp4", b"soun").duration == 1


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(60)], ids=str)
def test_long_sound_is_kept_and_the_last_picture_held(tmp_path: Path, fps: Fraction) -> None:
    write_clip(tmp_path / "a.mp4", pictures(int(fps)), clicks(RATE + 1000, RATE + 999), fps, RATE, scale=1)
    video, audio = track_of(tmp_path / "a.mp4", b"vide"), track_of(tmp_path / "a.mp4", b"soun")
    assert abs(audio.duration - video.duration) <= 1 / fps / 2
    assert abs(int(read_audio(tmp_path / "a.mp4", RATE).argmax()) - (RATE + 999)) <= 2


@pytest.mark.parametrize("samples", [RATE - 1024, RATE + 1024, 0])
def test_sound_that_does_not_fit_is_refused(tmp_path: Path, samples: int) -> None:
    with pytest.raises(ValueError, match="apart"):
        write_clip(tmp_path / "a.mp4", pictures(25), np.zeros(samples, np.float32), Fraction(25), RATE, scale=1)
    assert not list(tmp_path.iterdir())


def test_wrong_shapes_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    wrong: tuple[NDArray[Any], ...] = (pictures(2, 8, 8), pictures(2).astype(np.float32), pictures(2)[0])
    for frames in wrong:
        with (
            pytest.raises(ValueError, match="frames are"),
            Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), RATE) as w,
        ):
            w.write(frames, np.zeros(5, np.float32))
    with pytest.raises(ValueError, match="no frame"), Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), RATE):
        pass
    assert not list(tmp_path.iterdir())


def test_failure_in_the_block_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"old")
    with pytest.raises(KeyError), Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), RATE) as writer:
        writer.write(pictures(5), np.zeros(4410, np.float32))
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"] and (tmp_path / "a.mp4").read_bytes() == b"old"


def test_unwritable_places_are_user_errors(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    for path in (tmp_path / "none" / "a.mp4", tmp_path / "folder.mp4"):
        with pytest.raises(UserError, match="cannot write"):
            write_clip(path, pictures(5), np.zeros(4410, np.float32), Fraction(25), RATE)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.mp4"]


@pytest.mark.parametrize("channels", [2, 5])
@pytest.mark.parametrize("rate", [8000, 48_000, 96_000])
def test_each_channel_keeps_its_sound(tmp_path: Path, channels: int, rate: int) -> None:
    time = np.arange(rate + rate // 60) / rate
    tones = [0.2 * np.sin(2 * np.pi * 150 * (channel + 1) * time) for channel in range(channels)]
    sound = np.stack(tones, axis=1).astype(np.float32)
    with Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), rate, scale=1, channels=channels) as writer:
        writer.write(pictures(10), sound[:1000])
        writer.write(pictures(15), sound[1000:])
    report = inspect(tmp_path / "a.mp4")
    assert report.audio is not None and (report.audio.sample_rate, report.audio.channels) == (rate, channels)
    assert report.audio.duration_s == pytest.approx(len(sound) / rate) and report.start_difference_ms == 0
    with av.open(str(tmp_path / "a.mp4")) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    for channel in range(channels):
        assert np.corrcoef(heard[channel, 500 : rate - 500], sound[500 : rate - 500, channel])[0, 1] > 0.99


def test_sound_and_picture_may_differ_by_less_than_a_frame_at_any_rate(tmp_path: Path) -> None:
    with Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), 96_000, scale=1) as writer:
        writer.write(pictures(25), np.zeros(96_000 - 1900, np.float32))
    with pytest.raises(ValueError, match="apart"), Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), 96_000) as w:
        w.write(pictures(25), np.zeros(96_000 - 3840, np.float32))


def test_wrong_channels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="1 to 6 channels, not 7"):
        Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), RATE, channels=7)
    for channels, shape in ((2, (882,)), (2, (882, 1)), (1, (882, 1))):
        with (
            pytest.raises(ValueError, match="to an instant"),
            Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), RATE, channels=channels) as writer,
        ):
            writer.write(pictures(1), np.zeros(shape, np.float32))


@pytest.mark.parametrize(
    ("rate", "playable"), [(22_050, 22_050), (48_000, 48_000), (37_800, 44_100), (6000, 7350), (192_000, 96_000)]
)
def test_a_rate_that_aac_lacks_becomes_the_next_that_it_has(rate: int, playable: int) -> None:
    assert playable_rate(rate) == playable


def test_unknown_sample_rate_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"25000 Hz.*22050"):
        Mp4Writer(tmp_path / "a.mp4", Fraction(25), (16, 32), 25000)


FULL_DISK = """
import resource, sys
from fractions import Fraction
import numpy as np
from avsynth.errors import UserError
from avsynth.video.writing import write_clip
frames = np.random.default_rng(0).integers(0, 256, (50, 16, 32, 3), dtype=np.uint8)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    write_clip(sys.argv[1], frames, np.zeros(44100, np.float32), Fraction(25), 22050, scale=1)
except UserError as error:
    print(error)
"""


def test_full_disk_is_a_user_error_wherever_it_strikes(tmp_path: Path) -> None:
    """At the header, in the midst of the data, and when the index is moved to the front."""
    frames = np.random.default_rng(0).integers(0, 256, (50, 16, 32, 3), dtype=np.uint8)
    write_clip(tmp_path / "whole.mp4", frames, np.zeros(44100, np.float32), Fraction(25), RATE, scale=1)
    size = (tmp_path / "whole.mp4").stat().st_size
    (tmp_path / "whole.mp4").unlink()
    for limit in (10, size // 2, size - 2000, size - 1):
        command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "a.mp4"), str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.startswith("cannot write") and "a.mp4" in done.stdout, f"limit {limit} of {size}: {done}"
        assert not list(tmp_path.iterdir())


MEMORY = """
import resource, sys
from fractions import Fraction
import numpy as np
from avsynth.video.writing import Mp4Writer
frames = np.random.default_rng(0).integers(0, 256, (75, 80, 160, 3), dtype=np.uint8)
with Mp4Writer(sys.argv[1], Fraction(25), (80, 160), 22050, scale=1) as writer:
    for sentence in range(int(sys.argv[2])):
        writer.write(frames, np.zeros(66150, np.float32))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_number_of_sentences(tmp_path: Path) -> None:
    peaks = []
    for sentences in (2, 12):
        command = [sys.executable, "-c", MEMORY, str(tmp_path / "a.mp4"), str(sentences)]
        peaks.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    assert peaks[1] < peaks[0] + 10_000, f"kilobytes: {peaks}"
