"""Marks in text: pronunciations written ``[word](/W ER D/)``, pauses of given length, changes of prosody."""

from __future__ import annotations

from collections.abc import Iterator

from avsynth.errors import UserError
from avsynth.text.english.folding import fold
from avsynth.text.english.lexicon import read_phones
from avsynth.text.later import compiled
from avsynth.text.marked import MarkedText, join_marked, marked
from avsynth.text.tokens import LONGEST_PAUSE_S, Given, Pause, Prosody, Span

SLOWEST, FASTEST = 0.25, 4.0
"""The paces at which speech is made, as multiples of the voice's own."""
MOST_SEMITONES = 24.0
"""Pitch is shifted no further."""
MOST_DECIBELS = 12.0
"""Speech is made no louder than this over the voice's own."""
MOST_PHONES = 50
"""A given pronunciation holds no more."""

_INLINE = compiled(r"\[\s*(?P<word>[^\[\]\n]{0,99}[^\[\]\s])\s*\]\(/(?P<phones>[^/\n]*)/\)")


def given_word(word: str, phones: str, where: str) -> Given:
    """A word with the phones written for it; UserError, which begins with ``where``, if they are none or too many."""
    read = read_phones(phones.split(), where)
    if not 0 < len(read) <= MOST_PHONES:
        raise UserError(f"{where}: a pronunciation holds 1 to {MOST_PHONES} phones, not {len(read)}")
    return Given(" ".join(word.lower().split()), read)


def read_inline(text: str) -> MarkedText:
    """Read text in which pronunciations may be written; an unknown phone is a UserError.

    >>> read_inline("a [gif](/JH IH1 F/)").marks
    (Given(text='gif', phones=('JH', 'IH', 'F')),)
    """
    return join_marked(_inline_parts(text))


def _inline_parts(text: str) -> Iterator[MarkedText]:
    place = 0
    for match in _INLINE.finditer(text):
        yield _folded(text, place, match.start())
        yield marked(given_word(match["word"], match["phones"], match[0]), Span(*match.span("word")))
        place = match.end()
    yield _folded(text, place, len(text))


def _folded(text: str, start: int, end: int) -> MarkedText:
    folded = fold(text[start:end])
    return MarkedText(folded.text, source=folded.origins.moved(start), lost=folded.lost)


def check_pause(seconds: float, where: str) -> Pause:
    """A pause of that length; UserError, which begins with ``where``, outside 0 to :data:`LONGEST_PAUSE_S`."""
    if not 0 <= seconds <= LONGEST_PAUSE_S:
        raise UserError(f"{where}: a break lasts 0 to {LONGEST_PAUSE_S:g} s")
    return Pause(seconds)


def check_prosody(prosody: Prosody, where: str) -> Prosody:
    """A way of speaking; UserError, which begins with ``where``, where it goes too far."""
    if not SLOWEST <= prosody.rate <= FASTEST:
        raise UserError(f"{where}: speech is made at {SLOWEST:.0%} to {FASTEST:.0%} of the voice's pace")
    if abs(prosody.semitones) > MOST_SEMITONES:
        raise UserError(f"{where}: pitch is shifted by at most {MOST_SEMITONES:g} semitones")
    if prosody.decibels > MOST_DECIBELS:
        raise UserError(f"{where}: speech is made at most {MOST_DECIBELS:g} dB louder")
    return prosody
