"""Speech sentence by sentence: durations rounded once, timelines cut and joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.synthesis.parts import cut_timeline
from avsynth.text import PAD, SIL, Format, Pace, TextFrontend, replace_unseen
from avsynth.text.letters import LETTERS, letters_of
from avsynth.timeline import Bookmark, Timeline, WordSpan
from vocoder import MelConfig

Item = TypeVar("Item")

EMPTY_S = 1.0
"""How long a text without anything in it lasts."""
LONGEST_PIECE_S, MOST_PIECE_S = 60, 180
"""Seconds: a given timeline is cut at the first silence after ``LONGEST_PIECE_S``, and refused where there is none by
``MOST_PIECE_S``."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, or another stretch that is synthesised at once."""

    phones: tuple[str, ...]
    words: tuple[WordSpan, ...]
    hops: tuple[int, ...] | None = None
    """Durations; None to predict them."""
    paces: Mapping[int, Pace] = field(default_factory=dict)
    """Rates, lengths, pitches and levels that the text asks for, by index of the phone."""
    bookmarks: tuple[Bookmark, ...] = ()
    speaker: str | None = None
    """The speaker that the text asks for; None for the speaker of the options."""
    unread: tuple[str, ...] = ()
    """Characters that are passed over."""


def sentences_of_text(
    text: str, frontend: TextFrontend, tokens: Literal["phones", "characters"] = "phones", form: Format = "auto"
) -> list[Sentence]:
    """The sentences of a text; of one that is empty a second at rest; :class:`UserError` where nothing can be said."""
    if not text.strip():
        return [Sentence((SIL,), (), paces={0: Pace(seconds=EMPTY_S)})]
    sequences = (frontend.phonemise(sentence) for sentence in frontend.sentences(text, form))
    sentences = [
        Sentence(item.phones, item.words, None, item.paces, item.bookmarks, item.speaker, item.unread)
        for item in sequences
    ]
    return sentences if tokens == "phones" else [in_letters(sentence) for sentence in sentences]


def sentences_of_timeline(timeline: Timeline, voice: str, symbols: Collection[str], mel: MelConfig) -> list[Sentence]:
    """A sentence for each piece of a given timeline; :class:`UserError` where the voice's symbols or clock differ."""
    unknown = sorted(set(timeline.phones) - set(symbols) | set(timeline.phones) & {PAD})
    if unknown:
        raise UserError(f"the timeline holds {unknown[0]!r}, which is no phone of voice {voice}")
    if (timeline.sample_rate, timeline.hop_length) != (mel.sample_rate, mel.hop_length):
        raise UserError(
            f"the timeline counts hops of {timeline.hop_length} samples at {timeline.sample_rate} Hz, voice"
            f" {voice} of {mel.hop_length} at {mel.sample_rate} Hz"
        )
    return [Sentence(piece.phones, piece.words, piece.hops, bookmarks=piece.bookmarks) for piece in pieces_of(timeline)]


def in_letters(sentence: Sentence) -> Sentence:
    """The sentence in letters instead of phones: each word's time is shared evenly among its letters, boundaries
    rounded once.

    Raises :class:`UserError` for a word without letters, or phones that belong to no word.
    """
    symbols: list[str] = []
    hops: list[int] = []
    words: list[WordSpan] = []
    paces: dict[int, Pace] = {}
    place_of = {len(sentence.phones): 0}
    ends = [0, *(word.last for word in sentence.words)]
    starts = [*(word.first for word in sentence.words), len(sentence.phones)]
    for number, (place, start) in enumerate(zip(ends, starts, strict=True)):
        between = sentence.phones[place:start]
        if any(phone != SIL for phone in between):
            raise UserError("phones that belong to no word cannot be spelt: characters want a text")
        place_of |= {place + at: len(symbols) + at for at in range(len(between))}
        paces |= {
            len(symbols) + at: sentence.paces[place + at] for at in range(len(between)) if place + at in sentence.paces
        }
        symbols += between
        hops += sentence.hops[place:start] if sentence.hops else ()
        if number == len(sentence.words):
            break
        word = sentence.words[number]
        try:
            letters = letters_of(word.text)
        except ValueError as error:
            raise UserError(f"{error}, and the model reads characters") from error
        place_of[word.first] = first = len(symbols)
        symbols += letters
        words.append(word._replace(first=first, last=len(symbols)))
        paces |= {
            place: sentence.paces[word.first] for place in range(first, len(symbols)) if word.first in sentence.paces
        }
        if sentence.hops:
            total = sum(sentence.hops[word.first : word.last])
            edges = [round(total * place / len(letters)) for place in range(len(letters) + 1)]
            hops += (end - begin for begin, end in pairwise(edges))
    place_of[len(sentence.phones)] = len(symbols)
    marks = tuple(replace(mark, phone=place_of[mark.phone]) for mark in sentence.bookmarks if mark.phone in place_of)
    return Sentence(
        tuple(symbols),
        tuple(words),
        tuple(hops) if sentence.hops else None,
        paces,
        marks,
        sentence.speaker,
        sentence.unread,
    )


