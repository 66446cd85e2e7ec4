"""A corpus of drawn mouths whose shape tells the phone, and a reader trained on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from avsynth.config.schema import ReaderConfig
from avsynth.lipreading.clips import ReadingClip
from avsynth.lipreading.pictures import small_pictures
from avsynth.lipreading.reader import LipReader, ReaderSpec
from avsynth.training.lip_reader import train_reader
from avsynth.video.box import Box

SHAPES = {"sil": (8, 1), "M": (5, 1), "AA": (8, 7), "UW": (3, 4), "IY": (11, 3)}
"""Half width and half height in px of each phone's mouth."""
HEIGHT, WIDTH = 24, 32
CONFIG = ReaderConfig(
    clips="all",
    height=16,
    width=24,
    channels=(8, 12),
    hidden=48,
    layers=2,
    kernel=3,
    dropout=0.0,
    steps=200,
    ctc_from=80,
    batch=6,
    learning_rate=4e-3,
    warmup=10,
    weight_decay=0.0,
    ema=0.95,
    seed=3,
    log_every=100,
)


@dataclass(frozen=True)
class Drawn:
    """A clip of drawn mouths and the frames that each phone holds."""

    crops: NDArray[np.uint8]
    phones: tuple[str, ...]
    frames: tuple[int, ...]


def draw(phones: tuple[str, ...], frames: tuple[int, ...], seed: int) -> Drawn:
    """``(T, 24, 32, 3)``: a dark ellipse on noisy skin, its size that of the frame's phone."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    pictures = []
    for phone, count in zip(phones, frames, strict=True):
        width, height = SHAPES[phone]
        inside = np.hypot((x - 16) / width, (y - 12) / height) < 1
        for _ in range(count):
            grey = np.where(inside, 60.0, 170.0) + 4 * rng.standard_normal((HEIGHT, WIDTH))
            pictures.append(np.repeat(np.rint(grey)[..., None], 3, axis=2))
    return Drawn(np.clip(pictures, 0, 255).astype(np.uint8), phones, frames)


def say(seed: int) -> Drawn:
    """Silence, three to five phones of two to five frames, silence."""
    rng = np.random.default_rng(seed)
    spoken = [name for name in SHAPES if name != "sil"]
    inner: list[str] = []
    for _ in range(rng.integers(3, 6)):
        inner.append(str(rng.choice([name for name in spoken if inner[-1:] != [name]])))
    phones = ("sil", *inner, "sil")
    lengths = (int(rng.integers(3, 12)), *rng.integers(2, 6, len(inner)).tolist(), int(rng.integers(3, 12)))
    return draw(phones, lengths, seed)


@pytest.fixture(scope="session")
def spec() -> ReaderSpec:
    return ReaderSpec(CONFIG, Box(2, 22, 2, 30), Fraction(25))


@pytest.fixture(scope="session")
def clips(spec: ReaderSpec) -> list[ReadingClip]:
    """48 clips to learn from."""
    drawn = [say(seed) for seed in range(48)]
    return [
        ReadingClip(f"clip{number:02}", small_pictures(item.crops, spec.box, 16, 24), item.phones)
        for number, item in enumerate(drawn)
    ]


@pytest.fixture(scope="session")
def heard() -> list[Drawn]:
    """Clips that no reader learned from."""
    return [say(seed) for seed in range(1000, 1020)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reader")


@pytest.fixture(scope="session")
def reader(spec: ReaderSpec, clips: list[ReadingClip], folder: Path) -> LipReader:
    """Trained in a few seconds on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    trained = train_reader(spec, clips, folder, "cpu", lambda own: {"symbols": float(len(own.spec.symbols))})
    torch.set_num_threads(threads)
    return trained
