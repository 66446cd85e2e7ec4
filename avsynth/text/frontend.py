"""What a language must provide: sentences of a text, phones of a sentence, its symbols and their visemes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from avsynth.text.marked import Format, MarkedText
from avsynth.text.symbols import Symbols
from avsynth.text.tokens import Pronunciation, Word
from avsynth.text.visemes import Standard
from avsynth.timeline import Bookmark, WordSpan


@dataclass(frozen=True)
class Pace:
    """How a phone is said."""

    rate: float = 1.0
    """The duration that the model predicts is divided by this."""
    seconds: float | None = None
    """The duration itself, where it is given."""
    breaths: float = 1.0
    """A pause's duration as a multiple of what the model predicts, which is the pause at a comma."""
    semitones: float = 0.0
    """Added to its pitch."""
    decibels: float = 0.0
    """Added to its level."""


@dataclass(frozen=True)
class PhoneSequence:
    """A sentence as phones, ``sil`` at both ends and at each pause; the spans cover every phone but the ``sil``."""

    phones: Pronunciation
    words: tuple[WordSpan, ...]
    paces: Mapping[int, Pace] = field(default_factory=dict)
    """By index, each phone that is not said just as the model predicts."""
    bookmarks: tuple[Bookmark, ...] = ()
    """Named places, each with the phone that comes next; at the end the one after the last word."""
    speaker: str | None = None
    """The speaker that the text asks for; None for the speaker of the options."""
    unread: tuple[str, ...] = ()
    """Characters that are passed over, each once; the first sentence of a text has those outside of all as well."""

    @property
    def spoken(self) -> list[Word]:
        """Its words with their phones."""
        return [Word(word.text, self.phones[word.first : word.last], word.stress) for word in self.words]


class TextFrontend(Protocol):
    """A language as it is written and spoken. Whatever cannot be read is a :class:`avsynth.errors.UserError`."""

    @property
    def symbols(self) -> Symbols:
        """Padding, silence and every phone that :meth:`phonemise` gives."""
        ...

    def sentences(self, text: str, form: Format = "auto") -> list[MarkedText]:
        """Cut a text of that format into the stretches that are said at once, each with its place in the text."""
        ...

    def phonemise(self, sentence: str | MarkedText) -> PhoneSequence:
        """Phones of one sentence."""
        ...

    def spoken(self, sentence: str | MarkedText) -> list[str]:
        """The words of one sentence as they are spoken, in small letters."""
        ...

    def viseme(self, phone: str, standard: Standard) -> int | str:
        """The viseme of a symbol; padding has none."""
        ...
