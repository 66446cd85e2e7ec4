"""A baseline as a voice: lips alone, under given durations or to where it stops, at any frame rate."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from avsynth.errors import UserError
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline
from tests.conftest import baseline_voice

TEXT = "Place blue at f two now."
PHONES = ("sil", "B", "IH", "N", "sil")


@pytest.fixture(scope="module", params=["transformer_t2l", "duallip"])
def architecture(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def voice(architecture: str) -> Voice:
    return baseline_voice(architecture)


def given(fps: Fraction = Fraction(25)) -> Timeline:
    return Timeline(PHONES, (9, 4, 3, 8, 7), (), 22_050, 256, fps)


def test_a_saved_voice_draws_the_same_within_half_precision(voice: Voice, tmp_path: Path) -> None:
    voice.save(tmp_path / "v")
    again = Voice.load(tmp_path / "v")
    assert again.config == voice.config and type(again.model) is type(voice.model) and not again.speaks
    one, other = (AVSynthesizer(item)(durations=given(), sound=False).lip_frames for item in (voice, again))
    assert abs(one.astype(int) - other).mean() < 2


def test_given_durations_are_drawn_to_their_end_and_a_stop_is_told(architecture: str) -> None:
    late = AVSynthesizer(baseline_voice(architecture))(durations=given(), sound=False)
    assert late.timeline == given() and len(late.lip_frames) == given().lip_frames == 9
    assert late.stop_flags == (None,) and not len(late.waveform)
    early = AVSynthesizer(baseline_voice(architecture, stop=1.0))(durations=given(), sound=False)
    assert early.stop_flags == (1,)
    np.testing.assert_array_equal(early.lip_frames, late.lip_frames)


def test_without_durations_it_stops_by_itself_or_at_the_cap(architecture: str) -> None:
    capped = AVSynthesizer(baseline_voice(architecture))(TEXT, sound=False)
    phones = len(capped.timeline.phones)
    assert len(capped.lip_frames) == capped.timeline.lip_frames == -(-3 * phones // 2)
    assert [word.text for word in capped.timeline.words] == ["place", "blue", "at", "f", "two", "now"]
    stopped = AVSynthesizer(baseline_voice(architecture, stop=1.0))(TEXT, sound=False)
    assert stopped.stop_flags == (1,) and len(stopped.lip_frames) == 1


@pytest.mark.parametrize("fps", ["29.97", "50"])
def test_at_another_rate_each_moment_shows_its_frame(voice: Voice, fps: str) -> None:
    speak = AVSynthesizer(voice)
    own = speak(durations=given(), sound=False).lip_frames
    other = speak(durations=given(), sound=False, fps=fps)
    assert len(other.lip_frames) == other.timeline.lip_frames
    place = [min(len(own) - 1, int((number + 0.5) * 25 / float(other.fps))) for number in range(len(other.lip_frames))]
    np.testing.assert_array_equal(other.lip_frames, own[place])


def test_two_sentences_lie_on_one_clock(voice: Voice) -> None:
    made = AVSynthesizer(voice)(TEXT + " Set white with p four again!", sound=False)
    assert len(made.stop_flags) == 2 and len(made.lip_frames) == made.timeline.lip_frames


@pytest.mark.parametrize(
    "options", [{}, {"sound": True}, {"sound": False, "lips": False}, {"sound": False, "speed": 2}]
)
def test_what_it_cannot_do_is_refused(voice: Voice, options: dict[str, bool]) -> None:
    with pytest.raises(UserError, match="draws lips alone"):
        AVSynthesizer(voice)(TEXT, **options)  # type: ignore[arg-type]


def test_markup_of_durations_is_refused(voice: Voice) -> None:
    with pytest.raises(UserError, match="no <break> and no <prosody>"):
        AVSynthesizer(voice)('<speak>bin <break time="1s"/> blue</speak>', sound=False)
