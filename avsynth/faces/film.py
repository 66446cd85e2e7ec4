"""A face's moving pictures: H.264 that is read at any picture, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from threading import Lock

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from numpy.typing import NDArray

from avsynth.audio.io import open_media
from avsynth.errors import UserError
from avsynth.video.planes import BT709_MATRIX, TO_PLANES, Planes
from avsynth.video.reading import video_stream

KEYFRAMES = 12
"""Distance between keyframes in pictures; at most so many are decoded in vain at a jump."""
KEPT_BYTES = 128 << 20
"""Bytes for the decoded pictures of all films together: eight seconds of 768 × 576."""
QUALITIES = range(18, 41, 2)
"""x264's rate factors (crf) that are tried, the best quality first."""


class KeptPictures:
    """Decoded pictures that all who play the same films share.

    The first of a film that are decoded stay, since it begins alike whenever it is played. Where another film wants
    their room, those of the film that has not been played for the longest go.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._films: dict[Hashable, dict[int, Planes]] = {}
        """Those that were played last come last."""
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes of all pictures together."""
        return self._bytes

    def played(self, film: Hashable) -> None:
        """A film is being played."""
        with self._guard:
            self._films[film] = self._films.pop(film, {})

    def get(self, film: Hashable, index: int) -> Planes | None:
        """A picture, if it was kept."""
        return self._films.get(film, {}).get(index)

    def wanted(self, film: Hashable, index: int, size: int) -> bool:
        """Whether a picture of so many bytes is new and there is room for it."""
        with self._guard:
            if index in self._films.get(film, {}):
                return False
            others = [other for other in self._films if other != film]
            while self._bytes + size > KEPT_BYTES and others:
                self._bytes -= sum(picture.data.nbytes for picture in self._films.pop(others.pop(0)).values())
            return self._bytes + size <= KEPT_BYTES

    def keep(self, film: Hashable, index: int, picture: Planes) -> None:
        """Keep one that is :meth:`wanted`."""
        with self._guard:
            if self._films.setdefault(film, {}).setdefault(index, picture) is picture:
                self._bytes += picture.data.nbytes


KEPT = KeptPictures()


class Film:
    """Pictures of a video that :func:`write_film` wrote, at any index.

    Errors: :class:`UserError` where the file cannot be read, or a picture not be decoded.
    """

    def __init__(self, path: Path | str, size: tuple[int, int]) -> None:
        self.path, self.size = path, size
        self._open = open_media(path)
        self._container = self._open.__enter__()
        self._stream = video_stream(self._container, path)
        told = Path(path).stat()
        self._identity = str(Path(path).resolve()), told.st_mtime_ns, told.st_size
        KEPT.played(self._identity)
        self._ticks = 1 / (Fraction(self._stream.time_base or 1) * Fraction(self._stream.average_rate or 25))
        """Of the stream's time base, from one picture to the next."""
        self._frames: Iterator[VideoFrame] = iter(())
        self._next = -1

    def __getitem__(self, index: int) -> Planes:
        """A picture, shared by all who ask for it: do not change it."""
        kept = KEPT.get(self._identity, index)
        return self._decoded(index) if kept is None else kept

    def _decoded(self, index: int) -> Planes:
        try:
            if not self._next <= index <= self._next + KEYFRAMES or self._next < 0:
                self._container.seek(round(index * self._ticks), stream=self._stream)
                self._frames = self._container.decode(self._stream)
            for frame in self._frames:
                number = round((frame.pts or 0) / self._ticks)
                picture, room = None, KEPT.wanted(self._identity, number, frame.height * frame.width * 3 // 2)
                if number == index or room:
                    picture = self._picture(frame)
                if picture is not None and room:
                    KEPT.keep(self._identity, number, picture)
                if picture is not None and number == index:
                    self._next = index + 1
                    return picture
        except FFmpegError as error:
            raise UserError(f"cannot read {self.path}: picture {index} is damaged") from error
        raise UserError(f"cannot read {self.path}: it has no picture {index}")

    def _picture(self, frame: VideoFrame) -> Planes:
        if (frame.height, frame.width) != self.size:
            raise UserError(f"{self.path} has pictures of {frame.width}×{frame.height}, not as its face says")
        return Planes.of_frame(frame)

    def close(self) -> None:
        self._container.close()


def film_frames(path: Path, size: tuple[int, int]) -> int:
    """How many pictures a film has, by its packets; :class:`UserError` where it is none of that size."""
    with open_media(path) as container:
        stream = video_stream(container, path)
        if (stream.height, stream.width) != size:
            raise UserError(f"{path} has pictures of {stream.width}×{stream.height}, not of {size[1]}×{size[0]}")
        if stream.average_rate is None:
            raise UserError(f"{path} does not tell its frame rate")
        try:
            return sum(packet.size > 0 for packet in container.demux(stream))
        except FFmpegError as error:
            raise UserError(f"cannot read {path}: the file is damaged") from error


def write_film(
    path: Path, pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], fps: Fraction, crf: float
) -> None:
    """Write pictures ``(H, W, 3)`` without sound; ``crf`` as x264's, lower is better."""
    reformatter = VideoReformatter()
    options = {"preset": "slow", "crf": str(crf), "bf": "0", "g": str(KEYFRAMES)}
    with av.open(f"file:{path}", "w", format="mp4", container_options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.height, stream.width = size
        stream.pix_fmt = "yuv420p"
        encoder = stream.codec_context
        encoder.time_base = 1 / fps
        encoder.colorspace, encoder.color_range = BT709_MATRIX, ColorRange.MPEG
        encoder.color_primaries, encoder.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        for number, picture in enumerate(pictures):
            frame = reformatter.reformat(
                VideoFrame.from_ndarray(np.ascontiguousarray(picture)),
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=TO_PLANES,
                threads=1,
            )
            frame.pts, frame.time_base = number, 1 / fps
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_film_within(
    path: Path,
    pictures: Callable[[], Iterable[NDArray[np.uint8]]],
    size: tuple[int, int],
    fps: Fraction,
    largest_mb: float,
) -> None:
    """:func:`write_film` in the finest quality that takes at most so many megabytes, or the coarsest."""
    for crf in QUALITIES:
        write_film(path, pictures(), size, fps, crf)
        if path.stat().st_size <= largest_mb * 1e6:
            return
