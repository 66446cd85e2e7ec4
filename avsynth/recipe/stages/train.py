"""The *train* stage: train, then write the voice from the averaged weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.models.build import build_model
from avsynth.recipe.context import Ledger, StageContext
from avsynth.synthesis.voice import Voice
from avsynth.training.checkpoint import checkpoints, load_checkpoint
from avsynth.training.distributed import launch
from avsynth.training.loop import TrainingData, train

NEUTRAL_CLIPS = 100
"""The neutral identity is chosen among the first frames of at most so many clips."""


def training_data(context: StageContext) -> TrainingData:
    """Where training finds what the earlier stages made."""
    return TrainingData(
        context.manifest,
        context.alignments,
        context.features,
        context.crops,
        context.offsets,
        context.stats,
        context.train,
    )


def run(context: StageContext) -> Ledger:
    """Train to the config's last step, resuming from the newest checkpoint; write the voice."""
    device = choose_device(context.device)
    speakers = Stats.load(context.stats).speakers
    blends(context.config.voice.speaker_blend, speakers)
    faces(context, speakers)
    launch(train, device, context.devices, context.num_nodes, context.config, training_data(context))
    newest = checkpoints(context.train / "checkpoints")
    if not newest:
        raise UserError(f"training left no checkpoint in {context.train / 'checkpoints'}")
    utterances = context.utterances()
    ledger = Ledger(clips_in=len(utterances), clips_out=sum(item.split == "train" for item in utterances))
    ledger.notes["steps"] = write_voice(context, newest[-1])
    return ledger


def write_voice(context: StageContext, checkpoint: Path) -> int:
    """The voice of a checkpoint's averaged weights, at ``<exp>/voice``; the checkpoint's step."""
    state = load_checkpoint(checkpoint)
    trained: Config = from_dict(state["config"], str(checkpoint))
    config = replace(trained, voice=context.config.voice, vocoder=context.config.vocoder)
    stats = Stats.load(context.stats)
    model = build_model(config, stats)
    model.load_state_dict(state["average"])
    for index, share in blends(config.voice.speaker_blend, stats.speakers).items():
        model.blend_speaker(index, share)
    identity = neutral_identity(context, next(iter(filmed(context).values()), []))
    Voice(config, stats, model, identity, faces=faces(context, stats.speakers)).save(context.voice)
    return int(state["step"])


def blends(shares: Mapping[str, float], speakers: Sequence[str]) -> dict[int, float]:
    """``voice.speaker_blend`` by index of the speaker; :class:`UserError` for an unknown speaker or a share outside 0
    to 1."""
    for name, share in shares.items():
        if name not in speakers:
            raise UserError(f"voice.speaker_blend: there is no speaker {name!r}; there are {', '.join(speakers)}")
        if not 0 <= share <= 1:
            raise UserError(f"voice.speaker_blend: the share of {name} must lie between 0 and 1, not {share}")
    return {list(speakers).index(name): share for name, share in shares.items()}


def faces(context: StageContext, speakers: Sequence[str]) -> dict[str, NDArray[np.uint8]]:
    """``voice.faces`` as pictures; :class:`UserError` for an unknown speaker, or a talker without video."""
    talkers = filmed(context)
    by_clip = {uid: [uid] for uids in talkers.values() for uid in uids}
    made = {}
    for name, whose in context.config.voice.faces.items():
        if name not in speakers:
            raise UserError(f"voice.faces: there is no speaker {name!r}; there are {', '.join(speakers)}")
        clips = talkers.get(whose) or by_clip.get(whose)
        if clips is None:
            seen = ", ".join(talkers) or "nobody"
            raise UserError(
                f"voice.faces: {whose!r} is neither a training clip with crops nor among their talkers: {seen}"
            )
        made[name] = neutral_identity(context, clips)
    return made


def filmed(context: StageContext) -> dict[str, list[str]]:
    """The training clips that have crops, by talker, in the order of names."""
    crops = context.clip_crops()
    seen: dict[str, list[str]] = {}
    for item in sorted(context.utterances(), key=lambda item: item.speaker):
        if item.split == "train" and item.uid in crops:
            seen.setdefault(item.speaker, []).append(item.uid)
    return seen


def neutral_identity(context: StageContext, clips: Sequence[str]) -> NDArray[np.uint8]:
    """The clips' most typical first frame, a mouth at rest: the nearest to their median, ``(80, 160, 3)``.

    Grey where there is no clip.
    """
    if not clips:
        return np.full((context.config.lips.height, context.config.lips.width, 3), 128, dtype=np.uint8)
    step = max(1, len(clips) // NEUTRAL_CLIPS)
    frames = np.stack([context.clip_crops().first(uid) for uid in clips[::step]])
    distance = np.abs(frames - np.median(frames, axis=0)).mean(axis=(1, 2, 3))
    return np.array(frames[int(distance.argmin())])
