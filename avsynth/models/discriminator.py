"""Discriminators for the LSGAN loss: of single frames, of stretches of the mel, and of sound."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import DiscriminatorConfig, MelDiscriminatorConfig

PAPER_LAYERS = (
    (3, 32, 7, 1, 3), (32, 64, 5, (1, 2), 2), (64, 64, 5, 1, 2), (64, 128, 5, 2, 2), (128, 128, 5, 1, 2),
    (128, 256, 5, 2, 2), (256, 256, 5, 1, 2), (256, 512, 3, 2, 1), (512, 512, 3, 1, 1), (512, 512, 3, 2, 1),
    (512, 512, 3, 1, 1), (512, 512, 3, 1, 0), (512, 512, 1, 1, 0), (512, 1, 1, 1, 0),
)  # fmt: skip
"""In, out, kernel, stride, padding: the 14 convolutions that make 14.114 M parameters (ParaLip, Table 5)."""


QUIETEST = 1e-3
"""RMS below which sound is not brought to the level of others."""


class Discriminator(nn.Module):
    """Frames ``(N, 3, H, W)`` in [0, 1] to scores ``(N, 1, h, w)``, and the features on the way.

    ``paper`` is the 14-convolution net of the paper's size; ``patch`` four 4×4 convolutions whose scores each see a
    part of the picture.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        size = config.channels
        layers = PAPER_LAYERS if config.family == "paper" else (
            (3, size, 4, 2, 1), (size, 2 * size, 4, 2, 1), (2 * size, 4 * size, 4, 2, 1), (4 * size, 1, 3, 1, 1),
        )  # fmt: skip
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, kernel, stride, padding) for before, after, kernel, stride, padding in layers
        )

    def forward(self, frames_NCHW: Tensor) -> tuple[Tensor, list[Tensor]]:
        x_NCHW = frames_NCHW * 2 - 1
        features = []
        for layer in self.layers[:-1]:
            x_NCHW = functional.leaky_relu(layer(x_NCHW), 0.2)
            features.append(x_NCHW)
        return self.layers[-1](x_NCHW).float(), features


class MelDiscriminator(nn.Module):
    """Stretches of a normalised mel ``(N, F, M)``, concatenated with the mel before the post-net, to scores ``(N, 1, f,
    m)``.

    Each score sees about thirty frames of some bands, with their position in the spectrum: it judges whether speech has
    such a texture there, given the coarse mel.
    """

    def __init__(self, config: MelDiscriminatorConfig) -> None:
        super().__init__()
        size = config.channels
        self.layers = nn.ModuleList(
            (
                nn.Conv2d(3, size, (3, 5), (1, 2), (1, 2)),
                nn.Conv2d(size, 2 * size, 3, 2, 1),
                nn.Conv2d(2 * size, 3 * size, 3, 2, 1),
                nn.Conv2d(3 * size, 4 * size, 3, 1, 1),
            )
        )
        self.out = nn.Conv2d(4 * size, 1, 3, 1, 1)

    def forward(self, mel_NFM: Tensor, coarse_NFM: Tensor) -> tuple[Tensor, list[Tensor]]:
        place_M = torch.linspace(-1, 1, mel_NFM.shape[2], device=mel_NFM.device)
        x_NCFM = torch.stack([mel_NFM, coarse_NFM, place_M.expand_as(mel_NFM)], dim=1)
        features = []
        for layer in self.layers:
            x_NCFM = functional.leaky_relu(layer(x_NCFM), 0.2)
            features.append(x_NCFM)
        return self.out(x_NCFM).float(), features


class PeriodDiscriminator(nn.Module):
    """Sound ``(B, N)`` to scores ``(B, 1, n, period)``; convolutions over every ``period``-th sample.

    A small multi-period discriminator (HiFi-GAN; Kong et al. 2020), which sees phases as well as levels. Each sound is
    first brought to the same level.
    """

    def __init__(self, period: int, channels: int) -> None:
        super().__init__()
        self.period = period
        sizes = (1, channels, 2 * channels, 4 * channels, 4 * channels)
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, (5, 1), (stride, 1), (2, 0))
            for before, after, stride in zip(sizes, sizes[1:], (3, 3, 3, 1), strict=False)
        )
        self.out = nn.Conv2d(sizes[-1], 1, (3, 1), 1, (1, 0))

    def forward(self, sound_BN: Tensor) -> tuple[Tensor, list[Tensor]]:
        level_B1 = sound_BN.square().mean(dim=1, keepdim=True).sqrt().clamp(min=QUIETEST)
        length = sound_BN.shape[1] // self.period * self.period
        x_BCNP = (sound_BN / level_B1)[:, :length].view(len(sound_BN), 1, -1, self.period)
        features = []
        for layer in self.layers:
            x_BCNP = functional.leaky_relu(layer(x_BCNP), 0.2)
            features.append(x_BCNP)
        return self.out(x_BCNP).float(), features
