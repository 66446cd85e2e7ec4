"""Fifty texts at five frame rates: sound and picture start and end together, and nothing said is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avsynth.audio.io import read_audio
from avsynth.data.corpora.grid import all_sentences, sentence
from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions
from avsynth.synthesis.say import say_to_files
from avsynth.video.inspection import inspect

RATES = ("25", "29.97", "30", "50", "60")
PROSE = (
    "No.",
    "Yes, please!",
    "It is 10:30 on May 3rd, 2026.",
    "Dr. Smith paid $250 for 3.5 litres; why?",
    "One. Two. Three. Four. Five. Six. Seven.",
    "Send it to bob@mail.com - today.",
    "A rather long sentence, which wanders through several clauses, and ends where nobody thought it would, at last.",
    "NASA's 42nd U.S. mission begins now\nand goes on in the next line.",
    "Wait... what? Oh! I see.",
    "x",
)
TEXTS = (*PROSE, *(sentence(code) for code in all_sentences()[::1600][:40]))


@pytest.mark.slow
@pytest.mark.parametrize("fps", RATES)
def test_fifty_texts_are_in_sync(voice_folder: Path, tmp_path: Path, fps: str) -> None:
    assert len(TEXTS) == 50
    for number, text in enumerate(TEXTS):
        out, wav = tmp_path / f"{number}.mp4", tmp_path / f"{number}.wav"
        files = FileOptions(output=out, wav=wav, scale=1)
        say_to_files(text, VoiceOptions(voice=voice_folder), SpeechOptions(fps=fps), files)
        report = inspect(out)
        assert report.start_difference_ms is not None and abs(report.start_difference_ms) <= 1, text
        assert report.length_difference_ms is not None and report.video.fps is not None
        assert abs(report.length_difference_ms) <= 500 / float(report.video.fps), text
        said, heard = read_audio(wav, 22050), read_audio(out, 22050)
        size = min(len(said), len(heard))
        assert len(said) - size <= 22050 * 0.01, text
        assert np.corrcoef(said[:size], heard[:size])[0, 1] > 0.9, text
