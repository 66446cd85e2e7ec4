"""Pictures in luma and chroma: there and back, as FFmpeg has them, and nothing shown but where it was changed."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.frame import VideoFrame

from avsynth.video.planes import Planes

COLOURS = ((200, 30, 90), (16, 240, 16), (0, 0, 0), (255, 255, 255), (120, 130, 140))


@pytest.mark.parametrize("size", [(16, 16), (50, 66), (16, 18), (576, 768)])
def test_colours_come_back_in_every_even_size(size: tuple[int, int]) -> None:
    for colour in COLOURS:
        picture = Planes.of_rgb(np.full((*size, 3), colour, np.uint8))
        assert picture.size == size and picture.chroma.shape == (2, size[0] // 2, size[1] // 2)
        assert np.abs(picture.rgb().astype(int) - colour).max() <= 2


@pytest.mark.parametrize("size", [(50, 66), (48, 64)])
def test_frames_hold_the_same_bytes(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    picture = Planes.of_rgb(rng.integers(0, 256, (*size, 3), dtype=np.uint8))
    frame = picture.frame()
    assert (frame.height, frame.width) == size
    np.testing.assert_array_equal(frame.to_ndarray(), picture.data)
    np.testing.assert_array_equal(Planes.of_frame(frame).data, picture.data)


def test_other_layouts_and_ranges_are_converted() -> None:
    grey = np.full((16, 32, 3), 128, np.uint8)
    full = VideoFrame.from_ndarray(grey).reformat(format="yuvj420p")
    assert np.abs(Planes.of_frame(full).rgb().astype(int) - grey).max() <= 4


def test_a_change_of_colour_stays_within_its_four_pixels() -> None:
    picture = Planes.of_rgb(np.full((32, 32, 3), 100, np.uint8))
    changed = picture.copy()
    changed.chroma[0, 5, 7] += 40
    rows, columns = np.nonzero((changed.rgb() != picture.rgb()).any(axis=2))
    assert {*rows} == {10, 11} and {*columns} == {14, 15}


def test_odd_sides_are_refused() -> None:
    with pytest.raises(ValueError, match="even sides, not 17×16"):
        Planes.of_rgb(np.zeros((16, 17, 3), np.uint8))
