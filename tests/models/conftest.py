"""A model of a few thousand weights and clips of random numbers for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.dataset import Clip
from avsynth.data.features import Features
from avsynth.data.stats import Stats
from avsynth.models.joint import JointModel
from tests.conftest import small_model

HEIGHT, WIDTH, BANDS = 16, 32, 6
SPEAKERS = ("s1", "s2", "s3")


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


@pytest.fixture
def config() -> Config:
    """Every part of the model, as small as it goes."""
    sizes = small_model(
        12,
        layers=2,
        ffn=24,
        channels=8,
        dropout=0.1,
        identity=(2, 3, 4, 5, 6),
        decoder=(6, 5, 4, 4),
        bottleneck=3,
        last=2,
    )
    return from_dict(
        {
            "mel": {"n_mels": BANDS},
            "lips": {"height": HEIGHT, "width": WIDTH},
            "model": sizes | {"postnet_layers": 2, "postnet_channels": 8},
        }
    )


@pytest.fixture
def stats() -> Stats:
    """Three speakers, nine symbols."""
    symbols = ("<pad>", "sil", *"abcdefg")
    band = tuple(float(value) for value in range(BANDS))
    return Stats(
        symbols,
        symbols[1:],
        SPEAKERS,
        band,
        (1.5,) * BANDS,
        *((value,) * 3 for value in (4.8, 0.3, 1.0, 2.0)),
        (4, 12, 8, 24),
    )


@pytest.fixture
def model(config: Config, stats: Stats) -> JointModel:
    """The joint model, as synthesis uses it."""
    return JointModel(config, stats).eval()


@pytest.fixture
def make_clip() -> Callable[..., Clip]:
    """``make_clip(hops, frames, seed, speaker)``: a clip of random phones, sound and pictures."""

    def make(hops: list[int], frames: int, seed: int = 0, speaker: int = 0) -> Clip:
        rng = np.random.default_rng(seed)
        phones, length = len(hops), sum(hops)
        features = Features(
            rng.standard_normal((length, BANDS)).astype(np.float32),
            rng.standard_normal(phones).astype(np.float32),
            rng.standard_normal(phones).astype(np.float32),
            np.array(hops),
        )
        pictures = rng.integers(0, 256, (frames, HEIGHT, WIDTH, 3), dtype=np.uint8)
        identity = rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        return Clip(
            phones=rng.integers(1, 9, phones).tolist(),
            accents=np.zeros((phones, 4), np.float32),
            hops=hops,
            features=features,
            speaker=speaker,
            lip_frames=frames,
            chosen=np.arange(frames),
            lips=pictures,
            identity=identity if frames else np.zeros_like(identity),
            offset_hops=0.0,
        )

    return make
