"""Clips as arrays, the order in which training takes them, and batching."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import Dataset, Sampler

from avsynth.data.alignment import aligned
from avsynth.data.augmentation import another_face
from avsynth.data.crops import Crops
from avsynth.data.features import Features, FeatureStore
from avsynth.data.manifest import Split
from avsynth.data.offsets import Offsets
from avsynth.data.shards import hash64
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.text.accents import accents
from avsynth.timeline import Timeline
from avsynth.types import Batch

LIKE_BATCHES = 12
"""Clips are sorted by length within groups of so many batches."""


@dataclass(frozen=True)
class Clip:
    """One utterance for a training step, with its randomly chosen lip frames."""

    phones: list[int]
    accents: NDArray[np.float32]
    """``(P, 4)``."""
    hops: list[int]
    features: Features
    speaker: int
    lip_frames: int
    chosen: NDArray[np.int64]
    lips: NDArray[np.uint8]
    """``(K, H, W, 3)``."""
    identity: NDArray[np.uint8]
    """``(H, W, 3)``."""
    offset_hops: float
    """How far the picture is ahead of the sound, in hops."""


@dataclass(frozen=True)
class ClipKey:
    """A clip's index and the seed for its random choices. With a seed below 0 nothing is random."""

    index: int
    seed: int


class ClipDataset(Dataset[Clip]):
    """The clips of one split. Only a few numbers per clip are kept in memory. A clip without crops has sound only.

    Args:
        crops: Their folder; None where all are to be sound alone.
        frame_pairs: Pairs of neighbouring lip frames to choose; 0 for every frame with the first as identity.
        augment: Share of the clips whose pictures are augmented (:mod:`avsynth.data.augmentation`).
        first_identity: Share of the clips whose identity is their first frame; for the others a random frame is taken.
    """

    def __init__(
        self,
        manifest: Path,
        alignments: Path,
        features: Path,
        crops: Path | None,
        offsets: Path,
        stats: Stats,
        split: Split,
        picture: tuple[int, int],
        frame_pairs: int = 0,
        augment: float = 0.0,
        first_identity: float = 0.0,
    ) -> None:
        table = Offsets(offsets)
        keys, hops, owners, ahead_s = array("Q"), array("I"), array("I"), array("d")
        places: dict[str, int] = {}
        for item, alignment in aligned(manifest, alignments):
            if item.split == split and alignment is not None:
                keys.append(hash64(item.uid))
                hops.append(alignment.timeline.total_hops)
                owners.append(places.setdefault(item.speaker, len(places)))
                ahead_s.append(table.find(keys[-1]))
        self.speakers = tuple(places)
        """The speakers, in order of appearance."""
        self.owners = np.array(owners, np.int64)
        """Each clip's speaker, as an index into ``speakers``."""
        self.total_hops = np.array(hops, np.int64)
        self._keys, self._ahead_s = np.array(keys, np.uint64), np.array(ahead_s)
        self.stats = stats
        self.picture = picture
        self.frame_pairs = frame_pairs
        self.augment = augment
        self.first_identity = first_identity
        self._features = FeatureStore(features)
        self._crops = None if crops is None else Crops(crops)
        self._symbols = stats.symbol_table

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, key: ClipKey) -> Clip:
        features, timeline = self._features.find(int(self._keys[key.index]))
        rng = np.random.default_rng(max(key.seed, 0))
        crops = self.crops(key.index)
        frames = min(len(crops), timeline.lip_frames)
        chosen = self._choose(frames, rng if key.seed >= 0 else None)
        any_frame = key.seed >= 0 and rng.random() >= self.first_identity
        identity = int(rng.integers(frames)) if frames and any_frame else 0
        pictures = np.zeros((1, *self.picture, 3), dtype=np.uint8)  # the identity, then the chosen
        if frames:
            pictures = np.asarray(crops[[identity, *chosen]])
            if key.seed >= 0 and rng.random() < self.augment:
                pictures = another_face(pictures, rng)
        speaker = self.speakers[self.owners[key.index]]
        return Clip(
            phones=self._symbols.encode(timeline.phones),
            accents=accents(timeline.phones, timeline.words),
            hops=list(timeline.hops),
            features=features,
            speaker=self.stats.speakers.index(speaker) if speaker in self.stats.speakers else 0,
            lip_frames=frames,
            chosen=chosen,
            lips=pictures[1:],
            identity=pictures[0],
            offset_hops=float(self._ahead_s[key.index]) / float(timeline.hop_s),
        )

    def crops(self, index: int) -> NDArray[np.uint8]:
        """``(T, H, W, 3)`` of a clip; no frames where it has none."""
        frames = None if self._crops is None else self._crops.find(int(self._keys[index]))
        return np.zeros((0, *self.picture, 3), dtype=np.uint8) if frames is None else frames

    def timeline(self, index: int) -> Timeline:
        """A clip's timeline."""
        return self._features.find(int(self._keys[index]))[1]

    def _choose(self, frames: int, rng: np.random.Generator | None) -> NDArray[np.int64]:
        if not self.frame_pairs or rng is None or frames < 2:
            return np.arange(frames)
        starts = rng.choice(frames - 1, size=self.frame_pairs, replace=frames - 1 < self.frame_pairs)
        return np.stack([starts, starts + 1], axis=1).ravel()


