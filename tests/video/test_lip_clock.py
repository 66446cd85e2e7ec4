"""A video of any rate on the lips' clock: in time over its whole length, nothing lost, nothing blended."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from avsynth.video.lip_clock import FaceWindow, read_lip_frames, source_index
from avsynth.video.writing import write_clip

RATES = [Fraction(rate) for rate in (12, 15, 24, 25, 30, 50, 60)] + [Fraction(30000, 1001), Fraction(24000, 1001)]
HALF = Fraction(1, 2)


@settings(max_examples=200, deadline=None)
@given(some.sampled_from(RATES), some.sampled_from(RATES), some.integers(0, 100_000), some.integers(0, 500))
@example(Fraction(25), Fraction(30), 99_999, 0)
def test_each_lip_frame_shows_what_is_on_screen_at_its_middle(
    fps: Fraction, source_fps: Fraction, frame: int, start_ms: int
) -> None:
    start_s = Fraction(start_ms, 1000)
    shown = source_index(frame, fps, source_fps, start_s)
    middle = (frame + HALF) / fps
    begins = start_s + shown / source_fps
    if middle < start_s:
        assert shown == 0
    else:
        assert begins <= middle < begins + 1 / source_fps
        assert abs(begins + HALF / source_fps - middle) <= HALF / source_fps


@settings(max_examples=50, deadline=None)
@given(some.integers(0, 100_000))
def test_a_clip_at_30_is_within_half_a_frame_at_25(frame: int) -> None:
    shown = source_index(frame, Fraction(25), Fraction(30), Fraction(0))
    assert abs((shown + HALF) / 30 - (frame + HALF) / 25) <= HALF / 25


@pytest.mark.parametrize("fps", RATES)
def test_the_same_rate_changes_nothing(fps: Fraction) -> None:
    assert [source_index(frame, fps, fps, Fraction(0)) for frame in range(3000)] == list(range(3000))


def levels(count: int) -> NDArray[np.uint8]:
    """Grey pictures whose level tells their number."""
    ramp = (10 + 4 * np.arange(count)).astype(np.uint8)
    return np.broadcast_to(ramp[:, None, None, None], (count, 48, 64, 3)).copy()


@pytest.mark.parametrize(("source_fps", "fps"), [(30, 25), (60, 25), (15, 25), (25, 30), (25, 25)])
def test_a_file_is_read_at_another_rate(tmp_path: Path, source_fps: int, fps: int) -> None:
    count = 2 * source_fps if source_fps < 60 else 60
    seconds = Fraction(count, source_fps)
    silence = np.zeros(round(seconds * 22050), np.float32)
    write_clip(tmp_path / "a.mp4", levels(count), silence, Fraction(source_fps), 22050, scale=1)
    read = read_lip_frames(tmp_path / "a.mp4", Fraction(fps))
    numbers = [round((float(picture.mean()) - 10) / 4) for picture in read]
    assert len(numbers) == ceil(seconds * fps - HALF)
    assert numbers == [int((2 * frame + 1) * source_fps // (2 * fps)) for frame in range(len(numbers))]


def test_a_window_averages_what_it_shrinks() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    window = FaceWindow(left=5, top=3, width=21, height=31, shrink=4)
    seen = window.view(picture)
    assert seen.shape == (7, 5, 3) and seen.dtype == np.uint8
    assert np.abs(seen[2, 1] - picture[11:15, 9:13].mean(axis=(0, 1))).max() <= 0.5
    np.testing.assert_array_equal(FaceWindow(5, 3, 21, 31, 1).view(picture), picture[3:34, 5:26])
