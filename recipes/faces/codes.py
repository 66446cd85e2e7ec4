"""What strangers' lips lack, drawing or motion: ``codes.py --exp EXP --folds A,B/C,D [--out JSON]``.

``EXP`` is an experiment whose stages data, lips, align and stats have run. For each fold, on the other talkers only,

1. a reader of mouths and a painter are learned together: the reader makes :data:`CODE` numbers of a picture, the
   painter moves the pixels of the clip's first frame, and draws what those do not show, by how the numbers differ;
2. a net learns to tell these differences from the phones, the painter as it is.

The fold's own talkers are then drawn with their first frames as identity, left out of the means, from three codes:
*recorded*, read in the very frames that are to be drawn, which tells what painting strangers costs; *phones*, as the
net tells them; *corrected*, these brought nearer by a linear map that is learned on the talker's other clips, which
tells what is the talker's own. Talkers with a single clip have none of these.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import BlocksConfig
from avsynth.config.schema import Config, LipsConfig, TrainConfig
from avsynth.data.alignment import read_alignments
from avsynth.data.augmentation import another_face
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.tables import GAIN_COLUMNS, PICTURE_COLUMNS, Heading, Table, write_tables
from avsynth.evaluation.talkers import FROZEN_SHARPNESS, Row, Scores, over_talkers, score_beside_frozen
from avsynth.models.blocks import BlockStack
from avsynth.models.image import SLOPE, Mover
from avsynth.models.lips import to_uint8
from avsynth.models.regulator import overlap_weights, phone_progress
from avsynth.recipe.context import StageContext
from avsynth.timeline import Timeline
from avsynth.training.losses import local_detail, luma, mouth_weights
from avsynth.training.trainer import uses_bf16
from avsynth.training.validation import speech_frames
from avsynth.video.box import Box
from avsynth.video.ssim import ssim

CODE, FACE = 8, 24
"""Numbers by which a frame's mouth is told, and by which the identity's face is."""
SIZE = LipsConfig().height, LipsConfig().width
CLIPS, FRAMES = 8, 6
"""Clips of a training step, and frames of each."""
SKETCH = 4
"""The code alone is to tell how a frame differs from the identity where pictures are so many times smaller."""
ABOUT = Box(14, 66, 40, 120)
"""Lips and the skin about them, whose colours tell the light."""
MOUTH_WEIGHT = 2.5
RIDGE = 0.3
"""Weight of the linear map's squared size, relative to the mean energy of what it is given."""
COLUMNS = (
    *GAIN_COLUMNS,
    *(column for column in PICTURE_COLUMNS if column.key in ("shape_correlation", "amplitude", "sharpness")),
    FROZEN_SHARPNESS,
)
CODES = ("recorded", "phones", "corrected")


@dataclass(frozen=True)
class Clip:
    """One recording."""

    talker: str
    frames_THWC: NDArray[np.uint8]
    timeline: Timeline


