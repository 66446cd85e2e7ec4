"""Video textures: who follows whom, and the walk."""

from __future__ import annotations

from itertools import islice, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.faces.texture import Shown, Texture, dissolve_length, find_texture, walk

FPS = 25.0
FADE = dissolve_length(FPS)


def swaying(count: int, seed: int = 0) -> NDArray[np.float32]:
    """``(T, 30)``: pictures of something that shifts and turns, up to twice a second, with noise."""
    rng = np.random.default_rng(seed)
    time = np.arange(count)[:, None] / FPS
    pose = sum(np.sin(2 * np.pi * time * rng.uniform(0.1, 2, 2) + rng.uniform(0, 6, 2)) for _ in range(3))
    return (pose @ rng.normal(0, 5, (2, 30)) + rng.normal(0, 1, (count, 30))).astype(np.float32)


def texture(*lengths: int) -> tuple[Texture, NDArray[np.bool_]]:
    return find_texture(swaying(sum(lengths)), np.repeat(np.arange(len(lengths)), lengths), FPS)


@pytest.mark.parametrize("lengths", [(750,), (40,) * 12, (300, 60, 45)])
def test_a_walk_never_stands_never_goes_back_and_leaves_no_run(lengths: tuple[int, ...]) -> None:
    made, alive = texture(*lengths)
    shown = list(islice(walk(made, FPS, 1), 5000))
    for one, other in pairwise(shown):
        if other.leaving != one.index + 1:  # else a dissolve begins, with the picture that would have come
            assert other.index == one.index + 1 and made.runs[other.index] == made.runs[one.index]
    leaving = [item.leaving for item in shown if item.leaving is not None]
    assert leaving and len({item.index for item in shown}) > 0.3 * alive.sum()


def test_a_jump_is_as_alike_as_neighbours_are_while_it_is_shown() -> None:
    views = swaying(750)
    made, _ = find_texture(views, np.zeros(750, np.int64), FPS)
    shown = list(islice(walk(made, FPS, 3), 20_000))

    def picture(item: Shown) -> NDArray[np.float32]:
        before = 0 if item.leaving is None else views[item.leaving]
        return np.asarray(item.share * views[item.index] + (1 - item.share) * before)

    pairs = list(pairwise(shown))
    jumps = [np.abs(picture(a) - picture(b)).mean() for a, b in pairs if a.leaving is not None or b.leaving is not None]
    usual = np.abs(np.diff(views, axis=0)).mean(axis=1)
    assert np.percentile(jumps, 95) <= np.percentile(usual, 95)


def test_a_walk_is_random_and_has_no_period_under_two_minutes() -> None:
    made, _ = texture(750)
    shown = np.array([item.index for item in islice(walk(made, FPS, 5), 30_000)])
    for period in range(25, int(120 * FPS)):
        assert (shown[period:] == shown[:-period]).mean() < 0.3
    again = [item.index for item in islice(walk(made, FPS, 5), 30_000)]
    assert again == shown.tolist()
    assert again != [item.index for item in islice(walk(made, FPS, 6), 30_000)]


def test_too_short_a_run_has_no_jumps_and_its_last_picture_is_held() -> None:
    made, _ = texture(15)
    assert not len(made.jumps)
    assert [item.index for item in islice(walk(made, FPS, 0), 20)] == [*range(15), 14, 14, 14, 14, 14]


def test_of_many_jumps_those_that_are_seen_least_are_kept() -> None:
    """Three quarters of the runs look another way: enough of the others are left, and no walk leads there."""
    views = swaying(3000, seed=2)
    views[750:1500] += 40
    views[1500:] -= np.linspace(60, 120, 30, dtype=np.float32)
    made, alive = find_texture(views, np.repeat(np.arange(60), 50), FPS)
    shown = {item.index for item in islice(walk(made, FPS, 1, int(np.flatnonzero(alive)[0])), 5000)}
    level = views.mean(axis=1)
    assert np.ptp([level[number] for number in shown]) < 35
    assert len(made.jumps) >= 15 * alive.sum() / FPS


def test_a_walk_is_never_shut_in() -> None:
    """Wherever a dissolve ends there is a way to everything else, for runs hardly longer than two dissolves."""
    made, alive = texture(*(2 * FADE + 6,) * 40)
    start = int(np.flatnonzero(alive)[0])
    shown = [item.index for item in islice(walk(made, FPS, 4, start), 40_000)]
    assert len(set(shown[20_000:])) == len(set(shown))
