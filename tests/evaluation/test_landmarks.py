"""Landmark measures on drawn faces whose mouth a small detector of our own can read exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.evaluation.landmarks import (
    Faces,
    Moments,
    MouthSeries,
    closed_share,
    frames_within,
    landmark_distance,
    read_mouth,
    read_source_mouth,
    rest_motion,
    score_landmarks,
    speech_within,
)
from avsynth.timeline import Timeline, WordSpan
from avsynth.video.box import Box

FPS = Fraction(25)


def timeline(*phones: tuple[str, int]) -> Timeline:
    """A clock on which one hop is one frame of 40 ms."""
    names, hops = zip(*phones, strict=True)
    return Timeline(names, hops, (WordSpan("x", 0, len(names)),), 25, 1, FPS)


def mouths(opening: NDArray[np.float64], found: NDArray[np.bool_] | None = None, width: float = 50.0) -> MouthSeries:
    """Mouths with their corners ``width`` apart and the inner lips ``opening`` px apart."""
    points = np.zeros((len(opening), 20, 2))
    points[:, 6, 0] = width
    points[:, 14, 1], points[:, 18, 1] = -opening / 2, opening / 2
    return MouthSeries(points, np.ones(len(opening), np.bool_) if found is None else found)


def track(scale: float, frames: int, left: int = 10, top: int = 20) -> dict[str, Any]:
    """Canonical pixels are ``scale`` source pixels large, shifted by (3, 5) of the latter."""
    matrix = [[scale, 0.0, 3.0], [0.0, scale, 5.0]]
    return {"transforms": [matrix] * frames, "left": left, "top": top}


def brightest(frames: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """A detector that puts every landmark on the brightest pixel, and finds no face in a black picture."""
    flat = frames[..., 0].reshape(len(frames), -1).argmax(axis=1)
    places = np.stack(np.unravel_index(flat, frames.shape[1:3])[::-1], axis=1).astype(float)
    return np.repeat(places[:, None], 68, axis=1), frames.reshape(len(frames), -1).any(axis=1)


def test_aperture_is_the_opening_over_the_width_and_unknown_without_a_face() -> None:
    series = mouths(np.array([0.0, 5.0, 10.0]), np.array([True, True, False]))
    np.testing.assert_allclose(series.aperture[:2], [0.0, 0.1])
    assert np.isnan(series.aperture[2])
    np.testing.assert_allclose(series[1:2].aperture, [0.1])


def test_faces_are_the_source_seen_through_the_stored_transforms() -> None:
    source = np.zeros((30, 64, 64, 3), np.uint8)
    source[:, 5 + 12, 3 + 8] = 255
    faces = Faces.of(source, track(1.0, 30), 40)
    assert faces.pictures.shape == (30, 40, 40, 3)
    expected = np.zeros((40, 40), np.uint8)
    expected[12, 8] = 255
    np.testing.assert_array_equal(faces.pictures[29, ..., 1], expected)


def test_crops_are_pasted_where_they_were_cut_and_the_last_face_is_held() -> None:
    pictures = np.arange(2, dtype=np.uint8)[:, None, None, None] * np.ones((1, 40, 40, 3), np.uint8)
    pasted = Faces(pictures, 35, -2).paste(np.full((3, 6, 10, 3), 200, np.uint8))
    assert pasted.shape == (3, 40, 40, 3)
    assert (pasted[:, :4, 35:] == 200).all()
    assert (pasted[:, 4:] != 200).all() and (pasted[:, :, :35] != 200).all()
    assert [int(picture[30, 0, 0]) for picture in pasted] == [0, 1, 1]
    assert (pictures < 2).all()


def test_landmarks_of_the_source_are_carried_to_the_face() -> None:
    source = np.zeros((4, 64, 64, 3), np.uint8)
    source[:, 5 + 24, 3 + 16] = 255
    carried = read_source_mouth(source, track(2.0, 4), brightest)
    np.testing.assert_allclose(carried.points, np.broadcast_to([8.0, 12.0], (4, 20, 2)))


def test_distance_is_the_shift_in_pixels_and_frames_without_a_face_do_not_count() -> None:
    faces = np.zeros((5, 40, 40, 3), np.uint8)
    faces[:, 10, 10] = 255
    moved = np.roll(faces, (4, 3), axis=(1, 2))
    moved[4] = 0
    ours, real = read_mouth(moved, brightest), read_mouth(faces, brightest)
    assert landmark_distance(ours, real) == pytest.approx(5.0)
    assert landmark_distance(real, real) == 0.0
    scores = score_landmarks(ours, real, Moments.of(timeline(("sil", 5)), 5))
    assert scores.no_face == pytest.approx(0.2)
    assert scores.lmd == pytest.approx(5.0)


def test_only_frames_wholly_within_a_phone_count() -> None:
    # hops of 30 ms: B lasts from 60 to 150 ms, frames of 40 ms lie wholly within it from 80 to 120 ms
    clock = Timeline(("sil", "B", "AH"), (2, 3, 5), (WordSpan("x", 1, 3),), 100, 3, FPS)
    assert np.flatnonzero(frames_within(clock, 8, frozenset({"B"}))).tolist() == [2]
    assert np.flatnonzero(speech_within(clock, 8)).tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_a_long_silence_lasts_over_300_ms() -> None:
    clock = timeline(("sil", 7), ("P", 2), ("sil", 8))
    moments = Moments.of(clock, 17)
    assert np.flatnonzero(moments.long_silence).tolist() == list(range(9, 17))
    assert np.flatnonzero(moments.bilabial).tolist() == [7, 8]
    exactly = Timeline(("sil", "P"), (3, 7), (WordSpan("x", 1, 2),), 10, 1, FPS)
    assert not Moments.of(exactly, 20).long_silence.any()


def test_closures_and_rest_have_their_known_shares() -> None:
    clock = timeline(("sil", 10), ("AA", 8), ("B", 2), ("IY", 10), ("M", 2))
    opening = np.full(32, 10.0)
    opening[:10] = 2.0
    real_opening, moments = opening.copy(), Moments.of(clock, 32)
    real_opening[18:20] = real_opening[30:32] = real_opening[20] = 3.0
    closing = opening.copy()
    closing[18] = 0.5
    closing[19] = 0.6
    closing[30] = 0.7
    closing[31] = 9.0
    closing[20:23] = 8.0
    scores = score_landmarks(mouths(closing), mouths(real_opening), moments)
    assert scores.closure_rate == 0.75
    assert scores.closure_rate_speech == 0.75
    assert scores.rest_closed == 1.0
    never = score_landmarks(mouths(np.full(32, 10.0)), mouths(real_opening), moments)
    assert (never.closure_rate, never.rest_closed) == (0.0, 0.0)
    assert np.isnan(closed_share(np.ones(3), np.zeros(3, np.bool_), 0.5))


def test_a_resting_mouth_tighter_than_any_closure_hides_it_from_the_first_rate_alone() -> None:
    clock = timeline(("sil", 10), ("AA", 12), ("B", 2))
    opening = np.concatenate([np.full(10, 1.0), np.linspace(10, 12, 12), [4.0, 4.0]])
    scores = score_landmarks(mouths(opening), mouths(opening), Moments.of(clock, 24))
    assert (scores.closure_rate, scores.closure_rate_speech) == (0.0, 1.0)


def test_apertures_correlate_whatever_their_scale_and_the_first_frame_can_be_left_out(
    opening: NDArray[np.float64],
) -> None:
    moments = Moments.of(timeline(("AA", 75)), 75)
    ours = 0.5 * opening
    ours[0] = 1000.0
    whole = score_landmarks(mouths(ours), mouths(opening), moments)
    rest = score_landmarks(mouths(ours), mouths(opening), moments, first=1)
    assert rest.aperture_correlation == pytest.approx(1.0)
    assert whole.aperture_correlation < 0.5
    lost = score_landmarks(mouths(ours, np.zeros(75, np.bool_)), mouths(opening), moments)
    assert np.isnan(lost.aperture_correlation) and np.isnan(lost.lmd) and lost.no_face == 1.0
    with pytest.raises(ValueError, match="74 frames"):
        score_landmarks(mouths(ours[:74]), mouths(opening), moments)


def test_rest_is_the_movement_of_long_silences_alone(roi: Box) -> None:
    clock = timeline(("sil", 10), ("AA", 10))
    rng = np.random.default_rng(0)
    real = np.full((20, 80, 160, 3), 100, np.uint8)
    real[::2] += 4
    half = np.full_like(real, 100)
    half[::2] += 2
    half[10:] = rng.integers(0, 255, half[10:].shape)
    moments = Moments.of(clock, 20)
    assert rest_motion(half, real, roi, moments) == pytest.approx(0.5, rel=1e-3)
    assert np.isnan(rest_motion(half, real, roi, Moments.of(timeline(("AA", 20)), 20)))
