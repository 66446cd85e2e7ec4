"""The pictures of one synthesised clip and of its control rows, compared with the recording's own crops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.data.manifest import WordTime
from avsynth.evaluation.controls import controls
from avsynth.evaluation.durations import Overlap, onset_overlap, plain_overlap, speech_mask
from avsynth.evaluation.landmarks import (
    Detector,
    Faces,
    LandmarkScores,
    Moments,
    MouthSeries,
    read_mouth,
    read_source_mouth,
    rest_motion,
    score_landmarks,
)
from avsynth.evaluation.pictures import Clip, PictureScores, ShapeProjection, luma, psnr, score_clip
from avsynth.timeline import Timeline
from avsynth.video.box import Box

OURS, REAL, FROZEN, NOISE, WRONG_TEXT = "ours", "real", "frozen", "detector noise", "wrong text"
OVER_TIME = (OURS, "mean", FROZEN, "late 1")
"""Rows whose PSNR is kept frame by frame, for the plot."""


@dataclass(frozen=True)
class PictureClip:
    """A synthesised clip and its recording."""

    generated: Clip
    """``(N, 80, 160, 3)``."""
    real: Clip
    """``(M, 80, 160, 3)``."""
    said: Timeline
    """The timeline that the generated clip was made from."""
    true: Timeline
    """The recording's own."""
    roi: Box
    identity_first: bool
    """Whether the identity was the recording's first frame, which is then left out of everything."""
    wrong_text: Clip | None = None


@dataclass(frozen=True)
class SourceFaces:
    """The recording's source pictures and the transforms that the lips stage stored."""

    frames: NDArray[np.uint8]
    track: Any
    size: int


@dataclass(frozen=True)
class ClipPictures:
    """Picture measures of a clip, by view: the views are ``true``, or ``unshifted`` and ``shifted`` for predicted
    durations."""

    pictures: Mapping[str, Mapping[str, PictureScores]]
    """View to row to scores."""
    landmarks: Mapping[str, Mapping[str, LandmarkScores]]
    psnr_T: Mapping[str, NDArray[np.float64]]
    """PSNR over the clip's time in the first view, by row."""
    shape_generated_T: NDArray[np.float64]
    shape_real_T: NDArray[np.float64]
    """Mouth shape over time in the first view."""
    openings: Mapping[str, NDArray[np.float64]]
    """Lip openings of the whole generated and real clip, empty without landmarks."""


def word_times(timeline: Timeline) -> list[WordTime]:
    """The timeline's words for the measures of timing."""
    return [WordTime(text, start, end) for text, start, end in timeline.word_times()]


def overlaps(clip: PictureClip, predicted: bool) -> dict[str, Overlap]:
    """Which generated frames are compared with which real ones, by view.

    A shift that leaves nothing in common, or a clip without words, has no ``shifted`` view.
    """
    lengths = len(clip.generated), len(clip.real)
    if not predicted:
        return {"true": plain_overlap(*lengths)}
    views = {"unshifted": plain_overlap(*lengths)}
    try:
        views["shifted"] = onset_overlap(word_times(clip.said), word_times(clip.true), *lengths, clip.true.fps)
    except ValueError:
        return views
    return views


def control_rows(clip: PictureClip, predicted: bool) -> dict[str, Clip]:
    """The control rows as clips of the recording's length; the coded row only where timing is true."""
    fps = clip.true.fps
    chosen = controls(None if predicted else lambda crops: coded(crops, fps))
    rows = {item.name: item.transform(clip.real) for item in chosen}
    if clip.wrong_text is not None and not predicted:
        rows[WRONG_TEXT] = clip.wrong_text
    return rows


def coded(crops: Clip, fps: Fraction, scale: int = 4) -> Clip:
    """The crops after the video coding of a finished mp4, averaged back to their own size."""
    from avsynth.video.reading import read_frames
    from avsynth.video.writing import write_clip

    rate = 22_050
    with TemporaryDirectory(prefix="avsynth-") as folder:
        path = Path(folder) / "coded.mp4"
        silence = np.zeros(round(Fraction(len(crops)) / fps * rate), np.float32)
        write_clip(path, np.ascontiguousarray(crops), silence, fps, rate, scale)
        frames = read_frames(path).frames
    count, height, width = crops.shape[:3]
    enlarged = frames[:count, : height * scale, : width * scale].astype(np.float32)
    small = enlarged.reshape(len(enlarged), height, scale, width, scale, 3).mean(axis=(2, 4))
    return np.asarray(np.rint(small), np.uint8)


