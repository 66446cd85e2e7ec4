"""The *stats* stage: mel, pitch and energy of every aligned clip, their normalisation, the symbols, the mouth's box,
and how far each picture runs ahead of its sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.audio.energy import log_energy, phone_means
from avsynth.audio.io import read_audio
from avsynth.audio.pitch import fundamental_hz, interpolated_log
from avsynth.config.schema import Config, LipsConfig
from avsynth.data.alignment import Alignment, read_alignments
from avsynth.data.crops import Crops
from avsynth.data.features import Features, feature_file
from avsynth.data.manifest import Utterance
from avsynth.data.offsets import Recording, estimate, save_offsets
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.pictures import luma
from avsynth.recipe.context import Ledger, StageContext, parallel
from avsynth.synthesis.voice import Voice, find_voice
from avsynth.text import SIL, Symbols
from avsynth.timeline import Timeline
from avsynth.video.box import Box
from vocoder.mel import MelConfig, log_mel

ROI_MARGIN = 4


@dataclass(frozen=True)
class FeatureJob:
    """One clip whose sound is to be measured."""

    alignment: Alignment
    audio: Path
    target: Path
    mel: MelConfig


def run(context: StageContext) -> Ledger:
    """Write ``stats/features/<uid>.npz``, ``stats/stats.json`` (from the training clips alone) and
    ``stats/offsets.json``."""
    alignments = read_alignments(context.alignments)
    utterances = [item for item in context.utterances() if item.uid in alignments]
    context.features.mkdir(parents=True, exist_ok=True)
    jobs = [
        FeatureJob(
            alignments[item.uid],
            context.corpus / item.audio,
            feature_file(context.features, item.uid),
            context.config.mel,
        )
        for item in utterances
    ]
    ledger = Ledger(clips_in=len(context.utterances()), clips_out=len(jobs))
    for item in context.utterances():
        if item.uid not in alignments:
            ledger.drop(item.uid, "not aligned")
    for _ in parallel(extract, jobs, context.jobs, "stats"):
        pass
    training = [item for item in utterances if item.split == "train"]
    if not training:
        raise UserError("no clip is left to train on; see the ledgers of the data and align stages")
    stats = statistics(context, training, {item.uid: alignments[item.uid].timeline for item in training})
    if context.config.data.speakers_of:
        stats = of_voice(context.config, stats)
    stats.save(context.stats)
    offsets_s, ledger.notes["av_offsets"] = picture_offsets(context, utterances, stats.mouth_box)
    save_offsets(context.offsets, offsets_s)
    ledger.notes["phones_seen"] = len(stats.seen)
    ledger.notes["mean_f0_hz"] = {
        speaker: round(float(np.exp(mean)), 1) for speaker, mean in zip(stats.speakers, stats.pitch_mean, strict=True)
    }
    ledger.notes["mouth_box"] = list(stats.mouth_box)
    return ledger


def statistics(context: StageContext, training: list[Utterance], timelines: Mapping[str, Timeline]) -> Stats:
    """Of the training clips: the mel's bands over all of them, clip by clip; pitch and energy of each speaker."""
    bands = Moments(context.config.mel.n_mels)
    pitch: dict[str, Moments] = defaultdict(Moments)
    energy: dict[str, Moments] = defaultdict(Moments)
    for item in training:
        features = Features.load(feature_file(context.features, item.uid))
        spoken = np.array([phone != SIL for phone in timelines[item.uid].phones])
        bands.add(features.mel_FM)
        pitch[item.speaker].add(features.pitch_P[spoken, None])
        energy[item.speaker].add(features.energy_P[:, None])
    speakers = tuple(sorted(pitch))
    return Stats(
        symbols=Symbols.of(context.config.tokens).names,
        seen=tuple(sorted({phone for timeline in timelines.values() for phone in timeline.phones})),
        speakers=speakers,
        mel_mean=_rounded(bands.mean),
        mel_std=_rounded(bands.std),
        pitch_mean=_rounded(np.concatenate([pitch[speaker].mean for speaker in speakers])),
        pitch_std=_rounded(np.concatenate([pitch[speaker].std for speaker in speakers])),
        energy_mean=_rounded(np.concatenate([energy[speaker].mean for speaker in speakers])),
        energy_std=_rounded(np.concatenate([energy[speaker].std for speaker in speakers])),
        mouth_box=widest_mouth(context.clip_crops(), [item.uid for item in training], context.config.lips),
    )


