from __future__ import annotations

import itertools
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from avsynth.errors import UserError
from avsynth.synthesis.result import join
from avsynth.synthesis.sentences import pieces_of
from avsynth.synthesis.synthesizer import AVSynthesizer, UnseenPhoneWarning
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, round_durations
from avsynth.video.inspection import inspect
from avsynth.video.writing import Mp4Writer
from tests.conftest import make_voice
from vocoder import MelConfig, VocoderError
from vocoder.griffin_lim import GriffinLim

RATES = ("25", "29.97", "30", "50", "60")
TEXT = "Place blue at f two now. Set white with p four again! Bin red in k nine soon?"


@pytest.fixture(scope="module")
def synthesizer(voice: Voice) -> AVSynthesizer:
    return AVSynthesizer(voice, vocoder=GriffinLim(voice.config.mel, iterations=1, inversion_steps=2))


@pytest.mark.parametrize("fps", RATES)
def test_sound_and_lips_end_together_at_any_rate(synthesizer: AVSynthesizer, fps: str) -> None:
    made = synthesizer("place blue at f two now", fps=fps)
    assert len(made.lip_frames) == made.timeline.lip_frames
    assert len(made.waveform) == made.timeline.padded_samples
    covered = len(made.lip_frames) / made.fps - made.timeline.duration_s
    assert 0 <= covered < 1 / made.fps


def test_sound_alone_ends_with_its_last_hop_at_any_rate(synthesizer: AVSynthesizer) -> None:
    shown = synthesizer(TEXT)
    alone, other = (synthesizer(TEXT, lips=False, fps=fps) for fps in (25, 30))
    assert len(alone.waveform) == alone.timeline.total_hops * alone.timeline.hop_length < len(shown.waveform)
    assert np.array_equal(alone.waveform, other.waveform)
    assert np.array_equal(alone.waveform, shown.waveform[: len(alone.waveform)])


@pytest.mark.parametrize("fps", RATES)
def test_pieces_of_a_stream_lie_on_one_clock(synthesizer: AVSynthesizer, fps: str) -> None:
    pieces = list(synthesizer.stream(TEXT, fps=fps))
    whole = join(pieces)
    assert len(pieces) > 3, "parts are smaller than sentences"
    assert len(whole.lip_frames) == whole.timeline.lip_frames
    assert len(whole.waveform) == whole.timeline.padded_samples
    for piece in pieces[:-1]:
        assert len(piece.waveform) == piece.timeline.total_hops * piece.timeline.hop_length
    assert [word.text for word in whole.timeline.words][:3] == ["place", "blue", "at"]