def score_pictures(
    clip: PictureClip, predicted: bool, faces: SourceFaces | None, detector: Detector | None
) -> ClipPictures:
    """Every view and row of one clip; landmarks only with ``faces`` and ``detector``.

    :raises ValueError: the two clips have fewer than three frames in common.
    """
    rows = control_rows(clip, predicted) | {OURS: clip.generated}
    views = overlaps(clip, predicted)
    speech = speech_mask(word_times(clip.true), len(clip.real), clip.true.fps)
    pictures = {view: _picture_rows(clip, rows, overlap, speech) for view, overlap in views.items()}
    first_view = next(iter(views.values()))
    real = clip.real[first_view.real]
    projected = ShapeProjection.of(
        *(clip.roi.crop(luma(item)) for item in (clip.generated[first_view.generated], real))
    )
    over_time = {row: psnr(rows[row][_frames_of(row, first_view)], real) for row in OVER_TIME if row in rows}
    landmarks: dict[str, dict[str, LandmarkScores]] = {}
    openings: dict[str, NDArray[np.float64]] = {}
    if faces is not None and detector is not None:
        series = _mouths(rows, faces, detector, predicted)
        landmarks = {view: _landmark_rows(clip, rows, series, overlap, predicted) for view, overlap in views.items()}
        openings = {row: series[row].aperture for row in (OURS, REAL)}
    return ClipPictures(pictures, landmarks, over_time, projected.generated, projected.real, openings)


def _frames_of(row: str, overlap: Overlap) -> slice:
    return overlap.generated if row == OURS else overlap.real


def _picture_rows(
    clip: PictureClip, rows: Mapping[str, Clip], overlap: Overlap, speech: NDArray[np.bool_]
) -> dict[str, PictureScores]:
    real = clip.real[overlap.real]
    skip = clip.identity_first and overlap.real.start == 0
    scores = {}
    for row, crops in rows.items():
        chosen = crops[_frames_of(row, overlap)]
        if len(chosen) == len(real):
            scores[row] = score_clip(np.asarray(chosen), real, clip.roi, speech[overlap.real], skip)
    return scores


def _mouths(
    rows: Mapping[str, Clip], faces: SourceFaces, detector: Detector, predicted: bool
) -> dict[str, MouthSeries]:
    """Landmarks of the rows that the landmark tables hold, each read on the clip's own faces."""
    canonical = Faces.of(faces.frames, faces.track, faces.size)
    chosen = (REAL, "mean", FROZEN, OURS) if predicted else tuple(rows)
    series = {row: read_mouth(canonical.paste(rows[row]), detector) for row in chosen}
    if not predicted:
        series[NOISE] = read_source_mouth(faces.frames, faces.track, detector)
    return series


def _landmark_rows(
    clip: PictureClip, rows: Mapping[str, Clip], series: Mapping[str, MouthSeries], overlap: Overlap, predicted: bool
) -> dict[str, LandmarkScores]:
    """Closures by each row's own timeline; rest only where generated and recorded silences are the same."""
    real = series[REAL][overlap.real]
    crops = clip.real[overlap.real]
    first = int(clip.identity_first and overlap.real.start == 0)
    true = Moments.of(clip.true, len(clip.real))
    said = Moments.of(clip.said, len(clip.generated))
    scores = {}
    for row, mouths in series.items():
        frames = _frames_of(row, overlap)
        own = mouths[frames]
        if len(own) != len(real):
            continue
        moments = _at(said if row == OURS else true, frames)
        score = score_landmarks(own, real, moments, first)
        if predicted:
            score = replace(score, rest_closed=float("nan"))
        elif row != NOISE:
            score = replace(
                score, rest_motion=rest_motion(np.asarray(rows[row][frames]), crops, clip.roi, moments, first)
            )
        scores[row] = score
    return scores


def _at(moments: Moments, frames: slice) -> Moments:
    return Moments(moments.bilabial[frames], moments.speech[frames], moments.long_silence[frames])
