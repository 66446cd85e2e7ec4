"""Nets that tell a mouth by a few numbers a frame, for :mod:`codes`: what reads them, paints by them, and tells them.

A code ``(CODE,)`` is what the painter's reader makes of a picture; what is painted, and told by the phones, are
differences between two pictures' codes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import BlocksConfig
from avsynth.config.schema import LipsConfig, TrainConfig
from avsynth.data.augmentation import another_face
from avsynth.models.blocks import BlockStack
from avsynth.models.image import SLOPE, Mover
from avsynth.models.regulator import overlap_weights, phone_progress
from avsynth.timeline import Timeline
from avsynth.training.losses import local_detail, luma, mouth_weights
from avsynth.training.trainer import uses_bf16
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
WIDTH = 96
"""Features of the net that tells codes from phones."""
AT_REST, ANY_FRAME = 3, 0.25
"""A clip's identity is one of so many first frames, but for this share of the times, when it is any of its frames."""
OWN_STYLE = 0.6
"""Share of the times that the net which tells codes is told who talks; the others are for unknown talkers."""
STATE_NOISE = 0.5
"""Deviation of the noise on an identity's state in training, in the states' own: a stranger's is read so badly."""
NEAR = 1.6
"""Weight of the squared error beside its logarithm."""


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
    """Timelines to how the mouth differs from the identity's, a vector per frame.

    It reads in what state the identity's mouth is, such as a little open, and in training is told at times who talks:
    his style is added to what is told of the phones, and that of an unknown talker is the mean of all.

    Args:
        symbols: Every phone of the timelines.
        talkers: Those who are learned from.
        frame_hops: Hops of a frame.
        deviation_C: Of states, by which they are divided.
    """

    def __init__(self, symbols: Sequence[str], talkers: Sequence[str], frame_hops: float, deviation_C: Tensor) -> None:
        super().__init__()
        self.symbols, self.talkers, self.frame_hops, self.deviation_C = symbols, talkers, frame_hops, deviation_C
        self.phones, self.progress = nn.Embedding(len(symbols), WIDTH), nn.Linear(2, WIDTH)
        self.state, self.style = nn.Linear(CODE, WIDTH), nn.Parameter(torch.zeros(len(talkers), WIDTH))
        self.motion = BlockStack(WIDTH, BlocksConfig(layers=4, heads=0, ffn=256, kernel=5, dropout=0.2))
        self.code = nn.Linear(WIDTH, CODE)

    def hidden(self, timeline: Timeline, frames: int, state_C: Tensor, talker: str | None = None) -> Tensor:
        """``(T, WIDTH)``."""
        phones_P = torch.tensor([self.symbols.index(phone) for phone in timeline.phones])
        hops_1P = torch.tensor([timeline.hops])
        weights_1TP = overlap_weights(hops_1P, self.frame_hops, frames)
        x_1TD = weights_1TP @ self.phones(phones_P) + self.state(state_C / self.deviation_C)
        x_1TD = x_1TD + self.progress(phone_progress(hops_1P, weights_1TP, self.frame_hops))
        if talker is not None:
            x_1TD = x_1TD + self.style[self.talkers.index(talker)] - self.style.mean(dim=0)
        moved_TD: Tensor = self.motion(x_1TD, torch.ones(1, frames, dtype=torch.bool))[0]
        return moved_TD

    def forward(self, timeline: Timeline, frames: int, state_C: Tensor, talker: str | None = None) -> Tensor:
        """``(T, CODE)``."""
        told_TC: Tensor = self.code(self.hidden(timeline, frames, state_C, talker))
        return told_TC


def colours(pictures_NCHW: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each channel about the mouth, ``(N, 3, 1, 1)`` each."""
    about_NCHW = pictures_NCHW[..., ABOUT.top : ABOUT.bottom, ABOUT.left : ABOUT.right]
    return about_NCHW.mean(dim=(2, 3), keepdim=True), about_NCHW.std(dim=(2, 3), keepdim=True) + 0.05


def floats(frames_THWC: NDArray[np.uint8]) -> Tensor:
    """``(T, 3, H, W)`` in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(frames_THWC)).permute(0, 3, 1, 2).float() / 255


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
    """The first part of a fold."""
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


class States(nn.Module):
    """How far a picture's code lies from its talker's mean one, ``(N, CODE)``, read in the picture alone.

    The painter's reader cannot tell that: of one who is not known it sees his lips and his state as one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(Reader(64), nn.LeakyReLU(SLOPE), nn.Dropout(0.3), nn.Linear(64, CODE))

    def forward(self, pictures_NCHW: Tensor) -> Tensor:
        read_NC: Tensor = self.layers(pictures_NCHW)
        return read_NC


@dataclass(frozen=True)
class Codes:
    """What the painter's reader makes of every clip that is learned from."""

    of_clip: dict[int, Tensor]
    """By the clip's ``id``, ``(T, CODE)`` less the mean of its talker's."""
    scales_CC: Tensor
    """A code's difference times this has a squared length in proportion to the squared change of what is painted."""
    missed: dict[int, float]
    """By the clip's ``id``, what remains where a clip is painted by its own codes, as a squared length likewise."""
    deviation_C: Tensor


