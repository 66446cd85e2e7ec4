"""Video and pictures in: frames as uint8 RGB on a steady clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from avsynth.audio.io import frame_time, open_media, read_failure, readable_packets, time_zero
from avsynth.errors import UserError
from avsynth.files import atomic_path

LONGEST_HOLD_S = 10.0
"""A picture is held at most this long over a hole in the timestamps; a longer one is damage."""


@dataclass(frozen=True)
class Video:
    """A video in memory.

    ``frames`` (T, H, W, 3) uint8 RGB: frame *i* is shown from ``start_s + i / fps`` on. ``damaged``: the file breaks
    off or holds pictures that cannot be decoded; ``frames`` ends before the first of them.
    """

    frames: NDArray[np.uint8]
    fps: Fraction
    start_s: float
    damaged: bool


@dataclass(frozen=True)
class MediaInfo:
    """What a video file holds. ``frame_count`` and ``damaged`` are those of :func:`read_frames`; durations in seconds,
    that of the sound None if there is none."""

    fps: Fraction
    frame_count: int
    width: int
    height: int
    has_audio: bool
    damaged: bool
    video_duration_s: float
    audio_duration_s: float | None


class FrameIterator(Iterator[NDArray[np.uint8]]):
    """The pictures of a video one by one, uint8 (H, W, 3) RGB, in presentation order, 1 / ``fps`` apart.

    Pictures missing from the timestamps are filled by the one before, so that picture *i* is always that of
    ``start_s + i / fps``. Iteration ends before the first damaged picture; ``damaged`` is final then. ``start_s`` is in
    seconds from presentation time 0 of the file. Rotation that the file asks for is applied.

    Errors: :class:`UserError` at once if the file cannot be read, has no picture, or none that can be decoded.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self.fps = Fraction(0)
        self.start_s = 0.0
        self.damaged = False
        self._images = self._steady()
        self._first = next(self._images, None)
        if self._first is None:
            raise UserError(f"{path} has a picture, but none of it can be decoded: the file is damaged")
        self.height, self.width = self._first.shape[:2]

    def __next__(self) -> NDArray[np.uint8]:
        if self._first is not None:
            image, self._first = self._first, None
            return image
        return next(self._images)

    def _steady(self) -> Iterator[NDArray[np.uint8]]:
        """Put the decoded pictures on the clock of ``fps``."""
        with open_media(self.path) as container:
            stream = video_stream(container, self.path)
            self.fps = frame_rate(stream, self.path)
            zero = time_zero(container)
            count = 0
            converter = RgbConverter()
            held: NDArray[np.uint8] | None = None
            for frame in self._decode(container, stream):
                slot = count
                if (time := frame_time(frame, zero)) is not None:
                    if held is None:
                        first_time = time
                        self.start_s = float(time)
                    slot = round((time - first_time) * self.fps)
                if slot < count:
                    continue
                if slot - count > LONGEST_HOLD_S * self.fps:
                    self.damaged = True
                    return
                while held is not None and count < slot:
                    yield held
                    count += 1
                held = converter(frame)
                yield held
                count += 1

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """Yield frames up to the first damaged one; damage before the first good frame is passed over."""
        seen = 0
        started = broken = False
        for packet in readable_packets(container, stream):
            try:
                broken = packet is None
                frames = stream.decode(packet) if packet is not None else _flush(stream)
                seen += packet is not None and packet.size > 0
            except FFmpegError:
                broken = True
                frames = _flush(stream) if started else []
            for frame in frames:
                broken = broken or frame.is_corrupt
                if not frame.is_corrupt:
                    started = True
                    yield frame
                elif started:
                    break
            self.damaged = self.damaged or broken
            if broken and started:
                return
        self.damaged = self.damaged or seen < stream.frames


class RgbConverter:
    """Decoded frames to uint8 (H, W, 3) RGB, upright, by the colour matrix and range that each frame declares.

    A frame that declares no matrix is taken for BT.601, as standard-definition video is. ``fast``: colours of four
    pixels are not interpolated, which is not seen in a video that is written again.
    """

    def __init__(self, fast: bool = False) -> None:
        self._reformatter = VideoReformatter()
        fine = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        self._interpolation = Interpolation.FAST_BILINEAR if fast else fine

    def __call__(self, frame: VideoFrame) -> NDArray[np.uint8]:
        rgb = self._reformatter.reformat(
            frame,
            format="rgb24",
            interpolation=self._interpolation,
            threads=1,
        )
        image = np.rot90(np.asarray(rgb.to_ndarray(), dtype=np.uint8), round(frame.rotation / 90) % 4)
        return np.ascontiguousarray(image)


def _flush(stream: VideoStream) -> list[VideoFrame]:
    """The whole frames that the decoder still holds back for reordering."""
    flush: Packet[Any] = Packet()
    flush.stream = stream
    try:
        return stream.decode(flush)
    except FFmpegError:
        return []


