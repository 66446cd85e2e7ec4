"""The steady face and the mouth crop in it: similarity transforms from landmarks, registration, cropping.

A transform is a ``(2, 3)`` matrix that takes canonical pixels (x, y, 1) to source pixels. The canonical face is square,
its outer eye corners level and ``eye_distance`` apart; the crop is a window of it at the same scale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from torch.nn import functional

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.video.box import FaceBox
from avsynth.video.geometry import FloatArray, apply, compose, fit_similarity, invert, warp
from avsynth.video.landmarks import MOUTH, OUTER_EYE_CORNERS, STEADY_POINTS, LandmarkDetector
from avsynth.video.luma import LUMA
from avsynth.video.reading import fit_within

LARGEST_PICTURE = 1080
"""Larger pictures of a face are reduced to so many pixels on the shorter side; more would not improve the crop."""
SMALLEST_EYES = 24
"""Pixels between the outer eye corners below which a face is too small to have a mouth."""
USUAL_EYES = 92
"""The lengths below hold for a canonical face with so many pixels between the eye corners, and scale with it."""
NOSE_STRIP = 10
"""Rows above the crop that registration also uses; with a structured background, they keep it from following the
background."""
MOUTH_HALF, MOUTH_ABOVE = 40, 16
"""Half width, and height above the mouth's middle, of the region around mouth and chin that registration ignores."""


@dataclass(frozen=True)
class MouthTrack:
    """The place of the mouth in each frame of a clip, for cutting crops and pasting them back."""

    transforms: FloatArray
    """``(T, 2, 3)``: canonical face to source picture, per frame."""
    left: float
    """Column of the canonical face at which the crop begins; the same for the whole clip."""
    top: float
    found: NDArray[np.bool_]
    """``(T,)``: whether a face was detected near that frame."""

    def crop_transforms(self) -> FloatArray:
        """``(T, 2, 3)``: crop pixels to source pixels."""
        shift = np.array([self.left, self.top])
        moved = self.transforms.copy()
        moved[:, :, 2] += self.transforms[:, :, :2] @ shift
        return moved


@dataclass(frozen=True)
class CanonicalFace:
    """A face's own shape at rest and where its mouth lies, both in the canonical face."""

    points: FloatArray
    """``(21, 2)``: nose and eyes, to which each frame is fitted."""
    left: float
    """Column at which the crop begins."""
    top: float


def track_mouth(
    frames: NDArray[np.uint8], points: FloatArray, found: NDArray[np.bool_], config: LipsConfig
) -> MouthTrack:
    """Track the face through a clip, with the clip's own canonical face.

    Args:
        frames: ``(T, H, W, 3)`` uint8.
        points: ``(T, 68, 2)`` landmarks.
        found: ``(T,)``.
    """
    face = canonical_face(points, config)
    return MouthTrack(follow_face(frames, points, face, config), face.left, face.top, found)


def canonical_face(points: FloatArray, config: LipsConfig) -> CanonicalFace:
    """The canonical face of a clip with landmarks ``(T, 68, 2)``: its median shape, eyes level, mouth in the crop."""
    steady = list(STEADY_POINTS)
    reference = median_shape(points, steady)
    to_canonical = canonical_similarity(reference, config)
    mouth = apply(to_canonical, reference[list(MOUTH)])
    left = round(float(mouth[:, 0].mean()) - config.width / 2)
    top = round(float(mouth[:, 1].mean()) - config.mouth_row)
    return CanonicalFace(apply(to_canonical, reference[steady]), float(left), float(top))


def follow_face(frames: NDArray[np.uint8], points: FloatArray, face: CanonicalFace, config: LipsConfig) -> FloatArray:
    """``(T, 2, 3)``: a canonical face to each frame.

    Each frame's similarity is fitted to nose and eyes by least squares, registered on the picture itself (what
    surrounds the mouth, against the frames' mean) and smoothed over time; arguments as for :func:`track_mouth`.
    """
    transforms = np.stack([fit_similarity(face.points, shape[list(STEADY_POINTS)]) for shape in points])
    if config.registration:
        transforms = register(frames, transforms, face, config)
    if config.smoothing > 0:
        transforms = np.asarray(gaussian_filter1d(transforms, config.smoothing, axis=0, mode="nearest"))
    return transforms


