"""Lips of a voice on talkers of your choice: ``talkers.py --exp EXP --talkers s23,s30 [--voice V] [--sheet S.png]``.

``EXP`` is an experiment whose stages data, lips, align and stats have run, on any mixture of corpora with pictures.
Every clip of the talkers, whatever its split, is drawn to its true durations with its first frame as the identity,
which is left out of the means. Printed is a row per talker and the mean over talkers, beside a frozen mouth. Whether
the voice has learned from a talker is yours to know: what counts is the row of those who were left out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import Config
from avsynth.data.alignment import read_alignments
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.controls import frozen
from avsynth.evaluation.pictures import PictureScores, score_clip
from avsynth.recipe.context import StageContext
from avsynth.synthesis.options import STRANGERS_OPENING
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.training.validation import speech_frames
from avsynth.video.reading import write_image

SHEET_FRAMES = 12
NAMES = tuple(item.name for item in fields(PictureScores))


@dataclass(frozen=True)
class Row:
    """Mean scores, over a talker's clips or over talkers."""

    ours: dict[str, float]
    frozen: dict[str, float]

    def __str__(self) -> str:
        gain, similar = (self.ours[name] - self.frozen[name] for name in ("psnr", "ssim"))
        return (
            f"{self.ours['psnr']:.2f} | {gain:+.2f} | {similar:+.3f} | {self.ours['shape_correlation']:.2f} |"
            f" {self.ours['amplitude']:.2f} | {self.ours['sharpness']:.2f} | {self.frozen['sharpness']:.2f} |"
            f" {self.ours['motion_ratio']:.2f} | {self.ours['shape_lag_zero']:.2f}"
        )


def mean(scores: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each measure, without what is undefined."""
    known = {name: [score[name] for score in scores if not np.isnan(score[name])] for name in NAMES}
    return {name: float(np.mean(values)) if values else float("nan") for name, values in known.items()}


def measure(
    context: StageContext, synthesizer: AVSynthesizer, talker: str, limit: int, split: str, opening: float
) -> tuple[Row, list[NDArray[np.uint8]]]:
    """A talker's row, and his first clip's frames in two strips: recorded, and drawn."""
    alignments, crops = read_alignments(context.alignments), context.clip_crops()
    clips = [item for item in context.utterances() if item.speaker == talker and split in ("all", item.split)]
    clips = [item for item in clips if item.uid in alignments and item.uid in crops][: limit or None]
    if not clips:
        raise UserError(f"{context.exp} has no aligned clip with crops of talker {talker!r}")
    roi = Stats.load(context.stats).mouth_box
    ours, still, strips = [], [], []
    for item in clips:
        timeline, real = alignments[item.uid].timeline, crops.frames(item.uid)
        drawn = synthesizer(
            "", durations=timeline, identity=crops.first(item.uid), sound=False, rests=False, opening=opening
        )
        made = drawn.lip_frames
        frames = min(len(made), len(real))
        made, real = made[:frames], np.asarray(real[:frames])
        speech = speech_frames(timeline, frames)
        ours.append(vars(score_clip(made, real, roi, speech, skip_first=True)))
        still.append(vars(score_clip(frozen(real), real, roi, speech, skip_first=True)))
        if not strips:
            columns = np.linspace(0, frames - 1, SHEET_FRAMES + 4).round().astype(int)[2:-2]
            strips = [np.concatenate(list(shown[[0, *columns]]), axis=1) for shown in (real, made)]
    return Row(mean(ours), mean(still)), strips


def table(rows: Sequence[tuple[str, Row]]) -> Iterator[str]:
    """Lines of Markdown, with the mean over talkers as the last."""
    yield (
        "| talker | PSNR (dB) | − frozen | SSIM − frozen | shape corr. | amplitude | sharpness | frozen's |"
        " motion ratio | lag 0 |"
    )
    yield "|---" * 10 + "|"
    for name, row in rows:
        yield f"| {name} | {row} |"
    whole = Row(mean([row.ours for _, row in rows]), mean([row.frozen for _, row in rows]))
    yield f"| **mean** | {whole} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 2 for an error, which is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exp", type=Path, required=True)
    parser.add_argument("--talkers", required=True)
    parser.add_argument("--voice", default="english")
    parser.add_argument("--split", default="all", choices=("all", "train", "validation", "test"))
    parser.add_argument("--limit", type=int, default=0, help="at most so many clips of each")
    parser.add_argument("--opening", type=float, default=STRANGERS_OPENING, help="as of say; 1 as the voice draws")
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args(arguments)
    try:
        synthesizer = AVSynthesizer(Voice.load(options.voice), vocoder="griffin_lim")
        context = StageContext(Config(), options.exp, options.exp)
        rows, strips = [], []
        for talker in options.talkers.split(","):
            row, pair = measure(context, synthesizer, talker, options.limit, options.split, options.opening)
            rows.append((talker, row))
            strips += pair
        print("\n".join(table(rows)))
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
