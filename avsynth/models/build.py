"""The model that a config asks for."""

from __future__ import annotations

from typing import Any

from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.models.baselines.duallip import DualLip
from avsynth.models.baselines.transformer_t2l import TransformerT2L
from avsynth.models.joint import JointModel

Model = JointModel | AutoregressiveModel[Any]


def build_model(config: Config, stats: Stats) -> Model:
    """``model.architecture`` with fresh weights."""
    if config.model.architecture == "transformer_t2l":
        return TransformerT2L(config, stats)
    if config.model.architecture == "duallip":
        return DualLip(config, stats)
    return JointModel(config, stats)
