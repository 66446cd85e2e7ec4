from __future__ import annotations

import numpy as np
import pytest

from avsynth.evaluation.speech import WordErrors
from avsynth.evaluation.statistics import (
    Summary,
    summarise,
    summarise_fields,
    summarise_ratio,
)
from avsynth.video.box import Box


def test_the_interval_covers_the_true_mean_about_95_times_in_100() -> None:
    rng = np.random.default_rng(1)
    trials = 300
    hits = 0
    for trial in range(trials):
        summary = summarise(rng.normal(3.0, 2.0, 50), seed=trial)
        hits += summary.low <= 3.0 <= summary.high
    assert 0.90 <= hits / trials <= 0.98


def test_the_interval_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(2).normal(0, 1, 400)
    summary = summarise(values)
    assert summary.mean == pytest.approx(values.mean())
    assert summary.high - summary.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(3).random(30)
    assert summarise(values) == summarise(values)
    assert summarise(values) != summarise(values, seed=1)


def test_undefined_clips_are_left_out_and_counted() -> None:
    assert summarise([2.0, np.nan, 2.0]) == Summary(2, 2, 2, 2)
    nothing = summarise([np.nan])
    assert nothing.count == 0
    assert np.isnan([nothing.mean, nothing.low, nothing.high]).all()


def test_infinity_stays_infinity() -> None:
    assert summarise([np.inf, np.inf]) == Summary(np.inf, np.inf, np.inf, 2)
    mixed = summarise([30.0] * 60 + [np.inf])
    assert (mixed.mean, mixed.low, mixed.high) == (np.inf, 30.0, np.inf)


def test_a_ratio_weighs_clips_by_their_size() -> None:
    summary = summarise_ratio([1, 0], [2, 8])
    assert summary.mean == pytest.approx(0.1)
    assert (summary.low, summary.high) == (0, 0.5)
    with pytest.raises(ValueError, match="one value per clip"):
        summarise_ratio([1, 0], [2])


def test_fields_are_summarised_by_name() -> None:
    summaries = summarise_fields([WordErrors(1, 0, 0, 6), WordErrors(3, 0, 0, 6)])
    assert list(summaries) == ["substitutions", "deletions", "insertions", "words"]
    assert summaries["substitutions"].mean == 2
    assert summaries["words"] == Summary(6, 6, 6, 2)
    with pytest.raises(ValueError, match="no clip"):
        summarise_fields(list[Box]())
