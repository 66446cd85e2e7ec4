"""The voice that ships, in silences before, between and after speech: of texts, given timelines and recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.aligner import AcousticAligner
from avsynth.audio.io import write_wav
from avsynth.audio.original import SoundReader
from avsynth.models.rests import silences
from avsynth.synthesis.recordings import GivenText, listen
from avsynth.synthesis.result import Synthesis, join
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.text import default_frontend
from avsynth.timeline import Timeline
from avsynth.video.luma import LUMA
from vocoder.griffin_lim import GriffinLim

pytestmark = pytest.mark.slow
HOP_S = 256 / 22050
LENGTHS_S = (0.4, 1.0, 3.0, 10.0)
FIRST, SECOND = "We saw five big boats.", "Now open a wide door."
CLOSED_S, OPENS_S = 0.25, 0.2
ALIGNED_S = 0.1
"""How far the boundaries found in a recording may stray."""

Silences = tuple[float, float, float]
"""Seconds before, between and after the two sentences."""


@pytest.fixture(scope="module")
def english() -> AVSynthesizer:
    voice = Voice.load("english")
    return AVSynthesizer(voice, vocoder=GriffinLim(voice.config.mel, iterations=24))


def from_text(english: AVSynthesizer, quiet: Silences, folder: Path) -> Synthesis:
    lead_in, pause, tail = (f'<break time="{round(1000 * seconds)}ms"/>' for seconds in quiet)
    return english(f"<speak>{lead_in}{FIRST}{pause}{SECOND}{tail}</speak>", sound=False)


def from_timeline(english: AVSynthesizer, quiet: Silences, folder: Path) -> Synthesis:
    def timed(text: str, lead_in_s: float, tail_s: float) -> Timeline:
        said = english(text, lips=False, sound=False).timeline
        return replace(said, hops=(round(lead_in_s / HOP_S), *said.hops[1:-1], round(tail_s / HOP_S)))

    lead_in, pause, tail = quiet
    return english(durations=timed(FIRST, lead_in, pause / 2) + timed(SECOND, pause / 2, tail), sound=False)


def from_recording(english: AVSynthesizer, quiet: Silences, folder: Path) -> Synthesis:
    config, noise = english.voice.config, np.random.default_rng(0)
    rate = config.mel.sample_rate
    parts: list[NDArray[np.float32]] = []
    for seconds, text in zip(quiet, (FIRST, SECOND, ""), strict=True):
        parts.append((1e-4 * noise.standard_normal(round(seconds * rate))).astype(np.float32))
        if text:
            said = english(text, lips=False)
            (_, first), (last, _) = (silences(said.timeline.phones, said.timeline.hops)[place] for place in (0, -1))
            parts.append(said.waveform[first * config.mel.hop_length : last * config.mel.hop_length])
    write_wav(folder / "recording.wav", np.concatenate(parts), rate)
    find = GivenText(f"{FIRST} {SECOND}", default_frontend(), AcousticAligner())
    face = english.voice.identity_of(english.voice.speaker_index(None))
    timelines = listen(SoundReader(folder / "recording.wav"), find, config, config.fps)
    return join(english.follow(timelines, identity=face))


def openness(made: Synthesis, voice: Voice) -> NDArray[np.float64]:
    """``(T,)``: how far each frame's mouth is from the speaker's own closed one, in levels of luma."""
    top, bottom, left, right = voice.stats.mouth_box
    face = voice.identity_of(voice.speaker_index(None))[None]
    shut, mouths = ((frames[:, top:bottom, left:right] @ np.array(LUMA)) for frames in (face, made.lip_frames))
    return np.asarray(np.abs(mouths - shut).mean(axis=(1, 2)))


@pytest.mark.parametrize("seconds", LENGTHS_S)
@pytest.mark.parametrize("say", [from_text, from_timeline, from_recording])
def test_shut_and_still(
    english: AVSynthesizer, say: Callable[[AVSynthesizer, Silences, Path], Synthesis], seconds: float, tmp_path: Path
) -> None:
    made = say(english, (seconds, seconds, seconds), tmp_path)
    timeline, rate = made.timeline, float(made.fps)
    runs = [(start * HOP_S, end * HOP_S) for start, end in silences(timeline.phones, timeline.hops)]
    long = [run for run in runs if run[1] - run[0] > seconds - 2 * ALIGNED_S - 0.05]
    assert len(long) == 3 and long[0][0] == 0 and long[-1][1] == pytest.approx(float(timeline.duration_s))
    for start, end in long:
        assert end - start == pytest.approx(seconds, abs=2 * ALIGNED_S + 0.05)
    opened = openness(made, english.voice)
    wide = float(np.percentile(opened[int(long[0][1] * rate) : int(long[1][0] * rate)], 90))
    looked_at = 0
    for place, (start, end) in enumerate(long):
        first = 0 if place == 0 else int(np.ceil((start + CLOSED_S) * rate))
        last = len(opened) if place == 2 else int((end - OPENS_S) * rate)
        looked_at += max(0, last - first)
        assert (opened[first:last] < wide / 4).all()
        still = made.lip_frames[first:last].astype(int)
        assert np.abs(np.diff(still, axis=0)).mean(axis=(1, 2, 3)).max(initial=0) < 0.1
    assert looked_at > (3 * seconds - 2 * (CLOSED_S + OPENS_S) - 6 * ALIGNED_S) * rate - 3
