"""Means over clips with 95 % bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RESAMPLES = 1_000
_INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class Summary:
    """A mean over clips and the 95 % bootstrap interval around it; NaN throughout when no clip has the measure."""

    mean: float
    low: float
    high: float
    count: int
    """Clips for which the measure is defined."""


def single(value: float, count: int = 1) -> Summary:
    """A figure that is no mean over clips, or one of ``count`` clips together: it has no interval."""
    return Summary(value, float("nan"), float("nan"), count)


def summarise(values: ArrayLike, resamples: int = RESAMPLES, seed: int = 0) -> Summary:
    """Summarise one value per clip, shape (clips,); clips whose value is NaN are left out and not counted.

    Clips are the unit that is resampled: frames of one clip are not independent.
    """
    array = np.asarray(values, np.float64)
    return summarise_ratio(array, np.ones_like(array), resamples, seed)


def summarise_ratio(tops: ArrayLike, bottoms: ArrayLike, resamples: int = RESAMPLES, seed: int = 0) -> Summary:
    """Summarise sum of tops / sum of bottoms over clips, as for word errors over words; both of shape (clips,)."""
    top, bottom = np.asarray(tops, np.float64), np.asarray(bottoms, np.float64)
    if top.ndim != 1 or top.shape != bottom.shape:
        raise ValueError(f"expected one value per clip, got shapes {top.shape} and {bottom.shape}")
    known = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom = top[known], bottom[known]
    if not bottom.sum() > 0:
        return Summary(float("nan"), float("nan"), float("nan"), 0)
    picks = np.random.default_rng(seed).integers(len(top), size=(resamples, len(top)))
    ratios = _divide(top[picks].sum(axis=1), bottom[picks].sum(axis=1))
    # no interpolation between ranks: a PSNR may be infinite
    low, high = np.quantile(ratios[~np.isnan(ratios)], _INTERVAL, method="inverted_cdf")
    return Summary(float(top.sum() / bottom.sum()), float(low), float(high), len(top))


def summarise_fields(
    scores: Sequence[DataclassInstance], resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Summary]:
    """Summarise each field of equal dataclasses of numbers, one per clip, by the field's name.

    Every field is resampled with the same clips.
    """
    if not scores:
        raise ValueError("no clip was scored")
    names = [field.name for field in fields(scores[0])]
    return {name: summarise([getattr(score, name) for score in scores], resamples, seed) for name in names}


def _divide(top: NDArray[Any], bottom: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(top / bottom)