def of_voice(config: Config, own: Stats) -> Stats:
    """The statistics of the voice that ``data.speakers_of`` names, whose lips are to learn from this corpus.

    Raises :class:`UserError` where its sound is measured otherwise or its pictures have another size, so that they
    could not. How steadily a face is followed may differ: that is what they are to learn.
    """
    voice = Voice.load(find_voice(config.data.speakers_of))
    for name in ("fps", "tokens", "mel", "lips.height", "lips.width"):
        if attrgetter(name)(voice.config) != attrgetter(name)(config):
            raise UserError(f"data.speakers_of: the voice {voice.config.voice.name!r} has other settings of {name!r}")
    return voice.stats if any(voice.stats.mouth_box) else replace(voice.stats, mouth_box=own.mouth_box)


class Moments:
    """Mean and standard deviation (at least .001) of rows that come in parts."""

    def __init__(self, columns: int = 1) -> None:
        self._count = 0
        self._sum, self._squares = np.zeros(columns), np.zeros(columns)

    def add(self, rows_NC: NDArray[np.float32]) -> None:
        """``(N, columns)`` more."""
        wide = rows_NC.astype(np.float64)
        self._count += len(wide)
        self._sum += wide.sum(axis=0)
        self._squares += np.square(wide).sum(axis=0)

    @property
    def mean(self) -> NDArray[np.float64]:
        """``(columns,)``."""
        return self._sum / max(self._count, 1)

    @property
    def std(self) -> NDArray[np.float64]:
        """``(columns,)``."""
        variance = self._squares / max(self._count, 1) - np.square(self.mean)
        return np.maximum(np.sqrt(np.maximum(variance, 0.0)), 1e-3)


def extract(job: FeatureJob) -> None:
    """Measure one clip, unless it is measured already with the same durations."""
    hops = np.array(job.alignment.timeline.hops)
    with suppress(UserError):  # missing or damaged: measured anew
        if Features.load(job.target).fits(hops):
            return
    sound = read_audio(job.audio, job.mel.sample_rate)
    mel = log_mel(torch.from_numpy(sound)[None], job.mel)[0].numpy()
    pitch = interpolated_log(fundamental_hz(sound, job.mel, len(mel)))
    features = Features(mel, phone_means(pitch, hops.tolist()), phone_means(log_energy(mel), hops.tolist()), hops)
    features.save(job.target)


def picture_offsets(
    context: StageContext, utterances: list[Utterance], box: Box
) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds by which each clip's picture is ahead of its sound, and per speaker how they spread."""
    config, crops = context.config, context.clip_crops()
    frame_hops = config.mel.sample_rate / (float(config.fps) * config.mel.hop_length)
    offsets_s: dict[str, float] = {}
    notes: dict[str, Any] = {}
    for speaker in sorted({item.speaker for item in utterances}):
        own = [item for item in utterances if item.speaker == speaker and item.uid in crops]
        found = estimate(
            [
                Recording(
                    Features.load(feature_file(context.features, item.uid)).mel_FM,
                    coarse_mouth(crops.frames(item.uid), box),
                    item.split == "train",
                )
                for item in own
            ],
            frame_hops,
        )
        seconds = found.frames / float(config.fps)
        offsets_s |= {item.uid: float(value) for item, value in zip(own, seconds, strict=True)}
        if len(own):
            notes[speaker] = {
                "std_ms": round(float(seconds.std()) * 1000, 1),
                "halves_correlation": round(found.reliability, 3),
            }
    return offsets_s, notes


def coarse_mouth(crops: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """Luma of the mouth's box at half its size, ``(T, pixels)``."""
    top, bottom, left, right = box
    mouth = luma(np.asarray(crops[:, top : bottom - (bottom - top) % 2, left : right - (right - left) % 2]))
    frames, height, width = mouth.shape
    halved: NDArray[np.float32] = mouth.reshape(frames, height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    return halved.reshape(frames, -1)


def widest_mouth(crops: Crops, uids: list[str], config: LipsConfig) -> Box:
    """The box of the mouth's landmarks over all clips (the outermost 2 % left out), and a margin."""
    boxes = [track["mouth_box"] for track in map(crops.track, uids) if track]
    if not boxes:
        return Box(0, 0, 0, 0)
    stacked = np.array(boxes)
    left, top = np.percentile(stacked[:, :2], 2, axis=0) - ROI_MARGIN
    right, bottom = np.percentile(stacked[:, 2:], 98, axis=0) + ROI_MARGIN
    bottom, right = min(config.height, int(bottom) + 1), min(config.width, int(right) + 1)
    return Box(max(0, int(top)), bottom, max(0, int(left)), right)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
