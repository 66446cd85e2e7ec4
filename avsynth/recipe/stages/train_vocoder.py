"""Train the ``harmonic`` vocoder on the sound of any corpora. The sound is gathered into one file first; training reads
random crops of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.config.schema import PartConfig
from avsynth.data.clips import SourceClip
from avsynth.data.corpora import load_corpus
from avsynth.data.features import FeatureStore
from avsynth.data.splits import split_clips
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.files import atomic_path, read_json
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.recipe.stages import low_band
from avsynth.recipe.stages.data import outside
from avsynth.synthesis.voice import Voice
from avsynth.training.predicted_mels import told_mel
from avsynth.training.vocoder import train_vocoder
from avsynth.training.vocoder_data import (
    INDEX,
    PREDICTED_INDEX,
    SoundData,
    speakers_of,
    write_predicted,
    write_sounds,
)
from vocoder.harmonic import HarmonicNet, save

Sound = tuple[str, str, str, NDArray[np.float32]]


def run(context: StageContext) -> Path:
    """Cut the sound if that has not been done, train the filters and, where the config names a teacher, the low band;
    write ``vocoder.safetensors``; its path."""
    sounds = context.exp / "sounds"
    if not (sounds / INDEX).exists():
        write_sounds(sounds, read_sounds(context), context.config.mel)
    if context.config.own_vocoder.voice:
        predict(context, sounds)
    data = SoundData(sounds, context.config.mel)
    for speaker, counts in speakers_of(data.clips).items():
        listed = ", ".join(f"{count} {split}" for split, count in counts.items())
        print(f"vocoder: {speaker}: {listed}", file=sys.stderr, flush=True)
    net = train_vocoder(context.config.own_vocoder, data, context.exp, choose_device(context.device))
    path = context.exp / "vocoder.safetensors"
    if context.config.own_vocoder.low.teacher:
        filters = context.exp / "filters.safetensors"
        _write(net, filters)
        net = low_band.run(context, filters)
    _write(net, path)
    return path


def _write(net: HarmonicNet, path: Path) -> None:
    with atomic_path(path) as temporary:
        save(net, temporary)


def list_clips(context: StageContext) -> list[tuple[SourceClip, str]]:
    """Every clip of every part, with its split."""
    config = context.config.data
    clips: list[tuple[SourceClip, str]] = []
    for part in config.parts or (PartConfig(".", config.corpus, context.options.get("speaker", "")),):
        corpus = load_corpus(part.corpus)
        found = outside(context, corpus.find(context.corpus / part.folder, part.speaker or None))
        splits = split_clips(found, config, context.config_dir, corpus.whole_speaker)
        clips += [(clip, splits[clip.uid]) for clip in found]
    return clips


def read_sounds(context: StageContext) -> Iterator[Sound]:
    """Every clip outside the test split; a clip whose sound cannot be read is named on stderr and left out."""
    clips = [(clip, split) for clip, split in list_clips(context) if split != "test"]
    work = partial(_read, context.config.mel.sample_rate)
    read = parallel(work, [clip.audio for clip, _ in clips], context.jobs, "sound")
    for (clip, split), sound in zip(clips, read, strict=True):
        if isinstance(sound, str):
            print(f"vocoder: {clip.uid} is left out: {sound}", file=sys.stderr, flush=True)
        else:
            yield clip.uid, clip.speaker, split, sound


def predict(context: StageContext, sounds: Path) -> None:
    """Have ``own_vocoder.voice`` predict the mel of every recording that is aligned, unless that has been done."""
    config = context.config.own_vocoder
    voice = Voice.load(config.voice)
    source = {"voice": voice.fingerprint, "aligned": str(Path(config.aligned).resolve())}
    stored = sounds / PREDICTED_INDEX
    if stored.exists() and read_json(stored)["source"] == source:
        return
    if voice.config.mel != context.config.mel:
        raise UserError(f"own_vocoder.voice: {voice.name} has another mel than the config")
    known = {clip.uid for clip in SoundData(sounds, context.config.mel).clips}
    aligned = StageContext(context.config, context.corpus, Path(config.aligned))
    store = FeatureStore(aligned.features)
    clips = [
        (item.uid, voice.stats.speakers.index(item.speaker))
        for item, alignment in aligned.each_aligned()
        if alignment is not None and item.uid in known and item.speaker in voice.stats.speakers
    ]
    if not clips:
        raise UserError(f"own_vocoder.aligned: {config.aligned} has no aligned recording of a speaker of {voice.name}")
    print(f"vocoder: {voice.name} predicts {len(clips)} recordings", file=sys.stderr, flush=True)
    write_predicted(sounds, source, ((uid, told_mel(voice, *store.read(uid), speaker)) for uid, speaker in clips))


def _read(sample_rate: int, path: Path) -> NDArray[np.float32] | str:
    try:
        return read_audio(path, sample_rate)
    except UserError as error:
        return str(error)