def median_shape(points: FloatArray, steady: list[int]) -> FloatArray:
    """``(68, 2)``: the median over time of the landmarks, each frame first aligned with the first one by its steady
    points."""
    laid = []
    for shape in points:
        back = fit_similarity(shape[steady], points[0][steady])
        laid.append(apply(back, shape))
    return np.asarray(np.median(np.stack(laid), axis=0))


def canonical_similarity(shape: FloatArray, config: LipsConfig) -> FloatArray:
    """``(2, 3)``: source to canonical, such that the outer eye corners are level and ``eye_distance`` apart."""
    half = config.eye_distance / 2
    middle = config.face_size / 2
    target = np.array([[middle - half, config.eye_row], [middle + half, config.eye_row]])
    return fit_similarity(shape[list(OUTER_EYE_CORNERS)], target)


def find_mouth(picture: NDArray[np.uint8], config: LipsConfig) -> NDArray[np.uint8]:
    """The mouth crop ``(height, width, 3)`` of a still ``(H, W, 3)``; errors as :func:`place_mouth`."""
    picture = fit_within(picture, LARGEST_PICTURE)
    crop: NDArray[np.uint8] = cut_crops(picture[None], place_mouth(picture, config), config)[0]
    return crop


def place_mouth(
    picture: NDArray[np.uint8],
    config: LipsConfig,
    detector: LandmarkDetector | None = None,
    box: FaceBox | None = None,
) -> MouthTrack:
    """Where the mouth of a still ``(H, W, 3)`` lies: of the face in the ``box``, or of the likeliest.

    Errors: :class:`UserError` where no face is found, or none of :data:`SMALLEST_EYES`.
    """
    detector = detector or LandmarkDetector()
    points, found = detector(picture[None]) if box is None else detector.shapes(picture[None], {0: box})
    size = f"the picture of {picture.shape[1]}×{picture.shape[0]} pixels"
    if not found.any():
        raise UserError(f"no face found in {size}: give one that shows a face from the front")
    left, right = points[0, list(OUTER_EYE_CORNERS)]
    if (apart := float(np.hypot(*(right - left)))) < SMALLEST_EYES:
        raise UserError(
            f"the face in {size} is too small: {apart:.0f} pixels between the outer corners of its eyes; give one"
            f" with {SMALLEST_EYES} or more"
        )
    return track_mouth(picture[None], points, found, replace(config, registration=0, smoothing=0.0))


def mouth_box(points: FloatArray, track: MouthTrack) -> FloatArray:
    """Left, top, right, bottom of the mouth's landmarks ``(T, 68, 2)`` over the clip, in pixels of the crop."""
    laid = [
        apply(invert(back), shape[list(MOUTH)]) for back, shape in zip(track.crop_transforms(), points, strict=True)
    ]
    stacked = np.concatenate(laid)
    return np.concatenate([stacked.min(axis=0), stacked.max(axis=0)])


def cut_crops(frames: NDArray[np.uint8], track: MouthTrack, config: LipsConfig) -> NDArray[np.uint8]:
    """The mouth crops ``(T, height, width, 3)`` uint8 of a clip."""
    sampled = warp(frames, track.crop_transforms(), config.height, config.width)
    crops: NDArray[np.uint8] = sampled.round().byte().permute(0, 2, 3, 1).contiguous().numpy()
    return crops