def video_stream(container: InputContainer, path: Path | str) -> VideoStream:
    """The first video stream, set to decode on one thread; :class:`UserError` if there is none."""
    if not container.streams.video:
        raise UserError(f"{path} has no picture: give a file with a video stream")
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    return stream


def frame_rate(stream: VideoStream, path: Path | str) -> Fraction:
    """Frames per second as the container and the codec tell; :class:`UserError` if they do not."""
    fps = stream.guessed_rate or stream.average_rate
    if not fps:
        raise UserError(f"{path} does not tell its frame rate: convert it to a constant one first")
    return Fraction(fps)


def iterate_frames(path: Path | str) -> FrameIterator:
    """Decode a video picture by picture, in memory that does not grow; see :class:`FrameIterator`."""
    return FrameIterator(path)


def read_frames(path: Path | str) -> Video:
    """Decode a whole video into memory; errors as :class:`FrameIterator`."""
    iterator = iterate_frames(path)
    frames = np.stack(list(iterator))
    return Video(frames=frames, fps=iterator.fps, start_s=iterator.start_s, damaged=iterator.damaged)


def probe(path: Path | str) -> MediaInfo:
    """Tell what a video file holds, without trusting its header.

    The header's frame count is taken where it agrees with the packets in the file; otherwise the pictures are decoded
    and counted. Durations are those of what is in the file, sound from the end of its last packet.

    Errors: as :class:`FrameIterator`.
    """
    frames = iterate_frames(path)
    packets = 0
    audio_start: Fraction | None = None
    audio_end = Fraction(0)
    with open_media(path) as container:
        declared = container.streams.video[0].frames
        has_audio = bool(container.streams.audio)
        zero = time_zero(container)
        for packet in readable_packets(container, container.streams.video[0], *container.streams.audio[:1]):
            if packet is None or not packet.size:
                continue
            if packet.stream.type == "video":
                packets += not packet.is_discard
            elif packet.pts is not None:
                start = packet.pts * packet.time_base - zero
                audio_start = start if audio_start is None else audio_start
                audio_end = max(audio_end, start + (packet.duration or 0) * packet.time_base)
    count = declared if declared == packets and declared else sum(1 for _ in frames)
    return MediaInfo(
        fps=frames.fps,
        frame_count=count,
        width=frames.width,
        height=frames.height,
        has_audio=has_audio,
        damaged=frames.damaged,
        video_duration_s=float(count / frames.fps),
        audio_duration_s=None if audio_start is None else float(audio_end - max(audio_start, Fraction(0))),
    )


def read_image(path: Path | str) -> NDArray[np.uint8]:
    """Read a picture (PNG, JPEG or whatever FFmpeg decodes) as uint8 (H, W, 3) RGB; transparency is dropped.

    Of a video, the first picture. A photo comes upright, as its EXIF tells.

    Errors: :class:`UserError` if the file is missing, damaged or no picture.
    """
    try:
        # A file, not its name: FFmpeg would take a name with %d in it for that of a sequence.
        with Path(path).open("rb") as file, av.open(file, mode="r", metadata_errors="replace") as container:
            stream = video_stream(container, path)
            frame = next((frame for frame in container.decode(stream)), None)
            if frame is None or frame.is_corrupt:
                raise UserError(f"cannot read {path}: the picture is damaged; give a PNG or JPEG file")
            return RgbConverter()(frame)
    except (FFmpegError, OSError) as error:
        raise UserError(f"cannot read {path}: {read_failure(path, error)}; give a PNG or JPEG file") from error


def fit_within(image: NDArray[np.uint8], shorter: int) -> NDArray[np.uint8]:
    """A picture (H, W, 3), brought to ``shorter`` pixels on its shorter side (by areas) if it is larger than that."""
    height, width = image.shape[:2]
    if min(height, width) <= shorter:
        return image
    share = shorter / min(height, width)
    small = VideoReformatter().reformat(
        VideoFrame.from_ndarray(np.ascontiguousarray(image)),
        height=round(height * share),
        width=round(width * share),
        interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
        threads=1,
    )
    return np.asarray(small.to_ndarray(), dtype=np.uint8)


def write_image(path: Path | str, image: NDArray[np.uint8]) -> None:
    """Write a uint8 (H, W, 3) RGB picture as PNG, whole or not at all.

    Errors: :class:`UserError` if the file cannot be written; ``ValueError`` for another shape or type.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ValueError(f"a picture is uint8 (H, W, 3), not {image.dtype} {image.shape}")
    encoder = av.CodecContext.create("png", "w")
    encoder.height, encoder.width = image.shape[:2]
    encoder.pix_fmt = "rgb24"
    encoder.time_base = Fraction(1, 25)
    packets = [*encoder.encode(VideoFrame.from_ndarray(np.ascontiguousarray(image))), *encoder.encode(None)]
    with atomic_path(path) as temporary:
        temporary.write_bytes(b"".join(bytes(packet) for packet in packets))
