"""English behind :class:`avsynth.text.frontend.TextFrontend`."""

from __future__ import annotations

from collections.abc import Mapping

from avsynth.text.english.g2p import G2P, Z, phonemise
from avsynth.text.english.normalise import spoken_words
from avsynth.text.english.reading import Dates
from avsynth.text.english.remembered import remembered
from avsynth.text.english.sentences import split_sentences
from avsynth.text.frontend import PhoneSequence
from avsynth.text.marked import Format, MarkedText
from avsynth.text.symbols import Symbols
from avsynth.text.tokens import Pronunciation, Spoken
from avsynth.text.visemes import Standard, viseme

SENTENCES_KEPT = 256
"""So many sentences are remembered with their phones, some ten kilobytes each at most."""


class EnglishFrontend:
    """English, British in its numbers, American in its sounds."""

    def __init__(
        self, lexicon: Mapping[str, Pronunciation] | None = None, *, z: Z = "zed", dates: Dates = "uk"
    ) -> None:
        """
        Args:
            lexicon: A user's pronunciations, which go before the dictionary's.
            z: The name of the letter z.
            dates: Which number of a date in digits is the day: the first (``uk``) or the second.
        """
        self.g2p = G2P(lexicon, z=z, dates=dates)
        self._phonemise = remembered(lambda sentence: phonemise(sentence, self.g2p), SENTENCES_KEPT)
        self.symbols = Symbols.of("phones")

    def sentences(self, text: str, form: Format = "auto") -> list[MarkedText]:
        """:func:`avsynth.text.english.sentences.split_sentences`."""
        sentences = split_sentences(text, form)
        self.g2p.foresee({sentence.text for sentence in sentences})
        return sentences

    def phonemise(self, sentence: str | MarkedText) -> PhoneSequence:
        """:func:`avsynth.text.english.g2p.phonemise`."""
        return phonemise(sentence, self.g2p) if isinstance(sentence, str) else self._phonemise(sentence)

    def spoken(self, sentence: str | MarkedText) -> list[str]:
        """The words of :func:`avsynth.text.english.normalise.spoken_words`."""
        tokens = spoken_words(sentence, self.g2p.lexicon, self.g2p.dates)
        return [token.text for token in tokens if isinstance(token, Spoken)]

    def viseme(self, phone: str, standard: Standard) -> int | str:
        """:func:`avsynth.text.visemes.viseme`."""
        return viseme(phone, standard)