def test_at_the_native_rate_a_lone_sentence_is_drawn_without_resampling(synthesizer: AVSynthesizer) -> None:
    made = synthesizer("bin blue at f two now")
    same = synthesizer("bin blue at f two now", fps=Fraction(25))
    np.testing.assert_array_equal(made.lip_frames, same.lip_frames)
    twice = synthesizer("bin blue at f two now", fps=50)
    halves = twice.lip_frames[2 : len(twice.lip_frames) // 2 * 2].astype(float).reshape(-1, 2, 80, 160, 3)
    assert abs(halves.mean(axis=1) - made.lip_frames[1 : 1 + len(halves)]).mean() < 4


@pytest.mark.parametrize("fps", ("25", "29.97", "60"))
def test_the_mp4_is_in_sync(synthesizer: AVSynthesizer, tmp_path: Path, fps: str) -> None:
    path = tmp_path / "out.mp4"
    pieces = synthesizer.stream(TEXT, fps=fps)
    first = next(pieces)
    with Mp4Writer(path, first.fps, (80, 160), first.sample_rate, 2) as writer:
        for piece in (first, *pieces):
            writer.write(piece.lip_frames, piece.waveform)
    report = inspect(path)
    assert report.start_difference_ms is not None and report.length_difference_ms is not None
    assert abs(report.start_difference_ms) <= 1
    assert abs(report.length_difference_ms) <= 500 / float(first.fps)


def test_save_fills_a_lone_piece_of_a_stream(synthesizer: AVSynthesizer, tmp_path: Path) -> None:
    for number, piece in enumerate(synthesizer.stream(TEXT, fps="29.97")):
        piece.save(tmp_path / f"{number}.mp4", scale=1)
        report = inspect(tmp_path / f"{number}.mp4")
        assert report.length_difference_ms is not None
        assert abs(report.length_difference_ms) <= 500 / float(piece.fps)
        assert report.metadata["synthetic"] == "true"


def test_speed_above_one_is_faster(synthesizer: AVSynthesizer) -> None:
    usual, fast = (synthesizer(TEXT, speed=speed, lips=False).timeline.total_hops for speed in (1.0, 2.0))
    assert fast == pytest.approx(usual / 2, rel=0.03)


def test_pitch_moves_the_sound_and_not_the_lips(synthesizer: AVSynthesizer) -> None:
    usual, high = synthesizer("now", pitch=0), synthesizer("now", pitch=12)
    np.testing.assert_array_equal(usual.lip_frames, high.lip_frames)
    assert np.abs(usual.waveform - high.waveform).max() > 1e-3


def test_given_durations_are_spoken_exactly(synthesizer: AVSynthesizer) -> None:
    timeline = synthesizer("set white in p four now", lips=False).timeline
    edited = replace(timeline, hops=tuple(hop + 2 for hop in timeline.hops))
    again = synthesizer(durations=edited)
    assert again.timeline == edited
    assert len(again.lip_frames) == edited.lip_frames


def test_unseen_phones_make_one_warning(synthesizer: AVSynthesizer) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        synthesizer("Hello, she is here. He should hush.", lips=False)
    messages = [str(item.message) for item in caught if issubclass(item.category, UserWarning)]
    assert len(messages) == 1
    assert "HH as" in messages[0] and "SH as" in messages[0]


def test_text_with_emoji_and_a_long_text_are_said(synthesizer: AVSynthesizer) -> None:
    assert len(synthesizer("now 🙂 please", lips=False).timeline.words) == 2
    words = 0
    for piece in synthesizer.stream("place blue at f two now. " * 200, lips=False, sound=False):
        words += len(piece.timeline.words)
    assert words == 1200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("", 1.0), (" \n ", 1.0), ("<speak></speak>", 1.0), ('<speak><break time="1500ms"/></speak>', 1.5)],
)
def test_without_words_the_face_is_at_rest(synthesizer: AVSynthesizer, text: str, seconds: float) -> None:
    made = synthesizer(text)
    assert set(made.timeline.phones) == {"sil"} and not made.timeline.words
    assert abs(float(made.timeline.duration_s) - seconds) < 0.02
    assert len(made.lip_frames) == round(seconds * float(made.fps))
    assert made.waveform.shape[0] == pytest.approx(seconds * made.sample_rate, abs=0.05 * made.sample_rate)
    assert not made.warnings


@pytest.mark.parametrize("text", ("🙂🙂", "...!", "你", '<speak>🙂<break time="1s"/></speak>'))
def test_nothing_to_say(synthesizer: AVSynthesizer, text: str) -> None:
    with pytest.raises(UserError, match="nothing to say"):
        synthesizer(text)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"speed": 0}, "speed"),
        ({"pitch": 99}, "pitch"),
        ({"fps": "fast"}, "fps"),
        ({"speaker": "nobody"}, "speaker"),
        ({"identity": Path("missing.png")}, "missing.png"),
        ({"identity": np.zeros((64, 64, 3), np.uint8)}, "no face"),
    ],
)
def test_bad_options_are_one_line(synthesizer: AVSynthesizer, options: dict[str, object], says: str) -> None:
    with pytest.raises(UserError, match=says):
        synthesizer("now", **options)


def test_a_face_in_black_and_white_stays_so(synthesizer: AVSynthesizer, voice: Voice) -> None:
    grey = np.repeat(voice.identity[..., :1], 3, axis=2)
    made = synthesizer("now", identity=grey, sound=False).lip_frames
    assert (made == made[..., :1]).all() and made.std() > 0
    tinted = grey.copy()
    tinted[..., 0] = np.maximum(tinted[..., 0], 8) - 8
    assert np.ptp(synthesizer("now", identity=tinted, sound=False).lip_frames, axis=3).max() > 0


def test_identity_is_taken_as_it_is(synthesizer: AVSynthesizer, voice: Voice) -> None:
    own = synthesizer("now", identity=voice.identity)
    np.testing.assert_array_equal(own.lip_frames, synthesizer("now").lip_frames)
    other = synthesizer("now", identity=255 - voice.identity)
    assert np.abs(own.lip_frames.astype(int) - other.lip_frames).mean() > 0


def test_a_speaker_shows_his_own_face_where_none_is_given() -> None:
    plain = make_voice(("s1", "s2"))
    voice = replace(plain, faces={"s2": 255 - plain.identity})
    synthesizer = AVSynthesizer(voice)
    timeline = synthesizer("now").timeline
    one, two = (synthesizer(durations=timeline, speaker=name).lip_frames for name in ("s1", "s2"))
    given = synthesizer(durations=timeline, speaker="s1", identity=255 - plain.identity).lip_frames
    assert (one != two).any() and (two == given).all()
    (followed,) = synthesizer.follow([timeline])
    assert (followed.lip_frames == one).all(), "a sound that is nobody's has the voice's own"


