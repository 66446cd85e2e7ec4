"""Image nets: the identity encoder (once per clip) and the image decoder (shared over frames).

The decoder's first convolution at every level reads the upsampled features and the identity's skip, concatenated
(ParaLip, Table 6). A convolution of a concatenation is the sum of two convolutions, so the skip's half is computed once
per clip (``prepare``) and added to every frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import ImageConfig

SLOPE = 0.1
Net = TypeVar("Net", bound=nn.Module)


REACH = (0.25, 0.5)
"""The largest shift of the identity's pixels, across and down, where half the picture counts 1."""
SMOOTH = 5
"""Side, in pixels of a picture at half its size, of the blur that makes neighbouring pixels move alike. If each pixel
moved independently, lips would look ragged."""


@dataclass(frozen=True)
class Drawn:
    """Frames ``(B, K, 3, H, W)`` in [0, 1], and the two layers that they were composed of, where there are any."""

    frames: Tensor
    picture: Tensor | None = None
    """The newly drawn layer, of the frames' shape."""
    moved: Tensor | None = None
    """The layer of the identity's moved pixels, likewise."""


class IdentityEncoder(Protocol):
    """``(B, 3, H, W)`` in [0, 1] to a vector ``(B, D)`` and skips, finest first."""

    def __call__(self, identity_BCHW: Tensor) -> tuple[Tensor, list[Tensor]]: ...


class ImageDecoder(Protocol):
    """Frames from latents and prepared skips."""

    def prepare(self, skips: Sequence[Tensor], identity_BCHW: Tensor) -> list[Tensor]:
        """What the identity contributes at each level, once per clip."""
        ...

    def __call__(self, latent_BKD: Tensor, prepared: Sequence[Tensor]) -> Drawn:
        """From ``(B, K, D)``."""
        ...


def channels_last(module: Net) -> Net:
    """The same module, convolution weights laid out channels last, in which small channel counts run faster."""
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def build_image_nets(config: ImageConfig, width: int, height: int, columns: int) -> tuple[nn.Module, nn.Module]:
    """Identity encoder and image decoder of the config's family, for ``height × columns`` pictures."""
    if config.family == "paper":
        return PaperIdentityEncoder(config, width, height, columns), PaperImageDecoder(config, width, height, columns)
    return SmallIdentityEncoder(config, width, height, columns), SmallImageDecoder(config, width, height, columns)


