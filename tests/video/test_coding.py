"""Crops as H.264: near to what they were, small, and exact where nothing may be lost."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.evaluation.pictures import psnr
from avsynth.video.coding import decode_frames, encode_frames


def recording(frames: int = 25) -> NDArray[np.uint8]:
    """A dark oval that opens and closes on a lighter ground, with a camera's noise."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:80, :160]
    opening = 6 + 5 * np.sin(np.arange(frames) / 3)[:, None, None]
    oval = np.exp(-((((x - 80) / 30) ** 2 + ((y - 40) / opening) ** 2) ** 2))
    colours = np.array([170, 120, 110]) - oval[..., None] * np.array([110, 90, 80]) + x[..., None] / 8
    return np.clip(colours + rng.normal(0, 1.2, colours.shape), 0, 255).round().astype(np.uint8)


def test_coded_pictures_are_near_and_small() -> None:
    frames = recording()
    stream = encode_frames(frames, 18)
    decoded = decode_frames(stream)
    assert decoded.shape == frames.shape
    assert psnr(decoded, frames).mean() > 45
    assert len(stream) < frames.nbytes / 15


def test_quality_0_loses_nothing() -> None:
    frames = recording(5)
    assert np.array_equal(decode_frames(encode_frames(frames, 0)), frames)


def test_the_same_pictures_are_the_same_bytes() -> None:
    frames = recording(5)
    assert encode_frames(frames, 18) == encode_frames(frames, 18)


@pytest.mark.parametrize("stream", [b"", b"no video at all", encode_frames(recording(2), 18)[:40]])
def test_damaged_streams_are_refused(stream: bytes) -> None:
    with pytest.raises(UserError, match="coded crops are damaged"):
        decode_frames(stream)
