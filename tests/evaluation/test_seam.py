"""The seam's measure: known steps, nothing where nothing was set in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.evaluation.seam import measure_seam

SIZE = 120


def noisy(sigma: float = 4.0) -> NDArray[np.uint8]:
    return np.random.default_rng(0).normal(120, sigma, (SIZE, SIZE, 3)).round().clip(0, 255).astype(np.uint8)


def disc(radius: float, feather: float) -> NDArray[np.float64]:
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2
    return np.asarray(((radius - np.hypot(x, y)) / feather + 0.5).clip(0, 1))


def brighter(before: NDArray[np.uint8], share: NDArray[np.float64], by: float) -> NDArray[np.uint8]:
    return np.asarray((before + by * share[..., None]).round().clip(0, 255).astype(np.uint8))


def test_nothing_set_in_is_no_step() -> None:
    before = noisy()
    assert measure_seam(before, before, disc(35, 12)).step == 0


def test_a_feathered_step_is_its_height_over_its_width() -> None:
    before = noisy()
    for by, feather in ((24.0, 12.0), (48.0, 12.0), (48.0, 24.0)):
        share = disc(35, feather)
        assert measure_seam(before, brighter(before, share, by), share).step == pytest.approx(by / feather, rel=0.25)


def test_a_hard_edge_stands_out_and_a_soft_one_does_not() -> None:
    before, hard, soft = noisy(), (disc(35, 1e-6) > 0.5).astype(float), disc(35, 24)
    assert measure_seam(before, brighter(before, hard, 20), hard).ratio > 1.5
    assert measure_seam(before, brighter(before, soft, 20), soft).ratio < 0.5


def test_the_own_gradients_are_the_noise_and_not_a_lone_edge() -> None:
    share = disc(35, 12)
    quiet, loud = (measure_seam(noisy(sigma), noisy(sigma), share).own for sigma in (2.0, 8.0))
    assert loud == pytest.approx(4 * quiet, rel=0.15)
    edged = noisy(2.0)
    edged[:, 60:] += 100
    assert measure_seam(edged, edged, share).own < 1.5 * quiet


def test_what_is_shown_within_is_no_seam() -> None:
    """A strong edge inside of what was set in, away from where its share changes."""
    before, share = noisy(), disc(35, 12)
    after = before.copy()
    after[50:70, 50:70] = 0
    assert measure_seam(before, after, share).step == pytest.approx(0, abs=0.05)
