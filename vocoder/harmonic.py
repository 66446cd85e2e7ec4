"""This project's own small vocoder: harmonics plus noise, filtered at frame rate, and one inverse Fourier transform.

The mel already gives the level of every band. So the excitation (a pulse train at the pitch, and white noise) is
filtered by the mel's own envelope with minimum phase, without any learning; a network only corrects this: how much of
each frequency is harmonic, how much is noise, and its phase. Another network predicts the pitch from the mel. All
networks run once per frame, which makes the vocoder fast; a last one changes the sound below 1 kHz twice per frame
(:mod:`vocoder.low_band`).

Dimensions: B batch, N audio samples, F mel frames, M mel bins, K frequency bins, C channels.

Sources: the family of harmonic-plus-noise vocoders (Stylianou 1996; Wang, Takaki and Yamagishi, "Neural source-filter
waveform models", 2019), ConvNeXt blocks at frame rate before an inverse STFT (Siuzdak, "Vocos", 2023). The combination
is this project's.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

from vocoder.bands import around_bands, envelope_weights, folding
from vocoder.checkpoints import load_weights, read_tensors
from vocoder.errors import VocoderError
from vocoder.excitation import added, pitch_course, pulse_train, spectrum, waveform
from vocoder.layers import KERNEL, Stack, normalised
from vocoder.low_band import LowBand
from vocoder.mel import MAGNITUDE_EPSILON, MelConfig, mel_filterbank
from vocoder.protocol import check_input

PITCH_MEAN, PITCH_SCALE = 5.2, 0.4
"""Normalise the natural log of F0 in Hz to about [-2, 2]."""
LOWEST_HZ, HIGHEST_HZ = 50.0, 600.0
PITCH_FRAMES = 4096
"""Frames whose pitch is predicted at once. It is a fixed number because rounding errors of the pitch add up in the
phase, which must not depend on the pieces that are voiced."""
FIRST_PIECE = 96
"""Frames voiced at once at first: a second of sound, so that a sentence can be heard soon."""
BEFORE, AFTER = 2, 1
"""Times that the sound is analysed and corrected to its mel: before its low band is drawn once more, and after."""
STRONGEST = 6.0
"""Largest correction to the mel's envelope, as a natural log."""


@dataclass(frozen=True)
class HarmonicConfig:
    """The networks' sizes, and the mel that they take; ``ValueError`` where the mel's windows cannot be overlapped."""

    mel: MelConfig = field(default_factory=MelConfig)
    window: int = 512
    """Samples of the windows that are filtered. They are shorter than the mel's, which would blur in time what lies
    between two frames: the ends of sounds, and the stops' silence."""
    channels: int = 256
    blocks: int = 5
    hidden: int = 512
    """Channels inside a block."""
    pitch_channels: int = 96
    pitch_blocks: int = 3
    low_channels: int = 128
    low_blocks: int = 6
    low_hidden: int = 256

    def __post_init__(self) -> None:
        mel = self.mel
        if mel.padding != "reflect" or mel.win_length != mel.n_fft or mel.n_fft % mel.hop_length or mel.log_base != "e":
            raise ValueError(
                "the harmonic vocoder needs a mel with reflect padding, win_length = n_fft, a multiple of hop_length,"
                " and log_base e"
            )
        if self.window < 2 * mel.hop_length or self.window % mel.hop_length or self.window >= mel.n_fft:
            raise ValueError(
                f"the harmonic vocoder's window must be a multiple of hop_length {mel.hop_length}, at least twice it,"
                f" and less than n_fft {mel.n_fft}, not {self.window}"
            )
        LowBand.check(mel)

    @property
    def bins(self) -> int:
        """Frequencies for which the network describes the filters; between them they are interpolated."""
        return self.window // 2 + 1

    @property
    def context_frames(self) -> int:
        """Mel frames on either side of a frame's own samples that they depend on."""
        net = KERNEL // 2 * (1 + self.blocks)
        pitch = KERNEL // 2 * (1 + self.pitch_blocks)
        return max(net, pitch) + (1 + BEFORE) * self.window_frames + self.finish_frames

    @property
    def finish_frames(self) -> int:
        """Mel frames on either side of a frame's own samples that :meth:`HarmonicNet.finished` needs."""
        return LowBand.context_frames(self.mel, self.low_blocks) + AFTER * self.window_frames

    @property
    def window_frames(self) -> int:
        """Mel frames on either side of a frame's own samples that one correction to the mel needs."""
        return self.mel.n_fft // self.mel.hop_length


@dataclass(frozen=True)
class Filters:
    """The filters of the excitation, per frame and frequency ``(B, F, K)``."""

    harmonic: Tensor
    """Complex."""
    noise: Tensor
    """Magnitudes."""


