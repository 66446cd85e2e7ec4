"""The steady face: similarities exact, a moving picture steadied, crops cut and pasted back where they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.video.geometry import FloatArray, apply, fit_similarity, invert, warp
from avsynth.video.landmarks import MOUTH, OUTER_EYE_CORNERS, STEADY_POINTS
from avsynth.video.mouth import MouthTrack, canonical_face, cut_crops, find_mouth, follow_face, mouth_box, track_mouth
from avsynth.video.reading import fit_within
from tests.video.faces import portrait

SIZE, COUNT = 240, 16
CONFIG = LipsConfig(smoothing=1.0)


def similarity(scale: float, angle: float, x: float, y: float, about: tuple[float, float] = (0, 0)) -> FloatArray:
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.array(about)
    return np.concatenate([linear, (centre - linear @ centre + [x, y])[:, None]], axis=1)


@settings(max_examples=40, deadline=None)
@given(some.floats(0.2, 5), some.floats(-3, 3), some.floats(-50, 50), some.floats(-50, 50))
def test_a_similarity_is_found_exactly_and_undone(scale: float, angle: float, x: float, y: float) -> None:
    points = np.random.default_rng(0).normal(0, 30, (9, 2))
    true = similarity(scale, angle, x, y)
    fitted = fit_similarity(points, apply(true, points))
    np.testing.assert_allclose(fitted, true, atol=1e-9)
    np.testing.assert_allclose(apply(invert(fitted), apply(fitted, points)), points, atol=1e-8)


def test_the_fit_is_the_least_squares_one() -> None:
    rng = np.random.default_rng(1)
    source, target = rng.normal(0, 30, (12, 2)), rng.normal(0, 30, (12, 2))
    best = fit_similarity(source, target)

    def error(transform: FloatArray) -> float:
        return float(np.square(apply(transform, source) - target).sum())

    for _ in range(30):
        nudge = similarity(1 + rng.normal(0, 1e-3), rng.normal(0, 1e-3), *rng.normal(0, 0.05, 2))
        other = np.concatenate([nudge[:, :2] @ best[:, :2], (nudge[:, :2] @ best[:, 2] + nudge[:, 2])[:, None]], axis=1)
        assert error(best) <= error(other) + 1e-9


def texture(size: int, seed: int = 0) -> NDArray[np.float64]:
    """A smooth coloured picture, ``(size, size, 3)`` in 0…255."""
    noise = np.random.default_rng(seed).standard_normal((size, size, 3))
    smooth = gaussian_filter(noise, (4, 4, 0))
    return np.asarray(128 + 40 * smooth / smooth.std())


def test_sampling_where_the_pixels_lie_changes_nothing() -> None:
    frames = texture(40).clip(0, 255).astype(np.uint8)[None]
    identity = np.eye(2, 3)[None]
    sampled = warp(frames, identity, 40, 40).numpy()[0].transpose(1, 2, 0)
    np.testing.assert_allclose(sampled, frames[0], atol=0.02)
    shifted = warp(frames, np.array([[[1.0, 0, 5], [0, 1, 3]]]), 20, 20).numpy()[0].transpose(1, 2, 0)
    np.testing.assert_allclose(shifted, frames[0, 3:23, 5:25], atol=0.02)


def test_a_finer_source_is_averaged() -> None:
    board = np.indices((64, 64)).sum(axis=0) % 2 * 200
    frames = np.repeat(board[None, :, :, None], 3, axis=3).astype(np.uint8)
    halved = warp(frames, np.array([[[2.0, 0, 0.5], [0, 2, 0.5]]]), 32, 32).numpy()
    assert np.abs(halved[:, :, 2:-2, 2:-2] - 100).max() < 2


@dataclass(frozen=True)
class Scene:
    """A face that moves: its pictures, its landmarks with jitter, and where each frame of it truly lies."""

    frames: NDArray[np.uint8]
    points: FloatArray
    motion: FloatArray
    """``(T, 2, 3)``: the face at rest to the picture."""


def rest_points() -> FloatArray:
    """68 points of a face in a picture of 240 by 240; outer eye corners 84 px apart."""
    points = np.zeros((68, 2))
    points[: STEADY_POINTS[0], 0] = np.linspace(60, 180, STEADY_POINTS[0])
    points[list(STEADY_POINTS)] = np.stack([np.linspace(85, 155, 21), 95 + 20 * np.sin(np.arange(21))], axis=1)
    points[list(OUTER_EYE_CORNERS)] = [[78, 90], [162, 90]]
    angles = np.linspace(0, 2 * np.pi, len(MOUTH), endpoint=False)
    points[list(MOUTH)] = np.stack([120 + 25 * np.cos(angles), 165 + 10 * np.sin(angles)], axis=1)
    return points


@pytest.fixture(scope="module")
def scene() -> Scene:
    rng = np.random.default_rng(2)
    face, time = texture(SIZE), np.arange(COUNT)
    shifts = 4 * np.sin(time / 3), 3 * np.cos(time / 4)
    path = zip(1 + 0.02 * np.cos(time / 6), 0.03 * np.sin(time / 5), *shifts, strict=True)
    motion = np.stack([similarity(*place, about=(120, 120)) for place in path])
    grid = np.mgrid[:SIZE, :SIZE].astype(np.float64)
    frames = []
    for transform in motion:
        back = apply(invert(transform), grid[::-1].reshape(2, -1).T)
        planes = [map_coordinates(face[..., c], back[:, ::-1].T, order=3, mode="nearest") for c in range(3)]
        frames.append(np.stack(planes, axis=-1).reshape(SIZE, SIZE, 3))
    points = np.stack([apply(transform, rest_points()) for transform in motion]) + rng.normal(0, 0.5, (COUNT, 68, 2))
    return Scene(np.asarray(frames).clip(0, 255).round().astype(np.uint8), points, motion)


def wander(track: MouthTrack, scene: Scene) -> FloatArray:
    """``(T, 2)``: the point of the face at rest that lies at the crop's middle, less its mean, in pixels."""
    middle = np.array([[CONFIG.width / 2, CONFIG.height / 2]])
    pairs = zip(scene.motion, track.crop_transforms(), strict=True)
    places = np.concatenate([apply(invert(motion), apply(back, middle)) for motion, back in pairs])
    return np.asarray(places - places.mean(axis=0))


