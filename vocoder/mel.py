"""The mel spectrogram: its settings, which are the contract between acoustic model and vocoder, and its measurement.

Dimensions: B batch, N audio samples, F mel frames, M mel bins.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from vocoder.errors import VocoderError

if TYPE_CHECKING:
    from torch import Tensor

MAGNITUDE_EPSILON = 1e-9
"""Added to the squared magnitude under the root, as in the official HiFi-GAN mel."""
EPSILON_PER_FLOOR = 10.0
"""The epsilon is at most this times the squared floor, so that floors below the official 1e-5 can be reached."""


@dataclass(frozen=True)
class MelConfig:
    """How a log mel is measured. The defaults are what most published vocoders share (HiFi-GAN's 22.05 kHz mel).

    Raises :class:`VocoderError` for a value out of range.
    """

    sample_rate: int = 22050
    """Samples per second."""
    n_fft: int = 1024
    """Length of the Fourier transform in samples."""
    hop_length: int = 256
    """Samples from one mel frame to the next."""
    win_length: int = 1024
    """Length of the (periodic) Hann window in samples, centred in the transform."""
    n_mels: int = 80
    """Mel bins, M."""
    f_min: float = 0.0
    """Lower edge of the lowest band in hertz."""
    f_max: float = 8000.0
    """Upper edge of the highest band in hertz."""
    mel_scale: Literal["slaney", "htk"] = "slaney"
    """Formula of the mel scale; the bands are scaled to unit area (slaney's norm) in either."""
    log_base: Literal["e", "10"] = "e"
    """Base of the logarithm."""
    floor: float = 1e-5
    """Least mel magnitude before the logarithm."""
    padding: Literal["reflect", "center"] = "reflect"
    """``reflect``: (n_fft - hop_length) / 2 samples mirrored at each end, so that frame i is centred on hop i's middle.
    ``center``: n_fft / 2 samples mirrored, so that frame i is centred on the hop's first sample."""

    def __post_init__(self) -> None:
        for name in ("sample_rate", "n_fft", "hop_length", "win_length", "n_mels"):
            if getattr(self, name) < 1:
                raise VocoderError(f"mel {name} must be 1 or more, not {getattr(self, name)}")
        for name, low, high in (("win_length", 1, self.n_fft), ("hop_length", 1, self.win_length)):
            if not low <= getattr(self, name) <= high:
                raise VocoderError(f"mel {name} must be at most {high}, not {getattr(self, name)}")
        if not 0 <= self.f_min < self.f_max <= self.sample_rate / 2:
            raise VocoderError(
                f"mel f_min {self.f_min:g} and f_max {self.f_max:g} must rise within 0 and {self.sample_rate / 2:g} Hz"
            )
        if not self.floor > 0:
            raise VocoderError(f"mel floor must be above 0, not {self.floor:g}")
        for name, choices in (
            ("mel_scale", ("slaney", "htk")),
            ("log_base", ("e", "10")),
            ("padding", ("reflect", "center")),
        ):
            if getattr(self, name) not in choices:
                raise VocoderError(f"mel {name} must be one of {', '.join(choices)}, not {getattr(self, name)!r}")
        if self.n_fft % 2 or (self.padding == "reflect" and self.hop_length % 2):
            raise VocoderError(f"mel n_fft {self.n_fft} and hop_length {self.hop_length} must be even")

    @property
    def padding_samples(self) -> int:
        """Samples mirrored at each end before framing."""
        return (self.n_fft - self.hop_length) // 2 if self.padding == "reflect" else self.n_fft // 2

    @property
    def min_samples(self) -> int:
        """The shortest waveform that can be measured: mirroring needs one sample more than it mirrors."""
        return max(self.padding_samples + 1, self.hop_length)

    def differences(self, other: MelConfig) -> list[str]:
        """Each field in which the two differ, as ``name: mine against theirs``; empty where they agree."""
        pairs = ((item.name, getattr(self, item.name), getattr(other, item.name)) for item in dataclasses.fields(self))
        return [f"{name}: {mine} against {theirs}" for name, mine, theirs in pairs if mine != theirs]


def mel_frames(n_samples: int, config: MelConfig) -> int:
    """Mel frames of a waveform of ``n_samples``: its whole hops."""
    return n_samples // config.hop_length


def log_mel(waveform_BN: Tensor, config: MelConfig) -> Tensor:
    """The log mel of sound, ``(B, N)`` in [-1, 1] to ``(B, N // hop_length, n_mels)``, in float32 and differentiable.

    With the default config these are the numbers that the official HiFi-GAN training code feeds its generators:
    magnitude sqrt(re^2 + im^2 + 1e-9), area-normalised bands, natural logarithm above the floor.

    Raises :class:`VocoderError` for a wrong shape or a waveform shorter than ``config.min_samples``.
    """
    import torch
    from torch.nn import functional

    if waveform_BN.dim() != 2:
        raise VocoderError(f"a waveform must have the shape (batch, samples), not {tuple(waveform_BN.shape)}")
    if waveform_BN.shape[1] < config.min_samples:
        raise VocoderError(f"a mel needs at least {config.min_samples} samples, not {waveform_BN.shape[1]}")
    sound_BN = waveform_BN.to(torch.float32)
    pad = config.padding_samples
    padded_BN = functional.pad(sound_BN.unsqueeze(1), (pad, pad), mode="reflect").squeeze(1)
    window = torch.hann_window(config.win_length, device=sound_BN.device)
    spectrum = torch.stft(
        padded_BN, config.n_fft, config.hop_length, config.win_length, window, center=False, return_complex=True
    )
    epsilon = min(MAGNITUDE_EPSILON, EPSILON_PER_FLOOR * config.floor**2)
    magnitude = torch.sqrt(spectrum.real**2 + spectrum.imag**2 + epsilon)
    bands = torch.from_numpy(mel_filterbank(config)).to(sound_BN.device)
    mel_BMF = torch.matmul(bands, magnitude[..., : mel_frames(sound_BN.shape[1], config)])
    logarithm = torch.log if config.log_base == "e" else torch.log10
    return logarithm(torch.clamp(mel_BMF, min=config.floor)).transpose(1, 2)


@lru_cache(maxsize=8)
def mel_filterbank(config: MelConfig) -> Any:
    """The bands of ``config`` as a float32 array ``(n_mels, n_fft // 2 + 1)``, by ``librosa.filters.mel``."""
    from librosa.filters import mel

    return mel(
        sr=config.sample_rate,
        n_fft=config.n_fft,
        n_mels=config.n_mels,
        fmin=config.f_min,
        fmax=config.f_max,
        htk=config.mel_scale == "htk",
    )
