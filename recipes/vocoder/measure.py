"""Measure a vocoder's quality: copy synthesis of recordings that it was not trained on, and speech from text.

    python recipes/vocoder/measure.py copy --data DIR --vocoder hifigan --vocoder harmonic=FILE
    python recipes/vocoder/measure.py texts --texts FILE --voice english --speaker heart --vocoder hifigan

A vocoder is a name, or a name with its checkpoint. Needs the extras eval and train.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.audio.pitch import fundamental_hz
from avsynth.cli.common import find_config, positive
from avsynth.config.reading import load_config
from avsynth.data.corpora.grid import sentence
from avsynth.errors import UserError
from avsynth.evaluation.clip_sound import predicted_mos, recogniser
from avsynth.evaluation.open_words import read_texts
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.speech import frame_path, mel_cepstral_distortion, pitch_errors, word_errors
from avsynth.evaluation.statistics import Summary, summarise, summarise_ratio
from avsynth.evaluation.tables import Column, Heading, Table, write_tables
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.recipe.stages.train_vocoder import list_clips
from avsynth.synthesis.synthesizer import AVSynthesizer
from vocoder import MelConfig, Vocoder, VocoderError, load_vocoder
from vocoder.mel import log_mel

RECORDING = "recording"
COLUMNS = (
    Column("ovrl", "DNSMOS overall"),
    Column("p808", "DNSMOS P.808"),
    Column("mcd", "MCD (dB)"),
    Column("log_f0_rmse", "log-F0 RMSE", 3),
    Column("wer_grid", "WER-grid", 3),
    Column("mel_l1", "mel L1", 3),
)
Floats = NDArray[np.float32]
Row = dict[str, float]


@dataclass(frozen=True)
class Clip:
    """One to be copied: by every vocoder."""

    speaker: str
    text: str
    """The text of a GRID sentence; empty for other clips."""
    audio: Path
    vocoders: tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """One text to be said."""

    text: str
    voice: str
    speaker: str
    vocoder: str


@cache
def vocoder_of(name: str) -> Vocoder:
    """``name`` or ``name=checkpoint``."""
    name, _, checkpoint = name.partition("=")
    return load_vocoder(name, Path(checkpoint) if checkpoint else None)


@cache
def synthesizer(voice: str, vocoder: str) -> AVSynthesizer:
    """A voice with a vocoder: its own where the latter is ``own``."""
    return AVSynthesizer.from_pretrained(voice, device="cpu", vocoder=None if vocoder == "own" else vocoder_of(vocoder))


def predicted(sound: Floats, sample_rate: int) -> Row:
    """DNSMOS: overall and P.808."""
    found = predicted_mos(sound, sample_rate)
    return {"ovrl": found.overall, "p808": found.p808}


def copy_clip(clip: Clip) -> dict[str, Row]:
    """Every row of a clip."""
    torch.set_num_threads(1)
    mel = MelConfig()
    sound = read_audio(clip.audio, mel.sample_rate)
    sound = sound[: len(sound) // mel.hop_length * mel.hop_length]
    real_BFM = log_mel(torch.from_numpy(sound)[None], mel)
    pitch = fundamental_hz(sound, mel, real_BFM.shape[1])
    rows = {}
    for name in (RECORDING, *clip.vocoders):
        made = sound if name == RECORDING else vocoder_of(name)(real_BFM)[0].numpy()
        row = predicted(made, mel.sample_rate)
        if clip.text:
            errors = word_errors(clip.text.split(), recogniser().recognise(made, mel.sample_rate))
            row |= {"errors": errors.errors, "words": errors.words}
        if name != RECORDING:
            made_BFM = log_mel(torch.from_numpy(made)[None], mel)
            path = frame_path(made_BFM.shape[1], real_BFM.shape[1])
            own = fundamental_hz(made, mel, made_BFM.shape[1])
            row["mcd"] = mel_cepstral_distortion(made_BFM[0].numpy(), real_BFM[0].numpy(), path)
            row["log_f0_rmse"] = pitch_errors(own, pitch, path).log_f0_rmse
            row["mel_l1"] = float((made_BFM - real_BFM).abs().mean())
        rows[name] = row
    return rows


def say_text(saying: Saying) -> Row:
    """DNSMOS of a text."""
    torch.set_num_threads(1)
    made = synthesizer(saying.voice, saying.vocoder)(saying.text, lips=False, speaker=saying.speaker or None)
    return predicted(made.waveform, made.sample_rate)


def mean_row(rows: Sequence[Row]) -> dict[str, Summary]:
    """Means over clips, NaN left out; word errors as a rate."""
    found = {}
    for column in COLUMNS:
        values = [row[column.key] for row in rows if column.key in row]
        if values:
            found[column.key] = summarise(values)
    counted = [(row["errors"], row["words"]) for row in rows if "words" in row]
    if counted:
        found["wer_grid"] = summarise_ratio(*np.array(counted, np.float64).T)
    return found


def make_table(found: Mapping[tuple[str, str], Sequence[Row]], args: argparse.Namespace) -> Table:
    """A row for each group and vocoder; the row's name tells how many clips it has."""
    count = sum(len(rows) for (_, name), rows in found.items() if name == next(iter(found))[1])
    rows = {
        f"{group}, {len(rows)}, {name.partition('=')[0]}": {
            key: replace(cell, count=count) for key, cell in mean_row(rows).items() if cell.count
        }
        for (group, name), rows in found.items()
    }
    title, clips = ("Copies", "clips not trained on") if args.what == "copy" else ("From text", "texts")
    heading = Heading(clips, count, "true" if args.what == "copy" else "predicted", "", commit(), command())
    return Table(title, heading, COLUMNS if args.what == "copy" else COLUMNS[:2], rows)


