"""The *stats* stage: mel, pitch and energy of every aligned clip, their normalisation, the symbols, the mouth's box,
and how far each picture runs ahead of its sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.audio.energy import log_energy, phone_means
from avsynth.audio.io import read_audio
from avsynth.audio.pitch import fundamental_hz, interpolated_log
from avsynth.config.reading import fingerprint
from avsynth.config.schema import Config, LipsConfig
from avsynth.data.alignment import Alignment
from avsynth.data.crops import Crops
from avsynth.data.features import Features, FeatureStore
from avsynth.data.manifest import Utterance
from avsynth.data.offsets import Estimate, Recording, estimate, save_offsets
from avsynth.data.shards import STATE, Shards
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.pictures import luma
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip, Failure, Stored
from avsynth.synthesis.voice import Voice, find_voice
from avsynth.text import SIL, Symbols, default_frontend
from avsynth.video.box import Box
from avsynth.video.mouth import USUAL_EYES
from vocoder.mel import MelConfig, log_mel

ROI_MARGIN = 4
OFFSET_CLIPS = 1000
"""The most clips of a speaker whose offsets are estimated together: as many as GRID has of one, which fit into
memory."""


@dataclass(frozen=True)
class FeatureJob:
    """One clip whose sound is to be measured."""

    alignment: Alignment
    audio: Path
    mel: MelConfig


@dataclass(frozen=True)
class OffsetJob:
    """Clips of one speaker whose A/V offsets are estimated together."""

    features: Path
    crops: Crops
    clips: tuple[tuple[str, bool], ...]
    """Each clip's name, and whether it is a training clip."""
    box: Box
    frame_hops: float


def run(context: StageContext) -> Ledger:
    """Write the features, ``stats/stats.json`` (from the training clips alone) and ``stats/offsets.json``.

    Without training clips, the statistics are those of the finished voice that ``--voice`` names.
    """
    ledger = Ledger()
    for item, alignment in context.each_aligned():
        ledger.clips_in += 1
        if alignment is None:
            ledger.drop(item.uid, "not aligned")
    total = ledger.clips_in - len(ledger.dropped)
    for uid, made in context.map(context.shards(context.features), extract, clips(context), total, "stats"):
        if isinstance(made, Failure):
            ledger.drop(uid, made.reason)
    ledger.clips_out = ledger.clips_in - len(ledger.dropped)
    kept = Kept(context, ledger)
    stats, voice = statistics(context, kept), context.config.data.speakers_of or context.options.get("voice", "")
    if not stats.speakers and not voice:
        raise UserError(
            "no clip is left to train on; see the ledgers of the data and align stages, or name a finished voice with"
            " --voice to measure it on these clips"
        )
    if context.config.data.speakers_of or not stats.speakers:
        stats = of_voice(voice, context.config, stats)
    stats.save(context.stats)
    offsets_s, ledger.notes["av_offsets"] = picture_offsets(context, kept, stats.mouth_box)
    save_offsets(context.offsets, offsets_s)
    ledger.notes["phones_seen"] = len(stats.seen)
    ledger.notes["mean_f0_hz"] = {
        speaker: round(float(np.exp(mean)), 1) for speaker, mean in zip(stats.speakers, stats.pitch_mean, strict=True)
    }
    ledger.notes["mouth_box"] = list(stats.mouth_box)
    return ledger


def clips(context: StageContext) -> Iterator[Clip]:
    """What is to be measured, and what that depends on."""
    settings = fingerprint(context.config.mel)
    for item, alignment in context.each_aligned():
        if alignment is not None:
            timeline = alignment.timeline
            job = FeatureJob(alignment, context.corpus / item.audio, context.config.mel)
            yield Clip(item.uid, f"{settings} {item.audio} {timeline.phones} {timeline.hops} {timeline.fps}", job)


