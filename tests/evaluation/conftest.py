"""A drawn mouth whose opening is known at every frame."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.evaluation.pictures import Clip
from avsynth.video.box import Box


def draw_mouth(opening: NDArray[np.float64], seed: int = 0) -> Clip:
    """An 80 x 160 face patch with texture and camera noise and a dark mouth, ``opening`` px high at each frame."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:80, 0:160]
    skin = np.array([200.0, 150.0, 130.0]) + 12 * rng.standard_normal((80, 160, 1))
    frames = []
    for height in opening:
        distance = np.hypot((x - 80) / 28, (y - 40) / max(height, 0.5))
        inside = 1 / (1 + np.exp(8 * (distance - 1)))[..., None]
        picture = skin * (1 - inside) + np.array([60.0, 20.0, 25.0]) * inside
        frames.append(np.clip(picture + 0.7 * rng.standard_normal((80, 160, 1)), 0, 255))
    return np.rint(frames).astype(np.uint8)


@pytest.fixture(scope="session")
def opening() -> NDArray[np.float64]:
    """Opening in px at 75 frames: closed, two seconds of speech that does not repeat itself, closed."""
    time = np.arange(75) / 25
    talk = 9 + 6 * np.sin(2 * np.pi * 0.8 * time) + 3 * np.sin(2 * np.pi * 1.7 * time + 1)
    return np.asarray(np.where((time >= 0.5) & (time < 2.5), np.maximum(talk, 1), 2.0))


@pytest.fixture(scope="session")
def speech() -> NDArray[np.bool_]:
    """The speech mask of the drawn clip."""
    time = np.arange(75) / 25
    return np.asarray((time >= 0.5) & (time < 2.5))


@pytest.fixture(scope="session")
def real(opening: NDArray[np.float64]) -> Clip:
    """The drawn clip."""
    return draw_mouth(opening)


@pytest.fixture(scope="session")
def roi() -> Box:
    """A box around the drawn mouth."""
    return Box(top=15, bottom=65, left=45, right=115)
