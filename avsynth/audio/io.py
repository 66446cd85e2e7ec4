"""Sound files in and out, aligned by time.

FFmpeg (through PyAV) decodes. Nothing is ever fetched from a network, and of a file with a damaged end the rest is
still read.
"""

from __future__ import annotations

import math
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

MOST_CHANNELS = 7
"""PyAV gives out at most so many channels."""

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


@dataclass(frozen=True)
class Block:
    """Some of a file's sound, as it was decoded."""

    samples: NDArray[Any]
    """``(C, N)``: uint8, int16, int32, float32 or float64, each with its own full scale."""
    sample_rate: int
    layout: str
    """FFmpeg's name for the channels, such as ``stereo``, or ``2 channels`` where the file does not tell more."""


def read_blocks(path: Path | str) -> Iterator[Block]:
    """The sound of any file that FFmpeg decodes, block after block, in memory that does not grow.

    Sample 0 is presentation time 0 of the file: a stream that starts later is preceded by silence, what lies before is
    dropped, edit lists and decoder delay are applied, and holes in the timestamps are filled with silence, so that
    sound and picture of one file keep their times. Undecodable packets, as at the end of a truncated file, are passed
    over.

    Errors: :class:`UserError` if the file cannot be read, has no sound, or none that can be decoded.
    """
    with open_media(path) as container:
        if not container.streams.audio:
            raise UserError(f"{path} has no sound: give a file with an audio stream")
        yield from _placed(path, container, container.streams.audio[0])


def read_audio(path: Path | str, sample_rate: int) -> NDArray[np.float32]:
    """Read the sound of any file that FFmpeg decodes, as mono float32 (N,) in [-1, 1] at ``sample_rate`` Hz.

    Times and errors as for :func:`read_blocks`. Channels are averaged; resampling is band-limited (soxr).
    """
    return resample(*read_mono(path), sample_rate)


def read_mono(path: Path | str) -> tuple[NDArray[np.float32], int]:
    """As :func:`read_audio`, at the file's own sample rate, which is returned as well."""
    source_rate, chunks = 0, []
    for block in read_blocks(path):
        source_rate = block.sample_rate
        chunks.append(mix_down(block.samples))
    return np.concatenate(chunks), source_rate


def resample(waveform: NDArray[np.float32], source_rate: int, sample_rate: int) -> NDArray[np.float32]:
    """A waveform ``(N,)`` at another rate, band-limited (soxr), clipped to [-1, 1]."""
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
    with wav_writer(path, sample_rate) as write:
        write(waveform)


@contextmanager
def wav_writer(path: Path | str, sample_rate: int) -> Iterator[Callable[[NDArray[np.floating]], None]]:
    """The same in pieces: yields a function that takes one piece ``(N,)`` after the other."""
    with atomic_path(path) as temporary, temporary.open("wb") as file, wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)

        def write(waveform: NDArray[np.floating]) -> None:
            samples = np.asarray(waveform, dtype=np.float64)
            if samples.ndim != 1 or not np.isfinite(samples).all():
                raise ValueError(
                    f"a waveform is finite numbers of shape (N,), not {samples.shape} with NaN or infinity"
                )
            writer.writeframes(np.clip(np.rint(samples * 32768.0), -32768, 32767).astype("<i2").tobytes())

        yield write


def presented_samples(frame: AudioFrame) -> int:
    """Samples of a decoded frame that are to be heard.

    The last packet of a stream may declare less than the codec's frame; the rest is the encoder's padding.
    """
    if not frame.duration or frame.time_base is None:
        return frame.samples
    return min(frame.samples, math.ceil(frame.duration * frame.time_base * frame.sample_rate))


def to_float(samples: NDArray[Any]) -> NDArray[np.float64]:
    """Samples of any type that a decoder gives, in full precision, with full scale 1."""
    if samples.dtype.kind == "u":
        return (samples.astype(np.float64) - 128.0) / 128.0
    if samples.dtype.kind == "i":
        return samples.astype(np.float64) / float(2 ** (8 * samples.dtype.itemsize - 1))
    return samples.astype(np.float64)


def mix_down(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Average the channels of decoded samples ``(C, N)``: float32 ``(N,)`` with full scale 1."""
    channels = to_float(samples)
    return np.asarray(channels[0] if len(channels) == 1 else channels.mean(axis=0), dtype=np.float32)


def _placed(path: Path | str, container: InputContainer, stream: AudioStream) -> Iterator[Block]:
    """Decode all of ``stream`` from presentation time 0 on, with holes filled."""
    zero = time_zero(container)
    held: NDArray[Any] | None = None
    place = 0
    last = None
    for frame in _decode(container, stream):
        rate = frame.sample_rate
        if last is not None and last.sample_rate != rate:
            raise UserError(f"{path} changes its sample rate from {last.sample_rate} to {rate} Hz: convert it first")
        samples = _channels(path, frame)
        start = place if (first := _first_sample(frame, zero)) is None else first
        if abs(start - place) > LONGEST_GAP_S * rate:
            start = place
        if held is not None:
            yield Block(held, rate, frame.layout.name)
        if last is None or start - place > JITTER_S * rate:
            silence = 128 if samples.dtype.kind == "u" else 0
            yield Block(np.full((len(samples), max(start - place, 0)), silence, samples.dtype), rate, frame.layout.name)
            place = start
        held = samples[:, max(-place, 0) :]
        place += frame.samples
        last = frame
    if last is None or held is None:
        raise UserError(f"{path} has sound, but none of it can be decoded: the file is damaged")
    surplus = last.samples - presented_samples(last)
    yield Block(held[:, : max(held.shape[1] - surplus, 0)], last.sample_rate, last.layout.name)


def _first_sample(frame: AudioFrame, zero: Fraction) -> int | None:
    """:func:`frame_time` in samples, to the nearest; in whole numbers, since there are hundreds of frames in a clip."""
    base = frame.time_base
    if frame.pts is None or base is None:
        return None
    ticks = frame.pts * base.numerator * zero.denominator - zero.numerator * base.denominator
    whole, rest = divmod(ticks * frame.sample_rate, scale := base.denominator * zero.denominator)
    return whole + (2 * rest > scale or (2 * rest == scale and whole % 2 == 1))


def _channels(path: Path | str, frame: AudioFrame) -> NDArray[Any]:
    """The samples ``(C, N)`` of a decoded frame."""
    count = frame.layout.nb_channels
    if count > MOST_CHANNELS:
        raise UserError(f"{path} has {count} channels; at most {MOST_CHANNELS} can be read: mix it down first")
    samples = frame.to_ndarray()
    return samples.reshape(-1, count).T if frame.format.is_packed else samples


def _decode(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield the frames that can be decoded."""
    for packet in readable_packets(container, stream):
        if packet is None:
            return
        try:
            yield from stream.decode(packet)
        except FFmpegError:
            continue
