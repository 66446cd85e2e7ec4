"""Training the low band of the ``harmonic`` vocoder: its network redraws the vocoder's own copies until discriminators
of spectra cannot tell them from a slower vocoder's.

A recording leaves open how harmonics waver, so that distances to it are least for a mean that does not. A vocoder that
was trained against discriminators is a better teacher than recordings are: what it makes hangs on nothing but the mel.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from avsynth.config.networks import OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.models.discriminator import TOLD_WINDOW, SpectrumDiscriminator
from avsynth.training.adversary import Adversary
from avsynth.training.average import follow
from avsynth.training.distributed import Process
from avsynth.training.losses import relative_feature_matching
from avsynth.training.low_band_data import LowCopies, LowCrops, LowCropSampler
from avsynth.training.schedule import learning_rate, set_rates
from avsynth.training.steps import run_steps
from avsynth.training.vocoder import HELD_OUT
from vocoder.bands import band_centres, envelope_weights
from vocoder.excitation import spectrum
from vocoder.low_band import DECIMATION, LowBand
from vocoder.mel import MAGNITUDE_EPSILON, MelConfig, mel_filterbank

WINDOWS = (32, 64, 128, 256)
"""Windows of the discriminators, in samples at the low rate; each step uses one of them."""
COMPARED = (32, 64, 128)
"""Windows whose magnitudes are compared."""
JUDGED_HZ, COMPARED_HZ = 1100.0, 1000.0
"""The highest frequencies that discriminators see, and that distances compare."""
EDGE = 2
"""Mel frames at either end of a crop that are not compared."""


class LowBandTrainer:
    """The network, its running average, discriminators and optimisers. Each step is a function of the state, the seed
    and the step's number."""

    def __init__(self, net: LowBand, config: OwnVocoderConfig, mel: MelConfig, device: str = "cpu") -> None:
        if mel.n_fft != DECIMATION * TOLD_WINDOW:
            raise UserError(f"the low band is trained on mels of n_fft {DECIMATION * TOLD_WINDOW}, not {mel.n_fft}")
        torch.manual_seed(config.seed)
        self.config, self.device = config, device
        self.model = net.to(device).requires_grad_(True)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), weight_decay=config.weight_decay, betas=(0.8, 0.99), fused=True
        )
        process = Process(0, 1, torch.device(device))
        self._share = 2 * DECIMATION / mel.sample_rate
        judges = [SpectrumDiscriminator(size, JUDGED_HZ * self._share, config.low.judge_channels) for size in WINDOWS]
        self.adversaries = [
            Adversary(judge.to(device), f"window_{judge.window}", process, relative_feature_matching)
            for judge in judges
        ]
        weights_MK, offset_K = (torch.from_numpy(part).to(device) for part in envelope_weights(mel))
        self._told_ME = weights_MK[:, : TOLD_WINDOW // 2 + 1]
        self._told_E = offset_K[: TOLD_WINDOW // 2 + 1] - math.log(DECIMATION)
        low = band_centres(mel) * mel.sample_rate / mel.n_fft < COMPARED_HZ
        bands_MK = DECIMATION * mel_filterbank(mel)[low][:, : TOLD_WINDOW // 2 + 1]
        self._bands_KM = torch.from_numpy(bands_MK).T.contiguous().to(device)
        self._floor = mel.floor

    def step(self, crops: LowCrops, step: int) -> dict[str, float]:
        """Train a discriminator on one batch, and after the first steps the network."""
        low, exact = self.config.low, torch.autocast(torch.device(self.device).type, enabled=False)
        torch.manual_seed(self.config.seed * 1_000_003 + step)
        adversary = self.adversaries[int(np.random.default_rng([self.config.seed, step, 4]).integers(len(WINDOWS)))]
        edge = EDGE * (crops.own_BL.shape[1] // crops.mel_BFM.shape[1])
        mel_BFM, real_BL = crops.mel_BFM.to(self.device), crops.teacher_BL.to(self.device)[:, edge:-edge]
        told_BFE = (mel_BFM @ self._told_ME + self._told_E)[:, EDGE:-EDGE]
        learns = step >= low.judge_alone
        with torch.set_grad_enabled(learns):
            made_BL = self.model.drawn(crops.own_BL.to(self.device), mel_BFM)[:, edge:-edge]
        adversary.set_rate(self._rate(step, low.judge_rate))
        judge = adversary.learn((real_BL, told_BFE), (made_BL, told_BFE), exact).item()
        if not learns:
            return {adversary.name: judge}
        named = adversary.judge((real_BL, told_BFE), (made_BL, told_BFE), exact)
        judged, features = named[f"{adversary.name}_adv"], named[f"{adversary.name}_feature"]
        levels, spectra = self.distances(made_BL, real_BL)
        loss = low.judged * judged + low.features * features + low.levels * levels + low.spectra * spectra
        parts = {"judged": judged, "features": features, "levels": levels, "spectra": spectra}
        return self._follow(loss, step) | {name: part.item() for name, part in parts.items()} | {adversary.name: judge}

    def _rate(self, step: int, peak: float) -> float:
        low = self.config.low
        return learning_rate(step, peak, low.steps, low.warmup, low.decay_from)

    def _follow(self, loss: Tensor, step: int) -> dict[str, float]:
        """One step of the optimiser, and one of the running average."""
        low = self.config.low
        set_rates(self.optimizer, self._rate(step, low.learning_rate))
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip_grad)
        self.optimizer.step()
        follow(self.average, self.model, self.config.ema, step - low.judge_alone)
        return {"grad_norm": norm.item()}

    def distances(self, made_BL: Tensor, real_BL: Tensor) -> tuple[Tensor, Tensor]:
        """Of the mel's log levels below 1 kHz, and of magnitudes there, logarithmic and as a share of the real mean."""
        levels = (self._levels(made_BL) - self._levels(real_BL)).abs().mean()
        total = torch.zeros((), device=made_BL.device)
        for size in COMPARED:
            made, real = (self._magnitudes(sound, size) for sound in (made_BL, real_BL))
            total = total + (made.log() - real.log()).abs().mean() + (made - real).abs().mean() / real.mean()
        return levels, total / len(COMPARED)

    def _levels(self, sound_BL: Tensor) -> Tensor:
        spectrum_BHK = spectrum(sound_BL, TOLD_WINDOW, TOLD_WINDOW // 4)
        magnitude_BHK = torch.sqrt(spectrum_BHK.real**2 + spectrum_BHK.imag**2 + MAGNITUDE_EPSILON)
        return torch.log(magnitude_BHK @ self._bands_KM + self._floor)

    def _magnitudes(self, sound_BL: Tensor, size: int) -> Tensor:
        spectrum_BHK = spectrum(sound_BL, size, size // 8)[..., : int(COMPARED_HZ * self._share * (size // 2)) + 1]
        floor = 1e-3 * math.sqrt(size / TOLD_WINDOW)
        return torch.sqrt(spectrum_BHK.real**2 + spectrum_BHK.imag**2 + floor**2)

    @torch.inference_mode()
    def validate(self, copies: LowCopies) -> dict[str, float]:
        """Distances of the averaged weights on held-out clips, and of the vocoder's own copies: means over speakers,
        and each."""
        rows: dict[str, list[tuple[float, ...]]] = {}
        for clip, crops in copies.held_out(HELD_OUT):
            own_BL, real_BL = crops.own_BL.to(self.device), crops.teacher_BL.to(self.device)
            made_BL = self.average.drawn(own_BL, crops.mel_BFM.to(self.device))
            found = (*self.distances(made_BL, real_BL), *self.distances(own_BL, real_BL))
            rows.setdefault(clip.speaker, []).append(tuple(value.item() for value in found))
        names = ("levels", "spectra", "own levels", "own spectra")
        means = {who: np.mean(own, axis=0) for who, own in rows.items()}
        each = {
            f"{name} {who}": float(value) for who, own in means.items() for name, value in zip(names, own, strict=True)
        }
        return each | {
            name: float(value)
            for name, value in zip(names, np.mean(list(means.values()), axis=0), strict=True)
            if means
        }

    def state(self) -> dict[str, Any]:
        """Everything in a checkpoint but the step."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "adversaries": [adversary.state() for adversary in self.adversaries],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue from a checkpoint's state."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        for adversary, known in zip(self.adversaries, state["adversaries"], strict=True):
            adversary.restore(known)


def train_low_band(
    net: LowBand, config: OwnVocoderConfig, copies: LowCopies, mel: MelConfig, folder: Path, device: str = "cpu"
) -> LowBand:
    """Train from the newest checkpoint in ``folder``; returns the averaged weights."""
    trainer, sampler = LowBandTrainer(net, config, mel, device), LowCropSampler(copies, config.low, config.seed)

    def step(count: int) -> dict[str, float]:
        return trainer.step(sampler(count), count)

    run_steps(trainer, step, lambda: trainer.validate(copies), (config.low.steps,), folder, config, "low band")
    return trainer.average.eval()
