"""A language of ten words behind the same door as English."""

from __future__ import annotations

import re

import pytest

from avsynth.errors import UserError
from avsynth.synthesis.sentences import sentences_of_text
from avsynth.text import PAD, SIL, MarkedText, PhoneSequence, Symbols, TextFrontend, load_frontend, viseme
from avsynth.text.marked import Format, Origins
from avsynth.text.visemes import Standard
from avsynth.timeline import WordSpan

WORDS = {
    **{"mi": "M IY", "sina": "S IY N AA", "ona": "OW N AA", "moku": "M OW K UW", "telo": "T EH L OW"},
    **{"pona": "P OW N AA", "suli": "S UW L IY", "tomo": "T OW M OW", "li": "L IY", "e": "EH"},
}


class Toki:
    """Ten words, which end a sentence with a dot."""

    symbols = Symbols((PAD, SIL, *dict.fromkeys(phone for phones in WORDS.values() for phone in phones.split())))

    def sentences(self, text: str, form: Format = "auto") -> list[MarkedText]:
        return [
            MarkedText(found[0], source=Origins.same(len(found[0]), found.start()))
            for found in re.finditer(r"\w[^.]*", text)
        ]

    def phonemise(self, sentence: str | MarkedText) -> PhoneSequence:
        marked = MarkedText(sentence) if isinstance(sentence, str) else sentence
        phones, words = [SIL], []
        for found in re.finditer(r"\w+", marked.text):
            if found[0] not in WORDS:
                raise UserError(f"{found[0]!r} is none of the ten words")
            first = len(phones)
            phones += WORDS[found[0]].split()
            words.append(WordSpan(found[0], first, len(phones), span=marked.origins.span(*found.span())))
        return PhoneSequence((*phones, SIL), tuple(words))

    def spoken(self, sentence: str | MarkedText) -> list[str]:
        return [word.text for word in self.phonemise(sentence).words]

    def viseme(self, phone: str, standard: Standard) -> int | str:
        return viseme(phone, standard)


def test_ten_words_are_cut_into_lines_as_english_is() -> None:
    toki: TextFrontend = Toki()
    first, second = sentences_of_text("mi moku e telo. ona li suli.", toki)
    assert first.phones == (SIL, "M", "IY", "M", "OW", "K", "UW", "EH", "T", "EH", "L", "OW", SIL)
    assert [word.text for word in second.words] == ["ona", "li", "suli"]
    assert set(first.phones + second.phones) <= set(toki.symbols.names[1:])
    with pytest.raises(UserError, match="'kala' is none of the ten words"):
        sentences_of_text("mi kala", toki)


@pytest.mark.parametrize("frontend", [Toki(), load_frontend()], ids=["toki", "english"])
def test_what_every_language_owes(frontend: TextFrontend) -> None:
    text = "mi li suli.  sina pona."
    for sentence in frontend.sentences(text):
        sequence = frontend.phonemise(sentence)
        assert sequence.phones[0] == sequence.phones[-1] == SIL
        assert set(sequence.phones) <= set(frontend.symbols.names[1:])
        assert len(sequence.words) == len(frontend.spoken(sentence))
        assert [text[slice(*(word.span or (0, 0)))] for word in sequence.words] == [
            word.text for word in sequence.words
        ]
        assert all(isinstance(frontend.viseme(phone, "microsoft"), int) for phone in sequence.phones)
    assert frontend.phonemise(frontend.sentences(text)[1]).words[0].span == (13, 17)


def test_dates_are_read_in_the_order_asked_for() -> None:
    assert " ".join(load_frontend().spoken("3/4/1999")) == "the third of april nineteen ninety nine"
    assert " ".join(load_frontend(dates="us").spoken("3/4/1999")) == "march fourth nineteen ninety nine"
