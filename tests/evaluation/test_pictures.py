from __future__ import annotations

import time
from dataclasses import fields
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter  # type: ignore[import-untyped,unused-ignore]
from skimage import metrics

from avsynth.evaluation import pictures
from avsynth.evaluation.controls import controls, frozen, late
from avsynth.evaluation.pictures import (
    Clip,
    Mask,
    PictureScores,
    ShapeProjection,
    score_clip,
    shape_agreement,
)
from avsynth.video.box import Box
from tests.slowness import slowness


def blurred(clip: Clip, sigma: float = 2.0) -> Clip:
    return np.asarray(
        np.rint(gaussian_filter(clip.astype(np.float32), (0, sigma, sigma, 0))),
        np.uint8,
    )


def dampened(clip: Clip, factor: float) -> Clip:
    mean = clip.mean(axis=0)
    return np.asarray(np.rint(mean + factor * (clip - mean)), np.uint8)


def test_psnr_and_ssim_agree_with_scikit_image(real: Clip) -> None:
    rng = np.random.default_rng(0)
    flat = np.full_like(real[:1], 7)
    noise = rng.integers(0, 256, (2, 80, 160, 3)).astype(np.uint8)
    ours = np.concatenate([real[20:24], noise, flat])
    other = np.concatenate([blurred(real[25:29]), real[:2], flat + np.uint8(3)])
    settings = {
        "gaussian_weights": True,
        "sigma": 1.5,
        "use_sample_covariance": False,
        "win_size": 11,
    }
    reference: Any = metrics
    for ssim, psnr, a, b in zip(pictures.ssim(ours, other), pictures.psnr(ours, other), ours, other, strict=True):
        assert ssim == pytest.approx(
            reference.structural_similarity(a, b, data_range=255, channel_axis=-1, **settings),
            abs=1e-4,
        )
        assert psnr == pytest.approx(reference.peak_signal_noise_ratio(a, b, data_range=255), abs=1e-4)


def test_psnr_of_a_known_difference() -> None:
    black = np.zeros((2, 80, 160, 3), np.uint8)
    white = np.stack([black[0], black[0] + np.uint8(255)])
    np.testing.assert_array_equal(pictures.psnr(black, white), [np.inf, 0.0])


