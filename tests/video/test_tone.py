"""High dynamic range: dark and middle tones as on any screen, bright ones rolled off, colours kept."""

from __future__ import annotations

import numpy as np
import pytest

from avsynth.video.tone import HLG, PQ, WHITE, light_of_pq, pq_of, tone_mapped


def grey(light: float) -> int:
    signal = np.uint16(round(float(pq_of(np.array(light))) * 65535))
    return int(tone_mapped(np.full((1, 1, 3), signal), PQ)[0, 0, 0])


@pytest.mark.parametrize("light", [1.0, 10.0, 50.0, 80.0])
def test_what_is_dark_looks_as_it_does_without_hdr(light: float) -> None:
    assert grey(light) == pytest.approx(255 * (light / WHITE) ** (1 / 2.4), abs=2)


def test_what_is_bright_is_rolled_off_and_told_apart() -> None:
    shades = [grey(light) for light in (100, 203, 400, 600)]
    assert shades == sorted(set(shades)) and shades[-1] <= 255 and 190 < shades[1] < 250
    assert grey(5000) == 255


def test_pq_is_undone() -> None:
    light = np.array([0.1, 1, 100, 4000])
    np.testing.assert_allclose(light_of_pq(pq_of(light)), light, rtol=1e-6)


def test_hlg_white_is_white_and_colours_keep_their_order() -> None:
    white = tone_mapped(np.full((1, 1, 3), round(0.75 * 65535), np.uint16), HLG)
    assert 190 < white.min() == white.max() < 250
    skin = tone_mapped((np.array([[[0.55, 0.48, 0.42]]]) * 65535).astype(np.uint16), HLG)[0, 0]
    assert skin[0] > skin[1] > skin[2] > 40
