"""Reading: the phones that CTC writes, and the best sentence of a grammar by an exact search.

A grammar is a row of slots, each with its words and each word with its pronunciations. The search finds the best single
path of CTC's symbols through all sentences at once (Viterbi): blanks may stand between any two phones and must between
equal ones. Dimensions: S positions, N states, K predecessors, V symbols.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avsynth.lipreading.reader import BLANK

Slot = Mapping[str, Sequence[Sequence[int]]]
"""Words to pronunciations, as CTC's indices. The word ``""`` is silence: it is recognised and not reported."""


def greedy(ctc_SV: NDArray[np.floating]) -> list[int]:
    """The symbols of the best path without a grammar: repeats taken together, blanks left out."""
    best = ctc_SV.argmax(1)
    kept = np.concatenate([[True], best[1:] != best[:-1]]) & (best != BLANK)
    return [int(symbol) for symbol in best[kept]]


@dataclass(frozen=True)
class _State:
    symbol: int
    word: str | None
    """The word that begins with this state; None for states inside a word and between words."""


class SentenceNetwork:
    """All sentences of a grammar as one graph of CTC states."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        """Raises ValueError for a slot without words or a pronunciation without phones."""
        self._states: list[_State] = []
        self._before: list[list[int]] = []
        ends: list[int] = []
        starts: list[int] = []
        for number, slot in enumerate(slots):
            if not slot or not all(slot.values()) or not all(all(map(len, own)) for own in slot.values()):
                raise ValueError(f"slot {number} of the grammar has no word, or a word without phones")
            pause = self._add(BLANK, None, ends)
            entries, leaves = [], []
            for word, pronunciations in slot.items():
                for symbols in pronunciations:
                    first, last = self._add_word(word, symbols, pause, ends)
                    entries.append(first)
                    leaves.append(last)
            if not number:
                starts = [pause, *entries]
            ends = leaves
        if not slots:
            raise ValueError("the grammar has no slot")
        final = self._add(BLANK, None, ends)
        count = len(self._states)
        self._symbols_N = np.array([state.symbol for state in self._states])
        most = max(len(own) for own in self._before)
        self._before_NK = np.full((count, most), count)
        for row, own in zip(self._before_NK, self._before, strict=True):
            row[: len(own)] = own
        self._starts, self._ends = np.array(starts), np.array([*ends, final])

    def best(self, ctc_SV: NDArray[np.floating]) -> tuple[list[str], float]:
        """The words of the best sentence and its path's log-probability; no words where too few positions fit none."""
        positions, count = len(ctc_SV), len(self._states)
        score_N = np.full(count + 1, -np.inf)  # the last is what a missing predecessor points at
        score_N[self._starts] = ctc_SV[0, self._symbols_N[self._starts]]
        from_SN = np.zeros((positions, count), np.int64)
        rows = np.arange(count)
        for position in range(1, positions):
            reached_NK = score_N[self._before_NK]
            choice_N = reached_NK.argmax(1)
            from_SN[position] = self._before_NK[rows, choice_N]
            score_N[:-1] = reached_NK[rows, choice_N] + ctc_SV[position, self._symbols_N]
        state = int(self._ends[score_N[self._ends].argmax()])
        score = float(score_N[state])
        if not np.isfinite(score):
            return [], score
        words = []
        for position in range(positions - 1, -1, -1):
            previous = int(from_SN[position, state]) if position else -1
            word = self._states[state].word
            if word and previous != state:
                words.append(word)
            state = previous
        return words[::-1], score

    def _add(self, symbol: int, word: str | None, before: Sequence[int]) -> int:
        self._states.append(_State(symbol, word))
        self._before.append([len(self._states) - 1, *before])
        return len(self._states) - 1

    def _add_word(self, word: str, symbols: Sequence[int], pause: int, ends: Sequence[int]) -> tuple[int, int]:
        """Add a word's states behind a pause and the words before it; its first and its last."""
        differing = [place for place in ends if self._states[place].symbol != symbols[0]]
        first = last = self._add(symbols[0], word, [pause, *differing])
        for previous, symbol in itertools.pairwise(symbols):
            blank = self._add(BLANK, None, [last])
            last = self._add(symbol, None, [blank, last] if symbol != previous else [blank])
        return first, last
