"""The *copy_synthesis* stage: check that the voice's vocoder takes its mel, and measure what copy synthesis costs."""

from __future__ import annotations

import time

import torch

from avsynth.audio.io import read_audio
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.files import write_json
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.mapping import Meter
from avsynth.synthesis.voice import OWN_VOCODER, VOCODER
from vocoder import check_mel, load_vocoder
from vocoder.mel import log_mel

CLIPS = 6


def run(context: StageContext) -> Ledger:
    """Write ``vocoder/copy_synthesis.json``: distance of the re-measured log-mel to the recording's, and speed."""
    mel_config = context.config.mel
    weights = context.voice / VOCODER if context.config.vocoder == OWN_VOCODER else None
    vocoder = load_vocoder(context.config.vocoder, weights, choose_device(context.device), mel_config)
    check_mel(vocoder, mel_config)
    clips = [item for item in context.utterances() if item.split == "validation"][:CLIPS]
    if not clips:
        raise UserError("the vocoder stage listens to validation clips, and the manifest has none")
    distances, seconds, spent = [], 0.0, 0.0
    meter = Meter(len(clips), "copy_synthesis")
    for item in clips:
        sound = read_audio(context.corpus / item.audio, mel_config.sample_rate)
        mel_BFM = log_mel(torch.from_numpy(sound)[None], mel_config)
        started = time.perf_counter()
        with torch.inference_mode():
            copied = vocoder(mel_BFM)
        spent += time.perf_counter() - started
        seconds += copied.shape[1] / mel_config.sample_rate
        again_BFM = log_mel(copied, mel_config)
        meter.add()
        distances.append(float((again_BFM - mel_BFM[:, : again_BFM.shape[1]]).abs().mean()))
    ledger = Ledger(clips_in=len(clips), clips_out=len(clips))
    ledger.notes = {
        "vocoder": context.config.vocoder,
        "log_mel_distance": round(sum(distances) / len(distances), 4),
        "seconds_of_work_per_second": round(spent / seconds, 3),
        "threads": torch.get_num_threads(),
    }
    folder = context.exp / "copy_synthesis"
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "copy_synthesis.json", ledger.notes)
    return ledger
