"""Training the ``harmonic`` vocoder: first its pitch networks, then its filter networks by comparing spectra of two
renderings with the recording's."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from avsynth.config.networks import OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.training.average import follow
from avsynth.training.schedule import learning_rate, set_rates
from avsynth.training.steps import run_steps
from avsynth.training.vocoder_data import Crops, CropSampler, SoundData
from vocoder.errors import VocoderError
from vocoder.excitation import pitch_course, pulse_train
from vocoder.harmonic import HarmonicConfig, HarmonicNet, load
from vocoder.losses import spectral_energy_distance
from vocoder.mel import MelConfig, log_mel

LONG, SHORT = (1024, 2048), (128, 256, 512)
"""Windows in samples: each step compares spectra of one long and one short one."""
UNVOICED_WEIGHT = 0.03
"""Weight of the pitch loss in unvoiced frames."""
PITCH_UNIT = 0.1
"""A difference of log F0 of this size counts as a loss of 1."""
HELD_OUT = 5
"""Most validation clips of each speaker that are used."""


def net_config(config: OwnVocoderConfig, mel: MelConfig) -> HarmonicConfig:
    """The networks that a config asks for."""
    try:
        return HarmonicConfig(
            mel,
            config.window,
            config.channels,
            config.blocks,
            config.hidden,
            config.pitch_channels,
            config.pitch_blocks,
            config.low.channels,
            config.low.blocks,
            config.low.hidden,
        )
    except ValueError as error:
        raise UserError(str(error)) from error


def load_net(path: Path, config: OwnVocoderConfig, mel: MelConfig) -> HarmonicNet:
    """The networks of a finished vocoder, to train further; :class:`UserError` where the file is none, or has other
    sizes."""
    try:
        net = load(path)
    except VocoderError as error:
        raise UserError(f"own_vocoder.init: {error}") from error
    if net.config != net_config(config, mel):
        raise UserError(f"own_vocoder.init: {path} has other sizes, or another mel, than the config asks for")
    return net.requires_grad_(True).train()


class VocoderTrainer:
    """The networks, their running average and the optimisers. Each step is a function of the state, the seed and the
    step's number."""

    def __init__(self, config: OwnVocoderConfig, mel: MelConfig, device: str = "cpu") -> None:
        torch.manual_seed(config.seed)
        self.config, self.mel, self.device = config, mel, device
        net = load_net(Path(config.init), config, mel) if config.init else HarmonicNet(net_config(config, mel))
        self.model = net.to(device)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        pitch = [*self.model.pitch_net.parameters(), *self.model.pitch_out.parameters()]
        low = self.model.low_band.requires_grad_(False).parameters()
        known = {id(parameter) for parameter in [*pitch, *low]}
        others = [parameter for parameter in self.model.parameters() if id(parameter) not in known]
        self.pitch_optimizer, self.optimizer = (
            torch.optim.AdamW(group, weight_decay=config.weight_decay, betas=(0.9, 0.98), fused=True)
            for group in (pitch, others)
        )

    def pitch_step(self, crops: Crops, step: int) -> dict[str, float]:
        """Train the pitch's networks on one batch."""
        rate = rate_at(step, self.config.pitch_steps, self.config.pitch_rate, self.config)
        loss = self.pitch_loss(self.model, crops)
        return self._follow(self.pitch_optimizer, loss, rate, step) | {"pitch": loss.item()}

    def step(self, crops: Crops, step: int) -> dict[str, float]:
        """Train the filters' networks on one batch, with pulses at the true pitch."""
        torch.manual_seed(self.config.seed * 1_000_003 + step)
        rng = np.random.default_rng([self.config.seed, step, 2])
        sizes = (int(rng.choice(LONG)), int(rng.choice(SHORT)))
        rate = rate_at(step, self.config.steps, self.config.learning_rate, self.config)
        sound_BN, first_BN, second_BN = self.inside(self.model, crops, crops.log_pitch_BF.to(self.device))
        loss = spectral_energy_distance(sound_BN, first_BN, second_BN, sizes, self.config.scatter)
        return self._follow(self.optimizer, loss, rate, step) | {"spectra": loss.item()}

    def _follow(self, optimizer: torch.optim.Optimizer, loss: Tensor, rate: float, step: int) -> dict[str, float]:
        """One step of an optimiser, and one of the running average."""
        parameters: list[Tensor] = []
        for group in optimizer.param_groups:
            parameters += group["params"]
        set_rates(optimizer, rate)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        norm = nn.utils.clip_grad_norm_(parameters, self.config.clip_grad)
        optimizer.step()
        follow(self.average, self.model, self.config.ema, step)
        return {"grad_norm": norm.item()}

    def pitch_loss(self, model: HarmonicNet, crops: Crops) -> Tensor:
        """Mean absolute error of the predicted log F0, in units of :data:`PITCH_UNIT`."""
        found_BF = model.log_pitch(crops.mel_BFM.to(self.device))
        weight_BF = torch.where(crops.voiced_BF.to(self.device), 1.0, UNVOICED_WEIGHT)
        apart_BF = (found_BF - crops.log_pitch_BF.to(self.device)).abs() / PITCH_UNIT
        return (apart_BF * weight_BF).sum() / weight_BF.sum()

    def spectral_loss(self, model: HarmonicNet, crops: Crops, sizes: tuple[int, ...], log_pitch_BF: Tensor) -> Tensor:
        """The spectral energy distance of two renderings at the given pitch from the recording."""
        return spectral_energy_distance(*self.inside(model, crops, log_pitch_BF), sizes, self.config.scatter)

    def inside(self, model: HarmonicNet, crops: Crops, log_pitch_BF: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Recording and two renderings at the given pitch, without the crop's ends, which fewer windows overlap."""
        first_BN, second_BN = self.render(model, crops.mel_BFM.to(self.device), log_pitch_BF)
        edge = 2 * self.mel.hop_length
        return crops.sound_BN.to(self.device)[:, edge:-edge], first_BN[:, edge:-edge], second_BN[:, edge:-edge]

    def render(self, model: HarmonicNet, mel_BFM: Tensor, log_pitch_BF: Tensor) -> tuple[Tensor, Tensor]:
        """Two renderings ``(B, N)`` that differ only in their random noise."""
        with torch.no_grad():
            pulses_BFK = model.excited(pulse_train(pitch_course(log_pitch_BF), self.mel))
            noise = torch.randn(2, len(mel_BFM), mel_BFM.shape[1] * self.mel.hop_length, device=self.device)
            noises = [model.excited(noise_BN) for noise_BN in noise]
        filters = model.filters(mel_BFM, log_pitch_BF)
        again = self.config.again
        first_BN, second_BN = (model.sounded(mel_BFM, filters, pulses_BFK, noise_BFK, again) for noise_BFK in noises)
        return first_BN, second_BN

    @torch.inference_mode()
    def validate(self, data: SoundData) -> dict[str, float]:
        """Losses of the averaged weights on held-out clips, with predicted pitch: for each speaker, and the mean over
        speakers.

        ``mel``: log-mel distance; ``cents``: median error of the pitch in voiced frames.
        """
        torch.manual_seed(self.config.seed)
        rows: dict[str, list[dict[str, float]]] = {}
        for clip in data.clips:
            if clip.split != "validation" or len(rows.get(clip.speaker, [])) >= HELD_OUT:
                continue
            crops = data.clip(clip)
            found_BF = self.average.log_pitch(crops.mel_BFM)
            named = {
                "pitch": self.pitch_loss(self.average, crops).item(),
                "spectra": self.spectral_loss(self.average, crops, LONG + SHORT, found_BF).item(),
            }
            made_BN, _ = self.render(self.average, crops.mel_BFM, found_BF)
            named["mel"] = (log_mel(made_BN, self.mel) - crops.mel_BFM).abs().mean().item()
            apart = (found_BF - crops.log_pitch_BF)[crops.voiced_BF].abs()
            named["cents"] = float(apart.median()) * 1200 / float(np.log(2)) if len(apart) else 0.0
            rows.setdefault(clip.speaker, []).append(named)
        means = {
            who: {name: float(np.mean([row[name] for row in own])) for name in own[0]} for who, own in rows.items()
        }
        found = {f"{name} {who}": value for who, own in means.items() for name, value in own.items()}
        for name in next(iter(means.values()), {}):
            found[name] = float(np.mean([own[name] for own in means.values()]))
        return found

    def state(self) -> dict[str, Any]:
        """Everything in a checkpoint but the step."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "pitch_optimizer": self.pitch_optimizer.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue from a checkpoint's state."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.pitch_optimizer.load_state_dict(state["pitch_optimizer"])
        self.optimizer.load_state_dict(state["optimizer"])


def rate_at(step: int, steps: int, peak: float, config: OwnVocoderConfig) -> float:
    """Learning rate of a step (counted from 0) of a training of ``steps`` steps."""
    return learning_rate(step, peak, steps, config.warmup, config.decay_from)


def train_vocoder(config: OwnVocoderConfig, data: SoundData, folder: Path, device: str = "cpu") -> HarmonicNet:
    """Train the pitch's networks, then the filters', from the newest checkpoint in ``folder``; returns the averaged
    weights.

    ``metrics.jsonl`` there gets a line per log and per validation. ``steps`` may differ from an earlier run's;
    a checkpoint counts both kinds of steps together.
    """
    trainer, sampler = VocoderTrainer(config, data.mel, device), CropSampler(data, config)

    def step(count: int) -> dict[str, float]:
        if count < config.pitch_steps:
            return trainer.pitch_step(sampler(count, pitch_alone=True), count)
        return trainer.step(sampler(count - config.pitch_steps), count - config.pitch_steps)

    ends = (config.pitch_steps, config.pitch_steps + config.steps)
    run_steps(trainer, step, lambda: trainer.validate(data), ends, folder, config, "vocoder")
    return trainer.average.eval()
