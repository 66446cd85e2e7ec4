"""Lips of a voice on talkers of your choice: ``talkers.py --exp EXP --talkers s23,s30 [--voice V] [--out JSON]``.

``EXP`` is an experiment whose stages data, lips, align and stats have run, on any mixture of corpora with pictures.
Every clip of the talkers, whatever its split, is drawn to its true durations with its first frame as the identity,
which is left out of the means. Printed is a row per talker and the mean over talkers, with what a frozen mouth has.
Whether the voice has learned from a talker is yours to know: what counts is the row of those who were left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import Config
from avsynth.data.alignment import read_alignments
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.tables import GAIN_COLUMNS, PICTURE_COLUMNS, Heading, Table, write_tables
from avsynth.evaluation.talkers import FROZEN_SHARPNESS, Scores, over_talkers, score_beside_frozen
from avsynth.recipe.context import StageContext
from avsynth.synthesis.options import STRANGERS_OPENING
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.training.validation import speech_frames
from avsynth.video.reading import write_image

SHEET_FRAMES = 12


COLUMNS = (
    *(column for column in PICTURE_COLUMNS if column.key == "psnr"),
    *GAIN_COLUMNS,
    *(column for column in PICTURE_COLUMNS if column.key in ("shape_correlation", "amplitude", "sharpness")),
    FROZEN_SHARPNESS,
    *(column for column in PICTURE_COLUMNS if column.key in ("motion_ratio", "shape_lag_zero")),
)


def measure(
    context: StageContext, synthesizer: AVSynthesizer, talker: str, limit: int, split: str, opening: float
) -> tuple[list[Scores], list[NDArray[np.uint8]]]:
    """The figures of a talker's clips, and the first clip's frames in two strips: recorded, and drawn."""
    alignments, crops = read_alignments(context.alignments), context.clip_crops()
    clips = [item for item in context.utterances() if item.speaker == talker and split in ("all", item.split)]
    clips = [item for item in clips if item.uid in alignments and item.uid in crops][: limit or None]
    if not clips:
        raise UserError(f"{context.exp} has no aligned clip with crops of talker {talker!r}")
    roi = Stats.load(context.stats).mouth_box
    scores: list[Scores] = []
    strips: list[NDArray[np.uint8]] = []
    for item in clips:
        timeline, real = alignments[item.uid].timeline, crops.frames(item.uid)
        drawn = synthesizer(
            "", durations=timeline, identity=crops.first(item.uid), sound=False, rests=False, opening=opening
        )
        made = drawn.lip_frames
        frames = min(len(made), len(real))
        made, real = made[:frames], np.asarray(real[:frames])
        speech = speech_frames(timeline, frames)
        scores.append(score_beside_frozen(made, real, roi, speech))
        if not strips:
            columns = np.linspace(0, frames - 1, SHEET_FRAMES + 4).round().astype(int)[2:-2]
            strips = [np.concatenate(list(shown[[0, *columns]]), axis=1) for shown in (real, made)]
    return scores, strips


def make_table(talkers: Mapping[str, Sequence[Scores]], options: argparse.Namespace) -> Table:
    """A row per talker, and the mean over talkers as the last."""
    count = sum(map(len, talkers.values()))
    rows, mean = over_talkers(talkers, COLUMNS, count)
    if len(rows) > 1:
        rows["mean over talkers"] = mean
    clips = f"voice {options.voice}, talkers {options.talkers}, split {options.split}, opening {options.opening:g}"
    identity = "the clip's own first frame, left out of every mean"
    return Table("Lips by talker", Heading(clips, count, "true", identity, commit(), command()), COLUMNS, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 2 for an error, which is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exp", type=Path, required=True)
    parser.add_argument("--talkers", required=True)
    parser.add_argument("--voice", default="english")
    parser.add_argument("--split", default="all", choices=("all", "train", "validation", "test"))
    parser.add_argument("--limit", type=int, default=0, help="at most so many clips of each")
    parser.add_argument("--opening", type=float, default=STRANGERS_OPENING, help="as of say; 1 as the voice draws")
    parser.add_argument("--sheet", type=Path, help="a picture of each talker's first clip, recorded above drawn")
    parser.add_argument("--out", type=Path, help="write the table as JSON")
    options = parser.parse_args(arguments)
    try:
        synthesizer = AVSynthesizer(Voice.load(options.voice), vocoder="griffin_lim")
        context = StageContext(Config(), options.exp, options.exp)
        talkers: dict[str, list[Scores]] = {}
        strips: list[NDArray[np.uint8]] = []
        for talker in options.talkers.split(","):
            talkers[talker], pair = measure(context, synthesizer, talker, options.limit, options.split, options.opening)
            strips += pair
        table = make_table(talkers, options)
        print(table.markdown(), end="")
        if options.out is not None:
            write_tables(options.out, table)
        if options.sheet is not None:
            widest = max(strip.shape[1] for strip in strips)
            wide = [np.pad(strip, ((0, 0), (0, widest - strip.shape[1]), (0, 0))) for strip in strips]
            write_image(options.sheet, np.concatenate(wide))
    except UserError as error:
        print(f"talkers.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
