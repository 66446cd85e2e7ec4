"""Mouths that smile or stand open are brought to rest; those at rest stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import oval_outline, oval_size
from avsynth.faces.pictures import own_crop
from avsynth.faces.rest import APART, REST_WIDTH, at_rest, closed, landmarks_of
from avsynth.video.mouth import place_mouth
from tests.video.faces import portrait

CONFIG = LipsConfig()


def drawn(gap: float) -> tuple[np.ndarray, np.ndarray]:
    """A crop with red lips and white teeth between them, and its landmarks."""
    line, half = 38.0, 30.0
    x = np.array([-1, -0.6, -0.2, 0, 0.2, 0.6, 1]) * half + 79.5
    upper = line - gap / 2 - np.array([0, 4, 6, 5, 6, 4, 0])
    lower = line + gap / 2 + np.array([4, 7, 8, 7, 4])
    inner_x = np.array([-0.9, -0.4, 0, 0.4, 0.9]) * half + 79.5
    inner_up = np.array([line, line - gap / 2, line - gap / 2, line - gap / 2, line])
    inner_down = np.array([line + gap / 2] * 3)
    upper[[0, -1]] = line
    mouth = np.concatenate(
        [
            np.stack([x, upper], 1),
            np.stack([x[5:0:-1], lower], 1),
            np.stack([inner_x, inner_up], 1),
            np.stack([inner_x[3:0:-1], inner_down], 1),
        ]
    )
    points = np.zeros((68, 2))
    points[31:36] = np.stack([np.linspace(70, 89, 5), np.full(5, 12.0)], 1)
    points[48:] = mouth
    columns, rows = np.meshgrid(np.arange(160), np.arange(80))
    crop = np.full((80, 160, 3), (200, 160, 140), dtype=np.uint8)
    across = np.abs(columns - 79.5) < half
    crop[across & (np.abs(rows - line) < gap / 2 + 5)] = (170, 60, 60)
    crop[across & (np.abs(rows - line) < gap / 2)] = 255
    return crop, points


def test_open_lips_meet_and_nothing_else_changes() -> None:
    crop, points = drawn(16)
    rested = at_rest(crop, points, CONFIG)
    teeth = [int((picture.min(axis=2) > 220).sum()) for picture in (crop, rested)]
    assert teeth[0] > 800 and teeth[1] < 0.15 * teeth[0]
    rows, columns = np.mgrid[:80, :160].astype(float)
    outside = oval_size(columns, rows, CONFIG) >= 0.9
    np.testing.assert_array_equal(rested[outside], crop[outside])


@pytest.mark.parametrize("gap", [0.0, 2.0])
def test_lips_that_meet_stay(gap: float) -> None:
    crop, points = drawn(gap)
    assert gap < APART * 60
    assert at_rest(crop, points, CONFIG) is crop


def test_a_mouth_at_rest_is_narrow_level_and_shut() -> None:
    _, points = drawn(16)
    level = points[48:] - [79.5, 38]
    line, target = closed(level, 16, 0.8)
    assert line == pytest.approx(-8 + 0.3 * 16)
    assert np.ptp(target[:, 0]) == pytest.approx(0.8 * np.ptp(level[:, 0]))
    np.testing.assert_allclose(target[[13, 14, 15, 17, 18, 19], 1], line)
    assert (target[[1, 2, 3, 4, 5], 1] < line).all() and (target[[7, 8, 9, 10, 11], 1] > line).all()


def test_points_on_an_outline_are_of_its_size() -> None:
    points = oval_outline(24, 0.7, CONFIG)
    np.testing.assert_allclose(oval_size(points[:, 0], points[:, 1], CONFIG), 0.7)


def test_a_portrait_stops_smiling() -> None:
    pytest.importorskip("dlib")
    picture = portrait()
    transform = place_mouth(picture, CONFIG).crop_transforms()[0]
    points = landmarks_of(picture, transform, CONFIG)
    assert points is not None
    width = np.linalg.norm(points[54] - points[48])
    assert np.linalg.norm(points[66] - points[62]) > APART * width
    assert width > REST_WIDTH * CONFIG.eye_distance
    crop = own_crop(picture, transform, CONFIG)
    rested = at_rest(crop, points, CONFIG)
    teeth, lips = (part[36:42, 66:94].astype(float) for part in (crop, rested))
    assert (teeth[..., 0] - teeth[..., 1]).mean() < 25 < 35 < (lips[..., 0] - lips[..., 1]).mean()
    assert landmarks_of(np.zeros_like(picture), transform, CONFIG) is None