@dataclass(frozen=True)
class Kept:
    """The utterances that have features; each iteration reads them from disk again."""

    context: StageContext
    ledger: Ledger

    def __iter__(self) -> Iterator[Utterance]:
        return (item for item in self.context.each_utterance() if item.uid not in self.ledger.dropped)


def statistics(context: StageContext, utterances: Iterable[Utterance]) -> Stats:
    """Statistics of the training clips: mean and deviation of each mel band over all of them, of pitch and energy for
    each speaker.

    Without training clips there are no speakers, and only the mouth's box is computed.
    """
    store, crops = FeatureStore(context.features), context.clip_crops()
    bands = Moments(context.config.mel.n_mels)
    pitch: dict[str, Moments] = defaultdict(Moments)
    energy: dict[str, Moments] = defaultdict(Moments)
    seen: set[str] = set()
    boxes: dict[str, list[list[float]]] = defaultdict(list)
    for item in utterances:
        if track := crops.track(item.uid):
            boxes[item.split].append(track["mouth_box"])
        if item.split != "train":
            continue
        features, timeline = store.read(item.uid)
        spoken = np.array([phone != SIL for phone in timeline.phones])
        bands.add(features.mel_FM)
        pitch[item.speaker].add(features.pitch_P[spoken, None])
        energy[item.speaker].add(features.energy_P[:, None])
        seen.update(timeline.phones)
    speakers, tokens = tuple(sorted(pitch)), context.config.tokens
    symbols = Symbols.of(tokens) if tokens == "characters" else default_frontend(context.config.language).symbols
    return Stats(
        symbols=symbols.names,
        seen=tuple(sorted(seen)),
        speakers=speakers,
        mel_mean=_rounded(bands.mean),
        mel_std=_rounded(bands.std),
        pitch_mean=_of_each(pitch, speakers, "mean"),
        pitch_std=_of_each(pitch, speakers, "std"),
        energy_mean=_of_each(energy, speakers, "mean"),
        energy_std=_of_each(energy, speakers, "std"),
        mouth_box=widest(
            boxes["train"] if speakers else [box for own in boxes.values() for box in own], context.config.lips
        ),
    )


def _of_each(moments: dict[str, Moments], speakers: Iterable[str], name: Literal["mean", "std"]) -> tuple[float, ...]:
    """One number of each speaker."""
    return tuple(value for speaker in speakers for value in _rounded(getattr(moments[speaker], name)))


def of_voice(name_or_folder: str, config: Config, own: Stats) -> Stats:
    """The statistics of a finished voice, whose lips are to learn from this corpus, or which is measured on it.

    Raises :class:`UserError` where its mel settings or its pictures' size differ from the config's. Settings of the
    face tracking may differ: lips can be trained on to follow those.
    """
    voice = Voice.load(find_voice(name_or_folder))
    for name in ("fps", "tokens", "mel", "lips.height", "lips.width"):
        if attrgetter(name)(voice.config) != attrgetter(name)(config):
            raise UserError(f"the voice {voice.config.voice.name!r} has other settings of {name!r} than this config")
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


def extract(job: FeatureJob) -> Stored:
    """Measure one clip."""
    timeline = job.alignment.timeline
    hops = list(timeline.hops)
    sound = read_audio(job.audio, job.mel.sample_rate)
    mel = log_mel(torch.from_numpy(sound)[None], job.mel)[0].numpy()
    pitch = interpolated_log(fundamental_hz(sound, job.mel, len(mel)))
    features = Features(mel, phone_means(pitch, hops), phone_means(log_energy(mel), hops), np.array(hops))
    return Stored(None, features.files(timeline))


