"""The mel that a voice predicts for a recording, given the recording's durations, pitch and energy
(ground-truth-aligned)."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.data.dataset import Clip, collate
from avsynth.data.features import Features
from avsynth.errors import UserError
from avsynth.models.joint import JointModel
from avsynth.synthesis.voice import Voice
from avsynth.text.accents import accents
from avsynth.timeline import Timeline


@torch.inference_mode()
def told_mel(voice: Voice, features: Features, timeline: Timeline, speaker: int) -> NDArray[np.float32]:
    """The natural-log mel ``(F, M)`` of one of the voice's speakers, frame by frame in step with the recording.

    Raises :class:`UserError` for a voice without sound.
    """
    if not isinstance(voice.model, JointModel):
        raise UserError(f"voice {voice.name} has no sound")
    nothing = np.zeros((0, *voice.identity.shape), np.uint8)
    clip = Clip(
        phones=voice.stats.symbol_table.encode(timeline.phones),
        accents=accents(timeline.phones, timeline.words),
        hops=features.hops_P.tolist(),
        features=features,
        speaker=speaker,
        lip_frames=0,
        chosen=np.zeros(0, np.int64),
        lips=nothing,
        identity=voice.identity,
        offset_hops=0.0,
    )
    made_BFM = voice.model(collate([clip], voice.stats), ("mel",)).mel_BFM
    mel_FM: NDArray[np.float32] = voice.model.denormalise_mel(made_BFM)[0].numpy()
    return mel_FM
