"""A voice speaks with other projects' vocoders: from its text to the waveform, through each adapter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avsynth.synthesis.synthesizer import AVSynthesizer
from tests.conftest import make_voice
from vocoder import MelConfig, VocoderError

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # the packages build on a deprecated weight_norm


def write(name: str, folder: Path) -> Path:
    """A small checkpoint as the vocoder's own tests make it; skipped where its packages are missing."""
    if name == "bigvgan":
        pytest.importorskip("bigvgan.bigvgan", exc_type=ImportError)
        from tests.vocoder import test_bigvgan

        return test_bigvgan.write(folder, test_bigvgan.H)
    if name == "onnx":
        pytest.importorskip("onnx")
        from tests.vocoder import test_onnx

        return test_onnx.write(folder, "log_base: 10\nfloor: 1e-3\nmean: -2\nscale: 2\n")
    pytest.importorskip("parallel_wavegan")
    pytest.importorskip("espnet2")
    from tests.vocoder import test_espnet

    return test_espnet.write(folder, "hifigan", test_espnet.own_package())


@pytest.mark.parametrize(
    ("name", "mel", "steps"),
    [
        ("bigvgan", {}, ""),
        ("onnx", {}, "mel adapted to Onnx: logarithm to base e times 0.4343 for base 10; raised to the floor 0.001"),
        (
            "espnet",
            {"f_min": 80.0, "f_max": 7600.0, "padding": "center"},
            "mel adapted to ParallelWaveGAN: logarithm to base e times 0.4343 for base 10; what lies on its floor",
        ),
    ],
)
def test_speaks_with_it(tmp_path: Path, name: str, mel: dict[str, Any], steps: str) -> None:
    path = write(name, tmp_path)
    voice = make_voice()
    voice = replace(voice, config=replace(voice.config, mel=replace(MelConfig(), **mel)))
    options: dict[str, Any] = {"vocoder": name, "vocoder_checkpoint": path, "device": "cpu"}
    if steps:
        with pytest.raises(VocoderError, match="--adapt-mel converts it"):
            AVSynthesizer(voice, **options)
    synthesizer = AVSynthesizer(voice, **options, adapt_mel=True)
    assert synthesizer.adaptation.startswith(steps) and bool(synthesizer.adaptation) == bool(steps)
    made = synthesizer("bin blue now", lips=False)
    spoken = made.waveform[: made.timeline.total_hops * 256]
    assert len(spoken) == made.timeline.total_hops * 256 and float(spoken.std()) > 1e-3
    again = synthesizer("bin blue now", lips=False)
    np.testing.assert_array_equal(again.waveform, made.waveform)