class HarmonicNet(nn.Module):
    """The networks: a mel to a pitch, a mel with a pitch to two filters, and what these make to another low band."""

    def __init__(self, config: HarmonicConfig) -> None:
        super().__init__()
        self.config = config
        mel, bins = config.mel, config.bins
        self.pitch_net = Stack(mel.n_mels, config.pitch_channels, 3 * config.pitch_channels, config.pitch_blocks)
        self.pitch_out = nn.Linear(config.pitch_channels, 1)
        self.pitch_in = nn.Linear(1, config.channels)
        self.net = Stack(mel.n_mels, config.channels, config.hidden, config.blocks)
        self.out = nn.Linear(config.channels, 3 * bins)
        with torch.no_grad():
            self.out.weight.mul_(0.1)
            self.out.bias.zero_()
            self.out.bias[bins : 2 * bins] = torch.linspace(-3.0, 0.0, bins)
        self.low_band = LowBand(mel, config.low_channels, config.low_hidden, config.low_blocks)
        envelope_MK, offset_K = envelope_weights(mel)
        self.register_buffer("envelope_MK", torch.from_numpy(envelope_MK), persistent=False)
        self.register_buffer("offset_K", torch.from_numpy(offset_K), persistent=False)
        self.register_buffer("fold_Q", torch.from_numpy(folding(mel.n_fft)), persistent=False)
        bands_KM = torch.from_numpy(mel_filterbank(mel)).T.contiguous()
        self.register_buffer("bands_KM", bands_KM, persistent=False)
        self.register_buffer("around_MM", torch.from_numpy(around_bands(mel)), persistent=False)
        self.bands_KM: Tensor
        self.around_MM: Tensor
        self.envelope_MK: Tensor
        self.offset_K: Tensor
        self.fold_Q: Tensor

    def log_pitch(self, mel_BFM: Tensor) -> Tensor:
        """Natural log of F0 in Hz ``(B, F)``, in double precision; in unvoiced frames it is arbitrary."""
        found: Tensor = self.pitch_out(self.pitch_net(normalised(mel_BFM))).squeeze(-1)
        return (found.double() * PITCH_SCALE + PITCH_MEAN).clamp(math.log(LOWEST_HZ), math.log(HIGHEST_HZ))

    def excited(self, sound_BN: Tensor) -> Tensor:
        """The spectrum of an excitation, ``(B, F, K)``, as the filters take it: around each window there is silence for
        the filter's answer, which would else wrap around to where the sound has not begun yet."""
        mel = self.config.mel
        return spectrum(sound_BN, self.config.window, mel.hop_length, mel.n_fft)

    def filters(self, mel_BFM: Tensor, log_pitch_BF: Tensor) -> Filters:
        """The filters of pulse train and noise for a natural-log mel."""
        beside_BFC = self.pitch_in(((log_pitch_BF - PITCH_MEAN) / PITCH_SCALE).unsqueeze(-1).to(mel_BFM.dtype))
        harmonic_BFK, noise_BFK, turn_BFK = self._between(self.out(self.net(normalised(mel_BFM), beside_BFC)))
        envelope_BFK = mel_BFM @ self.envelope_MK + self.offset_K
        harmonic_BFK = envelope_BFK + bounded(harmonic_BFK)
        phase_BFK = self.minimum_phase(harmonic_BFK) + math.pi * torch.tanh(turn_BFK)
        noise_BFK = torch.exp(envelope_BFK + bounded(noise_BFK))
        return Filters(torch.polar(torch.exp(harmonic_BFK), phase_BFK), noise_BFK)

    def _between(self, coarse_BFL: Tensor) -> tuple[Tensor, ...]:
        """What the network says of each frame, three times :attr:`HarmonicConfig.bins`, interpolated linearly to all
        frequencies: three ``(B, F, K)``."""
        batch, frames, _ = coarse_BFL.shape
        size = self.config.mel.n_fft // 2 + 1
        lines_BRL = coarse_BFL.view(batch, 3 * frames, -1)
        all_BRK = functional.interpolate(lines_BRL, size=size, mode="linear", align_corners=True)
        return all_BRK.view(batch, frames, 3, size).unbind(2)

    def minimum_phase(self, log_magnitude_BFK: Tensor) -> Tensor:
        """Phase in radians of the minimum-phase filter of this magnitude (by folding the cepstrum)."""
        cepstrum_BFQ = torch.fft.irfft(log_magnitude_BFK, dim=-1)
        phase: Tensor = torch.fft.rfft(cepstrum_BFQ * self.fold_Q, dim=-1).imag
        return phase

    def sounded(
        self, mel_BFM: Tensor, filters: Filters, pulses_BFK: Tensor, noise_BFK: Tensor, again: int = 0
    ) -> Tensor:
        """Filter the excitations, and match each frame's level to its mel: ``(B, F * hop_length)``.

        Because frames overlap, the sum's mel deviates from the one asked for; ``again`` is how many times the sum is
        analysed and corrected.
        """
        mel = self.config.mel
        pulse_unit, noise_unit = mel.n_fft / 4, math.sqrt(0.375 * mel.n_fft)
        shaped = filters.harmonic * (pulses_BFK / pulse_unit) + filters.noise * (noise_BFK / noise_unit)
        made_BN = added(shaped, self.config.window, mel.hop_length)
        return self.corrected(made_BN, mel_BFM, again)

    def filtered(self, mel_BFM: Tensor, course_BF4: Tensor, noise_BN: Tensor) -> Tensor:
        """The sound of a mel at a pitch (:func:`pitch_course`) and with this noise, as :meth:`finished` takes it: ``(B,
        F * hop_length)``."""
        filters = self.filters(mel_BFM, course_BF4[..., 1].log())
        pulses_BFK = self.excited(pulse_train(course_BF4, self.config.mel))
        return self.sounded(mel_BFM, filters, pulses_BFK, self.excited(noise_BN), BEFORE)

    def finished(self, filtered_BN: Tensor, mel_BFM: Tensor) -> Tensor:
        """The sound of :meth:`filtered` with its low band drawn once more, which changes levels too."""
        return self.corrected(self.low_band(filtered_BN, mel_BFM), mel_BFM, AFTER)

    def corrected(self, sound_BN: Tensor, mel_BFM: Tensor, times: int) -> Tensor:
        """A sound ``(B, F * hop_length)`` analysed and scaled to its mel, so many times."""
        mel = self.config.mel
        for _ in range(times):
            analysed_BFK = spectrum(sound_BN, mel.n_fft, mel.hop_length)
            sound_BN = waveform(self._levelled(analysed_BFK, mel_BFM), mel.hop_length)
        return sound_BN

    def _levelled(self, spectrum_BFK: Tensor, mel_BFM: Tensor) -> Tensor:
        """Scale a spectrum so that its level around each band is that of the mel.

        A single low band contains one harmonic or none. A predicted mel is too smooth to tell which, so that matching
        it band by band would put noise between the harmonics.
        """
        magnitude_BFK = torch.sqrt(spectrum_BFK.real**2 + spectrum_BFK.imag**2 + MAGNITUDE_EPSILON)
        found_BFM = (magnitude_BFK @ self.bands_KM).clamp(min=self.config.mel.floor) @ self.around_MM
        wanted_BFM = torch.exp(mel_BFM) @ self.around_MM
        missing_BFM = torch.log(wanted_BFM / found_BFM).clamp(-STRONGEST, STRONGEST)
        levelled: Tensor = spectrum_BFK * torch.exp(missing_BFM @ self.envelope_MK)
        return levelled


