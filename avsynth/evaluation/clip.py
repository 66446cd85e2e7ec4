"""Everything that is measured of one synthesised clip, from its files; runs in a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.config.schema import Config
from avsynth.data.crops import Crops, read_frames
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.evaluation.clip_pictures import (
    OURS,
    WRONG_TEXT,
    ClipPictures,
    PictureClip,
    SourceFaces,
    score_pictures,
    word_times,
)
from avsynth.evaluation.clip_sound import ClipSound, SoundClip, SoundTools, TimingScores, score_sound, score_timing
from avsynth.evaluation.controls import frozen, mean
from avsynth.evaluation.frechet import INCEPTION, READER, REAL, Features, inception_features
from avsynth.evaluation.landmarks import Detector
from avsynth.evaluation.pictures import Clip
from avsynth.evaluation.sync import loudness_envelope
from avsynth.files import read_json
from avsynth.synthesis.clip_files import LIPS, SOUND, TIMELINE, VIDEO
from avsynth.timeline import Timeline
from avsynth.video.box import Box

if TYPE_CHECKING:
    from avsynth.evaluation.lip_reading import LipScores


@dataclass(frozen=True)
class ClipJob:
    """A clip's files, and what to measure. Paths are None where there is no file."""

    utterance: Utterance
    true: Timeline
    folder: Path
    """The folder of the synthesised clip."""
    corpus: Path
    crops: Crops | None
    wrong_text: Path | None
    config: Config
    roi: Box
    predicted: bool
    identity_first: bool
    landmarks: bool
    tools: SoundTools
    lip_reader: Path | None = None
    """The folder of the reader that judges."""
    inception: Path | None = None
    """The file of Inception's weights."""


@dataclass(frozen=True)
class ClipResult:
    """Everything measured of one clip, or the reason why nothing was."""

    uid: str
    reason: str = ""
    pictures: ClipPictures | None = None
    sound: ClipSound | None = None
    timing: TimingScores | None = None
    length_ms: float | None = None
    """Sound minus picture of the mp4 itself, as decoded."""
    start_ms: float | None = None
    loudness: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    """Loudness of the synthesised and of the recorded sound, in dB per lip frame."""
    lips_read: Mapping[str, LipScores] = field(default_factory=dict)
    """What the lip reader made of each row."""
    features: Mapping[str, Mapping[str, Features]] = field(default_factory=dict)
    """For the Fréchet distances: measure to row to what a network saw."""


def evaluate_clip(job: ClipJob) -> ClipResult:
    """Measure one clip. Files that cannot be read, or too few frames in common, become the reason."""
    try:
        return _evaluate(job)
    except UserError as error:
        return ClipResult(job.utterance.uid, f"unreadable: {error}")
    except ValueError as error:
        return ClipResult(job.utterance.uid, f"not comparable: {error}")


def read_timeline(folder: Path) -> Timeline:
    """The timeline that made a synthesised clip."""
    return Timeline.from_dict(read_json(folder / TIMELINE), str(folder / TIMELINE))


def real_frames(job: ClipJob) -> int:
    """Lip frames of the recording, at the rate of its timeline."""
    return job.true.lip_frames if job.crops is None else len(job.crops.frames(job.utterance.uid))


