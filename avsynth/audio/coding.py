"""Streaming encoders for the sound formats of the server."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from avsynth.errors import UserError

UNKNOWN_LENGTH = 0xFFFFFFFF
"""The length in a WAV header while the sound is still being made."""
BLOCK = 4096
"""Samples handed to an encoder at once."""


@dataclass(frozen=True)
class SoundFormat:
    """A sound format of HTTP answers."""

    media_type: str
    container: str = ""
    """FFmpeg's name of the container; empty for bare 16-bit little-endian samples."""
    codec: str = ""
    samples: str = "fltp"
    rate: int | None = None
    """In Hz; None for the sound's own."""


FORMATS = {
    "mp3": SoundFormat("audio/mpeg", "mp3", "libmp3lame"),
    "opus": SoundFormat("audio/ogg", "ogg", "libopus", "flt", 48_000),
    "aac": SoundFormat("audio/aac", "adts", "aac"),
    "flac": SoundFormat("audio/flac", "flac", "flac", "s16"),
    "wav": SoundFormat("audio/wav"),
    "pcm": SoundFormat("audio/pcm", rate=24_000),
}
"""By the names of OpenAI's ``response_format``, whose ``pcm`` is 24 kHz."""
OPTIONS = {"write_xing": "0", "flush_packets": "1", "page_duration": "200000"}
BIT_RATE = 64_000
"""Bits per second of lossy codecs."""


class SoundEncoder:
    """Mono sound, part by part, into one of :data:`FORMATS`.

    Args:
        write: Takes the bytes as soon as they are there.
        name: The format; an unknown one is a :class:`UserError`.
        sample_rate: Of the samples that come, in Hz.
    """

    def __init__(self, write: Callable[[bytes], object], name: str, sample_rate: int) -> None:
        if name not in FORMATS:
            raise UserError(f"no sound format {name!r}; there are {', '.join(FORMATS)}")
        self._format = FORMATS[name]
        self._write = write
        self.sample_rate = self._format.rate or sample_rate
        """Sample rate of the encoded sound."""
        self._resampler = None
        if self.sample_rate != sample_rate:
            import soxr  # type: ignore[import-untyped]

            self._resampler = soxr.ResampleStream(sample_rate, self.sample_rate, 1)
        self._count = 0
        if self._format.container:
            self._container = av.open(_Forward(write), "w", format=self._format.container, container_options=OPTIONS)
            stream = self._container.add_stream(self._format.codec, rate=self.sample_rate, layout="mono")
            assert isinstance(stream, AudioStream)
            self._stream = stream
            if self._format.codec != "flac":
                stream.bit_rate = BIT_RATE
        elif name == "wav":
            write(wav_header(sample_rate))

    def encode(self, waveform: NDArray[np.float32]) -> None:
        """Append samples ``(N,)`` in [-1, 1]."""
        self._encode(waveform if self._resampler is None else self._resampler.resample_chunk(waveform))

    def close(self) -> None:
        """Write what the encoder still holds back."""
        if self._resampler is not None:
            self._encode(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        if self._format.container:
            self._container.mux(self._stream.encode(None))
            self._container.close()

    def _encode(self, waveform: NDArray[np.float32]) -> None:
        if not self._format.container:
            self._write(pcm16(waveform).tobytes())
            return
        for start in range(0, len(waveform), BLOCK):
            samples = waveform[start : start + BLOCK]
            kind = self._format.samples
            values: NDArray[Any] = pcm16(samples) if kind == "s16" else np.clip(samples, -1, 1).astype(np.float32)
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(values[None]), format=kind, layout="mono")
            frame.sample_rate, frame.pts = self.sample_rate, self._count
            frame.time_base = Fraction(1, self.sample_rate)
            self._container.mux(self._stream.encode(frame))
            self._count += len(samples)


class _Forward:
    """A file that can only be written to."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(bytes(data))
        return len(data)


def pcm16(waveform: NDArray[np.floating]) -> NDArray[np.int16]:
    """Samples in [-1, 1] times 32768, rounded to the nearest without dither and clipped: little-endian 16 bit."""
    scaled = np.rint(np.asarray(waveform, np.float64) * 32768.0)
    return np.clip(scaled, -32768, 32767).astype("<i2")


def wav_header(sample_rate: int, samples: int | None = None) -> bytes:
    """The 44 bytes before mono 16-bit samples; without their number, as for a sound that is still being made."""
    size = UNKNOWN_LENGTH if samples is None else 2 * samples
    whole = min(size + 36, UNKNOWN_LENGTH)
    fields = (b"RIFF", whole, b"WAVE", b"fmt ", 16, 1, 1, sample_rate, 2 * sample_rate, 2, 16, b"data", size)
    return struct.pack("<4sI4s4sIHHIIHH4sI", *fields)