def test_a_moving_face_is_steadied(scene: Scene) -> None:
    found = np.ones(COUNT, dtype=bool)
    track = track_mouth(scene.frames, scene.points, found, CONFIG)
    assert np.abs(wander(track, scene)).max() < 0.6
    crops = cut_crops(scene.frames, track, CONFIG).astype(float)
    assert crops.shape == (COUNT, 80, 160, 3)
    moving = scene.frames[:, 125:205, 40:200].astype(float)
    assert crops.std(axis=0).mean() < 0.15 * moving.std(axis=0).mean()


def test_registration_is_steadier_than_landmarks(scene: Scene) -> None:
    found = np.ones(COUNT, dtype=bool)
    jitter = []
    for rounds in (0, 3):
        track = track_mouth(scene.frames, scene.points, found, LipsConfig(smoothing=0.0, registration=rounds))
        jitter.append(np.square(wander(track, scene)).mean())
    assert jitter[1] < 0.5 * jitter[0]


def jaw(frames: NDArray[np.uint8], track: MouthTrack, rows: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The pictures with what lies in the columns of the mouth moved down by ``rows``, from its place in the crop on."""
    moved = frames.copy()
    left, top = np.round(track.crop_transforms()[0] @ np.array([52.0, CONFIG.mouth_row - 8, 1])).astype(int)
    for picture, row in zip(moved, np.round(rows).astype(int), strict=True):
        picture[top + row :, left : left + 50] = picture[top : SIZE - row, left : left + 50]
    return moved


def test_a_jaw_that_drops_does_not_take_the_crop_along(scene: Scene) -> None:
    found, still = np.ones(COUNT, dtype=bool), np.repeat(scene.frames[:1], COUNT, axis=0)
    points = np.repeat(apply(scene.motion[0], rest_points())[None], COUNT, axis=0)
    config = LipsConfig(smoothing=0.0)
    rows = 1 + np.sin(np.arange(COUNT) / 2)
    at_rest = track_mouth(still, points, found, config)
    speaking = track_mouth(jaw(still, at_rest, rows), points, found, config)
    assert np.abs(speaking.crop_transforms()[:, :, 2] - at_rest.crop_transforms()[:, :, 2]).max() < 0.02


def test_a_background_that_stands_still_does_not_hold_the_crop(scene: Scene) -> None:
    behind, grid = texture(SIZE, seed=5), np.mgrid[:SIZE, :SIZE][::-1].reshape(2, -1).T.astype(np.float64)
    frames = []
    for picture, motion in zip(scene.frames, scene.motion, strict=True):
        face = np.abs(apply(invert(motion), grid)[:, 0] - 120).reshape(SIZE, SIZE, 1) < 54
        frames.append(np.where(face, picture, behind.clip(0, 255)).astype(np.uint8))
    track = track_mouth(np.stack(frames), scene.points, np.ones(COUNT, dtype=bool), CONFIG)
    assert np.abs(wander(track, scene)).max() < 0.8


def test_the_crop_has_the_canonical_scale_and_place(scene: Scene) -> None:
    track = track_mouth(scene.frames, scene.points, np.ones(COUNT, dtype=bool), CONFIG)
    scales = np.sqrt(np.linalg.det(track.transforms[:, :, :2]))
    assert scales.mean() == pytest.approx(84 / CONFIG.eye_distance, rel=0.02)
    left, top, right, bottom = mouth_box(scene.points, track)
    assert (left + right) / 2 == pytest.approx(CONFIG.width / 2, abs=1.5)
    assert (top + bottom) / 2 == pytest.approx(CONFIG.mouth_row, abs=1.5)
    assert right - left == pytest.approx(50 * CONFIG.eye_distance / 84, abs=5)


def test_a_crop_pastes_back_where_it_was_cut(scene: Scene) -> None:
    track = track_mouth(scene.frames, scene.points, np.ones(COUNT, dtype=bool), CONFIG)
    crops = cut_crops(scene.frames, track, CONFIG)
    back = np.stack([invert(transform) for transform in track.crop_transforms()])
    pasted = warp(crops, back, SIZE, SIZE).numpy().transpose(0, 2, 3, 1)
    inside = np.s_[:, 145:185, 70:170]
    difference = np.abs(pasted[inside] - scene.frames[inside])
    assert difference.mean() < 1.0
    assert difference.mean() < 0.1 * np.abs(pasted[inside] - np.roll(scene.frames[inside], 4, axis=2)).mean()


def test_a_mouth_is_found_in_a_photo_of_any_size() -> None:
    usual = find_mouth(portrait(), CONFIG)
    assert usual.shape == (CONFIG.height, CONFIG.width, 3)
    large = find_mouth(np.repeat(np.repeat(portrait(), 3, axis=0), 3, axis=1), CONFIG)
    assert np.abs(usual.astype(int) - large).mean() < 8
    with pytest.raises(UserError, match="no face found"):
        find_mouth(np.zeros((60, 60, 3), np.uint8), CONFIG)
    with pytest.raises(UserError, match="too small"):
        find_mouth(fit_within(portrait(), 180), CONFIG)


def test_canonical_points_are_those_of_the_face_at_rest(scene: Scene) -> None:
    """The canonical face of a part serves to follow the whole: the path is the same but for one small constant."""
    face = canonical_face(scene.points[:8], CONFIG)
    path = follow_face(scene.frames, scene.points, face, CONFIG)
    whole = track_mouth(scene.frames, scene.points, np.ones(COUNT, dtype=bool), CONFIG)
    assert abs(face.left - whole.left) <= 1 and abs(face.top - whole.top) <= 1
    difference = path[:, :, 2] - whole.transforms[:, :, 2]
    assert np.abs(difference - difference.mean(axis=0)).max() < 0.6