def picture_offsets(
    context: StageContext, utterances: Iterable[Utterance], box: Box
) -> tuple[dict[str, float], dict[str, Any]]:
    """Seconds by which each clip's picture is ahead of its sound, and per speaker how they spread.

    Each speaker is one job; the clips of a speaker with more than :data:`OFFSET_CLIPS` are split into several,
    estimated independently.
    """
    config, crops = context.config, context.clip_crops()
    frame_hops = config.mel.sample_rate / (float(config.fps) * config.mel.hop_length)
    groups: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for item in utterances:
        if item.uid in crops:
            groups[item.speaker].append((item.uid, item.split == "train"))
    untold = sorted(speaker for speaker, own in groups.items() if not any(trains for _, trains in own))
    groups = {speaker: own for speaker, own in groups.items() if speaker not in untold}
    jobs = {
        f"{speaker} {start}": OffsetJob(
            context.features, crops, tuple(own[start : start + OFFSET_CLIPS]), box, frame_hops
        )
        for speaker, own in sorted(groups.items())
        for start in range(0, len(own), OFFSET_CLIPS)
    }
    made_of = fingerprint([box, frame_hops])
    tasks = (Clip(name, f"{made_of} {states(job)}", job) for name, job in jobs.items())
    offsets_s: dict[str, float] = {}
    notes: dict[str, Any] = dict.fromkeys(untold, "missing: they are learned from training clips")
    shards = context.shards(context.features.with_name("offsets"))
    results = context.map(shards, offsets_of, tasks, len(jobs), "offsets")
    for name, found in results:
        if isinstance(found, Failure):
            raise UserError(f"the pictures' offsets of speaker {name.rpartition(' ')[0]}: {found.reason}")
        seconds = found.frames / float(config.fps)
        offsets_s |= {uid: float(value) for (uid, _), value in zip(jobs[name].clips, seconds, strict=True)}
        notes.setdefault(
            name.rpartition(" ")[0],
            {
                "std_ms": round(float(seconds.std()) * 1000, 1),
                "halves_correlation": round(found.reliability, 3),
            },
        )
    return offsets_s, notes


def states(job: OffsetJob) -> str:
    """Twelve hex digits that change when the stored files of a group's clips do."""
    stores = FeatureStore(job.features).shards, Shards(job.crops.folder)
    rows = [None if row is None else int(row[STATE]) for uid, _ in job.clips for row in (s.row(uid) for s in stores)]
    return fingerprint([job.clips, rows])


def offsets_of(job: OffsetJob) -> Estimate:
    """The offsets of one group of clips."""
    store = FeatureStore(job.features)
    recordings = [
        Recording(store.read(uid)[0].mel_FM, coarse_mouth(job.crops.frames(uid), job.box), trains)
        for uid, trains in job.clips
    ]
    return estimate(recordings, job.frame_hops)


def coarse_mouth(crops: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """Luma of the mouth's box at half its size, ``(T, pixels)``."""
    top, bottom, left, right = box
    mouth = luma(np.asarray(crops[:, top : bottom - (bottom - top) % 2, left : right - (right - left) % 2]))
    frames, height, width = mouth.shape
    halved: NDArray[np.float32] = mouth.reshape(frames, height // 2, 2, width // 2, 2).mean(axis=(2, 4))
    return halved.reshape(frames, -1)


def widest_mouth(crops: Crops, uids: Iterable[str], config: LipsConfig) -> Box:
    """:func:`widest` of these clips."""
    return widest([track["mouth_box"] for track in map(crops.track, uids) if track], config)


def widest(boxes: Sequence[Sequence[float]], config: LipsConfig) -> Box:
    """The box of the mouth's landmarks over all clips (the outermost 2 % left out), and a margin.

    Zeros without boxes (left, top, right, bottom).
    """
    if not boxes:
        return Box(0, 0, 0, 0)
    stacked, margin = np.array(boxes), round(ROI_MARGIN * config.eye_distance / USUAL_EYES)
    left, top = np.percentile(stacked[:, :2], 2, axis=0) - margin
    right, bottom = np.percentile(stacked[:, 2:], 98, axis=0) + margin
    bottom, right = min(config.height, int(bottom) + 1), min(config.width, int(right) + 1)
    return Box(max(0, int(top)), bottom, max(0, int(left)), right)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
