"""Training and test data of a lip reader: a corpus's crops, reduced in size, with their phones."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avsynth.data.crops import Crops
from avsynth.data.manifest import Utterance
from avsynth.lipreading.pictures import small_pictures
from avsynth.lipreading.reader import ReaderSpec
from avsynth.text import SIL, PhoneSequence, default_frontend
from avsynth.timeline import Timeline


@dataclass(frozen=True)
class ReadingClip:
    """One clip, held in memory: ``width x height`` bytes per frame."""

    uid: str
    pictures: NDArray[np.uint8]
    """``(T, H, W)`` with the margin."""
    phones: tuple[str, ...]
    """Silence at both ends."""
    heard: tuple[str, ...] = ()
    """The phone that sounds at each position, where that is known."""


def spoken(utterance: Utterance) -> PhoneSequence:
    """The phones of an utterance's text, ``sil`` at both ends and at each pause; without a text those of its labels."""
    if utterance.text:
        return default_frontend().phonemise(utterance.text)
    return PhoneSequence(tuple(item.phone for item in utterance.phones), ())


def to_write(phones: Sequence[str]) -> tuple[str, ...]:
    """What the CTC head is trained to output: silence at both ends, none within."""
    return (SIL, *(phone for phone in phones if phone != SIL), SIL)


def word_phones(word: str) -> tuple[str, ...]:
    """The phones of a word said by itself."""
    return tuple(phone for phone in default_frontend().phonemise(word).phones if phone != SIL)


def learners(utterances: Iterable[Utterance], which: str) -> list[Utterance]:
    """The training clips that a reader learns from: ``all``, or the ``even`` or ``odd`` ones in the order of uids."""
    own = sorted((item for item in utterances if item.split == "train"), key=lambda item: item.uid)
    return own if which == "all" else own[which == "odd" :: 2]


def phones_at(timeline: Timeline, positions: int, position_s: float) -> tuple[str, ...]:
    """The phone that sounds in the middle of each position; the last one behind the timeline's end."""
    edges = np.array([float(edge) for edge in timeline.boundaries_s[1:]])
    places = np.searchsorted(edges, (np.arange(positions) + 0.5) * position_s, side="right")
    return tuple(timeline.phones[place] for place in places.clip(max=len(timeline.phones) - 1))


def load_clips(
    utterances: Sequence[Utterance],
    crops: Crops,
    spec: ReaderSpec,
    timelines: Mapping[str, Timeline] | None = None,
) -> tuple[list[ReadingClip], dict[str, str]]:
    """Clips to train on, and the reason for each that cannot be: no crops, too few frames for its phones, or, where
    ``timelines`` tell what is heard when, none of its own."""
    clips, left_out = [], {}
    for item in utterances:
        if item.uid not in crops:
            left_out[item.uid] = "no crops"
            continue
        size = spec.config.height, spec.config.width
        pictures = small_pictures(crops.frames(item.uid), spec.box, *size)
        phones = to_write(spoken(item).phones)
        repeats = sum(one == other for one, other in itertools.pairwise(phones))
        if len(pictures) * spec.config.positions < len(phones) + repeats:
            left_out[item.uid] = f"too short: {len(pictures)} frames for {len(phones)} phones"
            continue
        heard: tuple[str, ...] = ()
        if timelines is not None:
            if item.uid not in timelines or not set(timelines[item.uid].phones) <= set(spec.symbols):
                left_out[item.uid] = "not aligned" if item.uid not in timelines else "its alignment is of characters"
                continue
            heard = phones_at(timelines[item.uid], len(pictures) * spec.config.positions, spec.position_s)
        clips.append(ReadingClip(item.uid, pictures, phones, heard))
    return clips, left_out
