from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.fft import dct  # type: ignore[import-untyped,unused-ignore]

from avsynth.evaluation.speech import (
    SLOTS,
    GridRecogniser,
    WordErrors,
    dtw_path,
    frame_path,
    mel_cepstra,
    mel_cepstral_distortion,
    pitch_errors,
    slot_error_rates,
    word_errors,
)

SENTENCE = ["place", "blue", "at", "f", "two", "now"]
words = st.lists(st.sampled_from("abc"), max_size=6)


def mel(frames: int, seed: int = 0) -> NDArray[np.float64]:
    """A log-mel (F, 80) that moves smoothly and does not repeat itself; ``frames`` sets its tempo only."""
    time, band = np.linspace(0, 1, frames)[:, None], np.arange(80) / 80
    rng = np.random.default_rng(seed)
    parts = [rng.normal() * np.sin(2 * np.pi * (k * time + rng.random() + (k % 4 + 1) * band)) for k in range(1, 6)]
    return np.asarray(sum(parts) + 3 * time * np.cos(np.pi * band) - 5)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "counts"),
    [
        ("place blue at f two now", "place blue at f two now", (0, 0, 0)),
        ("place blue at f two now", "place red at s two now", (2, 0, 0)),
        ("place blue at f two now", "", (0, 6, 0)),
        ("place blue at f two now", "blue at f two", (0, 2, 0)),
        ("a b c", "a x b y c", (0, 0, 2)),
        ("a b c d", "b c x d", (0, 1, 1)),
        ("a b", "x", (1, 1, 0)),
        ("", "a", (0, 0, 1)),
    ],
)
def test_word_errors_by_hand(reference: str, hypothesis: str, counts: tuple[int, int, int]) -> None:
    found = word_errors(reference.split(), hypothesis.split())
    assert (found.substitutions, found.deletions, found.insertions) == counts
    assert found.words == len(reference.split())


@given(words, words)
def test_word_errors_balance_the_lengths(reference: list[str], hypothesis: list[str]) -> None:
    found = word_errors(reference, hypothesis)
    assert len(reference) - found.deletions + found.insertions == len(hypothesis)
    assert found.errors == word_errors(hypothesis, reference).errors
    assert (found.errors == 0) == (reference == hypothesis)
    assert found.errors <= max(len(reference), len(hypothesis))


def test_word_errors_add_up() -> None:
    total = word_errors(SENTENCE, SENTENCE) + word_errors(SENTENCE, SENTENCE[:3])
    assert total == WordErrors(0, 3, 0, 12)
    assert total.rate == 0.25
    assert np.isnan(WordErrors(0, 0, 1, 0).rate)


def test_slot_error_rates_by_hand() -> None:
    rates = slot_error_rates(
        [
            (SENTENCE, SENTENCE),
            (SENTENCE, ["place", "blue", "in", "s", "two", "now"]),
            (SENTENCE, []),
        ]
    )
    assert list(rates) == list(SLOTS)
    expected = {
        "verb": 1,
        "colour": 1,
        "preposition": 2,
        "letter": 2,
        "digit": 1,
        "adverb": 1,
    }
    assert rates == pytest.approx({slot: count / 3 for slot, count in expected.items()})
    with pytest.raises(ValueError, match="not a GRID sentence"):
        slot_error_rates([(["hello"], SENTENCE)])
    with pytest.raises(ValueError, match="no sentence"):
        slot_error_rates([])


def test_the_grammar_is_grid() -> None:
    assert [len(choices) for choices in SLOTS.values()] == [4, 4, 4, 25, 10, 4]
    assert "w" not in SLOTS["letter"]
    flat = [word for choices in SLOTS.values() for word in choices]
    assert len(set(flat)) == len(flat)


def test_the_recogniser_hears_a_synthetic_voice() -> None:
    hibari = pytest.importorskip("hibari")
    voice = hibari.Hibari()
    recogniser = GridRecogniser()
    errors = WordErrors(0, 0, 0, 0)
    heard: list[list[str]] = []
    sounds = []
    for sentence in (
        "place red in m nine again",
        "set white by x four please",
        "lay green with z one soon",
    ):
        sounds.append(np.asarray(voice(sentence, seed=0), np.float32))
        heard.append(recogniser.recognise(sounds[-1], voice.sample_rate))
        errors += word_errors(sentence.split(), heard[-1])
    assert errors.words == 18
    assert errors.errors <= 4
    scores = []
    for order in ((0, 1), (2, 1)):
        for index in order:
            assert recogniser.recognise(sounds[index], voice.sample_rate) == heard[index]
        scores.append(recogniser.decoder.hyp().score)
    assert scores[0] == scores[1]  # what was heard before leaves no trace


