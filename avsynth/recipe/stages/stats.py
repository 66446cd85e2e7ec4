"""The *stats* stage: mel, pitch and energy of every aligned clip, their normalisation, the symbols, the mouth's box,
and how far each picture runs ahead of its sound."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Literal

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
from avsynth.data.features import MEL_STEPS, Features, FeatureStore
from avsynth.data.manifest import Utterance
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip, Failure, Stored
from avsynth.recipe.stages.picture_offsets import measure_offsets
from avsynth.synthesis.voice import Voice, find_voice
from avsynth.text import SIL, Symbols, default_frontend
from avsynth.video.box import Box
from avsynth.video.mouth import USUAL_EYES
from vocoder.mel import MelConfig, log_mel

ROI_MARGIN = 4


@dataclass(frozen=True)
class FeatureJob:
    """One clip whose sound is to be measured."""

    alignment: Alignment
    audio: Path
    mel: MelConfig


def run(context: StageContext) -> Ledger:
    """Write the features, ``stats/stats.json`` (from the training clips alone) and ``stats/offsets.npy``.

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
    ledger.notes["av_offsets"] = measure_offsets(context, kept, stats.mouth_box)
    ledger.notes["phones_seen"] = len(stats.seen)
    ledger.notes["mean_f0_hz"] = {
        speaker: round(float(np.exp(mean)), 1) for speaker, mean in zip(stats.speakers, stats.pitch_mean, strict=True)
    }
    ledger.notes["mouth_box"] = list(stats.mouth_box)
    return ledger


def clips(context: StageContext) -> Iterator[Clip]:
    """The clips to measure, with what their results depend on."""
    settings = f"{fingerprint(context.config.mel)} {MEL_STEPS}"
    for item, alignment in context.each_aligned():
        if alignment is not None:
            timeline = alignment.timeline
            words = [(word.first, word.last, word.stress) for word in timeline.words]
            state = f"{settings} {item.audio} {timeline.phones} {timeline.hops} {timeline.fps} {words}"
            yield Clip(item.uid, state, FeatureJob(alignment, context.corpus / item.audio, context.config.mel))


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
    boxes: dict[str, array[float]] = defaultdict(lambda: array("d"))
    for item in utterances:
        if track := crops.track(item.uid):
            boxes[item.split].extend(track["mouth_box"])
        if item.split != "train":
            continue
        features, timeline = store.read(item.uid)
        spoken = np.array([phone != SIL for phone in timeline.phones])
        bands.add(features.mel_FM)
        pitch[item.speaker].add(features.pitch_P[spoken, None])
        energy[item.speaker].add(features.energy_P[:, None])
        seen.update(timeline.phones)
    speakers, tokens = tuple(sorted(pitch)), context.config.tokens
    shown = [own for split, own in boxes.items() if split == "train" or not speakers]
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
        mouth_box=widest(np.concatenate([np.zeros(0), *shown]), context.config.lips),
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


def widest_mouth(crops: Crops, uids: Iterable[str], config: LipsConfig) -> Box:
    """:func:`widest` of these clips."""
    return widest([side for track in map(crops.track, uids) if track for side in track["mouth_box"]], config)


def widest(sides: Sequence[float] | NDArray[np.float64], config: LipsConfig) -> Box:
    """The box of the mouth's landmarks over all clips (the outermost 2 % left out), and a margin.

    ``sides`` are left, top, right, bottom of one clip's box after the other's; without any, zeros.
    """
    if not len(sides):
        return Box(0, 0, 0, 0)
    stacked, margin = np.reshape(sides, (-1, 4)), round(ROI_MARGIN * config.eye_distance / USUAL_EYES)
    left, top = np.percentile(stacked[:, :2], 2, axis=0) - margin
    right, bottom = np.percentile(stacked[:, 2:], 98, axis=0) + margin
    bottom, right = min(config.height, int(bottom) + 1), min(config.width, int(right) + 1)
    return Box(max(0, int(top)), bottom, max(0, int(left)), right)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