class StepSampler(Sampler[list[ClipKey]]):
    """The clips of each training step, from ``first_step`` on: a function of seed and step alone.

    So a resumed run continues with the same clips, even with another number of processes: process r of n takes every
    n-th clip of a step. Clips are shuffled anew each epoch.

    Args:
        weights: How often each epoch contains each clip; once by default. A clip of weight 2.5 comes twice in some
            epochs and three times in others, 2.5 times on average.
        lengths: Lengths of the clips in any unit. If given, the clips of a step have similar lengths, which saves
            padding, and an epoch has a whole number of steps.
        parts: Into how many lists the clips of one process and step are split (gradient accumulation).
    """

    def __init__(
        self,
        clips: int,
        batch: int,
        steps: int,
        seed: int,
        first_step: int = 0,
        rank: int = 0,
        world: int = 1,
        weights: Sequence[float] | None = None,
        lengths: Sequence[int] | NDArray[np.int64] | None = None,
        parts: int = 1,
    ) -> None:
        if batch % (world * parts):
            shared = f"{world} processes" + (f" of {parts} parts" if parts > 1 else "")
            raise UserError(f"train.batch: batch {batch} does not divide over {shared}")
        self._parts = parts
        self._weights = np.ones(clips) if weights is None else np.array(weights, dtype=np.float64)
        self._lengths = None if lengths is None else np.array(lengths)
        whole = 1 if lengths is None else batch
        self._places = max(1, round(float(self._weights.sum()) / whole)) * whole
        self._batch, self._steps = batch, steps
        self._seed, self._first, self._rank, self._world = seed, first_step, rank, world
        self._epoch, self._order = -1, np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return (self._steps - self._first) * self._parts

    def __iter__(self) -> Iterator[list[ClipKey]]:
        for step in range(self._first, self._steps):
            places = range(step * self._batch, (step + 1) * self._batch)
            own = [self._key(place) for place in places][self._rank :: self._world]
            yield from (own[part :: self._parts] for part in range(self._parts))

    def _key(self, place: int) -> ClipKey:
        epoch, position = divmod(place, self._places)
        if self._epoch != epoch:
            self._epoch, self._order = epoch, self._shuffled(np.random.default_rng([self._seed, epoch]))
        return ClipKey(int(self._order[position]), self._seed * 1_000_003 + place)

    def _shuffled(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """An epoch's clips by systematic sampling: each comes as often as its weight says, rounded up or down."""
        clips = rng.permutation(len(self._weights))
        reach = np.cumsum(self._weights[clips])
        marks = (np.arange(self._places) + rng.random()) * (reach[-1] / self._places)
        order = rng.permutation(clips[np.searchsorted(reach, marks, side="right").clip(max=len(clips) - 1)])
        if self._lengths is None:
            return order
        windows = np.array_split(order, max(1, len(order) // (self._batch * LIKE_BATCHES)))
        by_length = np.concatenate([window[np.argsort(self._lengths[window], kind="stable")] for window in windows])
        batches: NDArray[np.int64] = rng.permutation(by_length.reshape(-1, self._batch)).ravel()
        return batches


def collate(clips: Sequence[Clip], stats: Stats) -> Batch:
    """Pad clips into a batch, sound normalised by the corpus's statistics."""
    mean, std = np.array(stats.mel_mean, dtype=np.float32), np.array(stats.mel_std, dtype=np.float32)

    def padded(rows: Sequence[ArrayLike], kind: torch.dtype) -> torch.Tensor:
        return pad_sequence([torch.as_tensor(np.asarray(row)).to(kind) for row in rows], batch_first=True)

    size = max(len(clip.chosen) for clip in clips)
    height, width = clips[0].identity.shape[:2]
    lips = np.zeros((len(clips), size, height, width, 3), dtype=np.uint8)
    for row, clip in zip(lips, clips, strict=True):
        row[: len(clip.lips)] = clip.lips
    index = padded([clip.chosen for clip in clips], torch.int64)
    return Batch(
        phones_BP=padded([clip.phones for clip in clips], torch.int64),
        phone_lens_B=torch.tensor([len(clip.phones) for clip in clips]),
        accents_BPA=padded([clip.accents for clip in clips], torch.float32),
        durations_BP=padded([clip.hops for clip in clips], torch.int64),
        pitch_BP=padded(
            [
                (clip.features.pitch_P - stats.pitch_mean[clip.speaker]) / stats.pitch_std[clip.speaker]
                for clip in clips
            ],
            torch.float32,
        ),
        energy_BP=padded(
            [
                (clip.features.energy_P - stats.energy_mean[clip.speaker]) / stats.energy_std[clip.speaker]
                for clip in clips
            ],
            torch.float32,
        ),
        mel_BFM=padded([(clip.features.mel_FM - mean) / std for clip in clips], torch.float32),
        mel_lens_B=torch.tensor([len(clip.features.mel_FM) for clip in clips]),
        speaker_B=torch.tensor([clip.speaker for clip in clips]),
        lip_lens_B=torch.tensor([clip.lip_frames for clip in clips]),
        lip_offset_B=torch.tensor([clip.offset_hops for clip in clips], dtype=torch.float32),
        frame_index_BK=index,
        frame_mask_BK=torch.arange(size)[None] < torch.tensor([len(clip.chosen) for clip in clips])[:, None],
        lips_BKCHW=torch.from_numpy(lips).permute(0, 1, 4, 2, 3),
        identity_BCHW=torch.from_numpy(np.stack([clip.identity for clip in clips])).permute(0, 3, 1, 2),
    )
