from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.evaluation.sync import av_offset, loudness_envelope, phone_error_ms


def smooth(seed: int, frames: int = 75) -> NDArray[np.float64]:
    return np.convolve(np.random.default_rng(seed).standard_normal(frames + 6), np.hanning(5), "same")[3:-3]


@pytest.mark.parametrize("offset", [-5, -1, 0, 2, 5])
def test_offset_is_positive_where_the_sound_is_late(offset: int) -> None:
    openings = [smooth(seed) for seed in range(6)]
    noise = np.random.default_rng(9)
    # frame t's sound is heard at t + offset; clips differ in level and gain
    envelopes = [
        (3 + i) * np.roll(o, offset) - 40 * i + 0.3 * noise.standard_normal(75) for i, o in enumerate(openings)
    ]
    found = av_offset(openings, envelopes)
    assert found.frames == offset
    assert found.correlation == max(found.by_shift) == found.by_shift[offset + 5] > 0.8


def test_frames_without_a_face_are_left_out() -> None:
    openings = [smooth(seed) for seed in range(4)]
    envelopes = [np.roll(opening, 2) for opening in openings]
    holes = [np.where(np.arange(75) % 7 == 0, np.nan, opening) for opening in openings]
    holes[0][:] = np.nan
    assert av_offset(holes, envelopes).frames == 2


def test_series_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        av_offset([smooth(0)], [smooth(0)[:-1]])
    with pytest.raises(ValueError, match="enough moving frames"):
        av_offset([np.zeros(75)], [smooth(0)])
    with pytest.raises(ValueError, match="0 clips"):
        av_offset([], [])


def test_loudness_of_known_levels_at_an_odd_frame_rate() -> None:
    fps = Fraction(30000, 1001)
    first, last = round(5 * 22_050 / fps), round(10 * 22_050 / fps)
    waveform = np.concatenate([np.zeros(first), 0.1 * np.ones(last - first)]).astype(np.float32)
    levels = loudness_envelope(waveform, 22_050, fps, 12)
    np.testing.assert_allclose(levels[:5], -80)
    np.testing.assert_allclose(levels[5:10], -20, atol=0.02)
    np.testing.assert_allclose(levels[10:], -80)


def test_phone_error_is_the_median_over_all_boundaries() -> None:
    true = [np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.6])]
    found = [true[0] + np.array([0.01, -0.02, 0.03]), true[1] + np.array([0.0, 1.0])]
    assert phone_error_ms(found, true) == pytest.approx(20)
    with pytest.raises(ValueError, match="same phone boundaries"):
        phone_error_ms(found, true[:1])