def test_several_speakers_sound_different() -> None:
    synthesizer = AVSynthesizer(make_voice(("s1", "s2")))
    one, two = (synthesizer("now", speaker=name, lips=False).waveform for name in ("s1", "s2"))
    assert len(one) != len(two) or np.abs(one - two).max() > 1e-4


def test_a_voice_may_not_name_code_to_run(voice: Voice) -> None:
    sly = replace(voice, config=replace(voice.config, vocoder="os:system"))
    with pytest.raises(UserError, match="name it yourself"):
        AVSynthesizer(sly)


def test_to_moviepy_is_a_clip_of_the_same_length(synthesizer: AVSynthesizer) -> None:
    pytest.importorskip("moviepy")
    made = synthesizer("now please")
    clip = made.to_moviepy()
    assert clip.duration == pytest.approx(len(made.lip_frames) / float(made.fps))
    assert clip.audio is not None


def test_a_timeline_said_again_unchanged_sounds_and_looks_the_same(synthesizer: AVSynthesizer) -> None:
    made = synthesizer(TEXT, fps="29.97")
    again = synthesizer(durations=made.timeline)
    assert again.timeline == made.timeline and again.fps == made.fps
    np.testing.assert_array_equal(again.waveform, made.waveform)
    np.testing.assert_array_equal(again.lip_frames, made.lip_frames)


@pytest.mark.parametrize("fps", ("25", "29.97"))
def test_lips_follow_timelines_that_come_one_by_one(synthesizer: AVSynthesizer, fps: str) -> None:
    """They are those of the same durations given at once, and none is asked for before it is due."""
    made = synthesizer(TEXT, fps=fps, sound=False)
    sentences = pieces_of(made.timeline)
    asked = []

    def timelines() -> Iterator[Timeline]:
        for sentence in sentences:
            asked.append(sentence)
            yield sentence

    drawn, hops = [], 0
    ends = list(itertools.accumulate(sentence.total_hops for sentence in sentences))
    for lips in synthesizer.follow(timelines(), fps=fps):
        assert len(asked) == min(bisect_right(ends, hops) + 2, len(sentences))
        drawn.append(lips)
        hops += lips.timeline.total_hops
    followed = join(drawn)
    np.testing.assert_array_equal(followed.lip_frames, made.lip_frames)
    assert followed.timeline == made.timeline and not len(followed.waveform)


def test_given_durations_and_speed_exclude_one_another(synthesizer: AVSynthesizer) -> None:
    timeline = synthesizer("now", lips=False, sound=False).timeline
    with pytest.raises(UserError, match="durations"):
        synthesizer(durations=timeline, speed=2.0)


@pytest.mark.parametrize("phone", ("<pad>", "XX"))
def test_a_timeline_of_strange_phones_is_refused(synthesizer: AVSynthesizer, phone: str) -> None:
    with pytest.raises(UserError, match=phone):
        synthesizer(durations=Timeline(("sil", phone), (5, 5), (), 22050, 256, Fraction(25)))


def test_a_timeline_of_another_clock_is_refused(synthesizer: AVSynthesizer) -> None:
    with pytest.raises(UserError, match="16000 Hz"):
        synthesizer(durations=Timeline(("sil",), (5,), (), 16000, 256, Fraction(25)))


def test_unseen_phones_of_a_timeline_are_replaced_too(synthesizer: AVSynthesizer) -> None:
    with pytest.warns(UnseenPhoneWarning, match="HH as"):
        made = synthesizer(durations=Timeline(("HH", "AY"), (5, 9), (), 22050, 256, Fraction(25)))
    assert made.timeline.hops == (5, 9) and "HH" not in made.timeline.phones


@pytest.mark.parametrize("hops", ((1,), (2,)))
def test_the_shortest_timelines_are_said(synthesizer: AVSynthesizer, hops: tuple[int, ...]) -> None:
    made = synthesizer(durations=Timeline(("AA",), hops, (), 22050, 256, Fraction(25)))
    assert len(made.lip_frames) == 1 and len(made.waveform) == 882


def test_few_frames_a_second_are_each_drawn(synthesizer: AVSynthesizer) -> None:
    whole = join(synthesizer.stream(TEXT, fps=4))
    assert len(whole.lip_frames) == whole.timeline.lip_frames
    assert len(whole.waveform) == whole.timeline.padded_samples


