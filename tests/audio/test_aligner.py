"""The acoustic aligner on a synthetic voice that says known words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.aligner import ALIGN_RATE, AcousticAligner, without_quiet_ends

hibari = pytest.importorskip("hibari")
pytest.importorskip("pocketsphinx")
soxr = pytest.importorskip("soxr")

WORDS = [("P", "L", "EY", "S"), ("B", "L", "UW"), ("AE", "T"), ("EH", "F"), ("T", "UW"), ("N", "AW")]
"""place blue at f two now"""


@pytest.fixture(scope="module")
def aligner() -> AcousticAligner:
    return AcousticAligner()


@pytest.fixture(scope="module")
def speech() -> NDArray[np.float32]:
    voice = hibari.Hibari()
    sound = np.asarray(voice("place blue at f two now", seed=0), dtype=np.float32)
    resampled: NDArray[np.float32] = soxr.resample(sound, voice.sample_rate, ALIGN_RATE)
    return resampled


def test_every_phone_in_order_and_where_the_sound_is(aligner: AcousticAligner, speech: NDArray[np.float32]) -> None:
    segments = aligner(speech, WORDS)
    assert segments is not None
    assert [(item.phone, item.word) for item in segments] == [
        (phone, number) for number, word in enumerate(WORDS) for phone in word
    ]
    assert all(item.end_s > item.start_s for item in segments)
    assert all(one.end_s <= other.start_s + 1e-9 for one, other in pairwise(segments))
    loud = np.flatnonzero(np.abs(speech) > 0.02) / ALIGN_RATE
    assert segments[0].start_s == pytest.approx(loud[0], abs=0.1)
    assert segments[-1].end_s == pytest.approx(loud[-1], abs=0.1)


def test_a_delay_of_the_sound_is_a_delay_of_the_phones(aligner: AcousticAligner, speech: NDArray[np.float32]) -> None:
    late = np.concatenate([1e-3 * np.random.default_rng(0).standard_normal(ALIGN_RATE // 2), speech])
    before, after = aligner(speech, WORDS), aligner(late.astype(np.float32), WORDS)
    assert before is not None and after is not None
    shifts = [other.start_s - one.start_s for one, other in zip(before, after, strict=True)]
    assert np.median(shifts) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("level", [0.0, 1e-4, 1e-3])
def test_minutes_of_silence_around_speech_do_no_harm(
    aligner: AcousticAligner, speech: NDArray[np.float32], level: float
) -> None:
    noise = (level * np.random.default_rng(0).standard_normal(30 * ALIGN_RATE)).astype(np.float32)
    wide = np.concatenate([noise[: 20 * ALIGN_RATE], speech, noise[20 * ALIGN_RATE :]])
    more = [*WORDS, ("S", "EH", "V", "AH", "N")]
    plain, whole, begun = aligner(speech, WORDS), aligner(wide, WORDS), aligner.beginning(wide, more)
    assert plain is not None and whole is not None and begun == whole
    for one, other in zip(plain, whole, strict=True):
        assert other.start_s - 20 == pytest.approx(one.start_s, abs=0.03)


def test_quiet_ends_are_left_out_but_for_a_second() -> None:
    tone = np.sin(np.arange(2 * ALIGN_RATE) / 5).astype(np.float32)
    wide = np.pad(tone, (3 * ALIGN_RATE, 4 * ALIGN_RATE + 7))
    before, heard = without_quiet_ends(wide)
    assert before == 200 and len(heard) == 4 * ALIGN_RATE
    for sound in (tone, np.zeros(ALIGN_RATE, np.float32), tone[:50], tone[:0]):
        assert without_quiet_ends(sound)[0] == 0 and np.array_equal(without_quiet_ends(sound)[1], sound)


def test_there_is_no_path_through_noise_or_other_words(aligner: AcousticAligner, speech: NDArray[np.float32]) -> None:
    noise = 0.1 * np.random.default_rng(0).standard_normal(3 * ALIGN_RATE)
    assert aligner(noise.astype(np.float32), WORDS) is None
    assert aligner(np.zeros(ALIGN_RATE, dtype=np.float32), WORDS) is None
    assert aligner(speech, [("S", "EH", "V", "AH", "N")] * 6) is None


def test_sound_without_length_and_sentences_without_words_have_none(
    aligner: AcousticAligner, speech: NDArray[np.float32]
) -> None:
    assert aligner(speech[:0], WORDS) is None
    assert aligner(speech[:1000], WORDS) is None
    assert aligner(speech, []) is None


def test_what_was_heard_before_leaves_no_trace(aligner: AcousticAligner, speech: NDArray[np.float32]) -> None:
    first = aligner(speech, WORDS)
    aligner(speech[:1000], WORDS)
    assert aligner(speech, WORDS) == first


def test_the_beginning_of_a_longer_text_is_what_the_sound_holds(
    aligner: AcousticAligner, speech: NDArray[np.float32]
) -> None:
    more = [*WORDS, ("S", "EH", "V", "AH", "N"), ("G", "R", "IY", "N"), *WORDS]
    assert aligner.beginning(speech, more) == aligner(speech, WORDS)
    assert aligner.beginning(speech, WORDS) == aligner(speech, WORDS)
    assert aligner.beginning(speech, []) is None


def test_words_that_are_not_in_the_sound_are_left_out(aligner: AcousticAligner, speech: NDArray[np.float32]) -> None:
    made_up = [*WORDS[:2], ("S", "EH", "V", "AH", "N"), *WORDS[2:], ("G", "R", "IY", "N")]
    assert aligner(speech, made_up) is None
    kept, plain = aligner.with_gaps(speech, made_up), aligner(speech, WORDS)
    assert kept is not None and plain is not None
    assert {item.word for item in kept} == {0, 1, 3, 4, 5, 6}
    assert [(item.phone, item.start_s) for item in kept] == [(item.phone, item.start_s) for item in plain]
    assert aligner.with_gaps(speech, WORDS) == plain
    noise = 0.1 * np.random.default_rng(0).standard_normal(3 * ALIGN_RATE)
    assert aligner.with_gaps(noise.astype(np.float32), WORDS) is None
