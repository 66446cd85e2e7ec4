"""What a media file presents to its viewer, measured by decoding it, and what its container declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from avsynth.audio.io import frame_time, open_media, presented_samples, readable_packets, time_zero
from avsynth.errors import UserError
from avsynth.video.reading import frame_rate, video_stream

SAME_S = 0.0005
"""Decoded and declared times that differ by less than this are printed as one."""


@dataclass(frozen=True)
class StreamReport:
    """One stream as presented: edit lists, decoder delay and padding applied; times in seconds.

    ``start_s`` and ``duration_s`` come from the decoded frames, the ``declared`` ones from the container (None if it
    does not tell). ``frame_count`` counts decoded frames: pictures, or the audio codec's blocks. ``fps``, ``width`` and
    ``height`` are None for sound, ``sample_rate`` (Hz) and ``channels`` None for a picture.
    """

    codec: str
    start_s: float
    duration_s: float
    declared_start_s: float | None
    declared_duration_s: float | None
    frame_count: int
    fps: Fraction | None = None
    width: int | None = None
    height: int | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True)
class MediaReport:
    """A media file: its first picture and first sound stream (None if it has none, or nothing of it can be decoded),
    how they fit, and who made it. ``damaged``: something could not be decoded, or the file breaks off."""

    path: Path
    container: str
    video: StreamReport | None
    audio: StreamReport | None
    damaged: bool
    metadata: Mapping[str, str]

    @property
    def start_difference_ms(self) -> float | None:
        """Start of the sound minus start of the picture: positive when the sound is late; None unless both."""
        if self.video is None or self.audio is None:
            return None
        return 1000 * (self.audio.start_s - self.video.start_s)

    @property
    def length_difference_ms(self) -> float | None:
        """Length of the sound minus length of the picture: positive when the sound is longer; None unless both."""
        if self.video is None or self.audio is None:
            return None
        return 1000 * (self.audio.duration_s - self.video.duration_s)


@dataclass
class _Span:
    """The time that the decoded frames of one stream cover, in seconds of presentation."""

    start: Fraction | None = None
    end: Fraction = Fraction(0)
    frame_count: int = 0

    def add(self, start: Fraction | None, duration: Fraction) -> None:
        start = self.end if start is None else start
        self.start = start if self.start is None else min(self.start, start)
        self.end = max(self.end, start + duration)
        self.frame_count += 1


def inspect(path: Path | str) -> MediaReport:
    """Decode a whole file, in memory that does not grow, and report what its viewer gets.

    Errors: :class:`UserError` if the file cannot be read or nothing in it can be decoded.
    """
    with open_media(path) as container:
        streams: list[VideoStream | AudioStream] = [*container.streams.audio[:1]]
        if container.streams.video:
            streams.insert(0, video_stream(container, path))
        if not streams:
            raise UserError(f"{path} has neither sound nor picture: give a media file")
        zero = time_zero(container)
        spans, damaged = _decode(container, streams, zero)
        reports = {stream.type: _report(stream, spans[stream.index], zero, path) for stream in streams}
        report = MediaReport(
            path=Path(path),
            container=container.format.name,
            video=reports.get("video"),
            audio=reports.get("audio"),
            damaged=damaged,
            metadata=dict(container.metadata),
        )
    if report.video is None and report.audio is None:
        raise UserError(f"cannot read {path}: nothing in it can be decoded; the file is damaged")
    return report


def format_report(report: MediaReport) -> str:
    """The report as lines for people: streams, how they fit, and the metadata."""
    lines = [f"{report.path} ({report.container})" + (", damaged" if report.damaged else "")]
    if (video := report.video) is not None:
        what = f"{video.codec}, {video.width} x {video.height}, {_number(video.fps)} frames per second"
        lines.append(f"picture: {what}, {video.frame_count} frames; {_times(video)}")
    if (audio := report.audio) is not None:
        channels = {1: "mono", 2: "stereo"}.get(audio.channels or 0, f"{audio.channels} channels")
        lines.append(f"sound: {audio.codec}, {audio.sample_rate} Hz {channels}; {_times(audio)}")
    if report.start_difference_ms is not None and report.length_difference_ms is not None:
        start, length = report.start_difference_ms, report.length_difference_ms
        lines.append(f"sound minus picture: start {start:+.2f} ms, length {length:+.2f} ms")
    lines += [f"{key}: {value}" for key, value in report.metadata.items()]
    return "\n".join(lines)


def _decode(
    container: InputContainer, streams: list[VideoStream | AudioStream], zero: Fraction
) -> tuple[dict[int, _Span], bool]:
    """Decode everything: the span of each stream by its index, and whether anything was damaged."""
    spans = {stream.index: _Span() for stream in streams}
    packet_counts = dict.fromkeys(spans, 0)
    damaged = False
    for packet in readable_packets(container, *streams):
        if packet is None:
            damaged = True
            break
        packet_counts[packet.stream.index] += packet.size > 0
        try:
            frames = packet.decode()
        except FFmpegError:
            damaged = True
            continue
        for frame in frames:
            if not isinstance(frame, AudioFrame | VideoFrame):
                continue
            damaged = damaged or frame.is_corrupt
            spans[packet.stream.index].add(frame_time(frame, zero), _duration(frame, packet.stream))
    short = any(packet_counts[stream.index] < stream.frames for stream in streams)
    return spans, damaged or short


def _duration(frame: AudioFrame | VideoFrame, stream: VideoStream | AudioStream) -> Fraction:
    """Seconds for which a decoded frame is seen or heard."""
    if isinstance(frame, AudioFrame):
        return Fraction(presented_samples(frame), frame.sample_rate)
    if frame.duration and frame.time_base is not None:
        return frame.duration * frame.time_base
    return 1 / Fraction(stream.guessed_rate or 25)


def _report(stream: VideoStream | AudioStream, span: _Span, zero: Fraction, path: Path | str) -> StreamReport | None:
    """What is known of one stream; None if none of its frames could be decoded."""
    if span.start is None:
        return None
    time_base = Fraction(stream.time_base or 0)
    common = StreamReport(
        codec=stream.codec_context.name,
        start_s=float(span.start),
        duration_s=float(span.end - span.start),
        declared_start_s=None if stream.start_time is None else float(stream.start_time * time_base - zero),
        declared_duration_s=None if stream.duration is None else float(stream.duration * time_base),
        frame_count=span.frame_count,
    )
    if isinstance(stream, AudioStream):
        return replace(common, sample_rate=stream.sample_rate, channels=stream.channels)
    return replace(common, fps=frame_rate(stream, path), width=stream.width, height=stream.height)


def _times(stream: StreamReport) -> str:
    """Start and length as decoded, and as declared where the container says otherwise."""
    text = f"starts at {stream.start_s:.4f} s, lasts {stream.duration_s:.4f} s"
    other = []
    if stream.declared_start_s is not None and abs(stream.declared_start_s - stream.start_s) >= SAME_S:
        other.append(f"starts at {stream.declared_start_s:.4f} s")
    if stream.declared_duration_s is not None and abs(stream.declared_duration_s - stream.duration_s) >= SAME_S:
        other.append(f"lasts {stream.declared_duration_s:.4f} s")
    return f"{text} (its header says: {', '.join(other)})" if other else text


def _number(fps: Fraction | None) -> str:
    return "unknown" if fps is None else f"{float(fps):.5g}"