def test_the_real_clip_against_itself(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(real, real, roi, speech, skip_first=False)
    assert scores.psnr == np.inf
    assert scores.shape_lag == 0
    ones = [field.name for field in fields(PictureScores) if field.name not in ("psnr", "shape_lag")]
    assert [getattr(scores, name) for name in ones] == pytest.approx([1.0] * len(ones), abs=1e-4)


@pytest.mark.parametrize("shift", [-5, -2, 1, 3, 5])
def test_a_shifted_clip_shows_its_lag(real: Clip, roi: Box, speech: Mask, shift: int) -> None:
    moved = late(real, shift) if shift > 0 else late(real[::-1], -shift)[::-1]
    scores = score_clip(moved, real, roi, speech, skip_first=False)
    assert (scores.shape_lag, scores.shape_lag_zero) == (shift, 0)
    assert scores.shape_correlation < 0.97


def test_a_frozen_clip_does_not_move(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(frozen(real), real, roi, speech, skip_first=False)
    still = (
        scores.shape_correlation,
        scores.amplitude,
        scores.motion_ratio,
        scores.motion_correlation,
        scores.flicker,
    )
    assert still == pytest.approx((0, 0, 0, 0, 0), abs=1e-9)
    assert np.isnan(scores.shape_lag)
    assert scores.shape_lag_zero == 0
    assert scores.sharpness == pytest.approx(1, abs=0.25)


def test_the_first_frame_can_be_left_out(real: Clip, roi: Box, speech: Mask) -> None:
    assert score_clip(frozen(real), real, roi, speech, skip_first=False).psnr == np.inf
    left = score_clip(frozen(real), real, roi, speech, skip_first=True)
    assert left.psnr == pytest.approx(float(pictures.psnr(frozen(real), real)[1:].mean()))


def test_blur_keeps_the_shape_and_loses_sharpness(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(blurred(real), real, roi, speech, skip_first=False)
    assert scores.shape_correlation > 0.99
    assert scores.amplitude == pytest.approx(1, abs=0.1)
    assert scores.sharpness < 0.2


def test_swapped_channels_lower_ssim_and_psnr(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(np.ascontiguousarray(real[..., ::-1]), real, roi, speech, skip_first=False)
    assert scores.ssim < 0.97
    assert scores.psnr < 20


def test_amplitude_and_motion_follow_a_mumble(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(dampened(real, 0.5), real, roi, speech, skip_first=False)
    assert scores.amplitude == pytest.approx(0.5, abs=0.02)
    assert scores.motion_ratio == pytest.approx(0.5, abs=0.05)
    assert scores.shape_correlation > 0.99


def test_motion_is_split_by_the_speech_mask(real: Clip, roi: Box, speech: Mask) -> None:
    silent_stops = real.copy()
    silent_stops[~speech] = real[0]
    scores = score_clip(silent_stops, real, roi, speech, skip_first=False)
    assert scores.motion_ratio_silence == 0
    assert scores.motion_ratio_speech == pytest.approx(1, abs=0.05)
    always = score_clip(real, real, roi, np.ones_like(speech), skip_first=False)
    assert np.isnan(always.motion_ratio_silence)


def test_motion_ratio_by_hand() -> None:
    generated, recorded = np.array([1.0, 1.0, 4.0]), np.array([2.0, 2.0, 2.0])
    assert pictures.motion_ratio(generated, recorded) == 1
    assert pictures.motion_ratio(generated, recorded, np.array([True, True, False])) == 0.5
    assert pictures.motion_correlation(generated, generated * 3 + 1) == pytest.approx(1)


def test_flicker_counts_what_blinks_where_nothing_should(real: Clip, roi: Box, speech: Mask) -> None:
    blinking = real.copy()
    blinking[::2] += np.uint8(6)
    assert score_clip(blinking, real, roi, speech, skip_first=False).flicker > 20


def test_sharpness_of_a_known_laplacian() -> None:
    checks = (np.indices((9, 9)).sum(axis=0) % 2).astype(np.float32)[None].repeat(3, axis=0)
    assert pictures.sharpness(0.5 * checks, checks) == pytest.approx(0.25)


def test_projection_equals_the_principal_component_by_svd(real: Clip, roi: Box) -> None:
    box = roi.crop(pictures.luma(real))
    other = roi.crop(pictures.luma(blurred(late(real, 1))))
    shape = ShapeProjection.of(other, box)
    flat = box.reshape(75, -1).astype(np.float64)
    component = np.linalg.svd(flat - flat.mean(0), full_matrices=False)[2][0]
    for series, clip in ((shape.real, box), (shape.generated, other)):
        expected = (clip.reshape(75, -1) - flat.mean(0)) @ component
        np.testing.assert_allclose(series * np.sign(series @ expected), expected, atol=1e-3)


def test_the_projection_follows_the_mouth(real: Clip, roi: Box, opening: NDArray[np.float64]) -> None:
    box = roi.crop(pictures.luma(real))
    shape = ShapeProjection.of(box, box)
    assert abs(pictures.pearson(shape.real, opening)) > 0.97


def test_nothing_can_be_said_against_a_real_clip_that_rests(real: Clip, roi: Box, speech: Mask) -> None:
    scores = score_clip(real, frozen(real), roi, speech, skip_first=False)
    assert scores.shape_correlation == 0
    assert np.isnan([scores.amplitude, scores.motion_ratio, scores.flicker]).all()


def test_controls_fall_in_their_order(real: Clip, roi: Box, speech: Mask, opening: NDArray[np.float64]) -> None:
    widest = int(opening.argmax())  # so that the frozen mouth is an unusual one
    talk, mask = real[widest:][speech[widest:]], speech[widest:][speech[widest:]]
    rows = {row.name: score_clip(row.transform(talk), talk, roi, mask, skip_first=True) for row in controls()}
    assert list(rows) == ["real", "late 1", "late 2", "mean", "frozen"]
    psnrs = [scores.psnr for scores in rows.values()]
    assert all(better > worse for better, worse in pairwise(psnrs))


def test_bad_arguments_are_refused(real: Clip, roi: Box, speech: Mask) -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        score_clip(real[:-1], real, roi, speech, skip_first=True)
    with pytest.raises(ValueError, match="float32"):
        score_clip(cast(Any, real.astype(np.float32)), real, roi, speech, skip_first=True)
    with pytest.raises(ValueError, match="speech mask"):
        score_clip(real, real, roi, speech[:-1], skip_first=True)
    with pytest.raises(ValueError, match="2 frames"):
        score_clip(real[:3], real[:3], roi, speech[:3], skip_first=True)
    with pytest.raises(ValueError, match="leaves a picture"):
        score_clip(real, real, Box(0, 81, 0, 10), speech, skip_first=False)
    with pytest.raises(ValueError, match="empty"):
        Box(5, 5, 0, 1).crop(real)


def test_a_clip_is_scored_quickly(real: Clip, roi: Box, speech: Mask) -> None:
    generated = blurred(real)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        score_clip(generated, real, roi, speech, skip_first=True)
        seconds.append(time.process_time() - start)
    assert min(seconds) < slowness()


def test_the_agreement_over_time_has_the_correlation_as_its_mean() -> None:
    rng = np.random.default_rng(7)
    shape = ShapeProjection(rng.normal(size=60) + 3, rng.normal(size=60))
    agreement = shape_agreement(shape)
    assert agreement.shape == (60,)
    assert agreement.mean() == pytest.approx(np.corrcoef(shape.generated, shape.real)[0, 1])
    assert not shape_agreement(ShapeProjection(np.ones(60), shape.real)).any()
