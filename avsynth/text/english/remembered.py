"""Sentences that were read shortly before are not read again, wherever in a text they stand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from avsynth.text.frontend import PhoneSequence
from avsynth.text.marked import MarkedText, Origins, Places
from avsynth.text.tokens import Mark, Span
from avsynth.timeline import WordSpan

Read = Callable[[MarkedText], PhoneSequence]


class _Written(NamedTuple):
    """Everything on which the reading of a sentence depends, as if it stood first in its text."""

    text: str
    marks: tuple[Mark, ...]
    starts: bytes | range
    ends: bytes | range
    lost: tuple[str, ...]
    given: str

    @classmethod
    def of(cls, sentence: MarkedText, place: int, origins: Origins) -> _Written:
        here = origins.moved(-place)
        given = sentence.given[place : origins.ends[-1]] if sentence.given and len(origins) else ""
        return cls(sentence.text, sentence.marks, _fixed(here.starts), _fixed(here.ends), sentence.lost, given)


def _fixed(places: Places) -> bytes | range:
    """The same, as a key of a dictionary may be."""
    return places if isinstance(places, range) else places.tobytes()


def remembered(read: Read, most: int) -> Read:
    """The same function of a sentence, whose last ``most`` results are kept."""
    lock = Lock()
    known: OrderedDict[_Written, tuple[int, PhoneSequence]] = OrderedDict()

    def recall(sentence: MarkedText) -> PhoneSequence:
        origins = sentence.source or sentence.origins
        place = origins.starts[0] if len(origins) else 0
        written = _Written.of(sentence, place, origins)
        with lock:
            before = known.get(written)
            if before is not None:
                known.move_to_end(written)
        if before is not None:
            stood, sequence = before
            return _moved(sequence, place - stood)
        sequence = read(sentence)
        with lock:
            known[written] = place, sequence
            if len(known) > most:
                known.popitem(last=False)
        return sequence

    return recall


def _moved(sequence: PhoneSequence, places: int) -> PhoneSequence:
    """The same where its sentence stands so many characters on."""
    if not places:
        return sequence
    before, after = None, None
    words = []
    for text, first, last, span, written, stress in sequence.words:
        if span is not before:  # words of one reading share it
            before, after = span, span and Span(span[0] + places, span[1] + places)
        words.append(WordSpan(text, first, last, after, written, stress))
    rest = (sequence.paces, sequence.bookmarks, sequence.speaker, sequence.unread)
    return PhoneSequence(sequence.phones, tuple(words), *rest)
