"""The baselines in a few thousand weights, with both families of image nets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from avsynth.config.networks import AutoregressiveConfig, RecurrentConfig
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.models.build import build_model

PAPER = {"family": "paper", "identity_channels": (2, 3, 4, 5), "decoder_channels": (6, 5, 4, 3), "last_channels": 2}
RECURRENT = RecurrentConfig(
    channels=8, kernel=3, memory=10, prenet=6, attention=7, location_filters=3, location_kernel=5, lstm=11
)
Build = Callable[..., AutoregressiveModel[Any]]


@pytest.fixture(params=["transformer_t2l", "duallip"])
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def build(config: Config, stats: Stats, architecture: str) -> Build:
    """``build(family, pairs, **options)``: a baseline, as synthesis uses it."""

    def make(family: str = "small", pairs: int = 6, **options: Any) -> AutoregressiveModel[Any]:
        image = replace(config.model.image, **PAPER) if family == "paper" else config.model.image
        own = AutoregressiveConfig(**options)
        model = replace(config.model, architecture=architecture, image=image, recurrent=RECURRENT, autoregressive=own)
        whole = replace(config, model=model, train=replace(config.train, frame_pairs=pairs))
        made = build_model(whole, stats)
        assert isinstance(made, AutoregressiveModel)
        return made.eval()

    return make
