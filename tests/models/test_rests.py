from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.models.rests import CLOSED_S, OPENING_S, resting, shown, silences
from avsynth.synthesis.options import STRANGERS_OPENING
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.text import SIL
from avsynth.timeline import Timeline
from vocoder.griffin_lim import GriffinLim

HOP_S = 256 / 22050
FRAME_HOPS = 22050 / (25 * 256)
SHOWN = 60.0
SPEECH = ("N", "AW")


def test_silences_are_runs() -> None:
    phones, hops = (SIL, SIL, "B", SIL, "AY", SIL, SIL), (5, 4, 3, 0, 6, 7, 1)
    assert silences(phones, hops) == [(0, 9), (18, 26)]
    assert silences(("B", "AY"), (3, 3)) == []


def test_what_holds_no_long_silence_is_shown_as_it_is() -> None:
    hops = (20, 8, 9, 60, 8, 9, 30)
    phones = (SIL, *SPEECH, SIL, *SPEECH, SIL)
    seen = shown(hops, silences(phones, hops), SHOWN, FRAME_HOPS, 1.25, 41)
    assert tuple(seen.hops) == hops and seen.offset_hops == 1.25
    np.testing.assert_array_equal(seen.place, np.arange(41))


@given(
    st.lists(st.integers(1, 400), min_size=3, max_size=3),
    st.floats(0, 3),
    st.sampled_from([FRAME_HOPS, 22050 / 256 / 29.97, 4.0]),
)
def test_a_long_silence_loses_whole_frames_of_its_middle(quiet: list[int], first: float, frame_hops: float) -> None:
    phones = (SIL, *SPEECH, SIL, *SPEECH, SIL)
    hops = (quiet[0], 8, 9, quiet[1], 7, 9, quiet[2])
    total = sum(hops)
    frames = int((total - first) // frame_hops)
    seen = shown(hops, silences(phones, hops), SHOWN, frame_hops, first, frames)
    for place, (length, left) in enumerate(zip(hops, seen.hops, strict=True)):
        gone = (length - left) / frame_hops
        assert gone == pytest.approx(round(gone), abs=1e-6)
        if phones[place] == SIL and length > SHOWN:
            assert SHOWN - 1e-6 <= left < SHOWN + frame_hops + 1e-6
        else:
            assert left == pytest.approx(length)
    assert set(np.diff(seen.place)) <= {0, 1}
    # Whatever is near speech lies as far from it as before.
    edges, moved = (np.array(list(accumulate(lengths, initial=0.0))) for lengths in (hops, seen.hops))
    for frame, place in enumerate(seen.place):
        begin, there = first + frame * frame_hops, seen.offset_hops + place * frame_hops
        for edge, other in zip(edges[1:-1], moved[1:-1], strict=True):
            if abs(begin - edge) < SHOWN / 2 - frame_hops:
                assert begin - edge == pytest.approx(there - other, abs=1e-6)


def test_the_mouth_rests_away_from_speech_alone() -> None:
    phones, hops = (SIL, *SPEECH, SIL, *SPEECH, SIL), (100, 8, 9, 200, 8, 9, 100)
    middles = np.arange(0.5, sum(hops))
    rest = resting(middles, silences(phones, hops), sum(hops), HOP_S)
    edges = np.array(list(accumulate(hops, initial=0)))
    since = [middles - edge for edge in edges]
    speech = ((since[1] > 0) & (since[3] < 0)) | ((since[4] > 0) & (since[6] < 0))
    assert not rest[speech].any()
    closed, opening = CLOSED_S / HOP_S, OPENING_S / HOP_S
    assert (rest[since[1] < -opening] == 1).all()
    assert (rest[(since[3] > closed) & (since[4] < -opening)] == 1).all()
    assert (rest[since[6] > closed] == 1).all()
    assert (np.diff(rest[since[1] < 0]) <= 0).all() and (np.diff(rest[since[6] > 0]) >= 0).all()


def with_silences(timeline: Timeline, lead_in: int, tail: int) -> Timeline:
    hops = [lead_in, *timeline.hops[1:-1], tail]
    return replace(timeline, hops=tuple(hops))


@pytest.fixture(scope="module")
def synthesizer(voice: Voice) -> AVSynthesizer:
    return AVSynthesizer(voice, vocoder=GriffinLim(voice.config.mel, iterations=1, inversion_steps=2))


@pytest.mark.parametrize("fps", ("25", "29.97", "60"))
def test_long_silences_are_still_and_leave_speech_alone(synthesizer: AVSynthesizer, fps: str) -> None:
    said = synthesizer("place blue at f two now", fps=fps, sound=False).timeline
    assert said.phones[0] == said.phones[-1] == SIL
    # 441 hops are 128 of the voice's frames, so that speech lies alike among them.
    short, long = (synthesizer(durations=with_silences(said, 120 + more, 90 + more), sound=False) for more in (0, 441))
    rate = float(short.fps)
    lead_s, end_s = (120 + 441) * HOP_S, float(long.timeline.duration_s) - (90 + 441) * HOP_S
    still = long.lip_frames[: int((lead_s - OPENING_S) * rate)]
    tail = long.lip_frames[int(np.ceil((end_s + CLOSED_S) * rate)) :]
    assert len(still) > 5 * rate and len(tail) > 5 * rate
    np.testing.assert_array_equal(still, np.broadcast_to(still[0], still.shape))
    np.testing.assert_array_equal(tail, np.broadcast_to(still[0], tail.shape))
    if fps == "25":  # at other rates 5.12 s are no whole number of frames
        speech = slice(int(120 * HOP_S * rate) - 5, int((end_s - 441 * HOP_S) * rate) + 5)
        moved = slice(speech.start + 128, speech.stop + 128)
        np.testing.assert_allclose(short.lip_frames[speech].astype(int), long.lip_frames[moved], atol=1)
        assert np.abs(np.diff(short.lip_frames[speech].astype(int), axis=0)).max() > 0


def test_what_is_held_against_recordings_moves_in_silence_as_learned(synthesizer: AVSynthesizer) -> None:
    said = synthesizer("place blue at f two now", sound=False)
    timeline = with_silences(said.timeline, 60, 30)
    resting, learned = (
        synthesizer("", durations=timeline, sound=False, rests=rests).lip_frames for rests in (True, False)
    )
    still = [np.abs(np.diff(frames[:8].astype(int), axis=0)).max() for frames in (resting, learned)]
    assert still[0] == 0 < still[1]
    speech = slice(int(62 * HOP_S * 25), int((timeline.total_hops - 32) * HOP_S * 25))
    np.testing.assert_allclose(resting[speech].astype(int), learned[speech], atol=1)


def test_the_mouth_moves_further_from_rest_as_it_is_asked(synthesizer: AVSynthesizer) -> None:
    """Not at all with 0; a stranger's further than the voice's own unless told."""
    timeline = synthesizer("place blue at f two now", sound=False).timeline

    def moved(**options: Any) -> float:
        frames = synthesizer("", durations=timeline, sound=False, **options).lip_frames.astype(float)
        return float(np.abs(frames - frames[0]).mean())

    assert moved(opening=0.0) == 0 < moved() == moved(opening=1.0) < moved(opening=1.4)
    stranger = 255 - synthesizer.voice.identity
    assert moved(identity=synthesizer.voice.identity.copy()) == moved()
    assert moved(identity=stranger) == moved(identity=stranger, opening=STRANGERS_OPENING)
    assert moved(identity=stranger) != moved(identity=stranger, opening=1.0)
    with pytest.raises(UserError, match="opening must lie between 0 and 3, not 4"):
        moved(opening=4.0)
