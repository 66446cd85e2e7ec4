"""Letters to phones for words in no dictionary: g2p-en's published network, run with a few lines of numpy.

Source: the weights of K. Park and J. Kim, g2p-en 2.1 (Apache-2.0), a GRU encoder over letters and a GRU decoder over
stressed phones, trained on CMUdict. The weights are read from the installed package, which itself is not imported:
it would fetch NLTK data from the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from string import ascii_lowercase
from threading import Lock
from typing import TYPE_CHECKING

from avsynth.text.english.lexicon import package_file
from avsynth.text.symbols import PHONES, VOWELS
from avsynth.text.tokens import Pronunciation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from threadpoolctl import ThreadpoolController

_LETTERS = {letter: index for index, letter in enumerate(ascii_lowercase, start=3)}
_UNKNOWN_LETTER, _WORD_END = 1, 2
_START, _END = 2, 3
_AT_ONCE = 512
"""So many words are run together; more take no less time each, and more memory."""
_LIMITING = Lock()


@contextmanager
def _one_core() -> Iterator[None]:
    """Products of matrices on one core, whatever the environment says: these are too small to share, and where another
    program holds a core, waiting for each other would take a hundred times as long as the work."""
    with _LIMITING, _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> ThreadpoolController:
    import numpy as np  # loads the library
    from threadpoolctl import ThreadpoolController

    del np
    return ThreadpoolController().select(internal_api="openblas")


@cache
def _decoder_phones() -> tuple[str | None, ...]:
    """The decoder's 74 outputs: four marks, then the phones by alphabet, a vowel once for each digit of stress."""
    outputs: list[str | None] = [None] * 4
    for phone in PHONES:
        outputs += [phone + digit for digit in "012"] if phone in VOWELS else [phone]
        outputs += [phone] * (phone == "UW")  # it also stands there without any stress
    return tuple(outputs)


class LetterToSound:
    """Calls map lower-case words of letters to phones; the weights (3 MB) are read at the first call."""

    @cached_property
    def _weights(self) -> dict[str, NDArray[np.float32]]:
        """By name; of ``enc`` and ``dec`` what a symbol adds to the three gates r, z, n (3, symbols, D), what the state
        does (3, D, D), and n's ``bias`` (D,). r and z are halved: a sigmoid is a tanh of half its input."""
        import numpy as np

        with np.load(package_file("g2p_en", "checkpoint20.npz"), allow_pickle=False) as archive:
            read = {name: archive[name] for name in archive.files}
        half = np.array([[[0.5]], [[0.5]], [[1]]], np.float32)
        weights = {"fc": np.ascontiguousarray(read["fc_w"].T), "fc_bias": read["fc_b"]}
        for part in ("enc", "dec"):
            bias = read[f"{part}_b_hh"].reshape(3, 1, -1).copy()
            weights[f"{part}_bias"], bias[2] = bias[2, 0].copy(), 0
            from_x = read[f"{part}_emb"] @ read[f"{part}_w_ih"].T + read[f"{part}_b_ih"]
            weights[part] = (np.stack(np.split(from_x, 3, axis=1)) + bias) * half
            weights[f"{part}_state"] = np.stack(np.split(read[f"{part}_w_hh"].T, 3, axis=1)) * half
        return weights

    def _step(self, part: str, symbols_N: NDArray[np.intp], h_ND: NDArray[np.float32]) -> None:
        """One step of the ``enc`` or ``dec`` GRU for N words: the states (N, D) become those after the symbols (N,)."""
        import numpy as np

        w = self._weights
        from_x, from_h = w[part].take(symbols_N, axis=1), h_ND @ w[f"{part}_state"]
        gates, candidate = from_h[:2], from_h[2]
        gates += from_x[:2]
        np.tanh(gates, out=gates)
        gates *= 0.5
        gates += 0.5
        candidate += w[f"{part}_bias"]
        candidate *= gates[0]
        candidate += from_x[2]
        np.tanh(candidate, out=candidate)
        h_ND -= candidate
        h_ND *= gates[1]
        h_ND += candidate

    def __call__(self, words: Sequence[str]) -> list[Pronunciation]:
        """Phones of each word, greedily decoded, at most two per letter and a few more; none where the network is mute.

        Words that are asked together are said as if each were asked by itself, in a tenth of the time.
        """
        spoken: list[Pronunciation] = [()] * len(words)
        in_order = sorted(range(len(words)), key=words.__getitem__)
        for start in range(0, len(words), _AT_ONCE):
            places = in_order[start : start + _AT_ONCE]
            with _one_core():
                decoded = self._decoded([words[place] for place in places])
            for place, phones in zip(places, decoded, strict=True):
                spoken[place] = phones
        return spoken

    def _encoded(self, words: Sequence[str]) -> NDArray[np.float32]:
        """States (N, D) at the ends of words. What words have in common at their beginnings is run once."""
        import numpy as np

        size = self._weights["enc_bias"].size
        if len(words) == 1:
            state_1D = np.zeros((1, size), np.float32)
            for symbol in (*(_LETTERS.get(letter, _UNKNOWN_LETTER) for letter in words[0]), _WORD_END):
                self._step("enc", np.array([symbol]), state_1D)
            return state_1D
        states_RD, ends_ND = np.zeros((1, size), np.float32), np.zeros((len(words), size), np.float32)
        row_of = {"": 0}
        for length in range(1, max(map(len, words)) + 1):
            long = [place for place, word in enumerate(words) if len(word) >= length]
            beginnings = list(dict.fromkeys(words[place][:length] for place in long))
            states_RD = states_RD[[row_of[beginning[:-1]] for beginning in beginnings]]
            symbols = np.array([_LETTERS.get(beginning[-1], _UNKNOWN_LETTER) for beginning in beginnings])
            self._step("enc", symbols, states_RD)
            row_of = {beginning: row for row, beginning in enumerate(beginnings)}
            ended = [place for place in long if len(words[place]) == length]
            ends_ND[ended] = states_RD[[row_of[words[place]] for place in ended]]
        self._step("enc", np.full(len(words), _WORD_END), ends_ND)
        return ends_ND

    def _decoded(self, words: Sequence[str]) -> list[Pronunciation]:
        """Phones of some words."""
        import numpy as np

        w, phones = self._weights, _decoder_phones()
        h_ND = self._encoded(words)
        longest = np.array([2 * len(word) + 8 for word in words])
        said = np.full((len(words), int(longest.max()) + 1), _END)
        going, outputs = np.arange(len(words)), np.full(len(words), _START)
        for step in range(1, said.shape[1]):
            self._step("dec", outputs, h_ND)
            outputs = (h_ND @ w["fc"] + w["fc_bias"]).argmax(axis=1)
            said[going, step] = outputs
            stay = np.flatnonzero((outputs != _END) & (step < longest[going]))
            if len(stay) < len(going):
                going, outputs, h_ND = going[stay], outputs[stay], h_ND[stay]
            if not len(going):
                break
        return [tuple(filter(None, map(phones.__getitem__, row))) for row in said.tolist()]
