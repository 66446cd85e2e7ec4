"""The *lips* stage: mouth crops, the transform that pastes each back, and a contact sheet per speaker."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.data.crops import Crops
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.faces.window import find_face_window
from avsynth.recipe.context import Ledger, StageContext, parallel
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
    crops: Crops
    config: LipsConfig
    fps: Fraction
    """Of the crops, whatever the video's own is."""


@dataclass(frozen=True)
class CropResult:
    """What became of it: a reason if it was dropped."""

    uid: str
    frames: int
    reason: str = ""


def run(context: StageContext) -> Ledger:
    """Crop every clip of the manifest that has video and is not cropped yet."""
    crops = context.clip_crops()
    crops.folder.mkdir(parents=True, exist_ok=True)
    everything = context.utterances()
    utterances = [item for item in everything if item.video is not None]
    ledger = Ledger(clips_in=len(utterances), notes={"without_video": len(everything) - len(utterances)})
    config = context.config
    jobs = [CropJob(item.uid, context.corpus / str(item.video), crops, config.lips, config.fps) for item in utterances]
    fresh = [job for job in jobs if not crops.track(job.uid)]
    started = time.monotonic()
    results = list(parallel(crop_clip, fresh, context.jobs, "lips"))
    for result in results:
        if result.reason:
            ledger.drop(result.uid, result.reason)
    if fresh:
        ledger.notes["clips_per_minute"] = round(60 * len(fresh) / (time.monotonic() - started), 1)
    kept = [item for item in utterances if item.uid not in ledger.dropped]
    for item in kept:
        crops.check(item.uid)
    ledger.clips_out = len(kept)
    ledger.notes["resampled_from_fps"] = dict(Counter(item.fps for item in kept if Fraction(item.fps) != config.fps))
    for speaker in sorted({item.speaker for item in kept}):
        write_image(context.lips / f"sheet_{speaker}.png", contact_sheet(crops, kept, speaker))
    return ledger


@cache
def _detector(detect_every: int) -> LandmarkDetector:
    return LandmarkDetector(detect_every)


def crop_clip(job: CropJob) -> CropResult:
    """Crop one clip and store its crops; a clip without a face, or without a picture, comes back with a reason."""
    detector = _detector(job.config.detect_every)
    try:
        window = find_face_window(job.video, detector.largest_face)
        if window is None:
            return CropResult(job.uid, 0, "face lost: in 100% of the frames")
        frames = read_lip_frames(job.video, job.fps, window)
    except UserError as error:
        return CropResult(job.uid, 0, f"unreadable video: {error}")
    points, found = detector(frames)
    lost = 1.0 - float(found.mean())
    if lost > job.config.max_lost:
        return CropResult(job.uid, 0, f"face lost: in {lost:.0%} of the frames")
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
    job.crops.write(job.uid, crops, record)
    return CropResult(job.uid, len(crops))


def contact_sheet(crops: Crops, utterances: list[Utterance], speaker: str) -> NDArray[np.uint8]:
    """Evenly spaced frames (columns) of evenly spaced clips (rows) of one speaker."""
    own = [item.uid for item in utterances if item.speaker == speaker]
    chosen = [own[index] for index in np.unique(np.linspace(0, len(own) - 1, SHEET_CLIPS).round().astype(int))]
    rows = []
    for uid in chosen:
        frames = crops.frames(uid)
        columns = np.linspace(0, len(frames) - 1, SHEET_FRAMES).round().astype(int)
        rows.append(np.concatenate([frames[column] for column in columns], axis=1))
    return np.concatenate(rows, axis=0)
