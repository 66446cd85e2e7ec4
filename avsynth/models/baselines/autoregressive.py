"""What both baselines share: encoding of the previous frame, training, and free-running generation.

A baseline reads phones without durations. A frame's motion follows from the text and the frames before it: the true
ones in training (teacher forcing), its own otherwise, the identity image before the first. Frames are drawn as ParaLip
draws them, from the motion and the identity's vector, with the identity's skips. A stop flag tells which is the last.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Generic, TypeVar, cast

import torch
from torch import Tensor, nn

from avsynth.config.networks import ImageConfig
from avsynth.config.schema import Config
from avsynth.models.image import SLOPE, IdentityEncoder, PaperIdentityEncoder, build_image_nets
from avsynth.models.joint import image_floats
from avsynth.models.lips import Identity, PictureMaker, to_uint8
from avsynth.models.protocol import Inferred, Request
from avsynth.types import Batch, lengths_to_mask

LENGTH_CAP = 1.5
"""A sentence that does not end by itself is cut at this many times the length it should have."""
State = TypeVar("State")


@dataclass(frozen=True)
class Face(Identity):
    """An identity image that also stands for the frame before the first."""

    previous_BD: Tensor


@dataclass(frozen=True)
class Advance:
    """A baseline's outputs for the next L frames."""

    motion_BLD: Tensor
    stop_BL: Tensor
    """Logits: whether the frame is the last."""
    attention_BLP: Tensor
    """Attention weights over the phones for each frame; rows sum to 1."""


@dataclass(frozen=True)
class LipOutputs:
    """A baseline's outputs for a batch of whole clips."""

    lips_BKCHW: Tensor
    """Floats in [0, 1]."""
    place_BK: Tensor
    """Which of the batch's frames those are."""
    stop_BT: Tensor
    """Logits."""
    attention_BTP: Tensor


@dataclass(frozen=True)
class FreeRun:
    """A sentence generated without teacher forcing."""

    frames_TCHW: Tensor
    """Floats in [0, 1]."""
    attention_TP: Tensor
    flag: int | None
    """Frames after which the stop flag rose; None where it did not rise before the length limit."""

    def hops(self, frame_hops: float) -> tuple[int, ...]:
        """Durations read off the attention: a phone lasts as long as it is attended to, and may get no time.

        Each boundary is rounded once; the sum is never longer than the frames.
        """
        total = max(1, int(len(self.frames_TCHW) * frame_hops))
        ends = (self.attention_TP.double().sum(dim=0).cumsum(dim=0) * frame_hops).tolist()
        edges = [0, *(min(round(end), total) for end in ends[:-1]), total]
        return tuple(after - before for before, after in pairwise(edges))