def read_codes(clips: Sequence[Clip], painter: Painter, rng: np.random.Generator) -> Codes:
    """The codes of clips and what the painter makes of them."""
    with torch.inference_mode():
        read = [painter.reader(floats(clip.frames_THWC)).clone() for clip in clips]
        changes_CC, errors = torch.zeros(CODE, CODE), []
        for clip, code_TC in zip(clips, read, strict=True):
            identity_1CHW = floats(clip.frames_THWC[:1])
            chosen = rng.integers(0, len(code_TC), 6)
            apart_KC = code_TC[chosen] - code_TC[:1]
            painted_KCHW = painter(apart_KC, identity_1CHW)[0]
            errors.append(float((painted_KCHW - floats(clip.frames_THWC[chosen])).square().mean()))
            steps = [painter(apart_KC + step_C, identity_1CHW)[0] - painted_KCHW for step_C in torch.eye(CODE)]
            moved_CN = torch.stack(steps).flatten(1)
            changes_CC += moved_CN @ moved_CN.T / moved_CN.shape[1] / len(clips)
        scales_CC = torch.linalg.cholesky(changes_CC + 1e-9 * torch.eye(CODE))
        all_NC = torch.cat([code_TC - code_TC[0] for code_TC in read]) @ scales_CC
        unit = float(all_NC.square().sum(dim=1).mean())
        means = {
            talker: torch.cat([code for clip, code in zip(clips, read, strict=True) if clip.talker == talker]).mean(0)
            for talker in {clip.talker for clip in clips}
        }
        of_clip = {id(clip): code - means[clip.talker] for clip, code in zip(clips, read, strict=True)}
        missed = {id(clip): error / unit for clip, error in zip(clips, errors, strict=True)}
        return Codes(of_clip, scales_CC / unit**0.5, missed, torch.cat(list(of_clip.values())).std(dim=0))


def learn_states(clips: Sequence[Clip], codes: Codes, steps: int, rng: np.random.Generator) -> States:
    """The second part of a fold."""
    states = States()
    batches = drawn_clips(clips, steps, rng)

    def loss_of(step: int) -> Tensor:
        pictures, true = [], []
        for clip, chosen in next(batches):
            seen = clip.frames_THWC[chosen]
            pictures.append(floats(another_face(seen, rng) if rng.random() < 0.8 else seen))
            true.append(codes.of_clip[id(clip)][chosen])
        wrong_NC: Tensor = (states(torch.cat(pictures)) - torch.cat(true)) @ codes.scales_CC
        return wrong_NC.square().sum(dim=1).mean()

    descend(states, steps, loss_of)
    states.eval().requires_grad_(False)
    return states


def learn_speaker(
    clips: Sequence[Clip], symbols: Sequence[str], codes: Codes, states: States, steps: int, rng: np.random.Generator
) -> Speaker:
    """The last part of a fold; ``symbols`` are the phones of all clips.

    The loss is the logarithm of what remains in a frame, as in PSNR, and a little of what remains itself.
    """
    timeline = clips[0].timeline
    talkers = sorted({clip.talker for clip in clips})
    speaker = Speaker(symbols, talkers, 1 / float(timeline.hop_s * timeline.fps), codes.deviation_C)
    batches = drawn_clips(clips, steps, rng)
    with torch.inference_mode():
        read = {id(clip): states(floats(clip.frames_THWC)).clone() for clip in clips}

    def loss_of(step: int) -> Tensor:
        losses = []
        for clip, _ in next(batches):
            code_TC = codes.of_clip[id(clip)]
            first = rng.integers(len(code_TC)) if rng.random() < ANY_FRAME else rng.integers(AT_REST)
            state_C = read[id(clip)][first] + STATE_NOISE * codes.deviation_C * torch.randn(CODE)
            talker = clip.talker if rng.random() < OWN_STYLE else None
            told_TC = speaker(clip.timeline, len(code_TC), state_C, talker)
            wrong_T = ((told_TC - code_TC + code_TC[first]).float() @ codes.scales_CC).square().sum(dim=1)
            losses.append((torch.log(codes.missed[id(clip)] + wrong_T) + NEAR * wrong_T).mean())
        return torch.stack(losses).mean()

    descend(speaker, steps, loss_of)
    speaker.eval().requires_grad_(False)
    return speaker
