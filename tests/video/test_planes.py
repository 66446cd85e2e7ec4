"""Pictures in luma and chroma: there and back, as FFmpeg has them, and nothing shown but where it was changed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av.video.frame import VideoFrame

from avsynth.video.planes import Planes
from avsynth.video.reading import read_frames
from avsynth.video.writing import Mp4Writer

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


@pytest.mark.parametrize("scale", [1, 2])
def test_they_are_written_as_red_green_and_blue_would_be(tmp_path: Path, scale: int) -> None:
    y, x = np.mgrid[:36, :64]
    colours = [128 + 90 * np.sin((x * across + y * down) / 9) for across, down in ((1, 0), (0, 1), (1, 1))]
    picture = np.stack(colours, axis=-1).astype(np.uint8)
    made = []
    for name, frames in (("rgb", np.stack([picture] * 3)), ("planes", iter([Planes.of_rgb(picture)] * 3))):
        with Mp4Writer(tmp_path / f"{name}.mp4", Fraction(25), (36, 64), 22050, scale=scale) as video:
            video.write(frames, np.zeros(3 * 882, np.float32))
        made.append(read_frames(tmp_path / f"{name}.mp4").frames.astype(int))
    assert made[0].shape == made[1].shape == (3, 36 * scale, 64 * scale, 3)
    assert np.abs(made[0] - made[1]).mean() < 2 and np.abs(made[1] - made[0]).max() < 25


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    wrong = iter([Planes.of_rgb(np.zeros((32, 32, 3), np.uint8))])
    with (
        pytest.raises(ValueError, match="64×36, not 32×32"),
        Mp4Writer(tmp_path / "a.mp4", Fraction(25), (36, 64), 22050) as video,
    ):
        video.write(wrong, np.zeros(882, np.float32))
