"""The *stats* stage's last part: how far each clip's picture runs ahead of its sound, speaker by speaker."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.config.reading import fingerprint
from avsynth.data.crops import Crops
from avsynth.data.features import FeatureStore
from avsynth.data.manifest import Utterance
from avsynth.data.offsets import Estimate, Recording, estimate, save_offsets
from avsynth.data.shards import STATE, Shards, hash64
from avsynth.errors import UserError
from avsynth.evaluation.pictures import luma
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.tasks import Clip, Failure
from avsynth.video.box import Box

OFFSET_CLIPS = 1000
"""The most clips of a speaker whose offsets are estimated together: as many as GRID has of one, which fit into
memory."""


@dataclass(frozen=True)
class OffsetJob:
    """Clips of one speaker whose A/V offsets are estimated together."""

    features: Path
    crops: Crops
    keys: tuple[int, ...]
    """The hashes of their names."""
    trains: tuple[bool, ...]
    box: Box
    frame_hops: float


@dataclass(frozen=True)
class Owned:
    """A speaker's clips that have pictures: nine bytes of each."""

    keys: array[int] = field(default_factory=lambda: array("Q"))
    trains: array[int] = field(default_factory=lambda: array("b"))


def measure_offsets(context: StageContext, utterances: Iterable[Utterance], box: Box) -> dict[str, Any]:
    """Write ``stats/offsets.npy``; per speaker how the offsets spread.

    Each speaker is one job; the clips of a speaker with more than :data:`OFFSET_CLIPS` are split into several,
    estimated independently.
    """
    crops = context.clip_crops()
    owned: dict[str, Owned] = defaultdict(Owned)
    for item in utterances:
        if item.uid in crops:
            owned[item.speaker].keys.append(hash64(item.uid))
            owned[item.speaker].trains.append(item.split == "train")
    told = {speaker: own for speaker, own in sorted(owned.items()) if any(own.trains)}
    notes: dict[str, Any] = dict.fromkeys(
        sorted(owned.keys() - told.keys()), "missing: they are learned from training clips"
    )
    tasks = (Clip(name, states(job), job) for name, job in _jobs(context, told, box))
    count = sum(ceil(len(own.keys) / OFFSET_CLIPS) for own in told.values())
    shards = context.shards(context.features.with_name("offsets"))
    results = context.map(shards, offsets_of, tasks, count, "offsets")
    seconds = array("d")
    for name, found in results:
        speaker = name.rpartition(" ")[0]
        if isinstance(found, Failure):
            raise UserError(f"the pictures' offsets of speaker {speaker}: {found.reason}")
        ahead_s = found.frames / float(context.config.fps)
        seconds.extend(ahead_s.tolist())
        spread = {"std_ms": round(float(ahead_s.std()) * 1000, 1), "halves_correlation": round(found.reliability, 3)}
        notes.setdefault(speaker, spread)
    keys = np.concatenate([np.zeros(0, np.uint64), *(np.array(own.keys) for own in told.values())])
    save_offsets(context.offsets, keys, seconds)
    return notes


def _jobs(context: StageContext, owned: Mapping[str, Owned], box: Box) -> Iterator[tuple[str, OffsetJob]]:
    """The jobs, each with its name, made as they are asked for."""
    config = context.config
    frame_hops = config.mel.sample_rate / (float(config.fps) * config.mel.hop_length)
    for speaker, own in owned.items():
        for start in range(0, len(own.keys), OFFSET_CLIPS):
            part = slice(start, start + OFFSET_CLIPS)
            keys, trains = tuple(own.keys[part]), tuple(map(bool, own.trains[part]))
            yield f"{speaker} {start}", OffsetJob(context.features, context.clip_crops(), keys, trains, box, frame_hops)


def states(job: OffsetJob) -> str:
    """Twelve hex digits that change when what a group is estimated from does."""
    stores = FeatureStore(job.features).shards, Shards(job.crops.folder)
    rows = [None if row is None else int(row[STATE]) for key in job.keys for row in (s.find(key) for s in stores)]
    return fingerprint([job.box, job.frame_hops, job.keys, job.trains, rows])


def offsets_of(job: OffsetJob) -> Estimate:
    """The offsets of one group of clips."""
    store = FeatureStore(job.features)
    recordings = []
    for key, trains in zip(job.keys, job.trains, strict=True):
        frames = job.crops.find(key)
        assert frames is not None, "only clips with pictures are asked for"
        recordings.append(Recording(store.find(key)[0].mel_FM, coarse_mouth(frames, job.box), trains))
    return estimate(recordings, job.frame_hops)


def coarse_mouth(crops: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """Luma of the mouth's box at half its size, ``(T, pixels)``."""
    top, bottom, left, right = box
    mouth = crops[:, top : bottom - (bottom - top) % 2, left : right - (right - left) % 2].astype(np.uint16)
    lines = mouth[:, ::2] + mouth[:, 1::2]
    halved = luma(lines[:, :, ::2] + lines[:, :, 1::2]) * np.float32(0.25)
    return halved.reshape(len(halved), -1)
