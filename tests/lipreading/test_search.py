"""The search through a grammar against every sentence and every CTC path."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.lipreading.search import SentenceNetwork, Slot, greedy

GRAMMAR: list[Slot] = [
    {"ab": [[1, 2]], "a": [[1]], "c": [[3], [2, 2]]},
    {"a": [[1]], "cb": [[3, 2]]},
]


def log_softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(scores - np.log(np.exp(scores).sum(1, keepdims=True)))


def written(path: tuple[int, ...]) -> tuple[int, ...]:
    """What a CTC path writes: repeats taken together, then blanks left out."""
    return tuple(symbol for symbol, _ in itertools.groupby(path) if symbol)


def best_by_trying(ctc: NDArray[np.float64]) -> tuple[list[str], float]:
    """The best over all paths that write a sentence of the grammar."""
    sentences = {
        tuple(symbol for _, own in chosen for symbol in own): [word for word, _ in chosen]
        for chosen in itertools.product(*([(w, p) for w, own in slot.items() for p in own] for slot in GRAMMAR))
    }
    best: tuple[list[str], float] = ([], -np.inf)
    for path in itertools.product(range(ctc.shape[1]), repeat=len(ctc)):
        score = float(ctc[np.arange(len(ctc)), path].sum())
        if score > best[1] and written(path) in sentences:
            best = (sentences[written(path)], score)
    return best


@pytest.mark.parametrize("positions", [2, 3, 5, 6])
def test_the_best_sentence_is_the_best_of_all(positions: int) -> None:
    rng = np.random.default_rng(positions)
    network = SentenceNetwork(GRAMMAR)
    for _ in range(12):
        ctc = log_softmax(2 * rng.normal(size=(positions, 4)))
        words, score = network.best(ctc)
        expected = best_by_trying(ctc)
        assert score == pytest.approx(expected[1])
        assert words == expected[0]


def test_silence_is_read_and_not_told_and_too_few_positions_say_nothing() -> None:
    network = SentenceNetwork([{"": [[4]]}, *GRAMMAR, {"": [[4]]}])
    sure = np.full((6, 5), -20.0)
    sure[np.arange(6), [4, 3, 0, 3, 2, 4]] = 0.0
    assert network.best(sure) == (["c", "cb"], 0.0)
    words, score = network.best(sure[:3])
    assert words == [] and score == -np.inf


def test_an_empty_slot_is_refused() -> None:
    for slots in ([], [{}], [{"a": []}], [{"a": [[]]}]):
        with pytest.raises(ValueError, match="grammar"):
            SentenceNetwork(slots)


def test_without_a_grammar_repeats_are_taken_together_and_blanks_left_out() -> None:
    assert greedy(np.eye(4)[[0, 2, 2, 0, 2, 3, 3, 1, 0]]) == [2, 2, 3, 1]
