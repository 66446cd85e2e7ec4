"""Landmark measures: mouth landmarks, lip opening, closures and rest, detected on the face into which crops are pasted.

Both sides are read by one detector on the clip's own canonical face (256 x 256, outer eye corners 92 px apart), so a
pixel here is a pixel of that face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.evaluation.pictures import Clip, Mask, frame_motion, luma, motion_ratio, pearson
from avsynth.text import SIL
from avsynth.timeline import Timeline
from avsynth.video.box import Box
from avsynth.video.geometry import FloatArray, apply, invert, warp
from avsynth.video.landmarks import MOUTH

Detector = Callable[[NDArray[np.uint8]], tuple[FloatArray, NDArray[np.bool_]]]
"""Pictures (T, H, W, 3) to 68 landmarks (T, 68, 2) and whether a face was found (T,)."""

BILABIALS = frozenset({"P", "B", "M"})
LONG_SILENCE_S = 0.3
CLOSED_PERCENTILE = 20
_LEFT_CORNER, _RIGHT_CORNER, _UPPER_INNER, _LOWER_INNER = (point - MOUTH[0] for point in (48, 54, 62, 66))
_CHUNK = 25
_FEWEST = 3


@dataclass(frozen=True)
class LandmarkScores:
    """Every landmark measure of one clip; NaN where it has no frames to measure."""

    lmd: float
    """Mean distance of the 20 mouth landmarks to the real clip's, px of the canonical face."""
    no_face: float
    """Share of frames in which no face was found; they are left out of the others."""
    aperture_correlation: float
    """Pearson correlation over time of the two lip openings."""
    closure_rate: float
    """Of the frames wholly within P, B or M: the share opened less than the 20th percentile of the clip's own."""
    closure_rate_speech: float
    """The same against the 20th percentile of the clip's own *speech* frames: a resting mouth is closed tighter."""
    rest_motion: float
    """Movement in silences of over 300 ms, generated / real."""
    rest_closed: float
    """In those silences: the share of frames opened less than the 20th percentile of the real clip's speech frames."""


@dataclass(frozen=True)
class MouthSeries:
    """The mouth's landmarks through a clip."""

    points: FloatArray
    """``(T, 20, 2)``: x, y in pixels of the canonical face; iBUG points 48 to 67."""
    found: Mask
    """``(T,)``."""

    def __getitem__(self, frames: slice) -> MouthSeries:
        return MouthSeries(self.points[frames], self.found[frames])

    def __len__(self) -> int:
        return len(self.points)

    @property
    def aperture(self) -> FloatArray:
        """``(T,)``: inner-lip opening / mouth width; NaN where no face was found."""
        opening = np.linalg.norm(self.points[:, _UPPER_INNER] - self.points[:, _LOWER_INNER], axis=1)
        width = np.linalg.norm(self.points[:, _LEFT_CORNER] - self.points[:, _RIGHT_CORNER], axis=1)
        known = self.found & (width > 0)
        return np.asarray(np.where(known, opening / np.where(width > 0, width, 1), np.nan))


@dataclass(frozen=True)
class Faces:
    """A clip's canonical faces, and where its crops belong in them."""

    pictures: Clip
    """``(T, 256, 256, 3)``."""
    left: int
    top: int

    @classmethod
    def of(cls, frames: NDArray[np.uint8], track: Any, size: int) -> Faces:
        """From the source video ``(T, H, W, 3)`` and the record that the lips stage stored beside the crops."""
        transforms = np.asarray(track["transforms"], np.float64)[: len(frames)]
        parts = [
            warp(frames[start : start + _CHUNK], transforms[start : start + _CHUNK], size, size)
            for start in range(0, len(transforms), _CHUNK)
        ]
        pictures = np.concatenate([part.round().byte().permute(0, 2, 3, 1).numpy() for part in parts])
        return cls(pictures, round(float(track["left"])), round(float(track["top"])))

    def paste(self, crops: Clip) -> Clip:
        """The faces ``(T', 256, 256, 3)`` with ``crops`` ``(T', h, w, 3)`` in place; the last face is held if need be.

        What of a crop lies outside the face is cut off.
        """
        faces = self.pictures[np.minimum(np.arange(len(crops)), len(self.pictures) - 1)].copy()
        size_y, size_x = faces.shape[1:3]
        height, width = crops.shape[1:3]
        y0, y1 = max(self.top, 0), min(self.top + height, size_y)
        x0, x1 = max(self.left, 0), min(self.left + width, size_x)
        faces[:, y0:y1, x0:x1] = crops[:, y0 - self.top : y1 - self.top, x0 - self.left : x1 - self.left]
        return faces


def read_mouth(pictures: Clip, detector: Detector) -> MouthSeries:
    """Find the mouth in canonical faces ``(T, H, W, 3)``."""
    points, found = detector(pictures)
    return MouthSeries(points[:, list(MOUTH)], found)


