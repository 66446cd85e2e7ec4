"""A discriminator with its optimiser: it learns to tell generated data from real data, and gives the generator's
losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from avsynth.training import losses
from avsynth.training.distributed import Process, wrap
from avsynth.training.schedule import set_rates

FeatureLoss = Callable[[list[Tensor], list[Tensor]], Tensor]


class Adversary:
    """Args:
    net: The discriminator: takes tensors of a batch, and gives scores and the features of its layers.
    name: What it judges; its losses are called ``<name>_adv``, ``<name>_feature`` and ``<name>_judge``.
    feature: The loss between the features of what is real and what was made, if there is to be one.
    """

    def __init__(self, net: nn.Module, name: str, process: Process, feature: FeatureLoss | None) -> None:
        self.net, self.name, self.feature = net, name, feature
        self._wrapped = wrap(net, process)
        self.optimizer = torch.optim.AdamW(net.parameters(), weight_decay=0.0, betas=(0.5, 0.99), fused=True)

    def set_rate(self, rate: float) -> None:
        """The learning rate from now on."""
        set_rates(self.optimizer, rate)

    def learn(self, real: tuple[Tensor, ...], made: tuple[Tensor, ...], autocast: torch.autocast) -> Tensor:
        """One training step of the discriminator; no gradient reaches the generator."""
        self.net.requires_grad_(True)
        with autocast:
            both = [torch.cat([of_real, of_made.detach()]) for of_real, of_made in zip(real, made, strict=True)]
            scores, _ = self._wrapped(*both)
        loss = losses.discriminator_adversarial(scores[: len(real[0])], scores[len(real[0]) :])
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        self.optimizer.step()
        return loss.detach()

    def judge(self, real: tuple[Tensor, ...], made: tuple[Tensor, ...], autocast: torch.autocast) -> dict[str, Tensor]:
        """The losses that the generator minimises."""
        self.net.requires_grad_(False)
        with autocast:
            score, made_features = self.net(*made)
            named = {f"{self.name}_adv": losses.generator_adversarial(score)}
            if self.feature is None:
                return named
            with torch.no_grad():
                _, real_features = self.net(*real)
        return named | {f"{self.name}_feature": self.feature(real_features, made_features)}

    def state(self) -> dict[str, Any]:
        """Its part of a checkpoint."""
        return {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue from a checkpoint's state."""
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