def spread(contribution_BCHW: Tensor, frames_NCHW: Tensor) -> Tensor:
    """Add each clip's contribution to its frames, in place; N is B times frames per clip, clip by clip."""
    clips = len(contribution_BCHW)
    frames_NCHW.view(clips, len(frames_NCHW) // clips, *frames_NCHW.shape[1:]).add_(contribution_BCHW[:, None])
    return frames_NCHW


def _leaky(x_NCHW: Tensor) -> Tensor:
    return functional.leaky_relu(x_NCHW, SLOPE, inplace=True)


class SmallIdentityEncoder(nn.Module):
    """3×3 convolutions, halving at each level but the first, and a narrow linear layer to the vector."""

    def __init__(self, config: ImageConfig, width: int, height: int, columns: int) -> None:
        super().__init__()
        levels = []
        before = 3
        for number, channels in enumerate(config.identity_channels):
            first = nn.Conv2d(before, channels, 3, stride=1 if number == 0 else 2, padding=1)
            rest = [] if number == 0 else [nn.Conv2d(channels, channels, 3, padding=1), nn.LeakyReLU(SLOPE)]
            levels.append(nn.Sequential(first, nn.LeakyReLU(SLOPE), *rest))
            before = channels
        self.levels = nn.ModuleList(levels)
        shrink = 2 ** (len(levels) - 1)
        self.bottleneck = nn.Conv2d(before, config.bottleneck, 1)
        self.vector = nn.Linear(config.bottleneck * (height // shrink) * (columns // shrink), width)

    def forward(self, identity_BCHW: Tensor) -> tuple[Tensor, list[Tensor]]:
        skips = []
        x_BCHW = identity_BCHW * 2 - 1
        for level in self.levels:
            x_BCHW = level(x_BCHW)
            skips.append(x_BCHW)
        flat = functional.leaky_relu(self.bottleneck(x_BCHW), SLOPE).flatten(1)
        return self.vector(flat), skips


class SmallImageDecoder(nn.Module):
    """3×3 convolutions with pixel shuffle between levels; the skip of every level joins at its first convolution.

    With ``config.moves`` (an addition of this project), features at half size also give, for each pixel of a frame, its
    source place in the identity image and a blending weight. Skin, stubble and lips then stay as sharp as in the
    identity, and only what it does not show, such as the mouth's inside, is drawn.
    """

    def __init__(self, config: ImageConfig, width: int, height: int, columns: int) -> None:
        super().__init__()
        identity = config.identity_channels[::-1]
        shrink = 2 ** (len(identity) - 1)
        self.start = (config.bottleneck, height // shrink, columns // shrink)
        self.linear = nn.Linear(2 * width, self.start[0] * self.start[1] * self.start[2])
        after = (*config.decoder_channels[: len(identity) - 2], config.last_channels)
        inner = (config.bottleneck, *after[:-1])
        self.joins = nn.ModuleList()
        self.skips = nn.ModuleList()
        self.shuffles = nn.ModuleList()
        for number, (channels, above, skip) in enumerate(zip(inner, after, identity, strict=False)):
            last = number == len(inner) - 1
            middle = config.decoder_channels[-1] if last else 4 * above
            self.joins.append(nn.Conv2d(channels, middle, 3, padding=1))
            self.skips.append(nn.Conv2d(skip, middle, 3, padding=1, bias=False))
            self.shuffles.append(nn.Conv2d(middle, 4 * above, 3, padding=1) if last else nn.Identity())
        self.final_join = nn.Conv2d(config.last_channels, config.last_channels, 3, padding=1)
        self.final_skip = nn.Conv2d(identity[-1], config.last_channels, 3, padding=1, bias=False)
        self.picture = nn.Conv2d(config.last_channels, 3, 3, padding=1)
        self.mover = Mover(inner[-1]) if config.moves else None

    def prepare(self, skips: Sequence[Tensor], identity_BCHW: Tensor) -> list[Tensor]:
        coarse_first = list(skips)[::-1]
        prepared = [layer(skip) for layer, skip in zip(self.skips, coarse_first, strict=False)]
        return [*prepared, self.final_skip(coarse_first[-1]), identity_BCHW]

    def forward(self, latent_BKD: Tensor, prepared: Sequence[Tensor]) -> Drawn:
        x_NCHW = self.linear(latent_BKD.flatten(0, 1)).view(-1, *self.start)
        half_NCHW = x_NCHW = _leaky(x_NCHW.contiguous(memory_format=torch.channels_last))
        for join, shuffle, contribution in zip(self.joins, self.shuffles, prepared, strict=False):
            half_NCHW = x_NCHW
            x_NCHW = _leaky(spread(contribution, join(x_NCHW)))
            if not isinstance(shuffle, nn.Identity):
                x_NCHW = _leaky(shuffle(x_NCHW))
            x_NCHW = functional.pixel_shuffle(x_NCHW, 2)
        x_NCHW = _leaky(spread(prepared[-2], self.final_join(x_NCHW)))
        picture = torch.sigmoid(self.picture(x_NCHW).float())
        shape = (*latent_BKD.shape[:2], *picture.shape[1:])
        if self.mover is None:
            return Drawn(picture.view(shape))
        frames, moved = self.mover(half_NCHW, picture, prepared[-1])
        return Drawn(frames.view(shape), picture.view(shape), moved.view(shape))


class Mover(nn.Module):
    """Moves the identity's pixels (optical flow), and blends the newly drawn picture over them.

    Before training nothing is moved, and both layers have equal weight.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.field = nn.Conv2d(channels, 3, 3, padding=1)
        nn.init.zeros_(self.field.weight)
        nn.init.zeros_(self.field.bias)  # type: ignore[arg-type]

    def forward(self, features_NCHW: Tensor, picture_NCHW: Tensor, identity_BCHW: Tensor) -> tuple[Tensor, Tensor]:
        """Features of half the picture's height and width, what was drawn ``(N, 3, H, W)`` and the clips' identities, N
        being B times frames per clip, to the frames and the moved identity, ``(N, 3, H, W)`` each."""
        field_NCHW = self.field(features_NCHW).float()
        moves_NCHW = functional.avg_pool2d(field_NCHW[:, :2], SMOOTH, 1, SMOOTH // 2, count_include_pad=False)
        field_NCHW = functional.interpolate(
            torch.cat([moves_NCHW, field_NCHW[:, 2:]], dim=1),
            picture_NCHW.shape[-2:],
            mode="bilinear",
            align_corners=False,
        )
        reach_2 = torch.tensor(REACH, device=field_NCHW.device)
        flow_NHW2 = torch.tanh(field_NCHW[:, :2]).permute(0, 2, 3, 1) * reach_2
        still_123 = torch.eye(2, 3, device=field_NCHW.device)[None]
        still_1HW2 = functional.affine_grid(still_123, [1, 1, *picture_NCHW.shape[-2:]], align_corners=False)
        identity_NCHW = identity_BCHW.float().repeat_interleave(len(picture_NCHW) // len(identity_BCHW), dim=0)
        moved_NCHW = functional.grid_sample(
            identity_NCHW, still_1HW2 + flow_NHW2, padding_mode="border", align_corners=False
        )
        return torch.lerp(moved_NCHW, picture_NCHW, torch.sigmoid(field_NCHW[:, 2:])), moved_NCHW


class PaperIdentityEncoder(nn.Module):
    """Four 5×5 stride-2 convolutions with batch norm and ReLU, linear and tanh (ParaLip, Table 6)."""

    def __init__(self, config: ImageConfig, width: int, height: int, columns: int) -> None:
        super().__init__()
        sizes = (3, *config.identity_channels)
        self.levels = nn.ModuleList(
            nn.Sequential(nn.Conv2d(size, after, 5, 2, 2), nn.BatchNorm2d(after), nn.ReLU())
            for size, after in itertools.pairwise(sizes)
        )
        shrink = 2 ** len(self.levels)
        self.vector = nn.Linear(sizes[-1] * (height // shrink) * (columns // shrink), width)

    def forward(self, identity_BCHW: Tensor) -> tuple[Tensor, list[Tensor]]:
        skips = []
        x_BCHW = identity_BCHW
        for level in self.levels:
            x_BCHW = level(x_BCHW)
            skips.append(x_BCHW)
        return torch.tanh(self.vector(x_BCHW.flatten(1))), skips


class PaperImageDecoder(nn.Module):
    """Four 5×5 transposed convolutions, each reading features and skip concatenated, then two 5×5 convolutions.

    As published: the skips are repeated for every frame. The output is a sigmoid where the authors' is a tanh, which
    leaves half its range to negative pixels.
    """

    def __init__(self, config: ImageConfig, width: int, height: int, columns: int) -> None:
        super().__init__()
        identity = config.identity_channels[::-1]
        shrink = 2 ** len(identity)
        self.start = (2 * width // 2, height // shrink, columns // shrink)
        self.linear = nn.Linear(2 * width, self.start[0] * self.start[1] * self.start[2])
        inner = (self.start[0], *config.decoder_channels[:-1])
        self.levels = nn.ModuleList(
            nn.Sequential(
                nn.ConvTranspose2d(size + skip, after, 5, 2, 2, output_padding=1), nn.BatchNorm2d(after), nn.ReLU()
            )
            for size, skip, after in zip(inner, identity, config.decoder_channels, strict=True)
        )
        last = config.last_channels
        self.smooth = nn.Sequential(
            nn.Conv2d(config.decoder_channels[-1], last, 5, 1, 2), nn.BatchNorm2d(last), nn.ReLU()
        )
        self.picture = nn.Conv2d(last, 3, 5, 1, 2)

    def prepare(self, skips: Sequence[Tensor], identity_BCHW: Tensor) -> list[Tensor]:
        return list(skips)[::-1]

    def forward(self, latent_BKD: Tensor, prepared: Sequence[Tensor]) -> Drawn:
        frames = latent_BKD.shape[1]
        x_NCHW = functional.relu(self.linear(latent_BKD.flatten(0, 1))).view(-1, *self.start)
        for level, skip in zip(self.levels, prepared, strict=True):
            x_NCHW = level(torch.cat([x_NCHW, skip.repeat_interleave(frames, dim=0)], dim=1))
        picture = torch.sigmoid(self.picture(self.smooth(x_NCHW)).float())
        return Drawn(picture.view(*latent_BKD.shape[:2], *picture.shape[1:]))