def test_the_recogniser_says_only_grid_sentences() -> None:
    recogniser = GridRecogniser()
    noise = 0.05 * np.random.default_rng(0).standard_normal(32_000)
    for sound in (noise, np.zeros(16_000)):
        heard = recogniser.recognise(sound, 16_000)
        assert not heard or all(word in choices for word, choices in zip(heard, SLOTS.values(), strict=True))
    with pytest.raises(ValueError, match="mono"):
        recogniser.recognise(np.zeros((2, 16_000)), 16_000)


def test_mel_cepstra_are_the_cosine_transform() -> None:
    expected = dct(mel(10), type=2, axis=1)[:, 1:25] / 80
    np.testing.assert_allclose(mel_cepstra(mel(10)), expected, atol=1e-12)


def test_mcd_of_a_known_difference_is_its_rms_in_db() -> None:
    ripple_db = 3.0 * np.sqrt(2) * np.cos(5 * np.pi * (np.arange(80) + 0.5) / 80)
    other = mel(30) + ripple_db * np.log(10) / 20
    assert mel_cepstral_distortion(mel(30), other, frame_path(30, 30)) == pytest.approx(3.0)


def test_mcd_ignores_loudness_and_is_zero_for_the_same() -> None:
    assert mel_cepstral_distortion(mel(50), mel(50)) == 0
    assert mel_cepstral_distortion(mel(50), mel(50) + 2.0) == pytest.approx(0, abs=1e-9)


def test_mcd_along_dtw_hardly_minds_tempo() -> None:
    stretched = mel_cepstral_distortion(mel(100), mel(160))
    frame_by_frame = mel_cepstral_distortion(mel(100), mel(160), frame_path(100, 160))
    other_words = mel_cepstral_distortion(mel(100), mel(160, seed=5))
    assert stretched < 0.15 * frame_by_frame
    assert stretched < 0.15 * other_words


def test_dtw_by_hand() -> None:
    first, second = (
        np.array([[0.0], [1.0], [2.0]]),
        np.array([[0.0], [0.0], [1.0], [1.0], [2.0]]),
    )
    assert dtw_path(first, second).tolist() == [[0, 0], [0, 1], [1, 2], [1, 3], [2, 4]]
    assert dtw_path(first[:1], second).tolist() == [[0, j] for j in range(5)]
    with pytest.raises(ValueError, match="empty"):
        dtw_path(first[:0], second)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_dtw_is_as_cheap_as_the_plain_recursion(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.random((rows, 3)), rng.random((columns, 3))
    cost = np.linalg.norm(first[:, None] - second[None], axis=2)
    total = np.full((rows, columns), np.inf)
    for i in range(rows):
        for j in range(columns):
            before = [total[i - a, j - b] for a, b in ((1, 0), (0, 1), (1, 1)) if i >= a and j >= b]
            total[i, j] = cost[i, j] + (min(before) if before else 0)
    path = dtw_path(first, second)
    assert path[0].tolist() == [0, 0]
    assert path[-1].tolist() == [rows - 1, columns - 1]
    assert {tuple(step) for step in np.diff(path, axis=0).tolist()} <= {
        (1, 0),
        (0, 1),
        (1, 1),
    }
    assert cost[path[:, 0], path[:, 1]].sum() == pytest.approx(total[-1, -1])


def test_pitch_errors_by_hand() -> None:
    first = np.array([100.0, 100.0, 0.0, np.nan, 200.0])
    second = np.array([110.0, 100.0, 100.0, 0.0, 0.0])
    errors = pitch_errors(first, second, frame_path(5, 5))
    assert errors.log_f0_rmse == pytest.approx(np.log(1.1) / np.sqrt(2))
    assert errors.voicing_error == pytest.approx(2 / 5)
    silent = pitch_errors(np.zeros(4), second, frame_path(4, 5))
    assert np.isnan(silent.log_f0_rmse)
    assert silent.voicing_error == pytest.approx(3 / 4)
