"""Pictures as H.264 holds them: luma, and chroma of half its fineness (yuv420p), in BT.709's colours and limited range.

What is decoded so and shown so need never be turned into RGB and back.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Self

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from numpy.typing import NDArray

LAYOUT = "yuv420p"
BT709_MATRIX = 1
"""AVCOL_SPC_BT709, the only one of the four colour tags that PyAV does not name."""
TO_PLANES = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INP
TO_RGB = Interpolation.FAST_BILINEAR
"""All four pixels of a chroma sample take it as it is: a change stays where it was made."""
_of_thread = threading.local()


@dataclass(frozen=True, eq=False)
class Planes:
    """A picture of even sides."""

    data: NDArray[np.uint8]
    """``(3/2 H, W)``: the rows of luma, then both kinds of chroma, one byte after the other."""

    @classmethod
    def of_rgb(cls, picture: NDArray[np.uint8]) -> Self:
        """Of ``(H, W, 3)``; ``ValueError`` for odd sides."""
        if picture.shape[0] % 2 or picture.shape[1] % 2:
            raise ValueError(f"a picture has even sides, not {picture.shape[1]}×{picture.shape[0]}")
        return cls.of_frame(VideoFrame.from_numpy_buffer(np.ascontiguousarray(picture)))

    @classmethod
    def of_frame(cls, frame: VideoFrame) -> Self:
        """Of a decoded picture; copied as it is where it is one of these already."""
        ready = frame.format.name == LAYOUT and frame.colorspace == BT709_MATRIX
        if not ready or frame.color_range != ColorRange.MPEG:
            frame = _reformatter().reformat(
                frame,
                format=LAYOUT,
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=TO_PLANES,
                threads=1,
            )
        made = cls(np.empty((frame.height * 3 // 2, frame.width), np.uint8))
        for own, plane in zip(made._planes, frame.planes, strict=True):
            own[:] = _rows(plane)
        return made

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.data.shape[0] * 2 // 3, self.data.shape[1]

    @property
    def luma(self) -> NDArray[np.uint8]:
        """``(1, H, W)``, 16 to 235, a view."""
        return self.data[None, : self.size[0]]

    @property
    def chroma(self) -> NDArray[np.uint8]:
        """``(2, H/2, W/2)``, 16 to 240 about 128, a view."""
        height, width = self.size
        return self.data.reshape(-1)[height * width :].reshape(2, height // 2, width // 2)

    @property
    def _planes(self) -> list[NDArray[np.uint8]]:
        return [*self.luma, *self.chroma]

    def copy(self) -> Planes:
        """The same picture, to be changed."""
        return Planes(self.data.copy())

    def rgb(self) -> NDArray[np.uint8]:
        """``(H, W, 3)``."""
        made = _reformatter().reformat(self.frame(), format="rgb24", interpolation=TO_RGB, threads=1)
        return np.asarray(made.to_ndarray(), dtype=np.uint8)

    def frame(self) -> VideoFrame:
        """For an encoder; it shares this memory where it can."""
        height, width = self.size
        if height % 4 == 0:  # of other heights PyAV takes no buffer
            frame = VideoFrame.from_numpy_buffer(self.data, format=LAYOUT)
        else:
            frame = VideoFrame(width, height, LAYOUT)
            for own, plane in zip(self._planes, frame.planes, strict=True):
                _rows(plane)[:] = own
        frame.colorspace, frame.color_range = BT709_MATRIX, ColorRange.MPEG
        frame.color_primaries, frame.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        return frame


def _rows(plane: VideoPlane) -> NDArray[np.uint8]:
    """``(rows, columns)`` of a frame's memory."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def _reformatter() -> VideoReformatter:
    """Each thread's own: it keeps what it made for the last kind of picture."""
    if not hasattr(_of_thread, "reformatter"):
        _of_thread.reformatter = VideoReformatter()
    made: VideoReformatter = _of_thread.reformatter
    return made
