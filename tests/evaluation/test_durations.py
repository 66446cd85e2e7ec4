from __future__ import annotations

from fractions import Fraction

import pytest

from avsynth.data.manifest import WordTime
from avsynth.evaluation.durations import (
    length_error_frames,
    onset_overlap,
    plain_overlap,
    speech_mask,
    word_duration_error_ms,
)

TRUE = [
    WordTime("sil", 0, 0.4),
    WordTime("bin", 0.4, 0.6),
    WordTime("blue", 0.6, 1.0),
    WordTime("sil", 1.0, 2.0),
]
EARLY = [
    WordTime("sil", 0, 0.2),
    WordTime("bin", 0.2, 0.45),
    WordTime("blue", 0.45, 0.74),
    WordTime("sil", 0.74, 1.6),
]
FPS = Fraction(25)


def test_word_durations_ignore_onsets_and_silences() -> None:
    assert word_duration_error_ms(EARLY, TRUE) == pytest.approx((50 + 110) / 2)
    assert word_duration_error_ms(TRUE[1:3], TRUE) == 0
    with pytest.raises(ValueError, match="'bin'"):
        word_duration_error_ms(TRUE[:2], TRUE)
    with pytest.raises(ValueError, match="not the same words"):
        word_duration_error_ms(TRUE[:1], TRUE[:1])


def test_length_error() -> None:
    assert (length_error_frames(70, 75), length_error_frames(75, 70)) == (5, 5)


@pytest.mark.parametrize(
    ("predicted", "true", "generated_frames", "real_frames", "shift", "real_range"),
    [
        (EARLY, TRUE, 40, 50, 5, (5, 45)),
        (TRUE, EARLY, 50, 40, -5, (0, 40)),
        (EARLY, TRUE, 50, 50, 5, (5, 50)),
        (TRUE, TRUE, 48, 50, 0, (0, 48)),
    ],
)
def test_onsets_meet_in_the_common_range(
    predicted: list[WordTime],
    true: list[WordTime],
    generated_frames: int,
    real_frames: int,
    shift: int,
    real_range: tuple[int, int],
) -> None:
    overlap = onset_overlap(predicted, true, generated_frames, real_frames, FPS)
    assert overlap.shift_frames == shift
    assert overlap.real == slice(*real_range)
    generated, real = (
        range(generated_frames)[overlap.generated],
        range(real_frames)[overlap.real],
    )
    assert len(generated) == len(real)
    assert all(theirs - ours == shift for ours, theirs in zip(generated, real, strict=True))
    onsets = [next(word.start_s for word in words if not word.is_silence) * 25 for words in (predicted, true)]
    assert generated.index(round(onsets[0])) == real.index(round(onsets[1]))


def test_clips_that_cannot_meet_are_refused() -> None:
    with pytest.raises(ValueError, match="do not meet"):
        onset_overlap([WordTime("a", 3, 4)], [WordTime("a", 0, 1)], 50, 50, FPS)
    with pytest.raises(ValueError, match="without words"):
        onset_overlap([WordTime("sil", 0, 1)], TRUE, 50, 50, FPS)


def test_the_plain_overlap_is_the_shorter_clip() -> None:
    overlap = plain_overlap(48, 50)
    assert (overlap.generated, overlap.real, overlap.shift_frames) == (
        slice(0, 48),
        slice(0, 48),
        0,
    )


def test_speech_frames_are_those_a_word_touches() -> None:
    words = [
        WordTime("sil", 0, 0.04),
        WordTime("at", 0.04, 0.12),
        WordTime("sil", 0.12, 0.18),
        WordTime("f", 0.18, 0.21),
    ]
    assert speech_mask(words, 7, FPS).tolist() == [
        False,
        True,
        True,
        False,
        True,
        True,
        False,
    ]
    assert speech_mask([WordTime("on", 0.1, 9)], 4, Fraction(30000, 1001)).tolist() == [
        False,
        False,
        True,
        True,
    ]
