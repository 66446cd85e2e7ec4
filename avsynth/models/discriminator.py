"""Discriminators for the LSGAN loss: of single frames, of stretches of the mel, and of spectra of sound."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import DiscriminatorConfig, MelDiscriminatorConfig
from vocoder.excitation import spectrum
from vocoder.low_band import turned, unit

PAPER_LAYERS = (
    (3, 32, 7, 1, 3), (32, 64, 5, (1, 2), 2), (64, 64, 5, 1, 2), (64, 128, 5, 2, 2), (128, 128, 5, 1, 2),
    (128, 256, 5, 2, 2), (256, 256, 5, 1, 2), (256, 512, 3, 2, 1), (512, 512, 3, 1, 1), (512, 512, 3, 2, 1),
    (512, 512, 3, 1, 1), (512, 512, 3, 1, 0), (512, 512, 1, 1, 0), (512, 1, 1, 1, 0),
)  # fmt: skip
"""In, out, kernel, stride, padding: the 14 convolutions that make 14.114 M parameters (ParaLip, Table 5)."""


QUIETEST = 1e-3
"""RMS below which sound is not brought to the level of others, and the floor of magnitudes."""
TOLD_WINDOW = 128
"""Samples of the windows whose magnitudes the mel tells: the mel's own, at the low band's rate."""


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


class SpectrumDiscriminator(nn.Module):
    """Sound ``(B, N)`` and the log magnitudes that its mel tells for each frequency, ``(B, F, E)``, to scores ``(B, 1,
    h, k)``.

    Convolutions over the lowest ``share`` of a spectrum over Hann windows of ``window`` samples, a quarter apart: log
    magnitudes, how far they lie above what the mel tells, how far phases turn from frame to frame, and the place in the
    spectrum. What the mel tells makes it learn several times sooner. Each sound is first brought to the same level.
    """

    def __init__(self, window: int, share: float, channels: int) -> None:
        super().__init__()
        self.window, self.bins = window, int(share * (window // 2)) + 1
        kernels = (((3, 7), (1, 1)), ((3, 5), (1, 2)), ((3, 5), (2, 2)), ((3, 5), (1, 1)))
        sizes = (5, channels, 2 * channels, 2 * channels, 3 * channels)
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, kernel, stride, (kernel[0] // 2, kernel[1] // 2))
            for before, after, (kernel, stride) in zip(sizes, sizes[1:], kernels, strict=False)
        )
        self.out = nn.Conv2d(sizes[-1], 1, 3, 1, 1)

    def forward(self, sound_BN: Tensor, told_BFE: Tensor) -> tuple[Tensor, list[Tensor]]:
        x_BCHK = self._seen(sound_BN, told_BFE)
        features = []
        for layer in self.layers:
            x_BCHK = functional.leaky_relu(layer(x_BCHK), 0.1)
            features.append(x_BCHK)
        return self.out(x_BCHK).float(), features

    def _seen(self, sound_BN: Tensor, told_BFE: Tensor) -> Tensor:
        """The five pictures that the convolutions see, ``(B, 5, H, K)``."""
        loud_B1 = 10 * sound_BN.square().mean(dim=1, keepdim=True).sqrt().clamp(min=QUIETEST / 10)
        hop, longer = self.window // 4, math.sqrt(self.window / TOLD_WINDOW)
        spectrum_BHK = spectrum(sound_BN / loud_B1, self.window, hop)
        turned_BHK = unit(turned(spectrum_BHK, hop), 1e-4 * self.window / 64)[..., : self.bins]
        power_BHK = (spectrum_BHK.real**2 + spectrum_BHK.imag**2)[..., : self.bins]
        log_BHK = torch.log(torch.sqrt(power_BHK + (QUIETEST * longer) ** 2) / longer)
        size = (log_BHK.shape[1], self.window // 2 + 1)
        told_B1FE = (told_BFE - torch.log(loud_B1)[:, :, None])[:, None]
        told_BHK = functional.interpolate(told_B1FE, size=size, mode="bilinear", align_corners=True)[
            :, 0, :, : self.bins
        ]
        place_K = torch.linspace(-1, 1, self.bins, device=sound_BN.device)
        pictures = [(log_BHK + 1) / 2, (log_BHK - told_BHK) / 2, place_K.expand_as(log_BHK)]
        return torch.stack([*pictures, turned_BHK.real, turned_BHK.imag], dim=1)
