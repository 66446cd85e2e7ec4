"""A tiny voice without training, so that the whole of speaking can be tested with exact numbers."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # of every test and what it starts: test processes share the cores

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from avsynth.config.networks import RecurrentConfig
from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.models.build import build_model
from avsynth.models.joint import JointModel
from avsynth.synthesis.voice import Voice
from avsynth.text import PHONES, Symbols
from avsynth.video.box import Box

torch.set_num_threads(1)


def small_model(
    hidden: int,
    *,
    layers: int = 1,
    ffn: int = 32,
    channels: int = 16,
    dropout: float = 0.0,
    identity: tuple[int, ...] = (4, 4, 4, 8, 8),
    decoder: tuple[int, ...] = (8, 8, 8, 8),
    bottleneck: int = 4,
    last: int = 4,
) -> dict[str, Any]:
    """The group ``model`` of a config, every part of it in a few thousand weights: ``ffn`` wide blocks, predictors with
    so many ``channels``, and image nets of those sizes."""
    blocks = {"layers": layers, "heads": 2, "ffn": ffn, "kernel": 3, "dropout": dropout}
    predictor = {"channels": channels, "dropout": dropout}
    image = {
        "identity_channels": list(identity),
        "decoder_channels": list(decoder),
        "bottleneck": bottleneck,
        "last_channels": last,
    }
    stacks = dict.fromkeys(("encoder", "mel_decoder", "motion"), blocks)
    return {"hidden": hidden, **stacks, **dict.fromkeys(("duration", "pitch", "energy"), predictor), "image": image}


def tiny_config(name: str = "tiny") -> Config:
    """A model of a few thousand parameters; durations about 8 hops a phone once the bias is set."""
    return from_dict({"model": small_model(32), "vocoder": "griffin_lim", "voice": {"name": name}})


def tiny_stats(speakers: tuple[str, ...] = ("s1",)) -> Stats:
    """Statistics of no corpus; every phone but HH and SH counts as heard."""
    seen = tuple(phone for phone in ("sil", *PHONES) if phone not in ("HH", "SH"))
    bands = (-5.0,) * 80, (2.0,) * 80
    voices = ((value,) * len(speakers) for value in (4.7, 0.2, 0.0, 1.0))
    return Stats(Symbols().names, seen, speakers, *bands, *voices, Box(15, 64, 41, 117))


def make_voice(speakers: tuple[str, ...] = ("s1",)) -> Voice:
    """The voice, the same each time."""
    torch.manual_seed(0)
    config, stats = tiny_config(), tiny_stats(speakers)
    model = JointModel(config, stats).eval().requires_grad_(False)
    model.duration.out.weight.mul_(0.1)
    model.duration.out.bias.fill_(2.2)
    identity = np.random.default_rng(0).integers(0, 255, (80, 160, 3), dtype=np.uint8)
    return Voice(config, stats, model, identity)


def baseline_config(architecture: str) -> Config:
    """:func:`tiny_config` for one of the baselines."""
    own = RecurrentConfig(channels=8, memory=12, prenet=8, attention=8, location_filters=4, location_kernel=5, lstm=16)
    config = tiny_config(architecture)
    return replace(config, model=replace(config.model, architecture=architecture, recurrent=own))  # type: ignore[arg-type]


def baseline_voice(architecture: str, stop: float = -1.0) -> Voice:
    """A baseline's voice without training, whose stop flag is always this sure."""
    torch.manual_seed(0)
    config, stats = baseline_config(architecture), tiny_stats()
    model = build_model(config, stats).eval().requires_grad_(False)
    assert isinstance(model, AutoregressiveModel) and isinstance(model.stop, torch.nn.Linear)
    model.stop.weight.zero_()
    model.stop.bias.fill_(stop)
    model.frames_per_phone.fill_(1.0)
    identity = np.random.default_rng(0).integers(0, 255, (80, 160, 3), dtype=np.uint8)
    return Voice(config, stats, model, identity)


@pytest.fixture(scope="session")
def voice() -> Voice:
    return make_voice()


@pytest.fixture(scope="session")
def voice_folder(voice: Voice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voices") / "tiny"
    voice.save(folder)
    return folder
