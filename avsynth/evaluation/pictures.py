"""Picture measures: generated mouth crops against the same clip's real crops.

Clips are uint8 RGB of shape (T, H, W, 3); the project's crops are 80 x 160. Luma is ITU-R BT.601
(.299 R + .587 G + .114 B). A measure that is undefined for a clip (no silence in it, nothing moves in the real one) is
NaN, and the means of :mod:`avsynth.evaluation.statistics` leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.video.box import Box
from avsynth.video.luma import LUMA
from avsynth.video.ssim import WINDOW, similarity

Clip = NDArray[np.uint8]
"""Pictures of one clip, RGB, shape (T, H, W, 3)."""
Floats = NDArray[np.floating[Any]]
"""Any real-valued array."""
Mask = NDArray[np.bool_]
"""One truth value per frame, shape (T,)."""

MAX_LAG = 5
STATIC_SHARE = 0.2
_PEAK = 255.0
_STILL = 1e-6  # a series moving less than this share of the other's movement is constant up to rounding


@dataclass(frozen=True)
class PictureScores:
    """Every picture measure of one clip. Field names are the measures' names in logs and tables."""

    psnr: float
    """dB; infinite where a frame equals the real one."""
    ssim: float
    """At most 1, which is equal."""
    shape_correlation: float
    """-1 to 1; 0 where nothing moves."""
    amplitude: float
    """1 opens the mouth as far as the recording; below 1 the speaker mumbles."""
    shape_lag: float
    """Frames, -5 to 5, positive = generated is late; NaN where no shift correlates positively."""
    shape_lag_zero: float
    """1 where the lag is 0, else 0 (an undefined lag too): its mean is the share of clips at 0."""
    motion_ratio: float
    """Generated movement / real movement over the whole clip."""
    motion_ratio_speech: float
    """The same over differences that touch a speech frame."""
    motion_ratio_silence: float
    """The same between two silent frames."""
    motion_correlation: float
    """-1 to 1."""
    sharpness: float
    """Ratio of the variances of the Laplacian; 1 is as sharp as the recording."""
    flicker: float
    """Ratio of the energies in regions that rest; above 1 flickers more than the recording."""


def luma(clip: Clip) -> NDArray[np.float32]:
    """Luma (T, H, W), 0 to 255, of RGB pictures (T, H, W, 3)."""
    return np.asarray(clip.astype(np.float32) @ np.array(LUMA, np.float32))


def psnr(generated: Clip, real: Clip) -> NDArray[np.float64]:
    """Peak signal-to-noise ratio per frame in dB, shape (T,); infinite for equal frames."""
    _check_pair(generated, real)
    difference = generated.astype(np.float32) - real.astype(np.float32)
    mse = np.square(difference, out=difference).mean(axis=(1, 2, 3), dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(_PEAK**2 / mse))


def ssim(generated: Clip, real: Clip) -> NDArray[np.float64]:
    """Structural similarity per frame, mean over channels, shape (T,), as :mod:`avsynth.video.ssim` defines it."""
    _check_pair(generated, real)
    height, width = generated.shape[1:3]
    if min(height, width) < WINDOW:
        raise ValueError(f"pictures of {height} x {width} are smaller than the SSIM window of {WINDOW}")
    scores = np.empty(len(generated))
    with torch.inference_mode():
        for frame, pair in enumerate(zip(generated, real, strict=True)):
            made_1CHW, true_1CHW = torch.from_numpy(np.stack(pair).transpose(0, 3, 1, 2) / np.float32(_PEAK))[:, None]
            scores[frame] = similarity(made_1CHW, true_1CHW).double().mean().item()
    return scores


@dataclass(frozen=True)
class ShapeProjection:
    """One clip's mouth shape as one number per frame: position on the real clip's first principal component.

    The component is found through the T x T Gram matrix, since a clip has far fewer frames than pixels. Its sign is
    arbitrary but the same for both series.
    """

    generated: NDArray[np.float64]
    """(T,), luma units times the square root of the number of pixels, about the real clip's mean picture."""
    real: NDArray[np.float64]
    """(T,), likewise; mean 0."""

    @classmethod
    def of(cls, generated_luma: Floats, real_luma: Floats) -> ShapeProjection:
        """Project ROI luma (T, h, w) of both clips; all zeros if the real clip does not move at all."""
        real = real_luma.reshape(len(real_luma), -1).astype(np.float64)
        mean = real.mean(axis=0)
        real -= mean
        gram = real @ real.T
        energies, vectors = np.linalg.eigh(gram)
        if energies[-1] <= 0:
            return cls(np.zeros(len(generated_luma)), np.zeros(len(real)))
        component = real.T @ vectors[:, -1] / np.sqrt(energies[-1])
        generated = generated_luma.reshape(len(generated_luma), -1).astype(np.float64) - mean
        return cls(generated @ component, real @ component)


def shape_correlation(shape: ShapeProjection) -> float:
    """Pearson correlation over time of the two projections; 0 for a mouth that never moves."""
    return pearson(shape.generated, shape.real)


def shape_agreement(shape: ShapeProjection) -> NDArray[np.float64]:
    """Each instant's part in the shape correlation, ``(T,)``: its mean over time is the correlation."""
    deviations = [series - series.mean() for series in (shape.generated, shape.real)]
    scale = np.sqrt(np.square(deviations[0]).mean() * np.square(deviations[1]).mean())
    product = deviations[0] * deviations[1]
    return np.asarray(product / scale if scale > 0 else np.zeros_like(product))


def amplitude(shape: ShapeProjection) -> float:
    """Standard deviation of the generated projection / that of the real one."""
    return _ratio(float(shape.generated.std()), float(shape.real.std()))


