"""Video and pictures in: frames as uint8 RGB on a steady clock."""

from __future__ import annotations

import struct
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
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from avsynth.audio.io import frame_time, open_media, read_failure, readable_packets, time_zero
from avsynth.errors import UserError
from avsynth.files import atomic_path
from avsynth.video import tone

WHITE = (255, 255, 255)
ONE = Fraction(1)
EXIF_MARKS, EXIF_WITHIN, ORIENTATION = (b"Exif\0\0", b"eXIf"), 1 << 18, 0x0112
"""The marks before a photo's EXIF data, within how many bytes they are looked for, and the tag of the orientation."""
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

    Args:
        square: Whether pixels that are not square are made so.
        background: See :class:`RgbConverter`.

    Errors: :class:`UserError` at once if the file cannot be read, has no picture, or none that can be decoded.
    """

    def __init__(self, path: Path | str, square: bool = False, background: tuple[int, int, int] = WHITE) -> None:
        refuse_animated_webp(path)
        self.path, self._square, self._background = path, square, background
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
            aspect = Fraction(stream.sample_aspect_ratio or 1) if self._square else ONE
            aspect = aspect if Fraction(1, 8) <= aspect <= 8 else ONE
            converter = RgbConverter(background=self._background, aspect=aspect, mirrored=is_mirrored(self.path))
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

    A frame that declares no matrix is taken for BT.601, as standard-definition video is. PQ and HLG are tone-mapped;
    transparent pixels are blended with a plain colour.

    Args:
        fast: Do not interpolate subsampled chroma; the difference is invisible where the video is subsampled again on
            writing.
        background: Red, green and blue behind what is transparent.
        aspect: Width of a pixel of the frames to its height; they are made square by enlarging one side.
        mirrored: See :func:`is_mirrored`.
    """

    def __init__(
        self,
        fast: bool = False,
        background: tuple[int, int, int] = WHITE,
        aspect: Fraction = ONE,
        mirrored: bool = False,
    ) -> None:
        self._mirrored = mirrored
        self._reformatter = VideoReformatter()
        fine = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        self._interpolation = Interpolation.FAST_BILINEAR if fast else fine
        self._background, self._aspect = np.array(background), aspect

    def __call__(self, frame: VideoFrame) -> NDArray[np.uint8]:
        bright = frame.color_trc in (tone.PQ, tone.HLG) and frame.format.components[0].bits > 8
        clear = frame.format.name == "pal8" or any(part.is_alpha for part in frame.format.components)
        pixels = self._pixels(frame, "rgb48le" if bright else "rgba" if clear else "rgb24")
        if bright:
            pixels = tone.tone_mapped(pixels, int(frame.color_trc))
        elif clear:
            share = pixels[..., 3:].astype(np.float32) / 255
            pixels = np.rint(share * pixels[..., :3] + (1 - share) * self._background).astype(np.uint8)
        return np.ascontiguousarray(upright(pixels, frame, self._mirrored))

    def _pixels(self, frame: VideoFrame, layout: str) -> NDArray[Any]:
        wide = self._aspect >= 1
        return self._reformatter.reformat(
            frame,
            width=round(frame.width * self._aspect) if wide else frame.width,
            height=frame.height if wide else round(frame.height / self._aspect),
            format=layout,
            interpolation=self._interpolation,
            threads=1,
        ).to_ndarray()


def upright(pixels: NDArray[Any], frame: VideoFrame, mirrored: bool) -> NDArray[Any]:
    """Pixels ``(H, W, …)`` turned as the frame asks for, and mirrored if need be.

    A frame has a rotation only; for a mirrored one, FFmpeg gives that of the matrix with its second axis reversed.
    """
    turns = round(frame.rotation / 90) % 4
    turned = np.rot90(pixels, turns)
    if not mirrored:
        return turned
    return turned[:, ::-1] if turns % 2 else turned[::-1]


def is_mirrored(path: Path | str) -> bool:
    """Whether a photo's EXIF says that it is shown as in a mirror (orientations 2, 4, 5 and 7)."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(EXIF_WITHIN)
    except OSError:
        return False
    start = max((head.find(mark) + len(mark) for mark in EXIF_MARKS if mark in head), default=-1)
    tiff = head[start:] if start >= 0 else b""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return False
    first = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if first + 2 > len(tiff):
        return False
    count = struct.unpack_from(f"{order}H", tiff, first)[0]
    for place in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == ORIENTATION:
            return value in (2, 4, 5, 7)
    return False


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
    decoder: VideoCodecContext | None = stream.codec_context
    if decoder is None:
        raise UserError(f"{path} has a picture that cannot be decoded here: convert it to another format first")
    decoder.thread_count = 1
    return stream


def frame_rate(stream: VideoStream, path: Path | str) -> Fraction:
    """Frames per second as the container and the codec tell; :class:`UserError` if they do not."""
    fps = stream.guessed_rate or stream.average_rate
    if not fps:
        raise UserError(f"{path} does not tell its frame rate: convert it to a constant one first")
    return Fraction(fps)


def refuse_animated_webp(path: Path | str) -> None:
    """FFmpeg reads stills of that format alone: :class:`UserError`."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(21)
    except OSError:
        return
    if head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) == 21 and head[20] & 2:
        raise UserError(f"{path} is an animated WebP, which is not read: convert it to mp4 or GIF first")


def iterate_frames(path: Path | str, square: bool = False, background: tuple[int, int, int] = WHITE) -> FrameIterator:
    """Decode a video picture by picture, in memory that does not grow; see :class:`FrameIterator`."""
    return FrameIterator(path, square, background)


def read_frames(path: Path | str) -> Video:
    """Decode a whole video into memory; errors as :class:`FrameIterator`."""
    iterator = iterate_frames(path)
    frames = np.stack(list(iterator))
    return Video(frames=frames, fps=iterator.fps, start_s=iterator.start_s, damaged=iterator.damaged)


def probe(path: Path | str) -> MediaInfo:
    """Describe a video file without trusting its header.

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
    """Read a picture (PNG, JPEG or whatever FFmpeg decodes) as uint8 (H, W, 3) RGB, on white where transparent.

    Of a video, the first picture. A photo comes upright, as its EXIF tells.

    Errors: :class:`UserError` if the file is missing, damaged or no picture.
    """
    refuse_animated_webp(path)
    try:
        # A file, not its name: FFmpeg would take a name with %d in it for that of a sequence.
        with Path(path).open("rb") as file, av.open(file, mode="r", metadata_errors="replace") as container:
            stream = video_stream(container, path)
            frame = next((frame for frame in container.decode(stream)), None)
            if frame is None or frame.is_corrupt:
                raise UserError(f"cannot read {path}: the picture is damaged; give a PNG or JPEG file")
            return RgbConverter(mirrored=is_mirrored(path))(frame)
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
