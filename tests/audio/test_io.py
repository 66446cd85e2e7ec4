"""Sound in and out: values, times, damage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from avsynth.audio.io import read_audio, read_blocks, to_float, write_wav
from avsynth.errors import UserError


def tone(seconds: float, rate: int, hz: float = 440.0) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def with_click(seconds: float, rate: int, at_s: float) -> NDArray[np.float32]:
    """Silence but for one short click, low enough in pitch to outlive any codec."""
    time = np.arange(round(seconds * rate)) / rate - at_s
    return (0.9 * np.exp(-((time / 4e-4) ** 2))).astype(np.float32)


def encode(
    path: Path, codec: str, channels: NDArray[np.float32], rate: int, offset_s: float = 0.0, sample_format: str = "fltp"
) -> Path:
    """Encode ``channels`` (C, N), presented from ``offset_s`` on."""
    layout = {1: "mono", 2: "stereo"}[len(channels)]
    with av.open(str(path), "w") as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=rate, layout=layout))
        resampler = av.AudioResampler(format=sample_format)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(channels), format="fltp", layout=layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), round(offset_s * rate)
        for converted in resampler.resample(frame):
            container.mux(stream.encode(converted))
        container.mux(stream.encode(None))
    return path


def test_wav_round_trip_is_exact_for_16_bit_values(tmp_path: Path) -> None:
    values = np.concatenate([[-32768, -1, 0, 1, 32767], np.random.default_rng(0).integers(-32768, 32768, 999)])
    waveform = (values / 32768).astype(np.float32)
    write_wav(tmp_path / "a.wav", waveform, 22050)
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav", 22050), waveform)


def test_wav_rounds_to_nearest_and_clips(tmp_path: Path) -> None:
    write_wav(
        tmp_path / "a.wav", np.array([0.4, 0.6, -0.6, 99999.0, -99999.0]) / 32768 * np.array([1, 1, 1, 9, 9]), 8000
    )
    expected = np.array([0, 1, -1, 32767, -32768]) / 32768
    np.testing.assert_array_equal(read_audio(tmp_path / "a.wav", 8000), expected.astype(np.float32))


@pytest.mark.parametrize("waveform", [np.array([0.0, np.nan]), np.zeros((2, 5))])
def test_wav_refuses_what_is_no_waveform(tmp_path: Path, waveform: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="waveform"):
        write_wav(tmp_path / "a.wav", waveform, 8000)
    assert not list(tmp_path.iterdir())


def test_wav_into_missing_folder_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot write"):
        write_wav(tmp_path / "none" / "a.wav", np.zeros(5), 8000)


def test_channels_are_averaged(tmp_path: Path) -> None:
    path = encode(
        tmp_path / "a.flac", "flac", np.stack([tone(0.2, 16000), np.zeros(3200, np.float32)]), 16000, 0, "s16"
    )
    np.testing.assert_allclose(read_audio(path, 16000), 0.5 * tone(0.2, 16000), atol=1e-4)


def test_resampling_keeps_length_pitch_and_level(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(1.0, 44100), 44100)
    waveform = read_audio(tmp_path / "a.wav", 16000)
    assert waveform.dtype == np.float32 and waveform.shape == (16000,)
    np.testing.assert_allclose(waveform[500:-500], tone(1.0, 16000)[500:-500], atol=2e-4)


def test_resampling_does_not_alias(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(1.0, 44100, hz=11000.0), 44100)
    assert np.abs(read_audio(tmp_path / "a.wav", 16000)[500:-500]).max() < 1e-3


@pytest.mark.parametrize(
    ("name", "codec", "rate"), [("a.mp4", "libopus", 48000), ("a.mp4", "aac", 22050), ("a.flac", "flac", 44100)]
)
def test_codecs_keep_time_and_length(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    sample_format = "s16" if codec in ("flac", "libopus") else "fltp"
    path = encode(tmp_path / name, codec, with_click(1.0, rate, at_s=0.5)[None], rate, 0, sample_format)
    waveform = read_audio(path, 48000)
    assert abs(len(waveform) - 48000) <= 2
    assert abs(np.abs(waveform).argmax() / 48000 - 0.5) < 2e-4


def test_mp4_sound_that_starts_late_is_preceded_by_silence(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", "aac", with_click(1.0, 22050, at_s=0.5)[None], 22050, offset_s=0.75)
    waveform = read_audio(path, 22050)
    assert abs(len(waveform) / 22050 - 1.75) < 1e-3
    assert abs(np.abs(waveform).argmax() / 22050 - 1.25) < 1e-3
    assert not waveform[: int(0.7 * 22050)].any()


def test_holes_in_the_timestamps_are_silence(tmp_path: Path) -> None:
    rate = 16000
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate, layout="mono")
        for start in (0, 8000, 24000):
            pcm = np.full((1, 8000), 8192, np.int16)
            frame = AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
            frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), start
            for packet in stream.encode(frame):
                packet.pts = packet.dts = start
                container.mux(packet)
    waveform = read_audio(tmp_path / "a.mkv", rate)
    assert len(waveform) == 32000
    assert (waveform[:16000] == 0.25).all() and not waveform[16100:23900].any() and (waveform[24100:] == 0.25).all()


def test_truncated_sound_is_read_up_to_the_damage(tmp_path: Path) -> None:
    stereo = np.stack([tone(2.0, 44100)] * 2)
    whole = encode(tmp_path / "a.mpg", "mp2", stereo, 44100, 0, "s16")
    (tmp_path / "b.mpg").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2 + 100])
    full, half = read_audio(whole, 22050), read_audio(tmp_path / "b.mpg", 22050)
    assert 0.3 * len(full) < len(half) < 0.7 * len(full)
    np.testing.assert_allclose(half[: len(half) - 2000], full[: len(half) - 2000], atol=1e-3)


def test_blocks_are_the_decoded_samples_on_the_file_s_clock(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", "pcm_s16le", np.full((2, 8000), 0.25, np.float32), 16_000, 0.5, "s16")
    blocks = list(read_blocks(path))
    whole = np.concatenate([block.samples for block in blocks], axis=1)
    assert whole.dtype == np.int16 and whole.shape == (2, 16_000)
    assert {block.sample_rate for block in blocks} == {16_000}
    assert not whole[:, :7990].any() and (whole[:, 8010:] == 8192).all()


def test_full_scale_is_one_in_every_type() -> None:
    for kind, low, high in (("u1", 0, 255), ("i2", -(2**15), 2**15 - 1), ("i4", -(2**31), 2**31 - 1)):
        floats = to_float(np.array([[low, high]], dtype=kind))
        assert floats[0, 0] == -1 and 0.99 < floats[0, 1] < 1
    assert to_float(np.array([[0.5]], np.float32)) == 0.5
    assert to_float(np.array([[128]], np.uint8)) == 0


def test_file_without_sound_says_so(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8))))
        container.mux(stream.encode(None))
    with pytest.raises(UserError, match=r"a\.mp4 has no sound"):
        read_audio(tmp_path / "a.mp4", 16000)


@pytest.mark.parametrize(
    ("content", "message"), [(None, "No such file"), (b"", "empty"), (b"this is no sound at all" * 50, "damaged")]
)
def test_unreadable_files_are_user_errors(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "odd: name.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read_audio(path, 16000)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