def shape_lag(shape: ShapeProjection) -> float:
    """The shift in -5..5 frames with the largest shape correlation; positive = generated is late.

    The smallest shift wins a tie; shifts that leave less than half the clip are not tried. NaN if none correlates
    positively, as in a clip that never moves.
    """
    total = len(shape.real)
    best, lag = 0.0, float("nan")
    for shift in sorted(range(-MAX_LAG, MAX_LAG + 1), key=abs):
        if 2 * abs(shift) > total:
            continue
        late, early = max(shift, 0), max(-shift, 0)
        correlation = pearson(shape.generated[late : total - early], shape.real[early : total - late])
        if correlation > best:
            best, lag = correlation, float(shift)
    return lag


def frame_motion(roi_luma: Floats) -> NDArray[np.float64]:
    """Mean absolute difference of each frame from the one before, (T - 1,), of ROI luma (T, h, w)."""
    return np.asarray(np.abs(np.diff(roi_luma, axis=0)).mean(axis=(1, 2), dtype=np.float64))


def motion_ratio(generated: Floats, real: Floats, chosen: Mask | None = None) -> float:
    """Mean generated motion / mean real motion, of series from :func:`frame_motion`, over the chosen differences."""
    if chosen is not None:
        generated, real = generated[chosen], real[chosen]
    return _ratio(float(generated.mean()), float(real.mean())) if len(real) else float("nan")


def motion_correlation(generated: Floats, real: Floats) -> float:
    """Pearson correlation over time of two series from :func:`frame_motion`."""
    return pearson(generated, real)


def sharpness(generated: Floats, real: Floats) -> float:
    """Ratio of the variances of the Laplacian (four neighbours, inside the box), mean over frames, of ROI luma."""
    return _ratio(_laplacian_variance(generated), _laplacian_variance(real))


def flicker(generated: Floats, real: Floats) -> float:
    """Energy of the temporal second difference where the real clip rests, generated / real, of whole-crop luma.

    Resting pixels are those whose standard deviation over the real clip is in the lowest fifth.
    """
    deviation = real.std(axis=0)
    static = deviation <= np.quantile(deviation, STATIC_SHARE)
    energies = [float(np.square(np.diff(clip[:, static], n=2, axis=0)).mean()) for clip in (generated, real)]
    return _ratio(energies[0], energies[1])


def pearson(first: Floats, second: Floats) -> float:
    """Pearson correlation of two series (N,); 0 where one of them is constant up to rounding."""
    a = np.asarray(first, np.float64) - np.mean(first)
    b = np.asarray(second, np.float64) - np.mean(second)
    norms = np.linalg.norm(a), np.linalg.norm(b)
    scales = np.abs(first).max(initial=0), np.abs(second).max(initial=0)
    if any(norm <= _STILL * np.sqrt(len(a)) * scale for norm, scale in zip(norms, scales, strict=True)):
        return 0.0
    return float(np.clip(a @ b / (norms[0] * norms[1]), -1, 1))


def score_clip(generated: Clip, real: Clip, roi: Box, speech: Mask, skip_first: bool) -> PictureScores:
    """All picture measures of one clip.

    :param generated: generated crops (T, H, W, 3), uint8, uncoded.
    :param real: the same clip's real crops, same shape.
    :param roi: the corpus's mouth box.
    :param speech: (T,), true where a word is being spoken.
    :param skip_first: leave the first frame out of everything: it was the identity image.
    :raises ValueError: shapes differ, or fewer than three frames are left.
    """
    _check_pair(generated, real)
    if speech.shape != (len(real),):
        raise ValueError(f"speech mask of shape {speech.shape} for {len(real)} frames")
    first = int(skip_first)
    generated, real, speech = generated[first:], real[first:], speech[first:]
    if len(real) < 3:
        raise ValueError(f"{len(real)} frames cannot be scored, at least three are needed")
    generated_luma, real_luma = luma(generated), luma(real)
    generated_roi, real_roi = roi.crop(generated_luma), roi.crop(real_luma)
    shape = ShapeProjection.of(generated_roi, real_roi)
    lag = shape_lag(shape)
    motions = frame_motion(generated_roi), frame_motion(real_roi)
    speaking = speech[1:] | speech[:-1]
    return PictureScores(
        psnr=float(psnr(generated, real).mean()),
        ssim=float(ssim(generated, real).mean()),
        shape_correlation=shape_correlation(shape),
        amplitude=amplitude(shape),
        shape_lag=lag,
        shape_lag_zero=float(lag == 0),
        motion_ratio=motion_ratio(*motions),
        motion_ratio_speech=motion_ratio(*motions, speaking),
        motion_ratio_silence=motion_ratio(*motions, ~speaking),
        motion_correlation=motion_correlation(*motions),
        sharpness=sharpness(generated_roi, real_roi),
        flicker=flicker(generated_luma, real_luma),
    )


def _check_pair(generated: Clip, real: Clip) -> None:
    for clip in (generated, real):
        if clip.dtype != np.uint8 or clip.ndim != 4 or clip.shape[-1] != 3:
            raise ValueError(f"expected uint8 pictures (T, H, W, 3), got {clip.dtype} {clip.shape}")
    if generated.shape != real.shape:
        raise ValueError(f"generated crops {generated.shape} and real crops {real.shape} differ in shape")


def _laplacian_variance(roi_luma: Floats) -> float:
    inner = roi_luma[:, 1:-1, 1:-1]
    neighbours = roi_luma[:, :-2, 1:-1] + roi_luma[:, 2:, 1:-1] + roi_luma[:, 1:-1, :-2] + roi_luma[:, 1:-1, 2:]
    return float((neighbours - 4 * inner).var(axis=(1, 2), dtype=np.float64).mean())


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else float("nan")
