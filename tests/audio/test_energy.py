"""Energy per mel frame, and means over phones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from avsynth.audio.energy import log_energy, phone_means
from vocoder.mel import MelConfig, log_mel


def test_energy_is_the_log_of_the_norm() -> None:
    mel = np.log(np.array([[3.0, 4.0], [1.0, 0.0001]], dtype=np.float32))
    np.testing.assert_allclose(log_energy(mel), np.log([5, 1]), atol=1e-6)


def test_twice_as_loud_is_log_two_more() -> None:
    sound = torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, (1, 8192)).astype(np.float32))
    quiet, loud = (log_energy(log_mel(gain * sound, MelConfig())[0].numpy()) for gain in (1.0, 2.0))
    np.testing.assert_allclose(loud - quiet, np.log(2), atol=1e-3)


def test_each_phone_has_its_own_mean() -> None:
    means = phone_means(np.array([1.0, 3.0, 10.0, 0.0, 2.0, 4.0]), [2, 0, 1, 3])
    assert means.dtype == np.float32
    assert means.tolist() == pytest.approx([2, 0, 10, 2])
