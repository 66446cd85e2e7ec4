"""High dynamic range: dark and middle tones as on any screen, bright ones rolled off, colours kept."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from avsynth.video.reading import read_frames
from avsynth.video.tone import HLG, PQ, WHITE, light_of_pq, pq_of, tone_mapped


def grey(light: float) -> int:
    signal = np.uint16(round(float(pq_of(np.array(light))) * 65535))
    return int(tone_mapped(np.full((1, 1, 3), signal), PQ)[0, 0, 0])


@pytest.mark.parametrize("light", [1.0, 10.0, 50.0, 80.0])
def test_what_is_dark_looks_as_it_does_without_hdr(light: float) -> None:
    assert grey(light) == pytest.approx(255 * (light / WHITE) ** (1 / 2.4), abs=2)


def test_what_is_bright_is_rolled_off_and_told_apart() -> None:
    shades = [grey(light) for light in (100, 203, 400, 600)]
    assert shades == sorted(set(shades)) and shades[-1] <= 255 and 190 < shades[1] < 250
    assert grey(5000) == 255


def test_pq_is_undone() -> None:
    light = np.array([0.1, 1, 100, 4000])
    np.testing.assert_allclose(light_of_pq(pq_of(light)), light, rtol=1e-6)


def test_hlg_white_is_white_and_colours_keep_their_order() -> None:
    white = tone_mapped(np.full((1, 1, 3), round(0.75 * 65535), np.uint16), HLG)
    assert 190 < white.min() == white.max() < 250
    skin = tone_mapped((np.array([[[0.55, 0.48, 0.42]]]) * 65535).astype(np.uint16), HLG)[0, 0]
    assert skin[0] > skin[1] > skin[2] > 40


@pytest.mark.parametrize("codec", ["libx265", "libx264"])
@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_a_coded_file_is_shown_as_its_pixels_are(tmp_path: Path, codec: str, transfer: int) -> None:
    """HEVC and H.264 in ten bits that say BT.2020 and PQ or HLG, as telephones write them: four patches of colour."""
    colours = np.array([[0.5, 0.5, 0.5], [0.55, 0.48, 0.42], [0.2, 0.2, 0.2], [0.7, 0.7, 0.7]])
    path = tmp_path / "hdr.mp4"
    write_hdr(path, np.repeat(np.repeat(colours.reshape(2, 2, 3), 64, axis=0), 64, axis=1), codec, transfer)
    shown = read_frames(path).frames[0]
    for patch, (y, x) in zip(colours, ((32, 32), (32, 96), (96, 32), (96, 96)), strict=True):
        wanted = tone_mapped((patch * 65535).round().astype(np.uint16)[None, None], transfer)[0, 0].astype(int)
        assert np.abs(shown[y - 8 : y + 8, x - 8 : x + 8].mean(axis=(0, 1)) - wanted).max() <= 4


def write_hdr(path: Path, signal: NDArray[np.float64], codec: str, transfer: int) -> None:
    """A second of a still ``(H, W, 3)`` in [0, 1], limited range, BT.2020's matrix for what does not change in time."""
    luma = signal @ np.array([0.2627, 0.6780, 0.0593])
    blue, red = (signal[..., 2] - luma) / 1.8814, (signal[..., 0] - luma) / 1.4746
    planes = [64 + 876 * luma, *(512 + 896 * chroma[::2, ::2] for chroma in (blue, red))]
    with av.open(str(path), "w") as container:
        try:
            stream = container.add_stream(codec, rate=25, options={"crf": "4", "x265-params": "log-level=none"})
        except av.codec.codec.UnknownCodecError:
            pytest.skip(f"this FFmpeg has no {codec}")
        stream.height, stream.width = luma.shape
        stream.pix_fmt = "yuv420p10le"
        encoder = stream.codec_context
        encoder.colorspace, encoder.color_range = 9, ColorRange.MPEG
        encoder.color_primaries, encoder.color_trc = 9, transfer
        for number in range(25):
            frame = VideoFrame(luma.shape[1], luma.shape[0], "yuv420p10le")
            for plane, values in zip(frame.planes, planes, strict=True):
                rows = np.zeros((plane.height, plane.line_size // 2), np.uint16)
                rows[:, : plane.width] = values.round()
                plane.update(rows.tobytes())
            frame.pts, frame.time_base = number, Fraction(1, 25)
            frame.colorspace, frame.color_range = 9, ColorRange.MPEG
            frame.color_primaries, frame.color_trc = 9, transfer
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
