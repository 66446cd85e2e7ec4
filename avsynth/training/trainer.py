"""One training step and all state that it changes."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import fields
from typing import Any, cast

import torch
from torch import Tensor, nn

from avsynth.config.schema import Config, TrainConfig
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.models.baselines.autoregressive import LipOutputs
from avsynth.models.build import Model, build_model
from avsynth.models.discriminator import Discriminator, MelDiscriminator
from avsynth.models.image import channels_last
from avsynth.models.joint import JointModel, Outputs, image_floats
from avsynth.training import losses
from avsynth.training.adversary import Adversary
from avsynth.training.average import follow
from avsynth.training.distributed import Process, alone, wrap
from avsynth.training.schedule import learning_rate, set_rates
from avsynth.types import Batch


class Trainer:
    """Model, adversaries, optimisers and the running average of the weights."""

    def __init__(self, config: Config, stats: Stats, process: Process) -> None:
        torch.manual_seed(config.train.seed)
        self.config, self.stats, self.process = config, stats, process
        self.model: Model = channels_last(build_model(config, stats).to(process.device))
        self._freeze_untrained()
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.wrapped = wrap(self.model, process)
        trained = [item for item in self.model.parameters() if item.requires_grad]
        self.optimizer = torch.optim.AdamW(
            trained, weight_decay=config.train.weight_decay, betas=(0.9, 0.98), fused=True
        )
        self.adversaries: dict[str, Adversary] = {}
        weights = config.weights
        if weights.lip_adv > 0:
            judge = channels_last(Discriminator(config.model.discriminator).to(process.device))
            self.adversaries["lip"] = Adversary(
                judge, "lip", process, losses.feature_matching if weights.lip_feature > 0 else None
            )
        if weights.mel_adv > 0:
            ears = MelDiscriminator(config.model.mel_discriminator).to(process.device)
            self.adversaries["mel"] = Adversary(
                ears, "mel", process, losses.feature_matching if weights.mel_feature > 0 else None
            )
        self.bf16 = uses_bf16(config.train, process.device)

    def step(self, batch: Batch | Sequence[Batch], step: int) -> dict[str, Tensor]:
        """Train on one batch, or on one that comes in parts; each named loss and ``total``.

        The gradients of parts are averaged before the weights move, as those of processes are; the discriminator
        learns from each part. Randomness is a function of seed, step and rank.
        """
        parts = [batch] if isinstance(batch, Batch) else batch
        torch.manual_seed(self.config.train.seed * 1_000_003 + step * self.process.world + self.process.rank)
        set_rates(self.optimizer, rate_at(self.config.train, self.config.train.learning_rate, step))
        for adversary in self.adversaries.values():
            adversary.set_rate(rate_at(self.config.train, self.config.train.discriminator_rate, step))
        self.wrapped.train()
        self.optimizer.zero_grad(set_to_none=True)
        found: dict[str, list[Tensor]] = {}
        for number, part in enumerate(parts, start=1):
            with nullcontext() if number == len(parts) else alone(self.wrapped):
                for name, value in self._learn(part, 1 / len(parts)).items():
                    found.setdefault(name, []).append(value.detach())
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.train.clip_grad)
        self.optimizer.step()
        follow(self.average, self.model, self.config.train.ema, step)
        return {name: torch.stack(values).mean() for name, values in found.items()} | {"grad_norm": norm}

    def _learn(self, batch: Batch, share: float) -> dict[str, Tensor]:
        """Add ``share`` of a batch's gradients to the model's; its losses."""
        with self.autocast():
            outputs: Outputs | LipOutputs = self.wrapped(batch, self.config.train.decoders)
        named = self.losses(outputs, batch)
        seen = {}
        for name, (real, made) in self.judged(outputs, batch).items():
            adversary = self.adversaries[name]
            seen[f"{name}_judge"] = adversary.learn(real, made, self.autocast())
            named |= adversary.judge(real, made, self.autocast())
        weights = {item.name: getattr(self.config.weights, item.name) for item in fields(self.config.weights)}
        total = torch.stack([weights[name] * value for name, value in named.items() if weights[name] > 0]).sum()
        torch.autograd.backward(total * share)
        return {**named, **seen, "total": total}

    def losses(self, outputs: Outputs | LipOutputs, batch: Batch) -> dict[str, Tensor]:
        """Every reconstruction loss of the outputs, by name."""
        if isinstance(outputs, LipOutputs):
            spoken = losses.baseline_losses(outputs, batch, self.model.frame_hops)
        else:
            spoken = {**losses.duration_losses(outputs, batch), **losses.mel_losses(outputs, batch)}
        return {
            **spoken,
            **losses.lip_losses(outputs, drawn(outputs, batch), self.stats.mouth_box, self.config.train.mouth_weight),
        }

    def judged(
        self, outputs: Outputs | LipOutputs, batch: Batch
    ) -> dict[str, tuple[tuple[Tensor, ...], tuple[Tensor, ...]]]:
        """For each adversary, the real and the generated tensors that it judges."""
        found: dict[str, tuple[tuple[Tensor, ...], tuple[Tensor, ...]]] = {}
        if "lip" in self.adversaries and outputs.lips_BKCHW is not None:
            filmed = drawn(outputs, batch)
            made = outputs.lips_BKCHW[filmed.frame_mask_BK].contiguous(memory_format=torch.channels_last)
            found["lip"] = (image_floats(filmed.lips_BKCHW[filmed.frame_mask_BK]),), (made,)
        if "mel" in self.adversaries and isinstance(outputs, Outputs) and outputs.mel_BFM is not None:
            assert outputs.coarse_mel_BFM is not None
            mels = (batch.mel_BFM, outputs.mel_BFM, outputs.coarse_mel_BFM.detach())
            real_NFM, made_NFM, coarse_NFM = losses.mel_stretches(
                mels, batch.mel_lens_B, self.config.model.mel_discriminator.frames
            )
            if len(real_NFM):
                found["mel"] = (real_NFM, coarse_NFM), (made_NFM, coarse_NFM)
        return found

    def autocast(self) -> torch.autocast:
        """bf16 where the config and the hardware say so."""
        return torch.autocast(self.process.device.type, dtype=torch.bfloat16, enabled=self.bf16)

    def state(self) -> dict[str, Any]:
        """Everything in a checkpoint but the step."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "adversaries": {name: adversary.state() for name, adversary in self.adversaries.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from a checkpoint's state."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        for name, adversary in self.adversaries.items():
            adversary.restore(state["adversaries"][name])

    def warm_start(self, weights: dict[str, Tensor]) -> int:
        """Take over weights whose names and shapes fit, and return how many did. A convolution that has more channels
        than before starts as :func:`grown` says.

        Raises :class:`UserError` where a part that is not trained would be left with random weights.
        """
        own = self.model.state_dict()
        fitting = {name: value for name, value in weights.items() if name in own and own[name].shape == value.shape}
        for name, layer in self.model.named_modules():
            if isinstance(layer, nn.Conv2d) and f"{name}.weight" in weights:
                fitting |= grown(layer, name, weights)
        for name, value in self.model.named_parameters():
            if fitting and not value.requires_grad and name not in fitting:
                raise UserError(
                    f"train.init has no {name} of this model's shape, and it is not to be trained;"
                    " where a voice's lips are trained, data.speakers_of must name that voice too"
                )
        self.model.load_state_dict({**own, **fitting})
        self.average.load_state_dict(self.model.state_dict())
        return len(fitting)

    def _freeze_untrained(self) -> None:
        """Switch gradients off for frozen parts and for a branch that is not trained. Durations and speakers'
        embeddings count as sound; the encoder is trained only where both branches are."""
        for name in self.config.train.frozen:
            try:
                self.model.get_submodule(name).requires_grad_(False)
            except AttributeError:
                known = ", ".join(part for part, _ in self.model.named_children())
                raise UserError(f"train.frozen: the model has no part {name!r}; its parts are {known}") from None
        if not isinstance(self.model, JointModel):
            return
        sound = ("mel_decoder", "accent", "pitch", "energy", "duration", "speaker")
        branches = {"mel": sound, "lips": ("lip_decoder",)}
        for branch, parts in branches.items():
            if branch not in self.config.train.decoders:
                for part in (*parts, "encoder"):
                    if (module := getattr(self.model, part)) is not None:
                        cast(nn.Module, module).requires_grad_(False)


