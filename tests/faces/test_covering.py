"""What lies before a face: found where it comes from beside the lips, and never in the mouth itself."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.covering import LEARN_EVERY, LEARNED, Covering

CONFIG = LipsConfig()


def crop(seed: int) -> NDArray[np.uint8]:
    """A lower face: a slope of skin, lips, and noise."""
    y, x = np.mgrid[:80, :160]
    skin = np.stack([190 - y / 3, 150 - y / 3, 130 - np.abs(x - 80) / 4], axis=2)
    lips = ((x - 80) / 30) ** 2 + ((y - 36) / 9) ** 2 < 1
    skin[lips] = [170, 90, 90]
    return (skin + np.random.default_rng(seed).normal(0, 2, skin.shape)).clip(0, 255).astype(np.uint8)


@pytest.fixture
def covering() -> Covering:
    made = Covering(CONFIG)
    for seed in range(LEARNED * LEARN_EVERY):
        assert made(crop(seed)) is None
    return made


def test_a_talkers_open_mouth_and_another_light_are_no_cover(covering: Covering) -> None:
    spoken = crop(1)
    spoken[30:46, 62:98] = 15
    assert covering(spoken) is None
    assert covering((crop(2) * 0.7).astype(np.uint8)) is None


def test_a_thing_that_comes_from_beside_is_covered_and_what_it_leaves_free_is_not(covering: Covering) -> None:
    hidden = crop(3)
    hidden[20:80, 70:110] = [30, 30, 35]
    cover = covering(hidden)
    assert cover is not None and cover.shape == (20, 40)
    assert cover[6:19, 18:27].min() == 1 and cover[:, :12].max() < 0.05
    assert covering(crop(4)) is None, "it went away"
