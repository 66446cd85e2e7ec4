"""Pieces of a long sound: nothing is lost, none is too long, and cuts lie where it is quiet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from avsynth.audio.pauses import LONGEST_S, SHORTEST_S, cut_at_pauses, quietest

RATE = 1000


def noise(seconds: float) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 0.3, round(seconds * RATE)).astype(np.float32)


def in_blocks(sound: NDArray[np.float32], size: int) -> Iterator[NDArray[np.float32]]:
    return (sound[start : start + size] for start in range(0, len(sound), size))


@settings(max_examples=40, deadline=None)
@given(some.floats(0.001, 130), some.integers(100, 50_000))
def test_nothing_is_lost_and_lengths_are_bounded(seconds: float, block: int) -> None:
    sound = noise(seconds)
    pieces = list(cut_at_pauses(in_blocks(sound, block), RATE))
    np.testing.assert_array_equal(np.concatenate(pieces), sound)
    assert max(len(piece) for piece in pieces) <= LONGEST_S * RATE
    assert all(len(piece) >= SHORTEST_S * RATE for piece in pieces[: len(pieces) if len(pieces) > 1 else 0])


def test_the_cut_lies_in_the_pause() -> None:
    sound = noise(70)
    for start in (12_000, 27_000, 45_000):
        sound[start : start + 500] *= 0.01
    sound[20_000:20_100] = 0  # as short as a stop's closure
    ends = np.cumsum([len(piece) for piece in cut_at_pauses(in_blocks(sound, 900), RATE)])
    assert 12_100 < ends[0] < 12_400 or 27_100 < ends[0] < 27_400
    assert all(any(start + 100 < end < start + 400 for start in (12_000, 27_000, 45_000)) for end in ends[:2])


def test_the_blocks_do_not_matter() -> None:
    sound = noise(95)
    cuts = [[len(piece) for piece in cut_at_pauses(in_blocks(sound, size), RATE)] for size in (77, 1000, 95_000)]
    assert cuts[0] == cuts[1] == cuts[2]


@pytest.mark.parametrize("length", [10, 299, 300, 5000])
def test_the_quietest_place_is_inside(length: int) -> None:
    assert 0 <= quietest(noise(length / RATE), RATE) <= length
