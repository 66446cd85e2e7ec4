"""The statistics of a voice whose lips learn from another corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.recipe.stages.stats import of_voice
from avsynth.synthesis.voice import Voice
from avsynth.video.box import Box
from tests.conftest import tiny_config, tiny_stats

OWN = replace(tiny_stats(("s4", "s5")), mel_mean=(-4.0,) * 80, mouth_box=Box(10, 70, 30, 130))


def test_speakers_and_normalisation_are_the_voice_s(voice: Voice, voice_folder: Path) -> None:
    assert of_voice(str(voice_folder), tiny_config(), OWN) == voice.stats


def test_a_voice_that_saw_no_mouth_takes_the_corpus_s_box(voice: Voice, tmp_path: Path) -> None:
    blind = replace(voice.stats, mouth_box=Box(0, 0, 0, 0))
    Voice(voice.config, blind, voice.model, voice.identity).save(tmp_path / "blind")
    assert of_voice(str(tmp_path / "blind"), tiny_config(), OWN) == replace(blind, mouth_box=OWN.mouth_box)


def test_lips_may_be_learned_from_steadier_crops_than_the_voice_s(voice: Voice, voice_folder: Path) -> None:
    config = tiny_config()
    assert of_voice(str(voice_folder), replace(config, lips=replace(config.lips, smoothing=9.0)), OWN) == voice.stats


def test_other_measures_and_unknown_voices_are_refused(voice_folder: Path) -> None:
    config = tiny_config()
    with pytest.raises(UserError, match=r"the voice 'tiny' has other settings of 'mel'"):
        of_voice(str(voice_folder), replace(config, mel=replace(config.mel, f_max=7600.0)), OWN)
    with pytest.raises(UserError, match=r"the voice 'tiny' has other settings of 'lips\.width'"):
        of_voice(str(voice_folder), replace(config, lips=replace(config.lips, width=2 * config.lips.width)), OWN)
    with pytest.raises(UserError, match="no voice named 'nobody'"):
        of_voice("nobody", config, OWN)