def read_source_mouth(frames: NDArray[np.uint8], track: Any, detector: Detector) -> MouthSeries:
    """Find the mouth in the source video and map it to the canonical face. Compared with the real crops pasted back, it
    shows the detector's own noise."""
    points, found = detector(frames[: len(track["transforms"])])
    transforms = np.asarray(track["transforms"], np.float64)[: len(points)]
    carried = [apply(invert(back), shape[list(MOUTH)]) for back, shape in zip(transforms, points, strict=True)]
    return MouthSeries(np.stack(carried), found)


def frames_within(timeline: Timeline, frames: int, phones: frozenset[str], longer_than_s: float = 0.0) -> Mask:
    """``(frames,)``: whether a lip frame lies wholly within one of ``phones`` lasting over ``longer_than_s``."""
    mask = np.zeros(frames, np.bool_)
    edges, fps = timeline.boundaries_s, timeline.fps
    limit = Fraction(longer_than_s).limit_denominator(1_000_000)
    for phone, start, end in zip(timeline.phones, edges, edges[1:], strict=False):
        if phone in phones and end - start > limit:
            mask[-(-start * fps // 1) : max(end * fps // 1, 0)] = True
    return mask


def speech_within(timeline: Timeline, frames: int) -> Mask:
    """``(frames,)``: whether a lip frame touches any phone that is not silence."""
    mask = np.zeros(frames, np.bool_)
    edges, fps = timeline.boundaries_s, timeline.fps
    for phone, start, end in zip(timeline.phones, edges, edges[1:], strict=False):
        if phone != SIL and end > start:
            mask[start * fps // 1 : -(-end * fps // 1)] = True
    return mask


def landmark_distance(generated: MouthSeries, real: MouthSeries) -> float:
    """LMD in px over the frames where both sides have a face; neither aligned nor normalised. NaN without any."""
    both = generated.found & real.found
    if not both.any():
        return float("nan")
    return float(np.linalg.norm(generated.points[both] - real.points[both], axis=2).mean())


def aperture_correlation(generated: MouthSeries, real: MouthSeries) -> float:
    """Pearson correlation over time of the lip openings; NaN with fewer than three frames in common."""
    ours, theirs = generated.aperture, real.aperture
    known = ~(np.isnan(ours) | np.isnan(theirs))
    return pearson(ours[known], theirs[known]) if known.sum() >= _FEWEST else float("nan")


def closed_share(aperture: FloatArray, chosen: Mask, level: float) -> float:
    """Of the chosen frames with a face, the share opened less than ``level``; NaN without such frames."""
    values = aperture[chosen]
    values = values[~np.isnan(values)]
    return float((values < level).mean()) if len(values) and not np.isnan(level) else float("nan")


def closed_level(aperture: FloatArray, chosen: Mask | None = None) -> float:
    """The 20th percentile of the openings (of the chosen frames); NaN without any."""
    values = aperture if chosen is None else aperture[chosen]
    values = values[~np.isnan(values)]
    return float(np.percentile(values, CLOSED_PERCENTILE)) if len(values) else float("nan")


@dataclass(frozen=True)
class Moments:
    """Which frames the measures of closing and resting look at, each ``(T,)``."""

    bilabial: Mask
    speech: Mask
    long_silence: Mask

    @classmethod
    def of(cls, timeline: Timeline, frames: int) -> Moments:
        """From the clip's timeline."""
        return cls(
            frames_within(timeline, frames, BILABIALS),
            speech_within(timeline, frames),
            frames_within(timeline, frames, frozenset({SIL}), LONG_SILENCE_S),
        )


def score_landmarks(generated: MouthSeries, real: MouthSeries, moments: Moments, first: int = 0) -> LandmarkScores:
    """All landmark measures but ``rest_motion`` (NaN here; see :func:`rest_motion`), from frame ``first`` on.

    Both series and the moments have the same T; closures are judged by the generated clip's own openings.
    """
    if not len(generated) == len(real) == len(moments.speech):
        raise ValueError(f"{len(generated)} frames cannot be held against {len(real)}, timed for {len(moments.speech)}")
    generated, real = generated[first:], real[first:]
    bilabial, speech, silent = (mask[first:] for mask in (moments.bilabial, moments.speech, moments.long_silence))
    aperture = generated.aperture
    return LandmarkScores(
        lmd=landmark_distance(generated, real),
        no_face=1.0 - float(generated.found.mean()) if len(generated) else float("nan"),
        aperture_correlation=aperture_correlation(generated, real),
        closure_rate=closed_share(aperture, bilabial, closed_level(aperture)),
        closure_rate_speech=closed_share(aperture, bilabial, closed_level(aperture, speech)),
        rest_motion=float("nan"),
        rest_closed=closed_share(aperture, silent, closed_level(real.aperture, speech)),
    )


def rest_motion(generated: Clip, real: Clip, roi: Box, moments: Moments, first: int = 0) -> float:
    """Mean movement between two frames of long silences, generated / real crops ``(T, H, W, 3)``; NaN without any."""
    silent = moments.long_silence[first:]
    motions = [frame_motion(roi.crop(luma(clip[first:]))) for clip in (generated, real)]
    return motion_ratio(motions[0], motions[1], silent[1:] & silent[:-1])
