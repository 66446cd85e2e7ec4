"""ESPnet's tokens and durations, to and from ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.data.espnet.folders import kaldi_ids, own_id, phone_of, to_durations, to_timeline, word_times
from avsynth.data.espnet.kaldi import Entry, Timed
from avsynth.data.manifest import Utterance
from avsynth.errors import UserError
from avsynth.text import PHONES, SIL
from avsynth.timeline import Timeline, WordSpan
from vocoder.mel import MelConfig

MEL, FPS = MelConfig(), Fraction(30000, 1001)
RATE, HOP = MEL.sample_rate, MEL.hop_length


def entry(tokens: str, durations: str, words: tuple[Timed, ...] = ()) -> Entry:
    return Entry("a", "s", "a.wav", tokens=tuple(tokens.split()), durations=_numbers(durations), words=words)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


def convert(item: Entry, samples: int, rate: int = RATE, hop: int = HOP) -> Timeline:
    return to_timeline(item, Fraction(samples, RATE), rate, hop, MEL, FPS)


@some.composite
def timelines(draw: some.DrawFn) -> Timeline:
    phones = draw(some.lists(some.sampled_from((SIL, *PHONES)), min_size=1, max_size=20))
    hops = [draw(some.integers(1, 60)) for _ in phones]
    edges = sorted(draw(some.sets(some.integers(0, len(phones)), max_size=8)))
    spans = [WordSpan(f"w{first}", first, last) for first, last in zip(edges[::2], edges[1::2], strict=False)]
    return Timeline(tuple(phones), tuple(hops), tuple(spans), RATE, HOP, FPS)


@settings(max_examples=100, deadline=None)
@given(timelines(), some.integers(0, HOP - 1))
def test_a_timeline_comes_back_unchanged(timeline: Timeline, rest: int) -> None:
    samples = timeline.total_hops * HOP + rest
    durations = to_durations(timeline, samples)
    assert sum(durations) == 1 + samples // HOP  # frames of a centred transform
    written = Entry("a", "s", "a.wav", tokens=timeline.phones, durations=durations, words=word_times(timeline))
    assert convert(written, samples) == timeline


def test_a_timeline_of_another_sound_is_refused(timeline: Timeline) -> None:
    with pytest.raises(UserError, match="alignment has 23 hops, its sound 30: run the align stage again"):
        to_durations(timeline, 30 * HOP)


@pytest.mark.parametrize(
    ("durations", "hops"),
    [
        ("10 5 8 1", (10, 5, 8)),  # ours
        ("10 5 9 0", (10, 5, 8)),  # of forced alignment: the last frame is the silence's
        ("10 5 9", (10, 5, 8)),  # no <eos> at all
        ("10 5 2 7", (10, 5, 8)),  # a teacher's: <eos> holds most of the silence
        ("10 5 7 0", (10, 5, 8)),  # two frames short
        ("0 15 8 1", (1, 14, 8)),  # a phone that was given nothing keeps a hop
    ],
)
def test_eos_and_a_frame_more_or_less_go_to_the_end(durations: str, hops: tuple[int, ...]) -> None:
    assert convert(entry("sil B sil", durations), 23 * HOP + 100).hops == hops


def test_an_eos_that_lasts_becomes_the_silence_that_is_wanting() -> None:
    timeline = convert(entry("HH AH0 L OW1", "4 5 6 7 11"), 32 * HOP)
    assert timeline.phones == ("HH", "AH", "L", "OW", "sil") and timeline.hops == (4, 5, 6, 7, 10)


def test_durations_of_another_clock_keep_their_times() -> None:
    """300 samples at 24 kHz, ESPnet's other habit, are 12.5 ms; ours are 11.6."""
    samples = round(1.5 * RATE)
    timeline = convert(entry("sil B IY sil", "20 30 40 30 1"), samples, 24_000, 300)
    assert timeline.total_hops == samples // HOP
    for edge, expected in zip(timeline.boundaries_s, (0, 0.25, 0.625, 1.125), strict=False):
        assert abs(float(edge) - expected) <= HOP / RATE / 2


