"""A clip's arrays and timeline on disk."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from avsynth.data.features import ARRAYS, TIMELINE, Features, FeatureStore
from avsynth.errors import UserError
from avsynth.timeline import Timeline


@pytest.fixture
def features(timeline: Timeline) -> Features:
    rng = np.random.default_rng(0)
    hops = np.array(timeline.hops)
    values = rng.standard_normal((2, len(hops))).astype(np.float32)
    mel = rng.uniform(-11.5, 3, (int(hops.sum()), 5)).astype(np.float32)
    return Features(mel, values[0], values[1], hops)


def test_what_is_written_is_read(tmp_path: Path, features: Features, timeline: Timeline) -> None:
    store = FeatureStore(tmp_path)
    store.write("s1_a", features, timeline)
    read, own = store.read("s1_a")
    assert own == timeline
    for name in ("pitch_P", "energy_P", "hops_P"):
        np.testing.assert_array_equal(getattr(read, name), getattr(features, name))
    assert read.mel_FM.dtype == np.float32 and np.abs(read.mel_FM - features.mel_FM).max() <= 1 / 1024


def test_missing_damaged_or_pickled_features_are_one_clear_line(
    tmp_path: Path, features: Features, timeline: Timeline
) -> None:
    store, files = FeatureStore(tmp_path), features.files(timeline)
    for arrays in (files[ARRAYS][:-40], b"", b"no arrays", pickle.dumps({"mel": 1})):
        store.shards.replace("s1_a", {ARRAYS: arrays, TIMELINE: files[TIMELINE]})
        with pytest.raises(UserError, match=r"features of s1_a .*run the stats stage again"):
            store.read("s1_a")
    with pytest.raises(UserError, match="run the stage that writes it again"):
        store.read("s1_b")