class StridedEncoder(nn.Module):
    """Encoder of the previous frame in the small family: 3×3 stride-2 convolutions, where the paper's identity encoder
    has 5×5.

    It gives no skips, so it does without the full-resolution level of the small identity encoder, which takes half of
    the time.
    """

    def __init__(self, config: ImageConfig, width: int, height: int, columns: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for channels in config.identity_channels[1:]:
            layers += [nn.Conv2d(before, channels, 3, 2, 1), nn.LeakyReLU(SLOPE, inplace=True)]
            before = channels
        self.layers = nn.Sequential(*layers, nn.Conv2d(before, config.bottleneck, 1), nn.LeakyReLU(SLOPE, inplace=True))
        shrink = 2 ** (len(config.identity_channels) - 1)
        self.vector = nn.Linear(config.bottleneck * (height // shrink) * (columns // shrink), width)

    def forward(self, frames_NCHW: Tensor) -> tuple[Tensor, list[Tensor]]:
        return self.vector(self.layers(frames_NCHW * 2 - 1).flatten(1)), []


class AutoregressiveModel(PictureMaker, Generic[State]):
    """Phones and an identity image to lip frames, one after the other.

    A subclass encodes the text (:meth:`start`) and computes the next frames' motion (:meth:`advance`). Computing all
    frames of a clip at once gives the same as one after the other with the state.
    """

    speaks = False
    coarse_parts: tuple[str, ...] = ()
    frames_per_phone: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.fps = config.fps
        image, width, lips = config.model.image, config.model.hidden, config.lips
        self.frame_hops = config.mel.sample_rate / (float(config.fps) * config.mel.hop_length)
        self.options = config.model.autoregressive
        self.pairs = config.train.frame_pairs
        self.identity_encoder, self.image_decoder = build_image_nets(image, width, lips.height, lips.width)
        eye = PaperIdentityEncoder if image.family == "paper" else StridedEncoder
        self.previous_encoder: nn.Module = eye(image, width, lips.height, lips.width)
        self.register_buffer("frames_per_phone", torch.tensor(3.0))  # follows the corpus in training

    @abstractmethod
    def start(self, phones_BP: Tensor, mask_BP: Tensor, speaker_B: Tensor) -> State:
        """The state before the first frame."""

    @abstractmethod
    def advance(self, previous_BLD: Tensor, state: State) -> Advance:
        """The next L frames' motion, given the vector of the frame before each. Changes the state."""

    def encode_identity(self, identity_BCHW: Tensor) -> Face:
        """``(B, 3, H, W)`` floats in [0, 1]."""
        identity = super().encode_identity(identity_BCHW)
        return Face(identity.vector_BD, identity.prepared, self.encode_previous(identity_BCHW))

    def encode_previous(self, frames_NCHW: Tensor) -> Tensor:
        """``(N, 3, H, W)`` floats in [0, 1] to ``(N, D)``."""
        vector_ND, _ = cast(IdentityEncoder, self.previous_encoder)(frames_NCHW)
        return vector_ND

    def forward(self, batch: Batch, branches: tuple[str, ...] = ("lips",)) -> LipOutputs:
        """Teacher-forced outputs for a batch of whole clips; ``branches`` is not read: there is only one.

        In training some previous frames are dropped or replaced by the model's own, and ``train.frame_pairs`` pairs of
        neighbouring frames of each clip are drawn, as with the joint model; otherwise every frame is.
        """
        mask_BP = lengths_to_mask(batch.phone_lens_B, batch.phones_BP.shape[1])
        frames_BTCHW = image_floats(batch.lips_BKCHW)
        window = 0, frames_BTCHW.shape[1]
        if self.training:
            self.measure_length(batch)
            if float(torch.rand(())) < self.options.rollout and frames_BTCHW.shape[1] > 2:
                first, own_BLCHW = self._rolled_out(batch, mask_BP, frames_BTCHW)
                end = first + own_BLCHW.shape[1]
                frames_BTCHW[:, first:end] = own_BLCHW
                window = first + 1, end + 1
        face = self.encode_identity(image_floats(batch.identity_BCHW))
        previous_BTD = self.history(face, frames_BTCHW)
        if self.training and self.options.input_dropout:
            previous_BTD = self.hide_frames(previous_BTD)
        made = self.advance(previous_BTD, self.start(batch.phones_BP, mask_BP, batch.speaker_B))
        place_BK = self._places(batch.lip_lens_B, window)
        motion_BKD = made.motion_BLD.gather(1, place_BK[..., None].expand(-1, -1, made.motion_BLD.shape[2]))
        return LipOutputs(self.draw(motion_BKD, face), place_BK, made.stop_BL, made.attention_BLP)

    @torch.inference_mode()
    def generate(
        self, phones_BP: Tensor, speaker_B: Tensor, face: Face, least: int = 1, most: int | None = None
    ) -> FreeRun:
        """Draw one sentence (B is 1) by itself, frame after frame.

        Args:
            phones_BP: Symbol indices, without padding.
            speaker_B: Index of the speaker.
            face: The identity.
            least: Frames that are drawn even if the stop flag rises before.
            most: Frames after which it ends even if the flag has not risen; by default :meth:`longest`.
        """
        state = self.start(phones_BP, torch.ones_like(phones_BP, dtype=torch.bool), speaker_B)
        most = self.longest(phones_BP.shape[1]) if most is None else most
        previous_BD, flag = face.previous_BD, None
        frames: list[Tensor] = []
        attention: list[Tensor] = []
        for count in range(1, max(least, most) + 1):
            if frames:
                previous_BD = self.encode_previous(frames[-1].contiguous(memory_format=torch.channels_last))
            made = self.advance(previous_BD[:, None], state)
            frames.append(self.draw(made.motion_BLD, face)[:, 0])
            attention.append(made.attention_BLP[0])
            if flag is None and float(made.stop_BL) > 0:
                flag = count
            if flag is not None and count >= least:
                break
        return FreeRun(torch.cat(frames), torch.cat(attention), flag)

    def infer(self, request: Request) -> Inferred:
        """Lips alone: to the end of given durations, otherwise until the stop flag rises, with durations read off the
        attention. At another frame rate than the model's, the frame of each moment is shown."""
        face = request.identity
        assert isinstance(face, Face)
        text = request.phones_BP, request.speaker_B, face
        if request.hops is not None:
            hops, grid = request.hops, request.grid(request.hops)
            due = max(1, ceil(grid.count * self.fps / grid.fps))
            run = self.generate(*text, least=due, most=ceil(request.stop_within * due))
        else:
            run = self.generate(*text)
            hops, due = run.hops(self.frame_hops), len(run.frames_TCHW)
            grid = request.grid(hops)
        middles = ((number + Fraction(1, 2)) * self.fps / grid.fps for number in range(grid.count))
        shown = [min(due - 1, floor(middle)) for middle in middles]
        frames = to_uint8(run.frames_TCHW[shown]).cpu().numpy()
        return Inferred(hops, None, grid.count, lambda first, end: frames[first:end], (run.flag,))

    def blend_speaker(self, speaker: int, share: float) -> None:
        """Raises ``ValueError``: a baseline has no sound, and no speaker to blend."""
        raise ValueError("a baseline draws lips alone: its speakers have no sound to blend")

    @property
    def lip_parts(self) -> tuple[nn.Module, ...]:
        """The modules on the path from text to lips: all of them."""
        return (self,)

    def longest(self, phones: int) -> int:
        """The limit on the frames of a text of unknown length, from its number of phones and the corpus's mean."""
        return ceil(LENGTH_CAP * phones * float(self.frames_per_phone))

    def history(self, face: Face, frames_BTCHW: Tensor) -> Tensor:
        """``(B, T, D)``: the vector of the frame before each of T frames."""
        frames_NCHW = frames_BTCHW.flatten(0, 1).contiguous(memory_format=torch.channels_last)  # as the batch has them
        vectors_BTD = self.encode_previous(frames_NCHW).view(*frames_BTCHW.shape[:2], -1)
        return torch.cat([face.previous_BD[:, None], vectors_BTD[:, :-1]], dim=1)

    def hide_frames(self, previous_BTD: Tensor) -> Tensor:
        """``(B, T, D)``: the vectors with some set to 0 at random, each clip with a share of its own."""
        share_B1 = torch.rand(len(previous_BTD), 1, device=previous_BTD.device) * 2 * self.options.input_dropout
        shown_BT = torch.rand(previous_BTD.shape[:2], device=previous_BTD.device) >= share_B1
        return previous_BTD * shown_BT[..., None]

    @torch.no_grad()
    def _rolled_out(self, batch: Batch, mask_BP: Tensor, frames_BTCHW: Tensor) -> tuple[int, Tensor]:
        """Generate frames without teacher forcing from a random place in the clips; returns the place and the frames
        ``(B, L, C, H, W)``."""
        length = min(self.options.rollout_frames, frames_BTCHW.shape[1] - 1)
        last = max(0, int(batch.lip_lens_B.min()) - length - 1)
        first = int(torch.randint(last + 1, ()))
        own = []
        with self._as_in_use():
            face = self.encode_identity(image_floats(batch.identity_BCHW))
            state = self.start(batch.phones_BP, mask_BP, batch.speaker_B)
            made = self.advance(self.history(face, frames_BTCHW[:, : first + 1]), state)
            while True:
                own.append(self.draw(made.motion_BLD[:, -1:], face))
                if len(own) == length:
                    break
                frame_BCHW = own[-1][:, 0].contiguous(memory_format=torch.channels_last)
                made = self.advance(self.encode_previous(frame_BCHW)[:, None], state)
        torch.clear_autocast_cache()  # which would keep the weights that it cast without gradients
        return first, torch.cat(own, dim=1)

    @contextmanager
    def _as_in_use(self) -> Iterator[None]:
        self.eval()
        try:
            yield
        finally:
            self.train()

    def _places(self, lens_B: Tensor, window: tuple[int, int]) -> Tensor:
        """``(B, K)``: the frames to draw: every one, or pairs of neighbours within ``window`` and the clip."""
        frames = int(lens_B.max())
        if not self.training or not self.pairs or frames < 2:
            return torch.arange(frames, device=lens_B.device).expand(len(lens_B), -1)
        first_T = torch.arange(frames - 1, device=lens_B.device)
        inside_BT = (first_T >= window[0]) & (first_T + 1 < window[1]) & (first_T + 1 < lens_B[:, None])
        lot_BT = torch.rand(inside_BT.shape, device=lens_B.device).masked_fill(~inside_BT, -1)
        starts_BK = lot_BT.topk(min(self.pairs, frames - 1), dim=1).indices
        return torch.stack([starts_BK, starts_BK + 1], dim=2).flatten(1)

    @torch.no_grad()
    def measure_length(self, batch: Batch) -> None:
        """Let ``frames_per_phone`` follow a batch's mean."""
        ratio = batch.lip_lens_B.sum() / batch.phone_lens_B.sum()
        self.frames_per_phone.lerp_(ratio.to(self.frames_per_phone.dtype), 0.01)