def copies(args: argparse.Namespace) -> dict[tuple[str, str], list[Row]]:
    """Held-out clips, test ones first, at most ``--clips`` of a speaker."""
    path = find_config(args.config)
    config = load_config(path)
    context = StageContext(config, args.data, Path("exp"), path.parent)
    chosen: list[Clip] = []
    held_out = sorted(
        (item for item in list_clips(context) if item[1] in args.splits),
        key=lambda item: (item[1] != "test", item[0].uid),
    )
    for speaker in args.speakers or sorted({clip.speaker for clip, _ in held_out}):
        for source in [clip for clip, _ in held_out if clip.speaker == speaker][: args.clips]:
            text = sentence(source.code) if source.video is not None else ""
            chosen.append(Clip(speaker, text, source.audio, tuple(args.vocoder)))
    found: dict[tuple[str, str], list[Row]] = {}
    for clip, rows in zip(chosen, parallel(copy_clip, chosen, args.jobs, "copy"), strict=True):
        for name, row in rows.items():
            found.setdefault((f"{clip.speaker}", name), []).append(row)
    return dict(sorted(found.items(), key=_order))


def _order(item: tuple[tuple[str, str], object]) -> tuple[str, bool]:
    (speaker, name), _ = item
    return speaker, name != RECORDING


def sayings(args: argparse.Namespace) -> dict[tuple[str, str], list[Row]]:
    """Each vocoder says the texts."""
    texts = read_texts(args.texts)[:: args.every]
    found = {}
    for name in args.vocoder:
        said = [Saying(text, args.voice, args.speaker, name) for text in texts]
        rows = list(parallel(say_text, said, args.jobs, "texts"))
        found[f"{args.voice}, {args.speaker or 'first speaker'}", name] = rows
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("copy", "texts"))
    parser.add_argument("--vocoder", action="append", required=True, metavar="NAME[=CHECKPOINT]")
    parser.add_argument("--config", default="vocoder")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--splits", nargs="+", default=["validation", "test"])
    parser.add_argument("--speakers", nargs="+")
    parser.add_argument("--clips", type=positive, default=50, metavar="N", help="of each speaker, at most")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--every", type=positive, default=1, metavar="N", help="only every N-th text")
    parser.add_argument("--voice", default="english")
    parser.add_argument("--speaker", default="")
    parser.add_argument("--jobs", type=positive, default=2)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table as JSON")
    args = parser.parse_args()
    try:
        if (args.data if args.what == "copy" else args.texts) is None:
            raise UserError("copy needs --data, texts needs --texts")
        found = copies(args) if args.what == "copy" else sayings(args)
    except (UserError, VocoderError) as error:
        parser.error(str(error))
    table = make_table(found, args)
    print(table.markdown(), end="")
    if args.out is not None:
        write_tables(args.out, table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