def bounded(correction: Tensor) -> Tensor:
    """Limit to ±:data:`STRONGEST`, nearly linear around 0."""
    return STRONGEST * torch.tanh(correction / STRONGEST)


def save(net: HarmonicNet, path: Path) -> None:
    """Write the networks in 16 bits, their sizes and their mel beside them in the one safetensors file."""
    half = {name: value.detach().cpu().to(torch.float16).contiguous() for name, value in net.state_dict().items()}
    safetensors.torch.save_file(half, path, metadata={"harmonic": json.dumps(asdict(net.config))})


def load(path: Path) -> HarmonicNet:
    """The networks that :func:`save` wrote, in float32, ready for use.

    Raises :class:`VocoderError` for a file that is missing, damaged, of something else, or whose weights do not fit.
    """
    weights = read_tensors(path)
    with safetensors.safe_open(path, "pt") as file:
        described = (file.metadata() or {}).get("harmonic")
    if described is None:
        raise VocoderError(f"checkpoint {path} is no harmonic vocoder: its metadata has no key 'harmonic'")
    try:
        sizes = json.loads(described)
        net = HarmonicNet(HarmonicConfig(**{**sizes, "mel": MelConfig(**sizes["mel"])}))
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        raise VocoderError(f"checkpoint {path} describes no harmonic vocoder: {error}") from error
    load_weights(net, weights, path, "own metadata")
    return net


