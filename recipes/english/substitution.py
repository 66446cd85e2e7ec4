"""Find which part of a voice costs how much intelligibility: ``substitution.py --exp EXP [--speaker heart] [--out
JSON]``.

``EXP`` is an experiment whose stages data, align and stats have run. The speaker's sentences of a split are heard in
rows of which each takes one thing more from the voice in place of the recording: the waveform (by the vocoder), the
mel, then the phones' energy, pitch and durations. Printed is each row's word error rate, by a recogniser without a
grammar, and DNSMOS. Between which rows it falls is where it is lost. Needs the extras eval and train.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.audio.io import read_audio, resample
from avsynth.audio.recogniser import RECOGNISER_RATE
from avsynth.cli.common import positive
from avsynth.config.schema import Config
from avsynth.data.features import FeatureStore
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.evaluation.clip_sound import predicted_mos
from avsynth.evaluation.open_words import MOS_COLUMNS, OPEN_COLUMNS, HeardText, open_rows
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.tables import Heading, Table, write_tables
from avsynth.evaluation.words import open_recogniser
from avsynth.models.joint import JointModel
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.text.accents import accents
from vocoder.protocol import Vocoder

ROWS = ("recording", "its mel", "+ mel predicted", "+ energy predicted", "+ pitch predicted", "+ durations predicted")
Scores = dict[str, HeardText]


@dataclass(frozen=True)
class Job:
    """The settings of a worker process."""

    exp: Path
    voice: str
    vocoder: str | None
    speaker: str


@cache
def speaking(job: Job) -> tuple[AVSynthesizer, Vocoder, FeatureStore]:
    """This process's voice, its vocoder, and the recordings' features."""
    torch.set_num_threads(1)
    synthesizer = AVSynthesizer.from_pretrained(job.voice, device="cpu", vocoder=job.vocoder)
    return synthesizer, synthesizer.vocoder, FeatureStore(StageContext(Config(), job.exp, job.exp).features)


def mels(job: Job, item: Utterance) -> dict[str, Tensor]:
    """The natural-log mel ``(1, F, M)`` of each row but the first."""
    synthesizer, _, store = speaking(job)
    voice = synthesizer.voice
    model, stats = voice.model, voice.stats
    assert isinstance(model, JointModel)
    features, timeline = store.read(item.uid)
    number = stats.speakers.index(job.speaker)
    phones_BP = torch.tensor([stats.symbol_table.encode(timeline.phones)])
    mask_BP = torch.ones_like(phones_BP, dtype=torch.bool)
    encoded_BPD = model.encoder(phones_BP, mask_BP)
    accents_BPA = torch.from_numpy(accents(timeline.phones, timeline.words))[None]
    heard_BPD = model.heard(encoded_BPD, mask_BP, accents_BPA)
    voiced_BPD = model.voiced(heard_BPD, mask_BP, torch.tensor([number]))
    pitch_BP, energy_BP = model.prosody(heard_BPD, voiced_BPD, mask_BP)
    true_pitch_BP = torch.from_numpy((features.pitch_P - stats.pitch_mean[number]) / stats.pitch_std[number])[None]
    true_energy_BP = torch.from_numpy((features.energy_P - stats.energy_mean[number]) / stats.energy_std[number])[None]
    hops_BP = torch.from_numpy(features.hops_P)[None]
    spoken = model.duration(voiced_BPD, mask_BP).expm1().clamp(min=0).round().long()

    def mel(hops_BP: Tensor, pitch_BP: Tensor, energy_BP: Tensor) -> Tensor:
        mask_BF = torch.ones(1, int(hops_BP.sum()), dtype=torch.bool)
        made = model.mel_decoder(voiced_BPD, mask_BP, hops_BP, pitch_BP.float(), energy_BP.float(), mask_BF)[1]
        return model.denormalise_mel(made)

    made = (
        torch.from_numpy(features.mel_FM)[None],
        mel(hops_BP, true_pitch_BP, true_energy_BP),
        mel(hops_BP, true_pitch_BP, energy_BP),
        mel(hops_BP, pitch_BP, energy_BP),
        mel(spoken, pitch_BP, energy_BP),
    )
    return dict(zip(ROWS[1:], made, strict=True))


@torch.inference_mode()
def hear(job: Job, folder: Path, item: Utterance) -> Scores:
    """Every row of a sentence."""
    synthesizer, vocoder, _ = speaking(job)
    rate = synthesizer.voice.config.mel.sample_rate
    sounds = {ROWS[0]: read_audio(folder / item.audio, rate)}
    sounds |= {name: vocoder(mel_BFM)[0].numpy() for name, mel_BFM in mels(job, item).items()}
    return {
        name: HeardText(item.text, listen(sound, rate), predicted_mos(sound, rate)) for name, sound in sounds.items()
    }


def listen(sound: NDArray[np.float32], rate: int) -> str:
    """What the recogniser writes down."""
    return open_recogniser()(resample(sound, rate, RECOGNISER_RATE))


def make_table(heard: Sequence[Scores], job: Job, split: str) -> Table:
    """A line per row."""
    rows = open_rows({name: [scores[name] for scores in heard] for name in ROWS})
    clips = f"sentences of {job.speaker}, split {split}, voice {job.voice}"
    heading = Heading(clips, len(heard), "true but in the last row", "", commit(), command())
    return Table("What the voice costs, part by part", heading, (*OPEN_COLUMNS, *MOS_COLUMNS), rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 2 for an error, which is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exp", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the corpora's folder")
    parser.add_argument("--voice", default="english")
    parser.add_argument("--vocoder", help="by default the voice's own")
    parser.add_argument("--speaker", default="heart")
    parser.add_argument("--split", default="validation", choices=("train", "validation", "test"))
    parser.add_argument("--sentences", type=positive, default=50, help="at most")
    parser.add_argument("--jobs", type=positive, default=2)
    parser.add_argument("--out", type=Path, help="write the table as JSON")
    options = parser.parse_args(arguments)
    job = Job(options.exp, options.voice, options.vocoder, options.speaker)
    try:
        context = StageContext(Config(), options.data, options.exp)
        items = [item for item in context.utterances() if (item.speaker, item.split) == (job.speaker, options.split)]
        if not items:
            raise UserError(f"{options.exp} has no sentence of {job.speaker!r} in the split {options.split}")
        work = partial(hear, job, options.data)
        heard = list(parallel(work, items[: options.sentences], options.jobs, "substitution"))
        table = make_table(heard, job, options.split)
        print(table.markdown(), end="")
        if options.out is not None:
            write_tables(options.out, table)
    except UserError as error:
        print(f"substitution.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
