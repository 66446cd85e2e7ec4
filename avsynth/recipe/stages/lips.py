"""The *lips* stage: mouth crops, the transform that pastes each back, and a contact sheet per speaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.config.reading import fingerprint, to_dict
from avsynth.config.schema import LipsConfig
from avsynth.data.crops import Crops, coded
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.faces.window import find_face_window
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip, Stored
from avsynth.video.landmarks import LandmarkDetector
from avsynth.video.lip_clock import read_lip_frames
from avsynth.video.mouth import cut_crops, mouth_box, track_mouth
from avsynth.video.reading import write_image

SHEET_CLIPS = 12
SHEET_FRAMES = 8


@dataclass(frozen=True)
class CropJob:
    """One clip to crop."""

    uid: str
    video: Path
    config: LipsConfig
    fps: Fraction
    """Frame rate of the crops, whatever the video's own is."""


@dataclass(frozen=True)
class CropResult:
    """The result: a reason if the clip was dropped."""

    uid: str
    frames: int
    reason: str = ""


def run(context: StageContext) -> Ledger:
    """Crop every clip of the manifest that has video and is not cropped yet."""
    total = filmed = 0
    for item in context.each_utterance():
        total += 1
        filmed += item.video is not None
    ledger = Ledger(clips_in=filmed, notes={"without_video": total - filmed})
    results = context.map(context.shards(context.crops), crop_clip, clips(context), filmed, "lips")
    if results.fresh:
        ledger.notes["clips_per_minute"] = round(60 * results.fresh / results.seconds, 1)
    resampled: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for item, (uid, result) in zip(_filmed(context), results, strict=True):
        if result.reason:
            ledger.drop(uid, result.reason)
            continue
        kept[item.speaker] += 1
        if Fraction(item.fps) != context.config.fps:
            resampled[item.fps] += 1
    ledger.clips_out = kept.total()
    ledger.notes["resampled_from_fps"] = dict(resampled)
    for speaker, uids in shown_clips(context, ledger, kept).items():
        write_image(context.lips / f"sheet_{speaker}.png", contact_sheet(context.clip_crops(), uids))
    return ledger


def clips(context: StageContext) -> Iterator[Clip]:
    """The clips to crop."""
    config = context.config
    settings = fingerprint([to_dict(config.lips), str(config.fps)])
    for item in _filmed(context):
        job = CropJob(item.uid, context.corpus / str(item.video), config.lips, config.fps)
        yield Clip(item.uid, f"{settings} {item.video} {item.lip_frames} {item.fps}", job)


def _filmed(context: StageContext) -> Iterator[Utterance]:
    return (item for item in context.each_utterance() if item.video is not None)


def shown_clips(context: StageContext, ledger: Ledger, kept: Mapping[str, int]) -> dict[str, list[str]]:
    """For each speaker, evenly spaced clips that have crops."""
    chosen = {
        speaker: set(np.unique(np.linspace(0, count - 1, SHEET_CLIPS).round().astype(int)).tolist())
        for speaker, count in kept.items()
    }
    seen: Counter[str] = Counter()
    shown: dict[str, list[str]] = {}
    for item in _filmed(context):
        if item.uid not in ledger.dropped:
            if seen[item.speaker] in chosen[item.speaker]:
                shown.setdefault(item.speaker, []).append(item.uid)
            seen[item.speaker] += 1
    return shown


@cache
def _detector(detect_every: int) -> LandmarkDetector:
    return LandmarkDetector(detect_every)


def crop_clip(job: CropJob) -> Stored:
    """Crop one clip; one without a face, or without a picture, comes back with a reason."""
    detector = _detector(job.config.detect_every)
    try:
        window = find_face_window(job.video, detector.likeliest_face)
        if window is None:
            return Stored(CropResult(job.uid, 0, "face lost: in 100% of the frames"))
        frames = read_lip_frames(job.video, job.fps, window)
    except UserError as error:
        return Stored(CropResult(job.uid, 0, f"unreadable video: {error}"))
    points, found = detector(frames)
    lost = 1.0 - float(found.mean())
    if lost > job.config.max_lost:
        return Stored(CropResult(job.uid, 0, f"face lost: in {lost:.0%} of the frames"))
    track = track_mouth(frames, points, found, job.config)
    crops = cut_crops(frames, track, job.config)
    record: dict[str, Any] = {
        "uid": job.uid,
        "fps": str(job.fps),
        "frames": len(crops),
        "window": asdict(window),
        "left": track.left,
        "top": track.top,
        "lost": round(lost, 4),
        "transforms": np.round(track.transforms, 5).tolist(),
        "mouth_box": np.round(mouth_box(points, track), 2).tolist(),
    }
    return Stored(CropResult(job.uid, len(crops)), coded(crops, record, job.config.crf))


def contact_sheet(crops: Crops, uids: Sequence[str]) -> NDArray[np.uint8]:
    """Evenly spaced frames (columns) of these clips (rows)."""
    rows = []
    for uid in uids:
        frames = crops.frames(uid)
        columns = np.linspace(0, len(frames) - 1, SHEET_FRAMES).round().astype(int)
        rows.append(np.concatenate([frames[column] for column in columns], axis=1))
    return np.concatenate(rows, axis=0)