class Reader(nn.Module):
    """Pictures ``(N, 3, H, W)`` in [0, 1] to vectors ``(N, size)``, whatever the colour of the light."""

    def __init__(self, size: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for channels in (24, 32, 48, 64):
            layers += [nn.Conv2d(before, channels, 3, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
            layers += [nn.Conv2d(channels, channels, 3, padding=1), nn.LeakyReLU(SLOPE)]
            before = channels
        self.layers = nn.Sequential(*layers)
        self.vector = nn.Linear(before * (SIZE[0] // 16) * (SIZE[1] // 16), size)

    def forward(self, pictures_NCHW: Tensor) -> Tensor:
        mean_NC11, deviation_NC11 = colours(pictures_NCHW)
        read: Tensor = self.vector(self.layers((pictures_NCHW - mean_NC11) / deviation_NC11).flatten(1))
        return 8 * read  # so that codes are soon as large as what is drawn from them


class Painter(nn.Module):
    """How a mouth differs from the identity's, ``(N, CODE)``, and the identity, to frames ``(N, 3, H, W)``."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self.face = Reader(CODE), Reader(FACE)
        self.sketch = nn.Linear(CODE, SIZE[0] * SIZE[1] // SKETCH**2)
        channels = (96, 64, 48, 32)
        self.start = (channels[0], SIZE[0] // 16, SIZE[1] // 16)
        self.linear = nn.Linear(CODE + FACE, self.start[0] * self.start[1] * self.start[2])
        self.above = nn.ModuleList(
            nn.Conv2d(below, 4 * above, 3, padding=1) for below, above in itertools.pairwise(channels)
        )
        self.beside = nn.ModuleList(nn.Conv2d(size, size, 3, padding=1) for size in channels[1:])
        self.picture = nn.Conv2d(channels[-1], 3, 3, padding=1)
        self.mover = Mover(channels[-1])
        nn.init.normal_(self.mover.field.weight, std=0.01)
        nn.init.constant_(self.mover.field.bias[2:], -2.0)  # type: ignore[index]

    def differences(self, pictures_NCHW: Tensor, identity_BCHW: Tensor) -> Tensor:
        """``(N, CODE)``: how the mouths of pictures, clip by clip, differ from those of the clips' identities."""
        own_BC: Tensor = self.reader(identity_BCHW)
        read_NC: Tensor = self.reader(pictures_NCHW)
        return read_NC - own_BC.repeat_interleave(len(pictures_NCHW) // len(identity_BCHW), dim=0)

    def forward(self, differences_NC: Tensor, identity_BCHW: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Frames, and the two layers that they are made of: the picture, and the identity's moved pixels."""
        each = len(differences_NC) // len(identity_BCHW)
        face_NC = self.face(identity_BCHW).repeat_interleave(each, dim=0)
        x_NCHW = self.linear(torch.cat([differences_NC, face_NC], dim=1)).view(-1, *self.start)
        x_NCHW = functional.leaky_relu(x_NCHW, SLOPE)
        for above, beside in zip(self.above, self.beside, strict=True):
            x_NCHW = functional.leaky_relu(functional.pixel_shuffle(above(x_NCHW), 2), SLOPE)
            x_NCHW = x_NCHW + functional.leaky_relu(beside(x_NCHW), SLOPE)
        mean_NC11, deviation_NC11 = (part.repeat_interleave(each, dim=0) for part in colours(identity_BCHW))
        drawn_NCHW = functional.interpolate(self.picture(x_NCHW).float(), SIZE, mode="bilinear", align_corners=False)
        drawn_NCHW = (mean_NC11 + 2 * deviation_NC11 * drawn_NCHW).clamp(0, 1)
        frames_NCHW, moved_NCHW = self.mover(x_NCHW, drawn_NCHW, identity_BCHW)
        return frames_NCHW, drawn_NCHW, moved_NCHW


class Speaker(nn.Module):
    """Timelines to how the mouth differs from the first frame's, a vector per frame."""

    def __init__(self, symbols: Sequence[str], frame_hops: float) -> None:
        super().__init__()
        self.symbols, self.frame_hops = list(symbols), frame_hops
        width = 96
        self.phones, self.progress = nn.Embedding(len(symbols), width), nn.Linear(2, width)
        self.motion = BlockStack(width, BlocksConfig(layers=4, heads=0, ffn=256, kernel=5, dropout=0.2))
        self.code = nn.Linear(width, CODE, bias=False)

    def hidden(self, timeline: Timeline, frames: int) -> Tensor:
        """``(T, 96)``, less the first frame's."""
        phones_P = torch.tensor([self.symbols.index(phone) for phone in timeline.phones])
        hops_1P = torch.tensor([timeline.hops])
        weights_1TP = overlap_weights(hops_1P, self.frame_hops, frames)
        x_1TD = weights_1TP @ self.phones(phones_P) + self.progress(
            phone_progress(hops_1P, weights_1TP, self.frame_hops)
        )
        moved_TD: Tensor = self.motion(x_1TD, torch.ones(1, frames, dtype=torch.bool))[0]
        return moved_TD - moved_TD[:1]

    def forward(self, timeline: Timeline, frames: int) -> Tensor:
        """``(T, CODE)``."""
        told_TC: Tensor = self.code(self.hidden(timeline, frames))
        return told_TC


def colours(pictures_NCHW: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each channel about the mouth, ``(N, 3, 1, 1)`` each."""
    about_NCHW = pictures_NCHW[..., ABOUT.top : ABOUT.bottom, ABOUT.left : ABOUT.right]
    return about_NCHW.mean(dim=(2, 3), keepdim=True), about_NCHW.std(dim=(2, 3), keepdim=True) + 0.05


def floats(frames_THWC: NDArray[np.uint8]) -> Tensor:
    """``(T, 3, H, W)`` in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frames_THWC)).permute(0, 3, 1, 2).float() / 255


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


def drawn_clips(
    clips: Sequence[Clip], steps: int, rng: np.random.Generator
) -> Iterator[list[tuple[Clip, NDArray[np.int64]]]]:
    """For each step, clips and frames of each; a talker as often as the fourth root of the number of clips."""
    talkers = sorted({clip.talker for clip in clips})
    own = {talker: [clip for clip in clips if clip.talker == talker] for talker in talkers}
    shares = np.array([len(own[talker]) for talker in talkers]) ** 0.25
    for _ in range(steps):
        chosen = [own[talkers[place]] for place in rng.choice(len(talkers), CLIPS, p=shares / shares.sum())]
        picked = [same[rng.integers(len(same))] for same in chosen]
        yield [(clip, rng.integers(0, len(clip.frames_THWC), FRAMES)) for clip in picked]


def descend(net: nn.Module, steps: int, loss_of: Callable[[int], Tensor]) -> None:
    """So many steps of AdamW, the rate falling over the second half; in bf16 where the processor is made for it."""
    fast = uses_bf16(TrainConfig(), torch.device("cpu"))
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, betas=(0.9, 0.98))
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 40, max(0.02, 2 * (1 - step / steps)))
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=fast):
            loss = loss_of(step)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()


def picture_loss(painted: tuple[Tensor, Tensor, Tensor], true_NCHW: Tensor, weight_HW: Tensor, turn: int) -> Tensor:
    """L1 of the frames, of each layer and of local detail, and dissimilarity of one colour channel."""
    painted = painted[0].float(), painted[1].float(), painted[2].float()
    errors = [((part_NCHW - true_NCHW).abs() * weight_HW).mean() for part_NCHW in painted]
    made_N1HW, true_N1HW = (pictures[:, turn % 3 :][:, :1] for pictures in (painted[0], true_NCHW))
    with torch.autocast("cpu", enabled=False):
        alike = ssim(made_N1HW, true_N1HW).mean()
        detail = (local_detail(luma(painted[0])) - local_detail(luma(true_NCHW))).abs().mean()
    loss: Tensor = errors[0] + 0.1 * errors[1] + 0.3 * errors[2] + 0.3 * (1 - alike) + 0.3 * detail
    return loss


def learn_painter(clips: Sequence[Clip], steps: int, box: Box, rng: np.random.Generator) -> Painter:
    """The first half of a fold."""
    painter = Painter()
    weight_HW = mouth_weights(box, MOUTH_WEIGHT, torch.empty(SIZE))
    batches = drawn_clips(clips, steps, rng)

    def loss_of(step: int) -> Tensor:
        pictures = []
        for clip, chosen in next(batches):
            first = rng.integers(4) if rng.random() < 0.6 else rng.integers(len(clip.frames_THWC))
            seen = clip.frames_THWC[[first, *chosen]]
            pictures.append(floats(another_face(seen, rng) if rng.random() < 0.6 else seen))
        identity_BCHW = torch.stack([seen[0] for seen in pictures])
        true_NCHW = torch.cat([seen[1:] for seen in pictures])
        differences_NC = painter.differences(true_NCHW, identity_BCHW)
        unlike_N1HW = luma(true_NCHW - identity_BCHW.repeat_interleave(FRAMES, dim=0))
        unlike_N1HW = unlike_N1HW / luma(colours(identity_BCHW)[1]).repeat_interleave(FRAMES, dim=0)
        small_ND = functional.avg_pool2d(unlike_N1HW, SKETCH).flatten(1)
        sketched = (painter.sketch(differences_NC) - small_ND).square().mean()
        loss: Tensor = picture_loss(painter(differences_NC, identity_BCHW), true_NCHW, weight_HW, step) + 0.1 * sketched
        return loss

    descend(painter, steps, loss_of)
    painter.eval().requires_grad_(False)
    return painter


def learn_speaker(
    clips: Sequence[Clip], symbols: Sequence[str], painter: Painter, steps: int, box: Box, rng: np.random.Generator
) -> Speaker:
    """The second half of a fold; ``symbols`` are the phones of all clips."""
    timeline = clips[0].timeline
    speaker = Speaker(symbols, 1 / float(timeline.hop_s * timeline.fps))
    weight_HW = mouth_weights(box, MOUTH_WEIGHT, torch.empty(SIZE))
    batches = drawn_clips(clips, steps, rng)

    def loss_of(step: int) -> Tensor:
        batch = next(batches)
        told_NC = torch.cat([speaker(clip.timeline, len(clip.frames_THWC))[chosen] for clip, chosen in batch])
        identity_BCHW = torch.cat([floats(clip.frames_THWC[:1]) for clip, _ in batch])
        true_NCHW = torch.cat([floats(clip.frames_THWC[chosen]) for clip, chosen in batch])
        return picture_loss(painter(told_NC, identity_BCHW), true_NCHW, weight_HW, step)

    descend(speaker, steps, loss_of)
    speaker.eval().requires_grad_(False)
    return speaker


def correction(hidden: Sequence[Tensor], missing: Sequence[Tensor]) -> Tensor:
    """``(96, CODE)``: the ridge regression of what a talker's clips lack on what the phones' net made of them."""
    x_ND, y_NC = torch.cat(list(hidden)), torch.cat(list(missing))
    gram_DD = x_ND.T @ x_ND
    damped_DD = gram_DD + RIDGE * gram_DD.diagonal().mean() * torch.eye(len(gram_DD))
    map_DC: Tensor = torch.linalg.solve(damped_DD, x_ND.T @ y_NC)
    return map_DC


def codes_of(clips: Sequence[Clip], painter: Painter, speaker: Speaker) -> Iterator[dict[str, Tensor]]:
    """For each of a talker's clips its codes ``(T, CODE)``, by their names."""
    pictures = [floats(clip.frames_THWC) for clip in clips]
    recorded = [painter.differences(seen, seen[:1]) for seen in pictures]
    hidden = [speaker.hidden(clip.timeline, len(clip.frames_THWC)) for clip in clips]
    told = [speaker.code(each) for each in hidden]
    for place in range(len(clips)):
        others = [other for other in range(len(clips)) if other != place]
        codes = {"recorded": recorded[place], "phones": told[place]}
        if others:
            map_DC = correction([hidden[other] for other in others], [recorded[o] - told[o] for o in others])
            codes["corrected"] = told[place] + hidden[place] @ map_DC
        yield codes


def measure(clip: Clip, painter: Painter, code_TC: Tensor, box: Box) -> Scores:
    """A clip's figures, drawn by a code."""
    made = to_uint8(painter(code_TC, floats(clip.frames_THWC[:1]))[0])
    real, speech = clip.frames_THWC, speech_frames(clip.timeline, len(clip.frames_THWC))
    return score_beside_frozen(made.numpy(), real, box, speech)


Figures = dict[str, dict[str, list[Scores]]]
"""By code and talker, the figures of each clip."""


def run_fold(clips: Sequence[Clip], left_out: Sequence[str], steps: int, box: Box, seed: int) -> Figures:
    """The figures of a fold's talkers."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    others = [clip for clip in clips if clip.talker not in left_out]
    print(f"codes.py: without {', '.join(left_out)}: {len(others)} clips to learn from", file=sys.stderr)
    painter = learn_painter(others, steps, box, rng)
    symbols = sorted({phone for clip in clips for phone in clip.timeline.phones})
    speaker = learn_speaker(others, symbols, painter, steps, box, rng)
    figures: Figures = {name: {} for name in CODES}
    with torch.inference_mode():
        for talker in left_out:
            own = [clip for clip in clips if clip.talker == talker]
            for clip, codes in zip(own, codes_of(own, painter, speaker), strict=True):
                for name, code_TC in codes.items():
                    figures[name].setdefault(talker, []).append(measure(clip, painter, code_TC, box))
    return figures


def make_table(figures: Figures, options: argparse.Namespace) -> Table:
    """For each code a row per talker, and the mean over talkers."""
    clips = sum(map(len, figures[CODES[0]].values()))
    rows: dict[str, Row] = {}
    for name, talkers in figures.items():
        if talkers:
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
    parser.add_argument("--steps", type=int, default=800, help="of each of the two trainings of a fold")
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
        figures: Figures = {name: {} for name in CODES}
        for number, fold in enumerate(folds):
            for name, found in run_fold(clips, fold, options.steps, box, number).items():
                figures[name] |= found
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
