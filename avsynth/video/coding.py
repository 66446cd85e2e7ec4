"""Lip crops as H.264: a clip is one run of bytes that decodes to the same pictures everywhere.

x264 codes planar RGB directly, without colour conversion or chroma subsampling, so that every decoder gives exactly the
same pixels.
"""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError

FAST = {
    "preset": "superfast",
    "tune": "psnr",
    "x264-params": "bframes=1:subme=2:mbtree=1:rc-lookahead=20:asm=AVX2"
    ":chroma-qp-offset=-6:deadzone-inter=13:deadzone-intra=8",
}
"""About a quarter of the time of x264's medium preset. Coding takes some of the recording's noise away, and generated
pictures then measure closer to it than they are: hence one B frame and no more, narrow dead zones, and red and blue,
which x264 takes for chroma, as fine as green.
Held to AVX2, since x264's AVX-512 code does not always give the same bytes for the same pictures."""

PLANES = (1, 2, 0)
"""The channels of a coded picture's planes, which are green, blue, red."""


def encode_frames(frames_THWC: NDArray[np.uint8], crf: int) -> bytes:
    """Pictures ``(T, H, W, 3)`` as an H.264 stream (Annex B). ``crf`` 0 loses nothing, 51 nearly all."""
    count, height, width, _ = frames_THWC.shape
    if not count:
        raise ValueError("a clip without a picture cannot be coded")
    encoder = av.CodecContext.create("libx264rgb", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, "rgb24", Fraction(1, 25)
    encoder.thread_count = 1
    encoder.options = {"crf": str(crf), **FAST}
    packets = []
    for number, picture in enumerate(frames_THWC):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return b"".join(bytes(packet) for packet in packets)


def decode_frames(stream: bytes) -> NDArray[np.uint8]:
    """The pictures ``(T, H, W, 3)`` of :func:`encode_frames`; :class:`UserError` for anything else."""
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    decoder.thread_count = 1
    try:
        frames = [frame for packet in decoder.parse(stream) for frame in decoder.decode(packet)]
        frames += [frame for packet in decoder.parse(b"") for frame in decoder.decode(packet)]
        frames += decoder.decode(None)
    except av.FFmpegError as error:
        raise UserError(f"coded crops are damaged: {error}") from error
    if not frames or any(frame.format.name != "gbrp" for frame in frames):
        raise UserError("coded crops are damaged: they hold no RGB picture")
    pictures = np.empty((len(frames), frames[0].height, frames[0].width, 3), np.uint8)
    for picture, frame in zip(pictures, frames, strict=True):
        for channel, plane in zip(PLANES, frame.planes, strict=True):
            lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)
            picture[..., channel] = lines[:, : plane.width]
    return pictures
