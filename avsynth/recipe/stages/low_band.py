"""Train the low band of the ``harmonic`` vocoder, on copies of the stored sound by the vocoder and by its teacher."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.audio.io import resample
from avsynth.config.networks import OwnVocoderConfig
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.files import read_json
from avsynth.recipe.changes import content
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.training.low_band import train_low_band
from avsynth.training.low_band_data import INDEX, Copy, LowCopies, write_copies
from avsynth.training.vocoder import HELD_OUT
from avsynth.training.vocoder_data import SoundClip, SoundData
from vocoder.errors import VocoderError
from vocoder.excitation import pitch_course
from vocoder.harmonic import HarmonicNet, load
from vocoder.loading import VOCODERS, load_vocoder
from vocoder.mel import MelConfig, log_mel
from vocoder.protocol import Vocoder

SPEEDS = (1.0, 0.85, 1.18, 0.93, 1.08)
"""Speeds at which a speaker's sound is played, one after the other, until there is enough of it."""


@dataclass(frozen=True)
class Wanted:
    """What is to be copied: a clip played at a speed, or, if ``predicted``, the mel that a voice predicts for it."""

    clip: SoundClip
    speed: float = 1.0
    predicted: bool = False


def run(context: StageContext, filters: Path) -> HarmonicNet:
    """Copy what the config asks for by these filters, unless that has been done; train; the networks of ``filters``
    with their low band. A training on other copies begins anew."""
    config, mel, folder = context.config.own_vocoder, context.config.mel, context.exp / "low_band"
    data = SoundData(context.exp / "sounds", mel)
    low = config.low
    source = {"teacher": low.teacher, "minutes": low.minutes, "noises": low.noises, "filters": content(filters)}
    if not (folder / INDEX).exists() or read_json(folder / INDEX)["source"] != source:
        shutil.rmtree(folder, ignore_errors=True)
        wanted = choose(data, config)
        minutes = sum(each.clip.hops / each.speed for each in wanted) * mel.hop_length / mel.sample_rate / 60
        print(f"low band: {low.teacher} copies {minutes:.0f} minutes", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        write_copies(folder, source, copied(context, filters, wanted))
    net, copies = load(filters), LowCopies(folder, mel.n_mels)
    net.low_band = train_low_band(net.low_band, config, copies, mel, folder, choose_device(context.device)).cpu()
    return net


def choose(data: SoundData, config: OwnVocoderConfig) -> list[Wanted]:
    """Some validation clips of each speaker, and so many training clips, in random order, as the config's minutes allow
    of each speaker, first as they are, then faster and slower."""
    rng = np.random.default_rng(config.seed)
    most = config.low.minutes * 60 * data.mel.sample_rate / data.mel.hop_length
    by_split: dict[tuple[str, str], list[SoundClip]] = defaultdict(list)
    for clip in data.clips:
        by_split[clip.speaker, clip.split].append(clip)
    wanted: list[Wanted] = []
    for (_, split), clips in sorted(by_split.items()):
        if split != "train":
            wanted += [Wanted(clip) for clip in clips[:HELD_OUT]]
            continue
        hops = 0.0
        for speed in SPEEDS:
            for index in rng.permutation(len(clips)):
                clip = clips[index]
                if hops + clip.hops / speed > most:
                    break
                told = speed == 1.0 and data.predicted(clip.uid) is not None and rng.random() < config.predicted
                wanted.append(Wanted(clip, speed, told))
                hops += clip.hops / speed
    return wanted


def copied(context: StageContext, filters: Path, wanted: list[Wanted]) -> Iterator[Copy]:
    """The copies, by ``jobs`` processes."""
    low = context.config.own_vocoder.low
    teacher = low.teacher
    if teacher not in VOCODERS:
        raise UserError(f"own_vocoder.low.teacher must be one of {', '.join(VOCODERS)}, not {teacher!r}")
    try:
        load_vocoder(teacher)
    except VocoderError as error:
        raise UserError(f"own_vocoder.low.teacher: {error}") from error
    work = partial(_copy, context.exp / "sounds", filters, teacher, low.noises, context.config.mel)
    yield from parallel(work, wanted, context.jobs, "low band")


@torch.inference_mode()
def _copy(sounds: Path, filters: Path, teacher: str, noises: int, mel: MelConfig, wanted: Wanted) -> Copy:
    mel_BFM = _mel(_opened(sounds, mel), mel, wanted)
    net, clip = _own(filters), wanted.clip
    pitch_BF = pitch_course(net.log_pitch(mel_BFM))
    noise = torch.Generator().manual_seed(clip.start)

    def own_L() -> NDArray[np.float32]:
        noise_BN = torch.randn(1, mel_BFM.shape[1] * mel.hop_length, generator=noise)
        return np.asarray(net.low_band.cut(net.filtered(mel_BFM, pitch_BF, noise_BN))[0])

    own_KL = np.stack([own_L() for _ in range(noises)])
    teacher_L = np.asarray(net.low_band.cut(_teacher(teacher)(mel_BFM))[0])
    return Copy(clip.uid, clip.speaker, clip.split, own_KL, teacher_L, mel_BFM[0].numpy())


def _mel(data: SoundData, mel: MelConfig, wanted: Wanted) -> torch.Tensor:
    predicted = data.predicted(wanted.clip.uid) if wanted.predicted else None
    if predicted is not None:
        return torch.from_numpy(predicted.astype(np.float32))[None]
    sound = data.sound(wanted.clip)
    if wanted.speed != 1.0:
        sound = resample(sound, round(mel.sample_rate * wanted.speed), mel.sample_rate)
    whole = len(sound) // mel.hop_length * mel.hop_length
    return log_mel(torch.from_numpy(sound[:whole].astype(np.float32))[None], mel)


@cache
def _opened(sounds: Path, mel: MelConfig) -> SoundData:
    return SoundData(sounds, mel)


@cache
def _own(filters: Path) -> HarmonicNet:
    return load(filters)


@cache
def _teacher(name: str) -> Vocoder:
    return load_vocoder(name)
