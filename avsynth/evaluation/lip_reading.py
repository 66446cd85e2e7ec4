"""Lip reading as a measure: word errors of a trained lip reader held to the GRID grammar, phone errors without a
grammar.

The reader that judges must not be the one that aligned the training data: its misreadings would count as right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from avsynth.evaluation.clip_sound import is_grid
from avsynth.evaluation.controls import frozen, late
from avsynth.evaluation.pictures import Clip
from avsynth.evaluation.speech import SLOTS, WordErrors, slot_error_rates, word_errors
from avsynth.evaluation.statistics import Summary, summarise, summarise_ratio
from avsynth.lipreading.clips import word_phones
from avsynth.lipreading.reader import LipReader
from avsynth.lipreading.search import SentenceNetwork, greedy
from avsynth.text import SIL, Symbols


@dataclass(frozen=True)
class LipScores:
    """A lip reader's result for one clip in one row of a table."""

    reference: tuple[str, ...]
    read: tuple[str, ...] | None
    """The words of the best GRID sentence; None where the reference is none."""
    words: WordErrors | None
    phones: WordErrors
    """Counts of phones, of the best path without a grammar."""


def score_clip(reader: LipReader, crops: Clip, text: str, phones: Sequence[str]) -> LipScores:
    """Read crops ``(T, H, W, 3)`` in which ``text``, said as ``phones``, is to be seen."""
    posteriors = reader.read(np.asarray(crops))
    names = reader.spec.symbols
    seen = [phone for phone in Symbols(names).decode(greedy(posteriors.ctc_SV)) if phone != SIL]
    reference = tuple(text.lower().split())
    read = tuple(grid_network(names).best(posteriors.ctc_SV)[0]) if is_grid(reference) else None
    words = None if read is None else word_errors(reference, read)
    return LipScores(reference, read, words, word_errors([phone for phone in phones if phone != SIL], seen))


def control_crops(real: Clip) -> dict[str, Clip]:
    """Control rows that show the reader's own error: the recording, the recording one frame late, and a frozen
    mouth."""
    return {"real": real, "late 1": late(real, 1), "frozen": frozen(real)}


def summaries(scores: Sequence[LipScores]) -> dict[str, Summary]:
    """Errors over words and over phones, and the errors of each place in the sentence, of one row."""
    phones = np.array([(item.phones.errors, item.phones.words) for item in scores], np.float64)
    measures = {"lip_reading_per": summarise_ratio(*phones.T)}
    known = [(item, item.words, item.read) for item in scores if item.words is not None and item.read is not None]
    if known:
        counts = np.array([(words.errors, words.words) for _, words, _ in known], np.float64)
        measures["lip_reading_wer"] = summarise_ratio(*counts.T)
        slots = [slot_error_rates([(item.reference, read)]) for item, _, read in known]
        measures |= {slot: summarise([rates[slot] for rates in slots]) for slot in SLOTS}
    return measures


def rates(scores: Sequence[LipScores]) -> Mapping[str, float]:
    """The means alone."""
    return {name: summary.mean for name, summary in summaries(scores).items()}


@cache
def load_reader(folder: Path) -> LipReader:
    """This process's reader of that folder."""
    return LipReader.load(folder)


@cache
def grid_network(symbols: tuple[str, ...]) -> SentenceNetwork:
    """The GRID grammar over a reader's symbols, silence at both ends."""
    table = Symbols(symbols)
    silence = {"": [table.encode([SIL])]}
    slots = [{word: [table.encode(word_phones(word))] for word in words} for words in SLOTS.values()]
    return SentenceNetwork([silence, *slots, silence])