def grown(layer: nn.Conv2d, name: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state of a convolution that has more channels than the given weights of that name. Old channels keep their
    weights, with zeros for the new inputs; new channels keep the layer's initial weights. Empty where the layer did not
    grow, or its kernel has another size."""
    given = weights[f"{name}.weight"]
    if given.dim() != 4 or given.shape == layer.weight.shape or given.shape[2:] != layer.weight.shape[2:]:
        return {}
    out, read = given.shape[:2]
    if out > layer.out_channels or read > layer.weight.shape[1]:
        return {}
    weight = layer.weight.detach().clone()
    weight[:out] = 0
    weight[:out, :read] = given
    state = {f"{name}.weight": weight}
    if layer.bias is not None and f"{name}.bias" in weights:
        bias = layer.bias.detach().clone()
        bias[:out] = weights[f"{name}.bias"]
        state[f"{name}.bias"] = bias
    return state


def drawn(outputs: Outputs | LipOutputs, batch: Batch) -> Batch:
    """The batch cut down to the lip frames that were drawn: those of clips with video; a baseline gets all frames and
    draws some."""
    if isinstance(outputs, LipOutputs):
        return batch.frames_at(outputs.place_BK)
    return batch.rows(batch.lip_lens_B > 0)


def rate_at(config: TrainConfig, peak: float, step: int) -> float:
    """The learning rate of a step (counted from 0)."""
    return learning_rate(step, peak, config.steps, config.warmup, config.decay_from, config.schedule)


def uses_bf16(config: TrainConfig, device: torch.device) -> bool:
    """Whether to compute in bf16: as the config says, or for ``auto`` where it is sure to be faster (CUDA, AMX).

    A processor that has AVX-512's bf16 alone may be slower in it: on one Xeon, convolutions took 1.35 to 1.65 times as
    long.
    """
    if config.precision != "auto":
        return config.precision == "bf16"
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_amx_tile_supported())
