"""The recogniser that is inside a wheel, where that is installed; and what is said where it is not."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from avsynth.audio.recogniser import RECOGNISER_RATE, Moonshine
from avsynth.errors import UserError


def test_without_the_package_one_line_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(UserError, match=r"pip install 'avsynth\[recognise\]'"):
        Moonshine()


def test_it_hears_a_synthetic_voice_and_nothing_in_silence() -> None:
    pytest.importorskip("moonshine_voice")
    hibari = pytest.importorskip("hibari")
    soxr = pytest.importorskip("soxr")
    voice = hibari.Hibari()
    sound = np.asarray(voice("The boy has a red apple in his hand.", seed=0), dtype=np.float32)
    recogniser = Moonshine()
    heard = recogniser(soxr.resample(sound, voice.sample_rate, RECOGNISER_RATE))
    assert {"boy", "red", "apple", "hand"} <= set(heard.lower().replace(".", "").split())
    assert recogniser(np.zeros(0, dtype=np.float32)) == ""
    assert recogniser(np.zeros(RECOGNISER_RATE, dtype=np.float32)) == ""
