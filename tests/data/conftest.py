"""Utterances and timelines without a recording behind them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from avsynth.data.manifest import Utterance, WordTime
from avsynth.data.stats import Stats
from avsynth.timeline import Timeline, WordSpan
from avsynth.video.box import Box


@pytest.fixture
def utterance() -> Callable[..., Utterance]:
    """``utterance(uid, **fields)``."""

    def make(uid: str, **fields: Any) -> Utterance:
        plain: dict[str, Any] = {
            "uid": uid,
            "speaker": uid.split("_")[0],
            "text": "bin blue",
            "audio": f"video/{uid}.mp4",
            "video": f"video/{uid}.mp4",
            "words": (WordTime("bin", 0.1, 0.4), WordTime("blue", 0.4, 0.75)),
            "audio_s": 1.0,
            "lip_frames": 25,
            "fps": "25",
            "split": "train",
        }
        return Utterance(**{**plain, **fields})

    return make


@pytest.fixture
def timeline() -> Timeline:
    """23 hops in seven lip frames: silence, two phones, silence."""
    return Timeline(("sil", "B", "IY", "sil"), (4, 6, 9, 4), (WordSpan("be", 1, 3),), 22050, 256, Fraction(25))


@pytest.fixture
def stats() -> Stats:
    """Two bands, two speakers, the second an octave above and twice as loud."""
    symbols = ("<pad>", "sil", "B", "IY")
    bands = (1.0, 2.0), (2.0, 4.0)
    pitch, energy = ((5.0, 5.7), (0.5, 0.25)), ((1.0, 2.0), (2.0, 1.0))
    return Stats(symbols, symbols[1:], ("s1", "s2"), *bands, *pitch, *energy, Box(2, 6, 4, 12))
