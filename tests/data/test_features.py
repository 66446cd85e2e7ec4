"""A clip's arrays on disk."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from avsynth.data.features import Features, feature_file
from avsynth.errors import UserError


@pytest.fixture
def features() -> Features:
    rng = np.random.default_rng(0)
    hops = np.array([3, 2, 4])
    values = rng.standard_normal((2, 3)).astype(np.float32)
    return Features(rng.standard_normal((9, 5)).astype(np.float32), values[0], values[1], hops)


def test_what_is_saved_is_loaded(tmp_path: Path, features: Features) -> None:
    path = feature_file(tmp_path, "s1_a")
    features.save(path)
    loaded = Features.load(path)
    for name in ("mel_FM", "pitch_P", "energy_P", "hops_P"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(features, name))
    assert [item.name for item in tmp_path.iterdir()] == ["s1_a.npz"]


def test_they_fit_only_the_durations_they_were_measured_with(features: Features) -> None:
    assert features.fits(np.array([3, 2, 4]))
    assert not features.fits(np.array([2, 3, 4]))
    assert not features.fits(np.array([3, 2]))
    shorter = Features(features.mel_FM[:8], features.pitch_P, features.energy_P, features.hops_P)
    assert not shorter.fits(np.array([3, 2, 4]))


def test_a_missing_damaged_or_pickled_file_is_one_clear_line(tmp_path: Path, features: Features) -> None:
    features.save(tmp_path / "whole.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "whole.npz").read_bytes()[:-40])
    (tmp_path / "empty.npz").touch()
    (tmp_path / "text.npz").write_text("no arrays")
    (tmp_path / "pickled.npz").write_bytes(pickle.dumps({"mel": 1}))
    np.savez(tmp_path / "lacking.npz", mel=features.mel_FM)
    for name in ("gone", "cut", "empty", "text", "pickled", "lacking"):
        with pytest.raises(UserError, match=f"cannot read features .*{name}.npz; run the stats stage again"):
            Features.load(tmp_path / f"{name}.npz")