def test_lips_are_those_of_the_same_time_at_any_rate(synthesizer: AVSynthesizer) -> None:
    """Frame i at 25 a second and the two that cover it at 50 show about the same, in later sentences as well."""
    usual, twice = synthesizer(TEXT), synthesizer(TEXT, fps=50)
    count = len(twice.lip_frames) // 2
    halves = twice.lip_frames[: 2 * count].astype(float).reshape(count, 2, -1).mean(axis=1)
    frames = usual.lip_frames[:count].astype(float).reshape(count, -1)
    near = np.abs(halves - frames).mean()
    assert near < np.abs(halves[3:] - frames[:-3]).mean()


def test_the_consumer_of_a_stream_may_still_train(synthesizer: AVSynthesizer) -> None:
    pieces = synthesizer.stream(TEXT, lips=False, sound=False)
    next(pieces)
    assert not torch.is_inference_mode_enabled() and torch.is_grad_enabled()


class Broken:
    """A vocoder whose sound is too short or not a number."""

    mel_config = MelConfig()

    def __init__(self, hop: int, value: float) -> None:
        self.hop, self.value = hop, value

    def __call__(self, mel_BFM: torch.Tensor) -> torch.Tensor:
        return torch.full((len(mel_BFM), mel_BFM.shape[1] * self.hop), self.value)


@pytest.mark.parametrize(("hop", "value", "says"), ((255, 0.0, "shape"), (256, float("nan"), "not finite")))
def test_a_vocoder_that_breaks_its_promise_is_named(voice: Voice, hop: int, value: float, says: str) -> None:
    with pytest.raises(VocoderError, match=f"Broken.*{says}"):
        AVSynthesizer(voice, vocoder=Broken(hop, value))("now", lips=False)


def test_a_vocoder_for_another_mel_is_refused(voice: Voice) -> None:
    with pytest.raises(VocoderError, match="hop_length"):
        AVSynthesizer(voice, vocoder=GriffinLim(MelConfig(hop_length=300)))


@pytest.mark.parametrize("shape", ((80, 160), (80, 160, 4)))
def test_an_identity_that_is_no_picture(synthesizer: AVSynthesizer, shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="identity"):
        synthesizer("now", identity=np.zeros(shape, np.uint8))


def test_save_refuses_another_suffix(synthesizer: AVSynthesizer, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"\.avi.*\.mp4"):
        synthesizer("now").save(tmp_path / "o.avi")
    assert not list(tmp_path.iterdir())


@given(st.lists(st.floats(0, 40), min_size=1, max_size=60))
def test_whole_hops_round_each_boundary_once(fractional: list[float]) -> None:
    hops = round_durations(fractional)
    assert min(hops) >= 1
    if min(fractional) >= 1.5:
        assert abs(sum(hops) - sum(fractional)) <= 0.5 + 1e-6


def test_a_pause_of_given_length_is_that_long_whatever_the_speed(synthesizer: AVSynthesizer) -> None:
    for speed in (1.0, 2.0):
        made = synthesizer('<speak>bin blue <break time="500ms"/> at two</speak>', speed=speed, lips=False, sound=False)
        place = made.timeline.phones.index("sil", 1)
        assert made.timeline.hops[place] == pytest.approx(0.5 * 22050 / 256, abs=1)


def test_a_pause_between_sentences_is_that_long(synthesizer: AVSynthesizer) -> None:
    made = synthesizer('<speak>Bin blue.<break time="400ms"/>Set red.</speak>', lips=False, sound=False)
    first, second = pieces_of(made.timeline)
    assert first.hops[-1] + second.hops[0] == pytest.approx(0.4 * 22050 / 256, abs=2)


def test_prosody_slows_its_own_words_alone(synthesizer: AVSynthesizer) -> None:
    plain = synthesizer("bin blue at two", lips=False, sound=False).timeline
    slow = synthesizer('<speak>bin <prosody rate="50%">blue at</prosody> two</speak>', lips=False, sound=False).timeline
    assert slow.phones == plain.phones
    for word in plain.words:
        before, after = (sum(item.hops[word.first : word.last]) for item in (plain, slow))
        assert after == pytest.approx(before * (2 if word.text in ("blue", "at") else 1), abs=1)


def test_a_word_is_said_with_the_phones_given(synthesizer: AVSynthesizer) -> None:
    made = synthesizer("bin [blue](/G R IY1 N/) now", lips=False, sound=False).timeline
    assert " ".join(made.phones) == "sil B IH N G R IY N N AW sil"
    assert [word.text for word in made.words] == ["bin", "blue", "now"]
