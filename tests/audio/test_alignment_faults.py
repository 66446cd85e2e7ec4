"""Which alignments are not believed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.aligner import Segment
from avsynth.audio.alignment_faults import alignment_fault, speech_in_pauses

RATE = 16_000
WORDS = [Segment("B", 0, 0.5, 0.6), Segment("IY", 0, 0.6, 0.9), Segment("S", 1, 1.2, 1.3), Segment("OW", 1, 1.3, 1.6)]


def noise(loud_s: Sequence[tuple[float, float]], quiet: float = 0.001) -> NDArray[np.float32]:
    """Two seconds of noise, loud in these stretches."""
    time = np.arange(2 * RATE) / RATE
    gain = np.full(len(time), quiet)
    for start, end in loud_s:
        gain[(time >= start) & (time < end)] = 0.1
    return (gain * np.random.default_rng(0).standard_normal(len(time))).astype(np.float32)


SPOKEN = [(0.5, 0.9), (1.2, 1.6)]


def test_words_where_the_sound_is_are_believed() -> None:
    assert alignment_fault(WORDS, noise(SPOKEN), RATE) == ""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((0.0, 0.25), "speech of 0.2"),  # before the first word
        ((0.95, 1.15), "speech of 0.2"),  # between two
        ((1.75, 2.0), "speech of 0.2"),  # after the last
        ((1.0, 1.09), ""),  # a click or breath
    ],
)
def test_what_is_said_in_a_pause(more: tuple[float, float], says: str) -> None:
    found = alignment_fault(WORDS, noise([*SPOKEN, more]), RATE)
    assert found.startswith(says) and bool(found) == bool(says)
    if found:
        assert float(found.rpartition(" at ")[2].removesuffix(" s")) == pytest.approx(more[0], abs=0.021)


def test_a_phone_that_lasts_too_long_is_named_first() -> None:
    long = [*WORDS[:3], Segment("OW", 1, 1.3, 1.95)]
    assert alignment_fault(long, noise(SPOKEN), RATE) == "a OW of 0.65 s at 1.30 s"


@pytest.mark.parametrize("quiet", [0.03, 0.08])
def test_a_noisy_room_is_no_speech(quiet: float) -> None:
    """Noise 10 dB or 2 dB below what is said."""
    assert alignment_fault(WORDS, noise(SPOKEN, quiet), RATE) == ""


def test_silence_holds_no_speech() -> None:
    assert speech_in_pauses(WORDS, np.zeros(2 * RATE, np.float32), RATE) == (0.0, 0.0)
