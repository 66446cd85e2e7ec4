"""Letters to phones for words in no dictionary: g2p-en's published network, run with a few lines of numpy.

Source: the weights of K. Park and J. Kim, g2p-en 2.1 (Apache-2.0), a GRU encoder over letters and a GRU decoder over
stressed phones, trained on CMUdict. The weights are read from the installed package, which itself is not imported:
it would fetch NLTK data from the network.
"""

from __future__ import annotations

from functools import cache, cached_property
from string import ascii_lowercase
from typing import TYPE_CHECKING

from avsynth.text.english.lexicon import package_file
from avsynth.text.symbols import PHONES, VOWELS
from avsynth.text.tokens import Pronunciation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LETTERS = {letter: index for index, letter in enumerate(ascii_lowercase, start=3)}
_UNKNOWN_LETTER, _WORD_END = 1, 2
_START, _END = 2, 3


@cache
def _decoder_phones() -> tuple[str | None, ...]:
    """The decoder's 74 outputs: four marks, then the phones by alphabet, a vowel once for each digit of stress."""
    outputs: list[str | None] = [None] * 4
    for phone in PHONES:
        outputs += [phone + digit for digit in "012"] if phone in VOWELS else [phone]
        outputs += [phone] * (phone == "UW")  # it also stands there without any stress
    return tuple(outputs)


class LetterToSound:
    """Calls map a lower-case word of letters to phones; the weights (3 MB) are read at the first call."""

    @cached_property
    def _weights(self) -> dict[str, NDArray[np.float32]]:
        import numpy as np

        with np.load(package_file("g2p_en", "checkpoint20.npz"), allow_pickle=False) as archive:
            weights = {name: archive[name] for name in archive.files}
        for part in ("enc", "dec"):  # what each input adds to the gates
            weights[part] = weights[f"{part}_emb"] @ weights[f"{part}_w_ih"].T + weights[f"{part}_b_ih"]
        return weights

    def _step(self, part: str, symbol: int, h_D: NDArray[np.float32]) -> NDArray[np.float32]:
        """One step of the ``enc`` or ``dec`` GRU: input and state (D,) -> state (D,); gates in the order r, z, n."""
        import numpy as np

        w = self._weights
        from_x = w[part][symbol]
        from_h = w[f"{part}_w_hh"] @ h_D + w[f"{part}_b_hh"]
        size = h_D.shape[0]
        gates = 0.5 + 0.5 * np.tanh(0.5 * (from_x[: 2 * size] + from_h[: 2 * size]))
        reset, update = gates[:size], gates[size:]
        candidate = np.tanh(from_x[2 * size :] + reset * from_h[2 * size :])
        state: NDArray[np.float32] = candidate + update * (h_D - candidate)
        return state

    def __call__(self, word: str) -> Pronunciation:
        """Phones of ``word``, greedily decoded; at most two per letter and a few more. Empty if the network is mute."""
        import numpy as np

        w, phones = self._weights, _decoder_phones()
        h_D = np.zeros(w["enc_w_hh"].shape[1], np.float32)
        for index in (*(_LETTERS.get(letter, _UNKNOWN_LETTER) for letter in word), _WORD_END):
            h_D = self._step("enc", index, h_D)
        spoken: list[str] = []
        output = _START
        for _ in range(2 * len(word) + 8):
            h_D = self._step("dec", output, h_D)
            output = int(np.argmax(w["fc_w"] @ h_D + w["fc_b"]))
            if output == _END:
                break
            phone = phones[output]
            if phone is not None:
                spoken.append(phone)
        return tuple(spoken)
