"""Sound files in and out, aligned by time.

FFmpeg (through PyAV) decodes; nothing is ever fetched from a network, and a damaged end costs only itself.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.frame import Frame
from av.packet import Packet
from av.stream import Stream
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import atomic_path

JITTER_S = 0.02
"""Timestamps that stray less than this from the running count of samples are rounding, not gaps."""

LONGEST_GAP_S = 60.0
"""A gap beyond this is a broken timestamp: it is not filled."""

CLOCKS_FROM_ZERO = {"mov", "matroska"}
"""Containers whose timestamps are presentation times; elsewhere the clock starts anywhere, at the earliest stream."""


@contextmanager
def open_media(path: Path | str) -> Iterator[InputContainer]:
    """Open a local media file for decoding; close it on leaving.

    Errors: :class:`UserError` if the file is missing, empty, or of no known format.
    """
    try:
        # The prefix keeps FFmpeg from reading a colon in a file's name as a network protocol.
        container = av.open(f"file:{path}", mode="r", metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise UserError(f"cannot read {path}: {read_failure(path, error)}") from error
    with container:
        yield container


def read_failure(path: Path | str, error: Exception) -> str:
    """Say in words why ``path`` could not be opened or decoded."""
    if isinstance(error, OSError):
        return str(error.strerror or error)
    if Path(path).stat().st_size == 0:
        return "the file is empty"
    return "it is damaged, or no sound, picture or video file"


def time_zero(container: InputContainer) -> Fraction:
    """Reading of the container's clock, in seconds, at presentation time 0 of the file.

    0 for MP4 and Matroska, whose clocks are presentation times; the earliest stream start for the others (the clock of
    an MPEG programme stream, for one, starts anywhere).
    """
    if CLOCKS_FROM_ZERO & set(container.format.name.split(",")):
        return Fraction(0)
    starts = [
        stream.start_time * stream.time_base
        for stream in container.streams
        if stream.start_time is not None and stream.time_base is not None and stream.type in ("audio", "video")
    ]
    return min(starts, default=Fraction(0))


def frame_time(frame: Frame, zero: Fraction) -> Fraction | None:
    """Presentation time of a decoded frame in seconds, ``zero`` being :func:`time_zero`; None if unknown."""
    if frame.pts is None or frame.time_base is None:
        return None
    return frame.pts * frame.time_base - zero


def readable_packets(container: InputContainer, *streams: Stream) -> Iterator[Packet[Any] | None]:
    """Yield the packets of ``streams`` in file order, empty ones at the end to flush the decoders.

    A last None says that the container broke off: it could be read no further.
    """
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            yield None
            return
        if packet is None:
            return
        yield packet


def read_audio(path: Path | str, sample_rate: int) -> NDArray[np.float32]:
    """Read the sound of any file that FFmpeg decodes, as mono float32 (N,) in [-1, 1] at ``sample_rate`` Hz.

    Sample 0 is presentation time 0 of the file: a stream that starts later is preceded by zeros, what lies before is
    dropped, edit lists and decoder delay are applied, and holes in the timestamps are filled with zeros, so that sound
    and picture of one file keep their times. Channels are averaged; resampling is band-limited (soxr). Undecodable
    packets, as at the end of a truncated file, are passed over.

    Errors: :class:`UserError` if the file cannot be read, has no sound, or none that can be decoded.
    """
    with open_media(path) as container:
        if not container.streams.audio:
            raise UserError(f"{path} has no sound: give a file with an audio stream")
        waveform, source_rate = _read_mono(path, container, container.streams.audio[0])
    if source_rate != sample_rate:
        import soxr  # type: ignore[import-untyped]

        waveform = soxr.resample(waveform, source_rate, sample_rate, quality="HQ")
    return np.clip(waveform, -1.0, 1.0).astype(np.float32, copy=False)


def write_wav(path: Path | str, waveform: NDArray[np.floating], sample_rate: int) -> None:
    """Write mono sound (N,) in [-1, 1] as a 16-bit PCM WAV file, whole or not at all.

    Samples are multiplied by 32768, rounded to the nearest integer without dither and clipped, so that sound read from
    a 16-bit file is written back bit for bit.

    Errors: :class:`UserError` if the file cannot be written; ``ValueError`` for NaN, infinity or another shape.
    """
    samples = np.asarray(waveform, dtype=np.float64)
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise ValueError(f"a waveform is finite numbers of shape (N,), not {samples.shape} with NaN or infinity")
    pcm = np.clip(np.rint(samples * 32768.0), -32768, 32767).astype("<i2")
    with atomic_path(path) as temporary, temporary.open("wb") as file, wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)
        writer.writeframes(pcm.tobytes())


def presented_samples(frame: AudioFrame) -> int:
    """Samples of a decoded frame that are to be heard.

    The last packet of a stream may declare less than the codec's frame; the rest is the encoder's padding.
    """
    if not frame.duration or frame.time_base is None:
        return frame.samples
    return min(frame.samples, math.ceil(frame.duration * frame.time_base * frame.sample_rate))


def mix_down(frame: AudioFrame) -> NDArray[np.float32]:
    """Average the channels of a decoded frame of any sample format: float32 (samples,) with full scale 1."""
    samples = frame.to_ndarray()
    if frame.format.is_packed:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    if samples.dtype.kind == "u":
        samples = samples.astype(np.float32) - 128.0
        full_scale = 128.0
    elif samples.dtype.kind == "i":
        full_scale = float(2 ** (8 * samples.dtype.itemsize - 1))
    else:
        full_scale = 1.0
    mono: NDArray[np.float64] = samples.mean(axis=0, dtype=np.float64) / full_scale
    return mono.astype(np.float32)


def _read_mono(path: Path | str, container: InputContainer, stream: AudioStream) -> tuple[NDArray[np.float32], int]:
    """Decode ``stream`` whole: mono samples from presentation time 0 on, and their rate in Hz."""
    zero = time_zero(container)
    chunks: list[NDArray[np.float32]] = []
    rate = first = end = 0
    last = None
    for frame in _decode(container, stream):
        if last is None:
            rate = frame.sample_rate
        elif frame.sample_rate != rate:
            raise UserError(f"{path} changes its sample rate from {rate} to {frame.sample_rate} Hz: convert it first")
        start = end
        if (time := frame_time(frame, zero)) is not None:
            start = round(time * rate)
        if abs(start - end) > LONGEST_GAP_S * rate:
            start = end
        if last is None:
            first = end = start
        elif start - end > JITTER_S * rate:
            chunks.append(np.zeros(start - end, np.float32))
            end = start
        chunks.append(mix_down(frame))
        end += frame.samples
        last = frame
    if last is None:
        raise UserError(f"{path} has sound, but none of it can be decoded: the file is damaged")
    chunks[-1] = chunks[-1][: presented_samples(last)]
    waveform = np.concatenate([np.zeros(max(first, 0), np.float32), *chunks])
    return waveform[max(-first, 0) :], rate


def _decode(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield the frames that can be decoded."""
    for packet in readable_packets(container, stream):
        if packet is None:
            return
        try:
            yield from stream.decode(packet)
        except FFmpegError:
            continue