def register(frames: NDArray[np.uint8], transforms: FloatArray, face: CanonicalFace, config: LipsConfig) -> FloatArray:
    """Refine per-frame similarities by Gauss-Newton on the luma of what surrounds the mouth against the clip's mean.

    Landmarks jitter by a good part of a pixel; the pixels themselves locate a face more exactly. The crop and a strip
    of nose above it are compared, without the region of mouth and chin, which moves in speech. The mean is computed
    anew after each step, so that it becomes a sharper reference. The clip's mean motion is removed: the canonical frame
    stays.
    """
    weights = np.array(LUMA, dtype=np.float32)
    luma = np.stack([frame.astype(np.float32) @ weights for frame in frames])[..., None]
    scale = config.eye_distance / USUAL_EYES
    strip, half, above = (round(length * scale) for length in (NOSE_STRIP, MOUTH_HALF, MOUTH_ABOVE))
    left, top = face.left, face.top - strip
    width, height = config.width, config.height + strip
    y, x = np.mgrid[2 : height - 2, 2 : width - 2]
    speaks = (np.abs(x + 0.5 - width / 2) < half) & (y > strip + config.mouth_row - above)
    y, x = y[~speaks], x[~speaks]
    still = y * width + x
    anchor = np.array([face.left + config.width / 2, face.top])
    dx, dy = x + left - anchor[0], y + top - anchor[1]
    current = transforms.copy()
    for _ in range(config.registration):
        window = current.copy()
        window[:, :, 2] += current[:, :, :2] @ np.array([left, top])
        sampled = warp_luma(luma, window, height, width)
        view = functional.avg_pool2d(sampled[:, None], 3, stride=1, padding=1)[:, 0].numpy()
        reference = view.mean(axis=0, dtype=np.float64)
        gy, gx = (gradient.ravel()[still] for gradient in np.gradient(reference))
        jacobian_4N = np.stack([gx, gy, gx * dx + gy * dy, gy * dx - gx * dy])
        seen_TN = view.reshape(len(frames), -1).take(still, axis=1)
        steps = gauss_newton_steps(jacobian_4N, reference.ravel()[still], seen_TN)
        steps -= steps.mean(axis=0)
        steps = np.clip(steps, [-2, -2, -0.02, -0.02], [2, 2, 0.02, 0.02])
        for index, (tx, ty, grow, turn) in enumerate(steps):
            linear = np.array([[1 + grow, -turn], [turn, 1 + grow]])
            offset = anchor - linear @ anchor + np.array([tx, ty])
            current[index] = compose(current[index], np.concatenate([linear, offset[:, None]], axis=1))
    return current


def gauss_newton_steps(
    jacobian_4N: FloatArray, reference_N: FloatArray, seen_TN: NDArray[np.float32]
) -> NDArray[np.float64]:
    """``(T, 4)``: for each frame the step (right, down, growth, turn) that takes what was seen nearer to the reference.

    Brightness is left aside, pixels that differ much count less. A frame at a time, so that all of it stays in the
    cache.
    """
    damping = 1e-3 * np.diag(np.square(jacobian_4N).sum(axis=1))
    steps = []
    for seen_N in seen_TN:
        difference = reference_N - seen_N
        difference -= difference.mean()
        weight = 1.0 / (1.0 + (difference / 12.0) ** 2)
        curvature = jacobian_4N @ (jacobian_4N * weight).T + damping
        steps.append(np.linalg.solve(curvature, jacobian_4N @ (weight * difference)))
    return np.stack(steps)


def warp_luma(luma: NDArray[np.float32], transforms: FloatArray, height: int, width: int) -> torch.Tensor:
    """``(T, height, width)`` float32: the luma at ``transforms`` of a grid, bilinear."""
    rows, columns = torch.arange(height, dtype=torch.float32), torch.arange(width, dtype=torch.float32)
    grid_y, grid_x = torch.meshgrid(rows, columns, indexing="ij")
    flat = torch.stack([grid_x, grid_y, torch.ones_like(grid_x)], dim=-1)
    source = torch.einsum("hwk,tjk->thwj", flat, torch.from_numpy(transforms).float())
    extent = torch.tensor([luma.shape[2], luma.shape[1]], dtype=torch.float32)
    normal = (source * 2 + 1) / extent - 1
    picture = torch.from_numpy(luma).permute(0, 3, 1, 2)
    sampled = functional.grid_sample(picture, normal, mode="bilinear", padding_mode="border", align_corners=False)
    return sampled[:, 0]
