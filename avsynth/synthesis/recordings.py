"""Durations for a recording's sound, piece by piece: given or recognised words, aligned with the sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.aligner import ALIGN_RATE, AcousticAligner, Segment
from avsynth.audio.io import mix_down, resample
from avsynth.audio.original import SoundReader
from avsynth.audio.pauses import cut_at_pauses
from avsynth.audio.recogniser import Recogniser
from avsynth.config.schema import Config
from avsynth.data.alignment import segments_to_timeline
from avsynth.errors import UserError
from avsynth.synthesis.sentences import mark_last
from avsynth.text import SIL, Format, TextFrontend, Word
from avsynth.timeline import Timeline

FASTEST_WORDS_S = 8
"""More words than anybody says in a second."""
REST_S = 0.25
"""A pause of this length separates what is drawn at once, as the end of a sentence does."""
SHOWN_WORDS = 6


@dataclass(frozen=True)
class Piece:
    """A stretch of sound between two pauses."""

    sound: NDArray[np.float32]
    """``(N,)`` at 16 kHz, in [-1, 1]."""
    start_s: Fraction
    end_s: Fraction
    last: bool


class Written(NamedTuple):
    """A word's written form, as in :class:`avsynth.timeline.WordSpan`."""

    span: tuple[int, int] | None = None
    text: str = ""


@dataclass(frozen=True)
class PlacedWords:
    """The words of a piece, each with at least one segment, which count seconds from the piece's start."""

    words: tuple[Word, ...] = ()
    segments: tuple[Segment, ...] = ()
    written: tuple[Written, ...] = ()
    """For each word what is written for it; empty where there is no text."""


class WordFinder(Protocol):
    """Finds the words of one piece after the other."""

    def __call__(self, piece: Piece) -> PlacedWords:
        """Align the words of the piece; :class:`UserError` where they cannot be in it."""
        ...


class GivenText:
    """Words of a given text, in order: each piece takes as many as it contains, and the last piece all the rest.

    After a word that was left out or misread, alignment recovers. Raises :class:`UserError` for a text with nothing to
    say, unless it is empty: then the mouth rests.
    """

    def __init__(self, text: str, frontend: TextFrontend, aligner: AcousticAligner, form: Format = "auto") -> None:
        sentences = frontend.sentences(text, form) if text.strip() else []
        sequences = [frontend.phonemise(sentence) for sentence in sentences]
        self._words = [word for item in sequences for word in item.spoken]
        self._written = [Written(span.span, span.written) for item in sequences for span in item.words]
        self.unread = tuple(dict.fromkeys(character for item in sequences for character in item.unread))
        """Characters of the text that are passed over."""
        self._aligner = aligner
        self._done = 0
        self.over_s: float | None = None
        """Where the last word ends, if pieces of the sound come after it."""

    def __call__(self, piece: Piece) -> PlacedWords:
        left = self._words[self._done :]
        if not left:
            return PlacedWords()
        if piece.last:
            return self._rest(piece, left)
        offered = left[: ceil(piece.end_s - piece.start_s) * FASTEST_WORDS_S]
        segments = self._aligner.beginning(piece.sound, [word.phones for word in offered])
        if segments is None:
            return PlacedWords()
        placed = _placed_words(offered, segments, self._written[self._done :])
        self._done += len(placed.words)
        if self._done == len(self._words):
            self.over_s = float(piece.start_s) + segments[-1].end_s
        return placed

    def _rest(self, piece: Piece, left: Sequence[Word]) -> PlacedWords:
        segments = self._aligner(piece.sound, [word.phones for word in left])
        if segments is None:
            shown = " ".join(word.text for word in left[:SHOWN_WORDS]) + (" …" if len(left) > SHOWN_WORDS else "")
            raise UserError(
                f"the text does not match the sound: no way was found to lay {shown!r} over"
                f" {float(piece.start_s):.1f} to {float(piece.end_s):.1f} s; give the words as they are spoken"
            )
        return _placed_words(left, segments, self._written[self._done :])


