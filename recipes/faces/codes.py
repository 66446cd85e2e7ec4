"""What strangers' lips lack, drawing or motion: ``codes.py --exp EXP --folds A,B/C,D [--out JSON]``.

``EXP`` is an experiment whose stages data, lips, align and stats have run. For each fold, on the other talkers only,

1. a reader of mouths and a painter are learned together: the reader makes a few numbers of a picture, the painter moves
   the pixels of the clip's first frame, and draws what those do not show, by how the numbers differ;
2. a net learns to read in a single picture how far its numbers lie from the talker's mean;
3. another learns to tell the differences from the phones and from what the second reads in the identity.

The fold's own talkers are then drawn with their first frames as identity, left out of the means, from three codes:
*recorded*, read in the very frames that are to be drawn, which tells what painting strangers costs; *phones*, as the
net tells them; *corrected*, these brought nearer by a linear map that is learned on the talker's other clips, which
tells what is the talker's own. Talkers with a single clip have none of these.

The control: of the talkers who are learned from, every fifth clip is kept back, if there are as many as four, and drawn
by the same nets: *known, recorded*; *known, phones*, which are told as for a stranger; and *known, own style*, where
the net is told who talks. A clip has as many figures as there are folds that do not leave its talker out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from mouth_codes import (
    Clip,
    Painter,
    Speaker,
    States,
    floats,
    learn_painter,
    learn_speaker,
    learn_states,
    read_codes,
)
from torch import Tensor

from avsynth.config.schema import Config
from avsynth.data.alignment import read_alignments
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.tables import GAIN_COLUMNS, PICTURE_COLUMNS, Heading, Table, write_tables
from avsynth.evaluation.talkers import FROZEN_SHARPNESS, Row, Scores, over_talkers, score_beside_frozen
from avsynth.models.lips import to_uint8
from avsynth.recipe.context import StageContext
from avsynth.training.validation import speech_frames
from avsynth.video.box import Box

RIDGE = 0.3
"""Weight of the linear map's squared size, relative to the mean energy of what it is given."""
KEPT, FEWEST = 5, 4
"""One clip in so many is kept back of talkers who are learned from, if they have as many as the second."""
COLUMNS = (
    *GAIN_COLUMNS,
    *(column for column in PICTURE_COLUMNS if column.key in ("shape_correlation", "amplitude", "sharpness")),
    FROZEN_SHARPNESS,
)
CODES = ("recorded", "phones", "corrected")
KNOWN = ("known, recorded", "known, phones", "known, own style")


def read_clips(context: StageContext, limit: int) -> list[Clip]:
    """Every aligned clip that has crops; of a talker with more than ``limit``, evenly spaced ones."""
    alignments, crops = read_alignments(context.alignments), context.clip_crops()
    by_talker: dict[str, list[str]] = {}
    for item in context.utterances():
        if item.uid in alignments and item.uid in crops:
            by_talker.setdefault(item.speaker, []).append(item.uid)
    clips = []
    for talker, uids in by_talker.items():
        for place in np.unique(np.linspace(0, len(uids) - 1, min(limit, len(uids))).round().astype(int)).tolist():
            timeline, frames = alignments[uids[place]].timeline, crops.frames(uids[place])
            clips.append(Clip(talker, frames[: timeline.lip_frames], timeline))
    return clips


def correction(hidden: Sequence[Tensor], missing: Sequence[Tensor]) -> Tensor:
    """``(WIDTH, CODE)``: the ridge regression of what a talker's clips lack on what the phones' net made of them."""
    x_ND, y_NC = torch.cat(list(hidden)), torch.cat(list(missing))
    gram_DD = x_ND.T @ x_ND
    damped_DD = gram_DD + RIDGE * gram_DD.diagonal().mean() * torch.eye(len(gram_DD))
    map_DC: Tensor = torch.linalg.solve(damped_DD, x_ND.T @ y_NC)
    return map_DC


@dataclass(frozen=True)
class Nets:
    """What a fold has learned."""

    painter: Painter
    states: States
    speaker: Speaker

    def of_strangers(self, clips: Sequence[Clip]) -> Iterator[dict[str, Tensor]]:
        """For each of a talker's clips its codes ``(T, CODE)``, by their names."""
        recorded = [self.recorded(clip) for clip in clips]
        hidden = [self.hidden(clip) for clip in clips]
        told = [self.speaker.code(each) for each in hidden]
        for place in range(len(clips)):
            others = [other for other in range(len(clips)) if other != place]
            codes = {"recorded": recorded[place], "phones": told[place]}
            if others:
                map_DC = correction([hidden[other] for other in others], [recorded[o] - told[o] for o in others])
                codes["corrected"] = told[place] + hidden[place] @ map_DC
            yield codes

    def of_known(self, clip: Clip) -> dict[str, Tensor]:
        """The control's codes of a clip that was kept back, by their names."""
        told = [self.speaker.code(self.hidden(clip, talker)) for talker in (None, clip.talker)]
        return dict(zip(KNOWN, (self.recorded(clip), *told), strict=True))

    def recorded(self, clip: Clip) -> Tensor:
        """``(T, CODE)``."""
        pictures_TCHW = floats(clip.frames_THWC)
        return self.painter.differences(pictures_TCHW, pictures_TCHW[:1])

    def hidden(self, clip: Clip, talker: str | None = None) -> Tensor:
        """What the phones and the identity's state make, ``(T, WIDTH)``."""
        state_C = self.states(floats(clip.frames_THWC[:1]))[0]
        return self.speaker.hidden(clip.timeline, len(clip.frames_THWC), state_C, talker)


