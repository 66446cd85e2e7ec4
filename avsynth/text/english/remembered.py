"""Sentences that were read shortly before are not read again, wherever in a text they stand."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from avsynth.text.frontend import PhoneSequence
from avsynth.text.marked import MarkedText, Places
from avsynth.text.tokens import Mark, Span
from avsynth.timeline import WordSpan

Read = Callable[[MarkedText], PhoneSequence]


_Written = tuple[str, tuple[Mark, ...], bytes | int, bytes | int, tuple[str, ...], str]
"""Everything on which the reading of a sentence depends, as if it stood first in its text: its text, marks, origins,
lost characters and what was given."""


def _from(place: int, places: Places) -> bytes | int:
    """How far from a place they are, as a key of a dictionary may be; of a range, which has one for each character of
    the text, the first one tells."""
    return places.start - place if isinstance(places, range) else array("q", map((-place).__add__, places)).tobytes()


def remembered(read: Read, most: int) -> Read:
    """The same function of a sentence, whose last ``most`` results are kept."""
    lock = Lock()
    known: OrderedDict[_Written, tuple[int, PhoneSequence]] = OrderedDict()

    def recall(sentence: MarkedText) -> PhoneSequence:
        starts, ends = sentence.origins.starts, sentence.origins.ends
        place = starts[0] if starts else 0
        given = sentence.given[place : ends[-1]] if starts else ""
        shape = _from(place, starts), _from(place, ends)
        written: _Written = (sentence.text, sentence.marks, *shape, sentence.lost, given)
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
