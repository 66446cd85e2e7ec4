"""The band below 1 kHz, drawn once more: a network changes the gain and phase of its spectrum, twice per mel frame.

Filters that change once a frame leave harmonics there too steady and what lies between them too loud. The band is cut
out at an eighth of the sample rate, where the network, and the discriminators that it is trained against, cost little.

Dimensions: B batch, N audio samples, L samples at the low rate, F mel frames, M mel bins, H frames of the low band (two
per mel frame), K its frequency bins, D samples of a block, T taps per block.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vocoder.excitation import spectrum, waveform
from vocoder.layers import KERNEL, Block, normalised
from vocoder.mel import MelConfig

DECIMATION = 8
"""Samples per sample at the low rate."""
WINDOW = 64
"""Samples of a window, at the low rate: as long as the filters' windows."""
PER_FRAME = 2
"""Frames of the low band per mel frame."""
FULL_HZ, NONE_HZ = 1050.0, 1250.0
"""The network has its full effect below the one, and none above the other."""
STRONGEST_GAIN = 3.0
"""Largest change of a gain, as a natural log."""
TAPS_BESIDE = 80
"""Taps of the low-pass on either side of its middle."""


def low_pass() -> np.ndarray:
    """The low-pass of decimation, ``(161,)``: a sinc at the low rate's highest frequency, in a Kaiser window."""
    place = np.arange(-TAPS_BESIDE, TAPS_BESIDE + 1)
    taps = np.sinc(place / DECIMATION) * np.kaiser(len(place), 5.0)
    scaled: np.ndarray = (taps / taps.sum()).astype(np.float32)
    return scaled


