"""Small media in GRID's shape: code, pictures and sound as told."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.video.writing import write_clip

RATE = 16_000
WORD_EDGES = (0.20, 0.30, 0.40, 0.50, 0.60, 0.70, 0.85)
"""Six words without a pause, in seconds."""

MakeClip = Callable[..., None]


def colours(count: int) -> NDArray[np.uint8]:
    """Coloured noise pictures that change from frame to frame."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, 32, 48, 3), dtype=np.uint8)


def murmur(seconds: float) -> NDArray[np.float32]:
    """Noise that is 40 dB louder while the six words last."""
    time = np.arange(round(seconds * RATE)) / RATE
    loud = (time >= WORD_EDGES[0]) & (time < WORD_EDGES[-1])
    gain = np.where(loud, 0.1, 0.001)
    return (gain * np.random.default_rng(1).standard_normal(len(time))).astype(np.float32)


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """``make_clip(code, words, frames, sound, shift_s)`` below ``tmp_path / "grid_s7"``."""

    def make(
        code: str,
        words: str,
        frames: NDArray[np.uint8] | None = None,
        sound: NDArray[np.float32] | None = None,
        shift_s: float = 0.0,
    ) -> None:
        corpus = tmp_path / "grid_s7"
        for folder in ("video", "align"):
            (corpus / folder).mkdir(parents=True, exist_ok=True)
        pictures = colours(28) if frames is None else frames
        waveform = murmur(len(pictures) / 25) if sound is None else sound
        write_clip(corpus / "video" / f"{code}.mp4", pictures, waveform, Fraction(25), RATE, scale=1)
        if words:
            units = [round((edge + shift_s) * 25_000) for edge in WORD_EDGES]
            lines = [f"0 {units[0]} sil"]
            lines += [f"{a} {b} {word}" for a, b, word in zip(units, units[1:], words.split(), strict=False)]
            (corpus / "align" / f"{code}.align").write_text("\n".join(lines) + "\n")

    return make