class Harmonic:
    """The networks of :func:`load` as a vocoder, deterministic: its noise is drawn from one seed.

    A mel is voiced piece by piece, each with the context frames that its samples depend on, and with continuous phase.
    The sound is the same as in one piece, and memory is that of one piece. The pieces' boundaries are counted from the
    mel's beginning, so that any stretch has the same samples, to the bit, whatever else is asked for.
    """

    def __init__(self, checkpoint: Path | None = None, device: str = "cpu", *, chunk_frames: int = 1024) -> None:
        """Args: ``checkpoint``, a file that :func:`save` wrote; ``chunk_frames``, the mel frames voiced at once, of the
        first pieces fewer.

        Raises :class:`VocoderError` where it is missing, unreadable or does not fit.
        """
        if chunk_frames < 1:
            raise VocoderError(f"chunk_frames must be 1 or more, not {chunk_frames}")
        if checkpoint is None:
            raise VocoderError("vocoder harmonic needs a checkpoint: vocoder.safetensors, which a voice may hold")
        self._net = load(Path(checkpoint)).to(device)
        self._device = torch.device(device)
        self._chunk_frames = chunk_frames

    @property
    def mel_config(self) -> MelConfig:
        """The mel that the networks were trained on."""
        return self._net.config.mel

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """A log mel ``(B, F, n_mels)`` to a float32 waveform ``(B, F * hop_length)`` in [-1, 1] on the device.

        Raises :class:`VocoderError` for a wrong shape.
        """
        return self.voicing(mel_BFM)(0, mel_BFM.shape[1])

    def voicing(self, mel_BFM: Tensor) -> HarmonicVoicing:
        """What voices the mel a stretch at a time; errors as for a call."""
        check_input(mel_BFM, self.mel_config)
        return HarmonicVoicing(self._net, mel_BFM.to(self._device, torch.float32), self._chunk_frames)


class HarmonicVoicing:
    """The sound of a mel, by stretches; the pieces that the last stretch needed are kept."""

    def __init__(self, net: HarmonicNet, mel_BFM: Tensor, most: int) -> None:
        self._net, self._mel_BFM = net, mel_BFM
        self._frames = mel_BFM.shape[1]
        self._grid = list(pairwise(piece_edges(self._frames, FIRST_PIECE, most)))
        self._made: dict[tuple[int, int], Tensor] = {}

    @torch.inference_mode()
    def __call__(self, start: int, end: int) -> Tensor:
        """The samples of the mel frames from ``start`` to ``end``: ``(B, (end - start) * hop_length)`` in [-1, 1]."""
        hop, batch = self._net.config.mel.hop_length, self._mel_BFM.shape[0]
        needed = [(begin, stop) for begin, stop in self._grid if begin < end and start < stop]
        if not needed or not batch:
            return torch.zeros(batch, (end - start) * hop, device=self._mel_BFM.device)
        self._made = {edges: self._made[edges] if edges in self._made else self._voiced(*edges) for edges in needed}
        sound_BN = torch.cat(list(self._made.values()), dim=1)
        first = needed[0][0]
        return sound_BN[:, (start - first) * hop : (end - first) * hop].clamp(-1.0, 1.0)

    @cached_property
    def _course_BF4(self) -> Tensor:
        """Pitch and accumulated phase of all frames (:func:`pitch_course`)."""
        context, pieces = self._net.config.context_frames, piece_edges(self._frames, PITCH_FRAMES, PITCH_FRAMES)
        read = (self._around(*edges, context) for edges in pairwise(pieces))
        found = [self._net.log_pitch(self._mel_BFM[:, left:right])[:, keep] for left, right, keep in read]
        return pitch_course(torch.cat(found, dim=1))

    @cached_property
    def _noise_N(self) -> Tensor:
        samples = self._frames * self._net.config.mel.hop_length
        return torch.randn(samples, generator=torch.Generator().manual_seed(0)).to(self._mel_BFM.device)

    def _voiced(self, start: int, stop: int) -> Tensor:
        net, config = self._net, self._net.config
        hop = config.mel.hop_length
        left, right, _ = self._around(start, stop, config.context_frames)
        noise_BN = self._noise_N[None, left * hop : right * hop]
        sound_BN = net.filtered(self._mel_BFM[:, left:right], self._course_BF4[:, left:right], noise_BN)
        near_left, near_right, keep = self._around(start, stop, config.finish_frames)
        near_BN = sound_BN[:, (near_left - left) * hop : (near_right - left) * hop]
        finished_BN = net.finished(near_BN, self._mel_BFM[:, near_left:near_right])
        return finished_BN[:, keep.start * hop : keep.stop * hop]

    def _around(self, start: int, stop: int, context: int) -> tuple[int, int, slice]:
        """The frames that a piece needs, from and to, and the part of its sound that is kept."""
        left = max(start - context, 0)
        return left, min(stop + context, self._frames), slice(start - left, stop - left)


def piece_edges(frames: int, first: int, most: int) -> list[int]:
    """The pieces' boundaries: each piece is eight times as long as the one before, up to ``most``. Few pieces are
    faster, because each computes its context anew."""
    edges, length = [0], min(first, most)
    while edges[-1] < frames:
        edges.append(min(edges[-1] + length, frames))
        length = min(8 * length, most)
    return edges
