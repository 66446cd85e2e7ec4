"""The vocoder's training data: all sound in one file, its pitch in another, and random crops of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.audio.autocorrelation import track_pitch
from avsynth.audio.io import resample
from avsynth.config.networks import OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.files import atomic_path, read_json, write_json
from vocoder.mel import MelConfig, log_mel

SOUND, PITCH, INDEX = "sound.i16", "pitch.f32", "clips.json"
PREDICTED, PREDICTED_INDEX = "predicted.f16", "predicted.json"
_EDGE = 2
"""Hops around a crop from which its first and last mel frames are measured."""


@dataclass(frozen=True)
class SoundClip:
    """A clip's place in the files, in hops."""

    uid: str
    speaker: str
    split: str
    start: int
    hops: int


@dataclass(frozen=True)
class Crops:
    """A batch."""

    sound_BN: Tensor
    mel_BFM: Tensor
    log_pitch_BF: Tensor
    """Natural log of F0 in Hz, interpolated linearly where unvoiced."""
    voiced_BF: Tensor


def write_sounds(folder: Path, sounds: Iterable[tuple[str, str, str, NDArray[np.float32]]], mel: MelConfig) -> None:
    """Store clips (uid, speaker, split, sound at the mel's rate), cut to whole hops, with their pitch; index last."""
    folder.mkdir(parents=True, exist_ok=True)
    clips: list[SoundClip] = []
    start = 0
    with (
        atomic_path(folder / SOUND) as sound_path,
        atomic_path(folder / PITCH) as pitch_path,
        sound_path.open("wb") as sound_file,
        pitch_path.open("wb") as pitch_file,
    ):
        for uid, speaker, split, sound in sounds:
            hops = len(sound) // mel.hop_length
            sound = sound[: hops * mel.hop_length]
            sound_file.write(np.clip(np.rint(sound * 32768.0), -32768, 32767).astype("<i2").tobytes())
            pitch_file.write(track_pitch(sound, mel).astype("<f4").tobytes())
            clips.append(SoundClip(uid, speaker, split, start, hops))
            start += hops
    write_json(folder / INDEX, {"mel": asdict(mel), "clips": [asdict(clip) for clip in clips]})


