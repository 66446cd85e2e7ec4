"""Training data of the vocoder's low band: copies of recordings by a teacher, a slower vocoder, and by the vocoder
itself without its low band's network, both cut to the low rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.config.networks import LowBandConfig
from avsynth.errors import UserError
from avsynth.files import atomic_path, read_json, write_json

COPIES, MELS, INDEX = "low.f16", "low_mels.f16", "low.json"
SILENT = -11.5
"""Log mel of silence: crops that are longer than their clip end with it."""


@dataclass(frozen=True)
class Copy:
    """One mel, and what both vocoders made of it."""

    uid: str
    speaker: str
    split: str
    own_KL: NDArray[np.float32]
    """At the low rate; each of the ``K`` is made from another noise, so that no network learns one by heart."""
    teacher_L: NDArray[np.float32]
    mel_FM: NDArray[np.float32]


@dataclass(frozen=True)
class CopiedClip:
    """A copy's place in the files, in mel frames."""

    uid: str
    speaker: str
    split: str
    start: int
    frames: int


@dataclass(frozen=True)
class LowCrops:
    """A batch."""

    own_BL: Tensor
    teacher_BL: Tensor
    mel_BFM: Tensor


def write_copies(folder: Path, source: Mapping[str, object], copies: Iterable[Copy]) -> None:
    """Store copies, each of equally many noises, and what they are made from; index last."""
    clips: list[CopiedClip] = []
    noises = 0
    start = 0
    with (
        atomic_path(folder / COPIES) as sound_path,
        atomic_path(folder / MELS) as mel_path,
        sound_path.open("wb") as sound_file,
        mel_path.open("wb") as mel_file,
    ):
        for copy in copies:
            noises = len(copy.own_KL)
            sound_file.write(np.stack([*copy.own_KL, copy.teacher_L], axis=1).astype("<f2").tobytes())
            mel_file.write(copy.mel_FM.astype("<f2").tobytes())
            clips.append(CopiedClip(copy.uid, copy.speaker, copy.split, start, len(copy.mel_FM)))
            start += len(copy.mel_FM)
    listed = [asdict(clip) for clip in clips]
    write_json(folder / INDEX, {"source": dict(source), "noises": noises, "clips": listed})


class LowCopies:
    """The stored copies of a folder; mels have ``bands`` bands."""

    def __init__(self, folder: Path, bands: int) -> None:
        index = read_json(folder / INDEX)
        self.clips = [CopiedClip(**clip) for clip in index["clips"]]
        self.noises = int(index["noises"])
        self._mels = np.memmap(folder / MELS, dtype="<f2", mode="r").reshape(-1, bands)
        self._sounds = np.memmap(folder / COPIES, dtype="<f2", mode="r").reshape(len(self._mels), -1, self.noises + 1)
        self.hop = self._sounds.shape[1]
        """Samples of a mel frame at the low rate."""

    def crop(self, clip: CopiedClip, first: int, frames: int, gain: float = 1.0, noise: int = 0) -> LowCrops:
        """Frames of a clip, by the vocoder's copy from one of the ``noises``, as a batch of one, ``gain`` times as
        loud; silence where the clip has ended."""
        places = slice(clip.start + first, clip.start + min(first + frames, clip.frames))
        missing = frames - (places.stop - places.start)
        both_FL2 = np.asarray(self._sounds[places][..., [noise, -1]], np.float32)
        sounds_L2 = both_FL2.reshape(-1, 2) * np.float32(gain)
        mel_FM = np.asarray(self._mels[places], np.float32) + np.float32(np.log(gain))
        sounds_L2 = np.pad(sounds_L2, ((0, missing * self.hop), (0, 0)))
        mel_FM = np.pad(mel_FM, ((0, missing), (0, 0)), constant_values=SILENT)
        own_BL, teacher_BL = (torch.from_numpy(np.ascontiguousarray(sound_L))[None] for sound_L in sounds_L2.T)
        return LowCrops(own_BL, teacher_BL, torch.from_numpy(mel_FM)[None])

    def held_out(self, most: int) -> Iterable[tuple[CopiedClip, LowCrops]]:
        """The first validation clips of each speaker, whole."""
        seen: dict[str, int] = {}
        for clip in self.clips:
            if clip.split == "validation" and seen.get(clip.speaker, 0) < most:
                seen[clip.speaker] = seen.get(clip.speaker, 0) + 1
                yield clip, self.crop(clip, 0, clip.frames)


class LowCropSampler:
    """Batches of random crops; each is a function of the seed and the step alone."""

    def __init__(self, copies: LowCopies, config: LowBandConfig, seed: int) -> None:
        self._copies, self._config, self._seed = copies, config, seed
        self._clips = [clip for clip in copies.clips if clip.split == "train"]
        if not self._clips:
            raise UserError("no clip of the training split was copied for the low band")
        weights = [clip.frames * config.speaker_weights.get(clip.speaker, 1.0) for clip in self._clips]
        self._share = np.array(weights) / sum(weights)

    def __call__(self, step: int) -> LowCrops:
        """The batch of a step."""
        config = self._config
        rng = np.random.default_rng([self._seed, step, 3])
        crops: list[LowCrops] = []
        for index in rng.choice(len(self._clips), config.batch, p=self._share):
            clip = self._clips[index]
            first = int(rng.integers(max(1, clip.frames - config.frames + 1)))
            gain = float(10 ** (rng.uniform(-config.quietest_db, config.loudest_db) / 20))
            noise = int(rng.integers(self._copies.noises))
            crops.append(self._copies.crop(clip, first, config.frames, gain, noise))
        return LowCrops(
            torch.cat([crop.own_BL for crop in crops]),
            torch.cat([crop.teacher_BL for crop in crops]),
            torch.cat([crop.mel_BFM for crop in crops]),
        )
