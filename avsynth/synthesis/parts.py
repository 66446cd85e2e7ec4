"""Parts smaller than a sentence, for streaming: where they are cut, and their sound, which equals that of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.synthesis.ahead import Work
from avsynth.timeline import Timeline
from vocoder import Vocoder
from vocoder.errors import VocoderError
from vocoder.protocol import Voicing

FIRST_PART_S, LONGEST_PART_S = Fraction(3, 10), Fraction(2)
"""Seconds. The first part of a text ends with the word that is being said after the first of these, so that it can be
heard soon. Each part is about twice as long as the one before, up to the second, since long parts cost less."""
Growth = Iterator[Fraction]


def growing() -> Growth:
    """The least lengths of successive parts of a text in seconds."""
    length = FIRST_PART_S
    while True:
        yield min(length, LONGEST_PART_S)
        length *= 2


def parts_of(sentence: Timeline, lengths: Growth) -> list[Timeline]:
    """Cut a sentence into parts of whole words; a remainder of less than half a part is added to the last."""
    within = {place for word in sentence.words for place in range(word.first + 1, word.last)}
    edges = sentence.boundaries_s
    cuts, wanted = [0], next(lengths)
    for place in range(1, len(sentence.phones)):
        due = edges[place] - edges[cuts[-1]] >= wanted and place not in within
        if due and edges[-1] - edges[place] >= wanted / 2:
            cuts.append(place)
            wanted = next(lengths)
    return cut_timeline(sentence, cuts)


def cut_timeline(timeline: Timeline, starts: Sequence[int]) -> list[Timeline]:
    """A timeline in pieces that begin at these phones, the first at 0; a word goes with its first phone."""
    pieces, count = [], len(timeline.phones)
    for start, end in pairwise([*starts, count]):
        words = tuple(word.moved(-start) for word in timeline.words if start <= word.first < end)
        marks = tuple(
            replace(mark, phone=mark.phone - start)
            for mark in timeline.bookmarks
            if start <= mark.phone < end or mark.phone == end == count
        )
        phones, hops = timeline.phones[start:end], timeline.hops[start:end]
        pieces.append(replace(timeline, phones=phones, hops=hops, words=words, bookmarks=marks))
    return pieces


def amplified(
    waveform: NDArray[np.float32], gains_H: NDArray[np.float64], start: int, hop_length: int
) -> NDArray[np.float32]:
    """The samples from hop ``start`` on, multiplied by their hops' gains, which are interpolated between the hops'
    middles; clipped."""
    middles = (np.arange(len(gains_H)) + 0.5) * hop_length
    gain_N = np.interp(np.arange(len(waveform)) + start * hop_length, middles, gains_H)
    return np.clip(waveform * gain_N, -1, 1).astype(np.float32)


class VoicedMel:
    """The sound of a sentence's mel, one stretch at a time, in whichever way the vocoder supports (:class:`Vocoder`).

    Raises :class:`VocoderError` where it makes something else than finite sound of the right length.
    """

    def __init__(self, vocoder: Vocoder, mel_BFM: Tensor) -> None:
        own: Callable[[Tensor], Voicing] | None = getattr(vocoder, "voicing", None)
        self._name = type(vocoder).__name__
        self._hop = vocoder.mel_config.hop_length
        self._voicing = own(mel_BFM) if own is not None else self._with_surroundings(vocoder, mel_BFM)

    def waits(self, begin: Callable[[Work], Work], edges: Sequence[int]) -> Iterator[Work]:
        """For each part between two of the edges (mel frames), what gives its samples. Where the vocoder makes sound in
        pieces that threads can make at once, those of the next part are begun as well; else whoever asks makes it."""
        own: Sequence[int] | None = getattr(self._voicing, "edges", None)
        if own is None:
            yield from (partial(self.between, *part) for part in pairwise(edges))
            return
        begun: dict[tuple[int, int], Work] = {}
        parts = list(pairwise(edges))
        for (start, end), following in zip(parts, [*parts[1:], parts[-1]], strict=True):
            begun = {piece: work for piece, work in begun.items() if piece[1] > start}
            for piece in pairwise(own):
                if piece not in begun and piece[0] < following[1] and piece[1] > start:
                    begun[piece] = begin(cache(partial(self.between, *piece)))
            needed = {piece: work for piece, work in begun.items() if piece[0] < end}
            yield partial(self._cut, needed, start, end)

    def _cut(self, pieces: Mapping[tuple[int, int], Work], start: int, end: int) -> NDArray[np.float32]:
        """The samples from ``start`` to ``end``, out of pieces in order, once these are there."""
        first = min(pieces)[0]
        whole = np.concatenate([work() for work in pieces.values()])
        return np.asarray(whole[(start - first) * self._hop : (end - first) * self._hop])

    @torch.inference_mode()
    def between(self, start: int, end: int) -> NDArray[np.float32]:
        """The samples of the mel frames from ``start`` to ``end``, ``((end - start) * hop,)`` in [-1, 1]."""
        waveform: NDArray[np.float32] = self._checked(self._voicing(start, end), end - start)[0].float().cpu().numpy()
        return waveform

    def _with_surroundings(self, vocoder: Vocoder, mel_BFM: Tensor) -> Voicing:
        """Voices each stretch with as many frames around it as its samples depend on, or the whole mel once."""
        frames = mel_BFM.shape[1]
        told: int | None = getattr(vocoder, "context_frames", None)
        reach = frames if told is None else told
        voiced: tuple[int, int] | None = None
        sound_BN = torch.empty(0)

        def voicing(start: int, end: int) -> Tensor:
            nonlocal voiced, sound_BN
            left, right = max(0, start - reach), min(end + reach, frames)
            if voiced != (left, right):
                sound_BN = self._checked(vocoder(mel_BFM[:, left:right]), right - left)
                voiced = left, right
            return sound_BN[:, (start - left) * self._hop : (end - left) * self._hop]

        return voicing

    def _checked(self, sound_BN: Tensor, frames: int) -> Tensor:
        wanted = (1, frames * self._hop)
        if sound_BN.shape != wanted or not torch.isfinite(sound_BN).all():
            fault = "values that are not finite" if sound_BN.shape == wanted else f"the shape {tuple(sound_BN.shape)}"
            raise VocoderError(f"vocoder {self._name} made a waveform of {fault}, for {wanted}")
        return sound_BN
