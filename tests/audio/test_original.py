"""A sound as it was decoded: read in any pieces, written again to the bit."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from avsynth.audio.original import CODECS, PCM, SoundReader, pcm_writer
from avsynth.errors import UserError

TYPES = [np.uint8, np.int16, np.int32, np.float32, np.float64]


def samples_of(kind: type[Any], channels: int, count: int = 5000) -> NDArray[Any]:
    """Every bit of the type in use."""
    generator = np.random.default_rng(0)
    if np.issubdtype(kind, np.integer):
        return generator.integers(np.iinfo(kind).min, np.iinfo(kind).max, (channels, count), kind, endpoint=True)
    return generator.normal(0, 0.3, (channels, count)).astype(kind)


def encode(path: Path, codec: str, samples: NDArray[Any], rate: int, layout: str, sample_format: str) -> Path:
    with av.open(str(path), "w") as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=rate, layout=layout))
        planes = samples if sample_format.endswith("p") else np.ascontiguousarray(samples.T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(planes, format=sample_format, layout=layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def plain_wav(path: Path, samples: NDArray[np.int16], rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.ascontiguousarray(samples.T).tobytes())
    return path


def copy(source: Path, target: Path, step: int) -> SoundReader:
    reader = SoundReader(source)
    with pcm_writer(target, reader) as write:
        for samples in reader.blocks(step):
            write(samples)
    return reader


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("channels", "layout"), [(1, "mono"), (2, "stereo"), (6, "5.1")])
def test_every_type_is_written_to_the_bit(tmp_path: Path, kind: type[Any], channels: int, layout: str) -> None:
    samples = samples_of(kind, channels)
    packed = PCM[np.dtype(kind).name]
    source = encode(tmp_path / "a.wav", CODECS[packed], samples, 37_800, layout, packed)
    copied = copy(source, tmp_path / "b.wav", 777)
    assert (copied.channels, copied.sample_rate, copied.dtype) == (channels, 37_800, np.dtype(kind))
    for path in (source, tmp_path / "b.wav"):
        read = SoundReader(path).read(10_000)
        assert read.dtype == samples.dtype
        np.testing.assert_array_equal(read, samples)


def test_a_plain_wav_file_comes_out_with_the_same_samples(tmp_path: Path) -> None:
    samples = samples_of(np.int16, 2)
    copy(plain_wav(tmp_path / "a.wav", samples, 44_100), tmp_path / "b.wav", 1000)
    with wave.open(str(tmp_path / "b.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
        assert file.readframes(10_000) == np.ascontiguousarray(samples.T).tobytes()


def test_lossless_and_planar_formats_keep_their_samples(tmp_path: Path) -> None:
    samples = samples_of(np.int16, 2)
    source = encode(tmp_path / "a.flac", "flac", samples, 48_000, "stereo", "s16")
    copy(source, tmp_path / "b.wav", 1000)
    np.testing.assert_array_equal(SoundReader(tmp_path / "b.wav").read(10_000), samples)
    lossy = encode(tmp_path / "c.mp4", "aac", 0.1 * samples_of(np.float32, 2), 48_000, "stereo", "fltp")
    copy(lossy, tmp_path / "d.wav", 1000)
    decoded = SoundReader(lossy).read(10_000)
    assert decoded.shape == (2, 5000)
    np.testing.assert_array_equal(SoundReader(tmp_path / "d.wav").read(10_000), decoded)


def test_pieces_of_any_length_make_the_whole(tmp_path: Path) -> None:
    samples = samples_of(np.int16, 1)
    reader = SoundReader(plain_wav(tmp_path / "a.wav", samples, 8000))
    assert reader.read(0).shape == (1, 0) and not reader.ended
    parts = [reader.read(count) for count in (1, 4000, 0, 998)]
    assert reader.position == 4999 and not reader.ended
    parts.append(reader.read(10))
    assert reader.position == 5000 and reader.ended and reader.read(10).shape == (1, 0)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), samples)


def test_channels_that_change_on_the_way_are_refused(tmp_path: Path) -> None:
    parts = [
        encode(tmp_path / f"{layout}.aac", "aac", 0.1 * samples_of(np.float32, count, 44_100), 44_100, layout, "fltp")
        for count, layout in ((1, "mono"), (2, "stereo"))
    ]
    (tmp_path / "both.aac").write_bytes(b"".join(part.read_bytes() for part in parts))
    with pytest.raises(UserError, match=r"both\.aac changes its channels"):
        list(SoundReader(tmp_path / "both.aac").blocks(1000))


def test_more_channels_than_can_be_read_are_refused(tmp_path: Path) -> None:
    path = plain_wav(tmp_path / "a.wav", samples_of(np.int16, 8), 8000)
    with pytest.raises(UserError, match="8 channels; at most 7"):
        SoundReader(path)


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    reader = SoundReader(plain_wav(tmp_path / "a.wav", samples_of(np.int16, 1), 8000))
    with pytest.raises(KeyError), pcm_writer(tmp_path / "b.wav", reader) as write:
        write(reader.read(100))
        raise KeyError
    with pytest.raises(UserError, match="cannot write"), pcm_writer(tmp_path / "none" / "b.wav", reader) as write:
        write(reader.read(100))
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