class LowBand(nn.Module):
    """Sound and its mel to the sound with another low band."""

    def __init__(self, mel: MelConfig, channels: int, hidden: int, blocks: int) -> None:
        super().__init__()
        bins = WINDOW // 2 + 1
        self.hop = mel.hop_length // DECIMATION // PER_FRAME
        self.first = nn.Linear(3 * bins + WINDOW + mel.n_mels, channels)
        self.blocks = nn.ModuleList(Block(channels, hidden) for _ in range(blocks))
        self.norm = nn.LayerNorm(channels)
        self.out = nn.Linear(channels, 2 * bins)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        hertz_K = torch.arange(bins) * (mel.sample_rate / DECIMATION / WINDOW)
        self.register_buffer("effect_K", ((NONE_HZ - hertz_K) / (NONE_HZ - FULL_HZ)).clamp(0, 1), persistent=False)
        # A sample at the low rate is a block of samples at the full one.
        taps_DT = functional.pad(torch.from_numpy(low_pass()), (0, DECIMATION - 1)).view(-1, DECIMATION).T
        self.register_buffer("cutting_1DT", taps_DT[None].contiguous(), persistent=False)
        self.register_buffer("raising_D1T", DECIMATION * taps_DT.flip(1)[:, None].contiguous(), persistent=False)
        self.effect_K: Tensor
        self.cutting_1DT: Tensor
        self.raising_D1T: Tensor

    @staticmethod
    def check(mel: MelConfig) -> None:
        """``ValueError`` where the low band's windows cannot be overlapped, or its rate is too low for the band."""
        hop, left = divmod(mel.hop_length, DECIMATION * PER_FRAME)
        if left or not hop or WINDOW % hop or 2 * hop > WINDOW or mel.sample_rate < 2 * DECIMATION * NONE_HZ:
            raise ValueError(
                "the harmonic vocoder's low band needs a hop_length of 64, 128, 256 or 512 and a sample_rate of"
                f" {2 * DECIMATION * NONE_HZ:.0f} Hz or more, not {mel.hop_length} and {mel.sample_rate}"
            )

    @staticmethod
    def context_frames(mel: MelConfig, blocks: int) -> int:
        """Mel frames on either side of a frame's own samples that they depend on."""
        hops = KERNEL // 2 * blocks + 1
        samples = hops * mel.hop_length // PER_FRAME + 2 * WINDOW * DECIMATION + 2 * TAPS_BESIDE
        return -(-samples // mel.hop_length)

    def forward(self, sound_BN: Tensor, mel_BFM: Tensor) -> Tensor:
        """Sound ``(B, F * hop_length)`` with its low band drawn once more."""
        low_BL = self.cut(sound_BN)
        return sound_BN + self.raised(self.drawn(low_BL, mel_BFM) - low_BL)

    def cut(self, sound_BN: Tensor) -> Tensor:
        """The sound at the low rate: ``(B, F * hop_length / 8)``."""
        padded_BN = functional.pad(sound_BN, (TAPS_BESIDE, TAPS_BESIDE))
        blocks_BDL = padded_BN.view(len(sound_BN), -1, DECIMATION).transpose(1, 2)
        return functional.conv1d(blocks_BDL, self.cutting_1DT)[:, 0]

    def raised(self, low_BL: Tensor) -> Tensor:
        """Sound at the low rate at the full one: the inverse of :meth:`cut`."""
        blocks_BDL = functional.conv1d(low_BL[:, None], self.raising_D1T, padding=TAPS_BESIDE // DECIMATION)
        return blocks_BDL.transpose(1, 2).flatten(1)

    def drawn(self, low_BL: Tensor, mel_BFM: Tensor) -> Tensor:
        """Sound at the low rate, drawn once more: ``(B, L)`` to the same."""
        spectrum_BHK = spectrum(low_BL, WINDOW, self.hop)
        x_BHC = self.first(torch.cat([*self._features(low_BL, spectrum_BHK), self._told(mel_BFM)], dim=-1))
        for block in self.blocks:
            x_BHC = block(x_BHC)
        gain_BHK, turn_BHK = self.out(self.norm(x_BHC)).chunk(2, dim=-1)
        gain_BHK = STRONGEST_GAIN * torch.tanh(gain_BHK / STRONGEST_GAIN) * self.effect_K
        turn_BHK = math.pi * torch.tanh(turn_BHK / math.pi) * self.effect_K
        return waveform(spectrum_BHK * torch.polar(torch.exp(gain_BHK), turn_BHK), self.hop)

    def _told(self, mel_BFM: Tensor) -> Tensor:
        """The mel at the low band's frames, ``(B, H, M)``."""
        twice_BMH = functional.interpolate(normalised(mel_BFM).transpose(1, 2), scale_factor=PER_FRAME, mode="linear")
        return twice_BMH.transpose(1, 2)

    def _features(self, low_BL: Tensor, spectrum_BHK: Tensor) -> list[Tensor]:
        """Log magnitudes, how far phases have turned since the frame before, and the samples, at one level."""
        magnitude_BHK = torch.sqrt(spectrum_BHK.real**2 + spectrum_BHK.imag**2 + 1e-6)
        turned_BHK = unit(turned(spectrum_BHK, self.hop), 1e-6)
        beside = (WINDOW - self.hop) // 2
        frames_BHN = functional.pad(low_BL, (beside, beside)).unfold(1, WINDOW, self.hop)
        level_BH1 = frames_BHN.square().mean(dim=-1, keepdim=True).sqrt() + 1e-4
        return [(torch.log(magnitude_BHK) + 2) / 2, turned_BHK.real, turned_BHK.imag, frames_BHN / level_BH1]


def turned(spectrum_BHK: Tensor, hop: int) -> Tensor:
    """The spectrum times the conjugate of the frame before, less how far each bin's own frequency turns in a hop: its
    phase tells where in the bin a tone lies. The first frame stands for its predecessor."""
    bins = spectrum_BHK.shape[2]
    own_K = torch.arange(bins, device=spectrum_BHK.device) * (-math.pi * hop / (bins - 1))
    before_BHK = torch.cat([spectrum_BHK[:, :1], spectrum_BHK[:, :-1]], dim=1)
    return spectrum_BHK * before_BHK.conj() * torch.polar(torch.ones_like(own_K), own_K)


def unit(complex_BHK: Tensor, least: float) -> Tensor:
    """Complex numbers of magnitude 1; far below ``least`` smaller."""
    found: Tensor = complex_BHK / (complex_BHK.abs() + least)
    return found
