"""What speaking costs, as tables."""

from __future__ import annotations

import pytest

from avsynth.device import processor
from avsynth.evaluation.costs import (
    CODING,
    HARMONIC,
    OWN_LIPS,
    PAPER_LIPS,
    REST,
    SAID,
    SHOWN,
    SPEECH,
    VOCODER,
    Costs,
    FaceCosts,
)
from avsynth.evaluation.tables import Heading

HEADING = Heading("a sentence", 1, "predicted", "", "abc", "avsynth bench", figures="medians", conditions=processor())
SECONDS = {VOCODER: 4.0, REST: 1.0, SPEECH: 0.6, CODING: 0.4, OWN_LIPS: 0.5, PAPER_LIPS: 5.0}
OWN = {HARMONIC: 0.1, SAID: 0.2, SHOWN: 0.5}


def test_parts_are_told_as_shares_of_the_slowest() -> None:
    parts, _ = Costs(SECONDS, 2.0, 600.0).tables(HEADING)
    assert {row: cell["share"].mean for row, cell in parts.rows.items()} == {
        row: pytest.approx(value / 5.0) for row, value in SECONDS.items()
    }
    assert "| HiFi-GAN V1 | 0.800 |" in parts.markdown()


def test_ratios_name_what_is_measured() -> None:
    face = FaceCosts((576, 768), 10.0, 2.5, 0.5)
    _, figures = Costs(SECONDS | OWN, 2.0, 600.0, face).tables(HEADING)
    assert {row: round(cell["figure"].mean, 2) for row, cell in figures.rows.items()} == {
        "the voice's harmonic vocoder, × faster than HiFi-GAN V1": 40.0,
        "harmonic vocoder, × real time": 20.0,
        "text to sound with it, × real time": 10.0,
        "text to mp4 of the mouth with it, × real time": 4.0,
        "lips, × faster than the paper-size decoder": 10.0,
        "all but the vocoder, × the time of HiFi-GAN V1": 0.25,
        "peak memory of speaking, MB": 600.0,
        "drawing lips and setting them into a face of 768 × 576, × real time": 4.0,
        "coding that face, × real time": 20.0,
    }


def test_a_voice_without_vocoder_or_face_has_no_such_rows() -> None:
    _, figures = Costs(SECONDS, 2.0, 600.0).tables(HEADING)
    assert len(figures.rows) == 3 and not any("harmonic" in row or "face" in row for row in figures.rows)