def _evaluate(job: ClipJob) -> ClipResult:
    said = read_timeline(job.folder)
    generated = read_frames(job.folder / LIPS) if (job.folder / LIPS).exists() else None
    pictures = None
    if generated is not None and len(generated) and job.crops is not None:
        pictures = _pictures(job, said, generated)
    mel = job.config.mel
    sound = loudness = None
    if (job.folder / SOUND).exists():
        ours = read_audio(job.folder / SOUND, mel.sample_rate)
        real = read_audio(job.corpus / job.utterance.audio, mel.sample_rate)
        sound_clip = SoundClip(ours, real, job.utterance.text, said, mel, not job.predicted)
        sound = score_sound(sound_clip, job.tools)
        fps = job.true.fps
        frames = said.lip_frames if generated is None else len(generated), real_frames(job)
        loudness = (
            loudness_envelope(ours, mel.sample_rate, said.fps, frames[0]),
            loudness_envelope(real, mel.sample_rate, fps, frames[1]),
        )
    length_ms = start_ms = None
    if (job.folder / VIDEO).exists():
        from avsynth.video.inspection import inspect

        report = inspect(job.folder / VIDEO)
        length_ms, start_ms = report.length_difference_ms, report.start_difference_ms
    return ClipResult(
        job.utterance.uid,
        "",
        pictures,
        sound,
        _timing(job, said, generated),
        length_ms,
        start_ms,
        loudness,
        {} if generated is None or not len(generated) else _lips_read(job, generated),
        {} if generated is None or not len(generated) else _features(job, generated),
    )


def _features(job: ClipJob, generated: Clip) -> dict[str, dict[str, Features]]:
    """What the networks see in the recording, its controls and the generated crops, the identity's frame left out."""
    if job.crops is None:
        return {}
    first = int(job.identity_first)
    real = job.crops.frames(job.utterance.uid)
    rows = {REAL: real, "mean": mean(real), "frozen": frozen(real), OURS: generated}
    rows = {row: np.asarray(crops[first:]) for row, crops in rows.items() if len(crops) > first}
    seen = {}
    if job.lip_reader is not None:
        from avsynth.evaluation.lip_reading import load_reader

        reader = load_reader(job.lip_reader)
        seen[READER] = {row: reader.features(crops) for row, crops in rows.items()}
    if job.inception is not None:
        path = job.inception
        seen[INCEPTION] = {row: inception_features(path, crops) for row, crops in rows.items()}
    return seen


def _lips_read(job: ClipJob, generated: Clip) -> dict[str, LipScores]:
    """What the lip reader makes of the recording, its controls and the generated crops."""
    if job.lip_reader is None or job.crops is None:
        return {}
    from avsynth.evaluation.lip_reading import control_crops, load_reader, score_clip
    from avsynth.lipreading.clips import spoken

    rows = control_crops(job.crops.frames(job.utterance.uid))
    if job.wrong_text is not None:
        rows[WRONG_TEXT] = read_frames(job.wrong_text)
    rows[OURS] = generated
    reader, phones = load_reader(job.lip_reader), spoken(job.utterance).phones
    return {row: score_clip(reader, crops, job.utterance.text, phones) for row, crops in rows.items()}


def _pictures(job: ClipJob, said: Timeline, generated: Clip) -> ClipPictures:
    assert job.crops is not None
    clip = PictureClip(
        generated,
        job.crops.frames(job.utterance.uid),
        said,
        job.true,
        job.roi,
        job.identity_first,
        None if job.wrong_text is None else read_frames(job.wrong_text),
    )
    faces = None
    track = job.crops.track(job.utterance.uid)
    if job.landmarks and track and job.utterance.video is not None:
        from avsynth.video.lip_clock import FaceWindow, read_lip_frames

        window = FaceWindow(**track["window"]) if track.get("window") else None
        frames = read_lip_frames(job.corpus / job.utterance.video, job.true.fps, window)
        faces = SourceFaces(frames, track, job.config.lips.face_size)
    return score_pictures(
        clip, job.predicted, faces, None if faces is None else _detector(job.config.lips.detect_every)
    )


def _timing(job: ClipJob, said: Timeline, generated: Clip | None) -> TimingScores | None:
    if not job.predicted:
        return None
    corpus = list(job.utterance.words)
    frames = (said.lip_frames if generated is None else len(generated), real_frames(job))
    return score_timing(word_times(said), word_times(job.true), corpus, frames)


@cache
def _detector(detect_every: int) -> Detector:
    from avsynth.video.landmarks import LandmarkDetector

    return LandmarkDetector(detect_every)
