"""The *lips* stage: mouth crops, the transform that pastes each back, and a contact sheet per speaker."""

from __future__ import annotations

import json
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
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.faces.window import find_face_window
from avsynth.files import atomic_path, read_json, write_json
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
    folder: Path
    config: LipsConfig
    fps: Fraction
    """Of the crops, whatever the video's own is."""


@dataclass(frozen=True)
class CropResult:
    """What became of it: a reason if it was dropped."""

    uid: str
    frames: int
    reason: str = ""


def crop_file(folder: Path, uid: str) -> Path:
    """``(T, 80, 160, 3)`` uint8 array of a clip's crops, one per lip frame at the config's rate from time 0 on."""
    return folder / f"{uid}.npy"


def track_file(folder: Path, uid: str) -> Path:
    """JSON of a clip's transforms, beside its crops.

    They take the canonical face to ``window``, the part of the picture that was kept (:class:`FaceWindow`).
    """
    return folder / f"{uid}.json"


def run(context: StageContext) -> Ledger:
    """Crop every clip of the manifest that has video and is not cropped yet."""
    folder = context.crops
    folder.mkdir(parents=True, exist_ok=True)
    everything = context.utterances()
    utterances = [item for item in everything if item.video is not None]
    ledger = Ledger(clips_in=len(utterances), notes={"without_video": len(everything) - len(utterances)})
    config = context.config
    jobs = [CropJob(item.uid, context.corpus / str(item.video), folder, config.lips, config.fps) for item in utterances]
    fresh = [job for job in jobs if not track_file(folder, job.uid).exists()]
    started = time.monotonic()
    results = list(parallel(crop_clip, fresh, context.jobs, "lips"))
    for result in results:
        if result.reason:
            ledger.drop(result.uid, result.reason)
    if fresh:
        ledger.notes["clips_per_minute"] = round(60 * len(fresh) / (time.monotonic() - started), 1)
    kept = [item for item in utterances if item.uid not in ledger.dropped]
    for item in kept:
        check_crops(folder, item.uid)
    ledger.clips_out = len(kept)
    ledger.notes["resampled_from_fps"] = dict(Counter(item.fps for item in kept if Fraction(item.fps) != config.fps))
    for speaker in sorted({item.speaker for item in kept}):
        write_image(context.lips / f"sheet_{speaker}.png", contact_sheet(folder, kept, speaker))
    return ledger


@cache
def _detector(detect_every: int) -> LandmarkDetector:
    return LandmarkDetector(detect_every)


def crop_clip(job: CropJob) -> CropResult:
    """Crop one clip and write its two files; a clip without a face, or without a picture, comes back with a reason."""
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
    with atomic_path(crop_file(job.folder, job.uid)) as temporary:
        np.save(temporary, crops)
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
    write_json(track_file(job.folder, job.uid), record)
    return CropResult(job.uid, len(crops))


def check_crops(folder: Path, uid: str) -> None:
    """The two files of a clip agree, or :class:`UserError`."""
    crops = np.load(crop_file(folder, uid), mmap_mode="r")
    frames = read_json(track_file(folder, uid))["frames"]
    if crops.dtype != np.uint8 or len(crops) != frames:
        raise UserError(f"{crop_file(folder, uid)} is damaged; delete it and run the lips stage again")


def contact_sheet(folder: Path, utterances: list[Utterance], speaker: str) -> NDArray[np.uint8]:
    """Evenly spaced frames (columns) of evenly spaced clips (rows) of one speaker."""
    own = [item.uid for item in utterances if item.speaker == speaker]
    chosen = [own[index] for index in np.unique(np.linspace(0, len(own) - 1, SHEET_CLIPS).round().astype(int))]
    rows = []
    for uid in chosen:
        crops = np.load(crop_file(folder, uid), mmap_mode="r")
        columns = np.linspace(0, len(crops) - 1, SHEET_FRAMES).round().astype(int)
        rows.append(np.concatenate([crops[column] for column in columns], axis=1))
    return np.concatenate(rows, axis=0)


def read_track(folder: Path, uid: str) -> Any:
    """The stored transforms and window of a clip."""
    return json.loads(track_file(folder, uid).read_text(encoding="utf-8"))