def parted(clips: Sequence[Clip], left_out: Sequence[str]) -> tuple[list[Clip], list[Clip]]:
    """The clips that a fold learns from, and those of the same talkers that are kept back."""
    learned: list[Clip] = []
    kept: list[Clip] = []
    for talker in {clip.talker: None for clip in clips if clip.talker not in left_out}:
        own = [clip for clip in clips if clip.talker == talker]
        for place, clip in enumerate(own):
            (kept if len(own) >= FEWEST and place % KEPT == KEPT // 2 else learned).append(clip)
    return learned, kept


def measure(clip: Clip, painter: Painter, code_TC: Tensor, box: Box) -> Scores:
    """A clip's figures, drawn by a code."""
    made = to_uint8(painter(code_TC, floats(clip.frames_THWC[:1]))[0])
    real, speech = clip.frames_THWC, speech_frames(clip.timeline, len(clip.frames_THWC))
    return score_beside_frozen(made.numpy(), real, box, speech)


Figures = dict[str, dict[str, list[Scores]]]
"""By code and talker, the figures of each clip."""


def learn(clips: Sequence[Clip], symbols: Sequence[str], steps: int, box: Box, rng: np.random.Generator) -> Nets:
    """The nets of a fold; ``symbols`` are the phones of all clips."""
    painter = learn_painter(clips, steps, box, rng)
    codes = read_codes(clips, painter, rng)
    states = learn_states(clips, codes, steps, rng)
    return Nets(painter, states, learn_speaker(clips, symbols, codes, states, steps, rng))


def run_fold(clips: Sequence[Clip], left_out: Sequence[str], steps: int, box: Box, seed: int) -> Figures:
    """The figures of a fold's talkers, and of the control."""
    torch.manual_seed(seed)
    learned, kept = parted(clips, left_out)
    print(f"codes.py: without {', '.join(left_out)}: {len(learned)} clips to learn from", file=sys.stderr)
    symbols = sorted({phone for clip in clips for phone in clip.timeline.phones})
    nets = learn(learned, symbols, steps, box, np.random.default_rng(seed))
    figures: Figures = {}
    with torch.inference_mode():
        drawn = [(clip, nets.of_known(clip)) for clip in kept]
        for talker in left_out:
            own = [clip for clip in clips if clip.talker == talker]
            drawn += zip(own, nets.of_strangers(own), strict=True)
        for clip, codes in drawn:
            for name, code_TC in codes.items():
                scores = measure(clip, nets.painter, code_TC, box)
                figures.setdefault(name, {}).setdefault(clip.talker, []).append(scores)
    return figures


def make_table(figures: Figures, options: argparse.Namespace) -> Table:
    """For each code a row per talker, and the mean over talkers."""
    clips = sum(map(len, figures[CODES[0]].values()))
    rows: dict[str, Row] = {}
    for name in (*CODES, *KNOWN):
        if talkers := figures.get(name):
            own, mean = over_talkers(talkers, COLUMNS, clips)
            rows |= {f"{name}: {talker}": row for talker, row in own.items()}
            rows[f"{name}: mean over {len(own)} talkers"] = mean
    about = f"folds {options.folds}, at most {options.limit} clips of each talker, {options.steps} steps"
    heading = Heading(about, clips, "true", "the clip's own first frame, left out of every mean", commit(), command())
    return Table("Strangers' lips by the code they are drawn from", heading, COLUMNS, rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, measure and print; 2 for an error, which is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exp", type=Path, required=True)
    parser.add_argument("--folds", required=True, help="talkers left out together, A,B/C,D")
    parser.add_argument("--steps", type=int, default=800, help="of each of the three trainings of a fold")
    parser.add_argument("--limit", type=int, default=120, help="clips of each talker at most")
    parser.add_argument("--out", type=Path, help="write the table as JSON")
    options = parser.parse_args(arguments)
    try:
        context = StageContext(Config(), options.exp, options.exp)
        clips = read_clips(context, options.limit)
        box = Stats.load(context.stats).mouth_box
        folds: list[list[str]] = [fold.split(",") for fold in options.folds.split("/")]
        known = {clip.talker for clip in clips}
        for talker in (talker for fold in folds for talker in fold):
            if talker not in known:
                raise UserError(f"{options.exp} has no aligned clip with crops of talker {talker!r}")
        if any(known <= set(fold) for fold in folds):
            raise UserError(f"--folds {options.folds}: nobody is left to learn from")
        figures: Figures = {}
        for number, fold in enumerate(folds):
            for name, found in run_fold(clips, fold, options.steps, box, number).items():
                for talker, scores in found.items():
                    figures.setdefault(name, {}).setdefault(talker, []).extend(scores)
        table = make_table(figures, options)
        print(table.markdown(), end="")
        if options.out is not None:
            write_tables(options.out, table)
    except UserError as error:
        print(f"codes.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