@pytest.mark.parametrize(
    ("tokens", "durations", "message"),
    [
        ("sil B sil", "10 14", "2 durations for 3 tokens: text must hold the tokens"),
        ("sil B sil", "10 5 4 4 1", "5 durations for 3 tokens"),
        ("", "24", "1 durations for 0 tokens"),
        ("sil B sil", "10 5 5 1", "21 frames for a sound of 24: say with --durations-rate"),
        ("sil B sil", "10 5 12 1", "28 frames for a sound of 24"),
        ("sil B ə", "10 5 8 1", "'ə' is no phone of ARPAbet: align with a dictionary"),
    ],
)
def test_durations_that_do_not_fit_are_one_line(tokens: str, durations: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        convert(entry(tokens, durations), 23 * HOP)


def test_more_tokens_than_hops_are_refused() -> None:
    with pytest.raises(UserError, match="3 phones do not fit into 2 mel frames"):
        convert(entry("B IY T", "1 1 0 1"), 2 * HOP)


@pytest.mark.parametrize(
    ("token", "phone"),
    [
        *(("AH0", "AH"), ("er1", "ER"), ("ZH", "ZH"), ("sh", "SH")),
        *(("sil", SIL), ("sp", SIL), ("spn", SIL), ("<space>", SIL), (",", SIL), ("...", SIL), ("…", SIL), ("?", SIL)),
    ],
)
def test_stress_is_dropped_and_punctuation_is_silence(token: str, phone: str) -> None:
    assert phone_of(token) == phone


@pytest.mark.parametrize("token", ["AX", "ə", "<unk>", "HH-B", "1", "place"])
def test_another_token_is_refused(token: str) -> None:
    with pytest.raises(UserError, match=f"token {token!r} is no phone"):
        phone_of(token)


def test_a_words_edges_go_to_the_nearest_boundaries() -> None:
    """Kaldi's own times come in hundredths of a second."""
    words = (Timed("be", 0.12, 0.29), Timed("at", 0.29, 0.41))
    timeline = convert(entry("sil B IY AE T sil", "10 8 7 5 5 5 1", words), 40 * HOP)
    assert timeline.words == (WordSpan("be", 1, 3), WordSpan("at", 3, 5))
    lost = replace(timeline, words=()).phones, (Timed("be", 0.12, 0.13),)
    assert convert(entry(" ".join(lost[0]), "10 8 7 5 5 5 1", lost[1]), 40 * HOP).words == ()


def test_names_stay_where_their_order_is_the_speakers_too(utterance: Callable[..., Utterance]) -> None:
    rows = [utterance("s1_b"), utterance("s1_a"), utterance("s2_a")]
    assert kaldi_ids(rows) == {"s1_b": "s1_b", "s1_a": "s1_a", "s2_a": "s2_a"}


def test_a_hyphen_puts_speaker_1_before_speaker_10_and_goes_again(utterance: Callable[..., Utterance]) -> None:
    rows = [utterance(uid) for uid in ("s1_b", "s10_a", "s1_a_2", "s2_a")]
    ids = kaldi_ids(rows)
    assert sorted(ids.values()) == ["s1-a_2", "s1-b", "s10-a", "s2-a"]
    assert [own_id(ids[row.uid], row.speaker) for row in rows] == [row.uid for row in rows]


def test_names_in_no_such_order_are_refused(utterance: Callable[..., Utterance]) -> None:
    rows = [utterance("a_1", speaker="z"), utterance("b_1", speaker="y")]
    with pytest.raises(UserError, match="speakers z and y cannot be put in Kaldi's order"):
        kaldi_ids(rows)


def test_names_of_others_stay_and_those_of_no_file_are_refused() -> None:
    assert own_id("LJ001-0001", "LJ") == "LJ001-0001" and own_id("p225-", "p225") == "p225-"
    for uid, speaker in (("a/b", "s"), ("..", "s"), ("a", "s/t")):
        with pytest.raises(UserError, match="cannot name files"):
            own_id(uid, speaker)