def write_predicted(folder: Path, source: Mapping[str, str], mels: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
    """Store the mels ``(F, M)`` that a voice predicts for clips by uid, and where they come from; index last."""
    places: dict[str, tuple[int, int]] = {}
    start = 0
    with atomic_path(folder / PREDICTED) as path, path.open("wb") as file:
        for uid, mel_FM in mels:
            file.write(mel_FM.astype("<f2").tobytes())
            places[uid] = (start, len(mel_FM))
            start += len(mel_FM)
    write_json(folder / PREDICTED_INDEX, {"source": dict(source), "clips": places})


class SoundData:
    """The stored clips of a folder. :class:`UserError` where it holds none, or of another mel."""

    def __init__(self, folder: Path, mel: MelConfig) -> None:
        index = read_json(folder / INDEX)
        if index["mel"] != asdict(mel):
            raise UserError(f"{folder} holds sound cut for another mel: delete it")
        self.mel = mel
        self.clips = [SoundClip(**clip) for clip in index["clips"]]
        self._sound = np.memmap(folder / SOUND, dtype="<i2", mode="r")
        self._pitch = np.memmap(folder / PITCH, dtype="<f4", mode="r")
        self._places: dict[str, list[int]] = {}
        if (folder / PREDICTED_INDEX).exists():
            self._places = read_json(folder / PREDICTED_INDEX)["clips"]
            self._predicted = np.memmap(folder / PREDICTED, dtype="<f2", mode="r").reshape(-1, mel.n_mels)

    def sound(self, clip: SoundClip) -> NDArray[np.float32]:
        """A clip's sound ``(N,)``."""
        hop = self.mel.hop_length
        return np.asarray(self._sound[clip.start * hop : (clip.start + clip.hops) * hop], np.float32) / 32768.0

    def pitch(self, clip: SoundClip) -> NDArray[np.float32]:
        """A clip's F0 in Hz ``(F,)``, 0 where unvoiced."""
        return np.asarray(self._pitch[clip.start : clip.start + clip.hops])

    def predicted(self, uid: str) -> NDArray[np.float16] | None:
        """The natural-log mel ``(F, M)`` that a voice predicts for a clip; None where none is stored."""
        if uid not in self._places:
            return None
        start, frames = self._places[uid]
        return np.asarray(self._predicted[start : start + frames])

    def clip(self, clip: SoundClip) -> Crops:
        """A whole clip as a batch of one."""
        sound_BN = torch.from_numpy(self.sound(clip))[None]
        pitch_F = self.pitch(clip)
        return Crops(
            sound_BN,
            log_mel(sound_BN, self.mel),
            torch.from_numpy(log_pitch(pitch_F))[None],
            torch.from_numpy(pitch_F > 0)[None],
        )


class CropSampler:
    """Batches of random crops; each is a function of the seed and the step alone."""

    def __init__(self, data: SoundData, config: OwnVocoderConfig) -> None:
        self._data, self._config = data, config
        least = round((config.frames + 2 * _EDGE) * config.most_resampled) + 2
        self._clips = [clip for clip in data.clips if clip.split == "train" and clip.hops >= least]
        if not self._clips:
            raise UserError(f"no training clip is as long as a crop of {config.frames} frames")
        strange = sorted(set(config.speaker_weights) - {clip.speaker for clip in self._clips})
        if strange:
            raise UserError(f"own_vocoder.speaker_weights names {strange[0]!r}, who has no training clip")
        weights = [clip.hops * config.speaker_weights.get(clip.speaker, 1.0) for clip in self._clips]
        self._share = np.array(weights) / sum(weights)

    def __call__(self, step: int, pitch_alone: bool = False) -> Crops:
        """The batch of a step; a larger one for the pitch alone."""
        config, mel = self._config, self._data.mel
        rng = np.random.default_rng([config.seed, step, int(pitch_alone)])
        chosen = rng.choice(len(self._clips), config.pitch_batch if pitch_alone else config.batch, p=self._share)
        crops = [self._crop(self._clips[index], rng) for index in chosen]
        wide_BN = torch.from_numpy(np.stack([crop.sound for crop in crops]))
        edge = _EDGE * mel.hop_length
        mel_BFM = log_mel(wide_BN, mel)[:, _EDGE:-_EDGE]
        for row_FM, crop in zip(mel_BFM, crops, strict=True):
            if crop.predicted is not None:
                row_FM.copy_(torch.from_numpy(crop.predicted))
        return Crops(
            wide_BN[:, edge:-edge],
            mel_BFM,
            torch.from_numpy(np.stack([crop.log_pitch for crop in crops])),
            torch.from_numpy(np.stack([crop.voiced for crop in crops])),
        )

    def _crop(self, clip: SoundClip, rng: np.random.Generator) -> _Crop:
        config, hop = self._config, self._data.mel.hop_length
        predicted = self._data.predicted(clip.uid) if rng.random() < config.predicted else None
        ratio = 1.0
        if predicted is None and rng.random() < config.resampled:
            ratio = float(np.exp(rng.uniform(-1, 1) * np.log(config.most_resampled)))
        hops = config.frames + 2 * _EDGE
        needed = int(np.ceil(hops * ratio)) + 1
        first = int(rng.integers(clip.hops - needed + 1))
        sound = self._data.sound(SoundClip("", "", "", clip.start + first, needed))
        if ratio != 1.0:
            sound = resample(sound, round(22050 * ratio), 22050)
        sound = np.pad(sound, (0, max(0, hops * hop - len(sound))))[: hops * hop]
        gain = 10 ** (rng.uniform(-config.quietest_db, config.loudest_db) / 20)
        gain = min(gain, 0.99 / max(float(np.abs(sound).max()), 1e-3))
        track = self._data.pitch(SoundClip("", "", "", clip.start, clip.hops))
        places = first + ratio * (np.arange(_EDGE, _EDGE + config.frames) + 0.5) - 0.5
        pitch = np.interp(places, np.arange(clip.hops), log_pitch(track)) + np.log(ratio)
        voiced = track[np.clip(np.rint(places).astype(int), 0, clip.hops - 1)] > 0
        mel = None
        if predicted is not None:
            frames = np.minimum(first + np.arange(_EDGE, _EDGE + config.frames), len(predicted) - 1)
            mel = predicted[frames].astype(np.float32) + np.float32(np.log(gain))
        return _Crop((sound * gain).astype(np.float32), pitch.astype(np.float32), voiced, mel)


@dataclass(frozen=True)
class _Crop:
    """One crop of a batch; its sound reaches :data:`_EDGE` hops further on either side than the rest."""

    sound: NDArray[np.float32]
    log_pitch: NDArray[np.float32]
    voiced: NDArray[np.bool_]
    predicted: NDArray[np.float32] | None
    """The mel that a voice predicts, where the crop uses that one."""


def log_pitch(pitch_hz: NDArray[np.float32]) -> NDArray[np.float32]:
    """Natural log of F0, interpolated linearly through unvoiced frames (0); 5 throughout a clip without any voiced
    frame."""
    voiced = np.flatnonzero(pitch_hz > 0)
    if not len(voiced):
        return np.full(len(pitch_hz), 5.0, dtype=np.float32)
    return np.interp(np.arange(len(pitch_hz)), voiced, np.log(pitch_hz[voiced])).astype(np.float32)


def speakers_of(clips: Sequence[SoundClip]) -> dict[str, Any]:
    """Hours and clips by speaker and split."""
    found: dict[str, Any] = {}
    for clip in clips:
        counts = found.setdefault(clip.speaker, {})
        counts[clip.split] = counts.get(clip.split, 0) + 1
    return found
