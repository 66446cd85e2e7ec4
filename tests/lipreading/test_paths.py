"""Monotonic alignment search against every path there is, and the lengths that come of it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.lipreading.paths import even_path, label_lengths, monotonic_paths, silences_optional


def every_path(positions: int, optional: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """All ways to give ``positions`` to the labels in order, each at least one but for optional ones."""
    paths = []
    for kept in itertools.product((False, True), repeat=len(optional)):
        places = [place for place, stays in enumerate(kept) if stays]
        if not places or not all(stays or may for stays, may in zip(kept, optional, strict=True)):
            continue
        for cuts in itertools.combinations(range(1, positions), len(places) - 1):
            paths.append(np.repeat(places, np.diff([0, *cuts, positions])))
    return paths


def random_optional(rng: np.random.Generator, labels: int) -> NDArray[np.bool_]:
    """Some labels, never two neighbours, never all."""
    optional = rng.random(labels) < 0.4
    optional[1:] &= ~optional[:-1]
    optional[rng.integers(labels)] = False
    return np.asarray(optional & ~np.concatenate([[False], optional[:-1]]))


def test_the_best_path_is_the_best_of_all() -> None:
    rng = np.random.default_rng(0)
    for _ in range(150):
        labels = int(rng.integers(1, 6))
        positions = int(rng.integers(labels, 9))
        optional = random_optional(rng, labels)
        scores = rng.normal(size=(positions, labels))
        path = monotonic_paths(scores[None], np.array([positions]), np.array([labels]), optional[None])[0]
        best = max(every_path(positions, optional), key=lambda own: float(scores[np.arange(positions), own].sum()))
        assert path.tolist() == best.tolist()


def test_clips_of_a_batch_do_not_change_one_another() -> None:
    rng = np.random.default_rng(1)
    positions, labels = np.array([9, 4, 6]), np.array([3, 4, 1])
    scores, optional = rng.normal(size=(3, 9, 4)), np.zeros((3, 4), bool)
    together = monotonic_paths(scores, positions, labels, optional)
    for row, (length, count) in enumerate(zip(positions, labels, strict=True)):
        alone = monotonic_paths(
            scores[row : row + 1, :length, :count],
            np.array([length]),
            np.array([count]),
            optional[row : row + 1, :count],
        )
        assert together[row, :length].tolist() == alone[0].tolist()
        assert (together[row, length:] == count - 1).all()


def test_lengths_sum_to_the_positions_and_only_silence_may_vanish() -> None:
    rng = np.random.default_rng(2)
    labels = ("sil", "M", "AA", "sil", "M", "sil")
    for _ in range(30):
        scores = rng.normal(size=(20, 6)) + np.array([-9, 0, 0, -9, 0, 0])
        lengths = label_lengths(scores, silences_optional(labels))
        assert lengths.sum() == 20 and (lengths == lengths.astype(int)).all()
        assert lengths[0] == lengths[3] == 0 and (lengths[[1, 2, 4]] >= 1).all()


def test_more_phones_than_positions_share_them() -> None:
    lengths = label_lengths(np.zeros((3, 7)), np.zeros(7, bool))
    assert lengths.sum() == pytest.approx(3) and lengths.min() == pytest.approx(1 / 3)


def test_what_has_no_path_is_refused() -> None:
    with pytest.raises(ValueError, match="fewer positions than labels"):
        monotonic_paths(np.zeros((1, 2, 3)), np.array([2]), np.array([3]), np.zeros((1, 3), bool))
    with pytest.raises(ValueError, match="neighbouring"):
        monotonic_paths(np.zeros((1, 4, 3)), np.array([4]), np.array([3]), np.array([[True, True, False]]))


def test_training_starts_from_even_phones_between_longer_silences() -> None:
    path = even_path(("sil", "M", "AA", "sil"), 20)
    assert np.bincount(path).tolist() == [8, 2, 2, 8]