def timeline_in_letters(timeline: Timeline) -> Timeline:
    """:func:`in_letters` of a timeline."""
    spelt = in_letters(Sentence(timeline.phones, timeline.words, timeline.hops, bookmarks=timeline.bookmarks))
    assert spelt.hops is not None
    return replace(timeline, phones=spelt.phones, words=spelt.words, hops=spelt.hops, bookmarks=spelt.bookmarks)


def in_known_phones(sentences: list[Sentence], seen: Collection[str]) -> tuple[list[Sentence], dict[str, str]]:
    """The sentences with unseen phones replaced by ones that the voice has heard, and the replacements.

    Raises :class:`UserError` for a letter that the voice never saw, since letters have no replacement.
    """
    replaced: dict[str, str] = {}
    made = []
    for sentence in sentences:
        strange = next((name for name in sentence.phones if name in LETTERS and name not in seen), None)
        if strange is not None:
            raise UserError(f"the text has the letter {strange!r}, which the voice never saw: it reads characters")
        known = replace_unseen(sentence.phones, seen)
        replaced |= known.replaced
        made.append(replace(sentence, phones=known.phones))
    return made, replaced


def paced(predicted: Iterable[float], paces: Mapping[int, Pace], hop_s: Fraction) -> Iterator[float]:
    """Predicted durations in hops as the text asks for them: each by its rate, a given pause as long as it says."""
    for place, hops in enumerate(predicted):
        pace = paces.get(place, Pace())
        yield hops * pace.breaths / pace.rate if pace.seconds is None else pace.seconds / float(hop_s)


def gains(sentence: Sentence, hops: Sequence[int]) -> NDArray[np.float64] | None:
    """By how much each hop of a sentence is amplified, ``(H,)``; None where the text asks for nothing."""
    if not any(pace.decibels for pace in sentence.paces.values()):
        return None
    decibels = [sentence.paces.get(place, Pace()).decibels for place in range(len(sentence.phones))]
    return np.repeat(10 ** (np.array(decibels) / 20), hops)


def pieces_of(timeline: Timeline) -> list[Timeline]:
    """A timeline in the pieces in which it was said: cut where two silences meet, and at a silence where it gets long.

    Raises :class:`UserError` for a piece that goes on for too long without a silence.
    """
    phones, hops = timeline.phones, timeline.hops
    within = {place for word in timeline.words for place in range(word.first + 1, word.last)}
    cuts, length = [0], 0
    for place in range(1, len(phones)):
        length += hops[place - 1]
        due = phones[place] == SIL or length * timeline.hop_s > LONGEST_PIECE_S
        if due and phones[place - 1] == SIL and place not in within and length and any(hops[place:]):
            cuts.append(place)
            length = 0
    pieces = cut_timeline(timeline, cuts)
    longest = max(piece.duration_s for piece in pieces)
    if longest > MOST_PIECE_S:
        raise UserError(
            f"the timeline holds {float(longest):.0f} s without a pause; at most {MOST_PIECE_S} s can be said"
        )
    return pieces


def mark_last(items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
    """Each item, and whether it is the last; items are asked for one ahead."""
    source = iter(items)
    for held in source:
        for item in source:
            yield held, False
            held = item
        yield held, True