class RecognisedText:
    """Words that a recogniser hears; words that it made up, which cannot be aligned with the sound, are left out."""

    def __init__(self, recogniser: Recogniser, frontend: TextFrontend, aligner: AcousticAligner) -> None:
        self._recogniser, self._frontend, self._aligner = recogniser, frontend, aligner
        self.heard: list[str] = []
        """What was recognised in each piece that holds any words."""

    def __call__(self, piece: Piece) -> PlacedWords:
        heard = self._recogniser(piece.sound)
        try:
            words = words_of(heard, self._frontend)
        except UserError:
            return PlacedWords()
        segments = self._aligner.with_gaps(piece.sound, [word.phones for word in words])
        if segments is None:
            return PlacedWords()
        self.heard.append(heard)
        return _placed_words(words, segments)


def words_of(text: str, frontend: TextFrontend) -> list[Word]:
    """The spoken words of a text with their phones; :class:`UserError` if there are none."""
    return [word for sentence in frontend.sentences(text) for word in frontend.phonemise(sentence).spoken]


def listen(sound: SoundReader, find: WordFinder, config: Config, fps: Fraction) -> Iterator[Timeline]:
    """The timelines of a sound's pieces on one clock, in memory that does not grow with its length.

    Together they last as long as the sound, to the end of the last hop; each boundary is rounded once.

    Args:
        sound: At its beginning.
        find: Finds the words of each piece.
        config: The voice's, for its mel and ``align.min_silence_ms``.
        fps: Of the timelines.
    """
    mel, silence_s = config.mel, config.align.min_silence_ms / 1000
    hop_s = Fraction(mel.hop_length, mel.sample_rate)
    done_hops = 0
    for piece in pieces_of_sound(sound):
        end_hops = ceil(piece.end_s / hop_s) if piece.last else floor(piece.end_s / hop_s + Fraction(1, 2))
        placed, hops = find(piece), end_hops - done_hops
        if placed.segments:
            shift = float(piece.start_s - done_hops * hop_s)
            segments = [
                replace(item, start_s=item.start_s + shift, end_s=item.end_s + shift) for item in placed.segments
            ]
            clock = (mel.sample_rate, mel.hop_length, fps)
            timeline = segments_to_timeline(segments, placed.words, hops, *clock, silence_s)
            yield part_at_rests(_as_written(timeline, placed.written))
        elif hops:
            yield Timeline((SIL,), (hops,), (), mel.sample_rate, mel.hop_length, fps)
        done_hops = end_hops


def _as_written(timeline: Timeline, written: Sequence[Written]) -> Timeline:
    if not written:
        return timeline
    words = zip(timeline.words, written, strict=True)
    return replace(timeline, words=tuple(word._replace(span=there.span, written=there.text) for word, there in words))


def pieces_of_sound(sound: SoundReader) -> Iterator[Piece]:
    """Cut a sound at its pauses."""
    rate = sound.sample_rate
    blocks = (mix_down(block) for block in sound.blocks(rate))
    start = 0
    for part, last in mark_last(cut_at_pauses(blocks, rate)):
        end = start + len(part)
        yield Piece(resample(part, rate, ALIGN_RATE), Fraction(start, rate), Fraction(end, rate), last)
        start = end


def part_at_rests(timeline: Timeline) -> Timeline:
    """The same timeline, each silence of at least :data:`REST_S` between words as two: there it may be cut."""
    phones: list[str] = []
    hops: list[int] = []
    place = []
    for number, (phone, length) in enumerate(zip(timeline.phones, timeline.hops, strict=True)):
        place.append(len(phones))
        inside = 0 < number < len(timeline.phones) - 1
        if phone == SIL and inside and length * timeline.hop_s >= REST_S:
            phones += [SIL, SIL]
            hops += [length // 2, length - length // 2]
        else:
            phones.append(phone)
            hops.append(length)
    words = tuple(word.moved(place[word.first] - word.first) for word in timeline.words)
    return replace(timeline, phones=tuple(phones), hops=tuple(hops), words=words)


def _placed_words(words: Sequence[Word], segments: Sequence[Segment], written: Sequence[Written] = ()) -> PlacedWords:
    """The words that have segments, and these numbered by them; ``written`` for each word, or nothing."""
    kept = sorted({segment.word for segment in segments})
    number = {word: place for place, word in enumerate(kept)}
    renumbered = tuple(replace(segment, word=number[segment.word]) for segment in segments)
    there = tuple(written[word] for word in kept) if written else ()
    return PlacedWords(tuple(words[word] for word in kept), renumbered, there)
