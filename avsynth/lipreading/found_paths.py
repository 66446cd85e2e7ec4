"""When each phone of a sentence is spoken, found from text and pictures alone: no sound, no word times.

The "flat start" of classic speech recognisers: spread the phones evenly over the clip, fit a Gaussian to the pictures
of each phone, find the best monotonic path under these Gaussians, and repeat. The first rounds fit one Gaussian per
phone; the next fit one per phone in its context (the phones beside it), smoothed towards the phone's own Gaussian where
the context is rare (Gauvain and Lee 1994, eq. 25 with a fixed weight); the last do the same on linear discriminants,
the combinations of neighbouring pictures that separate phones best (Haeb-Umbach and Ney 1992).

Dimensions: N clips, S positions, F features, K symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.lipreading.clips import ReadingClip
from avsynth.lipreading.paths import even_path, monotonic_paths, silences_optional
from avsynth.lipreading.pictures import centred

Floats = NDArray[np.float64]
Paths = list[NDArray[np.int64]]
"""For each clip, ``(S,)``: which of its phones stands at each position."""
Context = tuple[str, str, str]
"""A phone between its neighbours."""

COMPONENTS = 24
"""How many principal components describe a picture, and how many discriminants a stretch of pictures."""
REACH = 3
"""Frames on either side that are stacked before discriminants are computed."""
MOST = 800
"""The Gaussians are fitted to at most so many clips; the others are only aligned with them."""
_ROUNDS = 8, 5, 5, 5, 5
_SHARPNESS = 0.3
"""Power to which likelihoods are raised, because neighbouring frames are nearly the same observation."""
_TO_ALL, _TO_PHONE = 20.0, 20.0
"""Smoothing of means: the overall mean counts as so many positions in a phone's mean, and a phone's mean as so many in
the mean of the phone in context."""
_SPREAD = 50.0
_LEAST_SPREAD = 0.1
"""The smallest variance of a Gaussian, as a share of the overall variance."""
_STILL = 0.2
_TOGETHER = 32
"""So many clips' paths are searched at once."""


def find_paths(clips: Sequence[ReadingClip], positions: int) -> Paths:
    """A path through each clip's own phones, ``positions`` to a frame; silences may be passed over."""
    chosen = _spread_out(len(clips), MOST)
    moves = [_moving(clip) for clip in clips]
    components_FC = _principal([moves[index] for index in chosen[:: max(1, len(chosen) // 100)]])
    looks = [_looks(moving, components_FC) for moving in moves]
    scale_F = np.concatenate([looks[index] for index in chosen]).std(axis=0) + 1e-6
    looks = [look / scale_F for look in looks]
    fine = [_finer(_with_slopes(look), positions) for look in looks]
    wide = [_finer(_stacked(look), positions) for look in looks]
    contexts = [_contexts(clip.phones) for clip in clips]
    learners = [clips[index] for index in chosen]
    own = [contexts[index] for index in chosen]
    paths = [even_path(clip.phones, len(fine[index])) for index, clip in zip(chosen, learners, strict=True)]
    features, gaussians = fine, None
    for number, rounds in enumerate(_ROUNDS):
        if number in (2, 4):
            directions_FC = _discriminants([wide[index] for index in chosen], own, paths)
            features = [stretch @ directions_FC for stretch in wide]
        seen = [features[index] for index in chosen]
        for _ in range(rounds):
            gaussians = Gaussians.fit(seen, own, paths, in_context=number not in (0, 2))
            paths = gaussians.paths(seen, own, learners)
    found = dict(zip(chosen, paths, strict=True))
    assert gaussians is not None
    others = [index for index in range(len(clips)) if index not in found]
    laid = gaussians.paths(
        [features[index] for index in others], [contexts[index] for index in others], [clips[index] for index in others]
    )
    found |= dict(zip(others, laid, strict=True))
    return [found[index] for index in range(len(clips))]


@dataclass(frozen=True)
class Gaussians:
    """A Gaussian over picture features for each phone in context, and for each phone."""

    place: dict[Context, int]
    mean_KF: Floats
    variance_KF: Floats
    of_phone: dict[str, int]
    """The row of a phone's own Gaussian, for contexts that were not in the clips."""

    @classmethod
    def fit(
        cls, features: Sequence[Floats], contexts: Sequence[list[Context]], paths: Paths, in_context: bool
    ) -> Gaussians:
        """Fit to the positions that each clip's path assigns to each of its phones."""
        names = sorted({context for own in contexts for context in own})
        place = {context: number for number, context in enumerate(names)}
        phones = sorted({phone for _, phone, _ in names})
        phone_K = np.array([phones.index(phone) for _, phone, _ in names])
        width = features[0].shape[1]
        count_K, sum_KF, square_KF = np.zeros(len(names)), np.zeros((len(names), width)), np.zeros((len(names), width))
        for feature_SF, own, path_S in zip(features, contexts, paths, strict=True):
            label_S = np.array([place[context] for context in own])[path_S]
            np.add.at(count_K, label_S, 1)
            np.add.at(sum_KF, label_S, feature_SF)
            np.add.at(square_KF, label_S, np.square(feature_SF))
        everything_F = sum_KF.sum(0) / count_K.sum()
        overall_F = square_KF.sum(0) / count_K.sum() - np.square(everything_F)

        def pooled(values: Floats) -> Floats:
            gathered = np.zeros((len(phones), *values.shape[1:]))
            np.add.at(gathered, phone_K, values)
            return gathered

        phone_count = pooled(count_K)[:, None]
        phone_mean = (pooled(sum_KF) + _TO_ALL * everything_F) / (phone_count + _TO_ALL)
        own_mean_KF = phone_mean[phone_K]
        if in_context:
            own_mean_KF = (sum_KF + _TO_PHONE * own_mean_KF) / (count_K[:, None] + _TO_PHONE)
        about_KF = square_KF - 2 * own_mean_KF * sum_KF + count_K[:, None] * np.square(own_mean_KF)
        variance = (pooled(about_KF) + _SPREAD * overall_F) / (phone_count + _SPREAD)
        variance = np.maximum(variance, _LEAST_SPREAD * overall_F)
        mean_KF = np.concatenate([own_mean_KF, phone_mean])
        of_phone = {phone: len(names) + number for number, phone in enumerate(phones)}
        return cls(place, mean_KF, np.concatenate([variance[phone_K], variance]), of_phone)

    def paths(
        self, features: Sequence[Floats], contexts: Sequence[list[Context]], clips: Sequence[ReadingClip]
    ) -> Paths:
        """The best path through each clip's phones, ``(S,)``. A phone that was in none of the clips is treated as
        silence."""
        found: Paths = []
        for first in range(0, len(clips), _TOGETHER):
            some = slice(first, first + _TOGETHER)
            scores = list(map(self._scores, features[some], contexts[some]))
            position_lens_B, label_lens_B = np.array([score_SL.shape for score_SL in scores]).T
            scores_BSL = np.zeros((len(scores), position_lens_B.max(), label_lens_B.max()))
            optional_BL = np.zeros((len(scores), label_lens_B.max()), bool)
            for row, (score_SL, clip) in enumerate(zip(scores, clips[some], strict=True)):
                scores_BSL[row, : score_SL.shape[0], : score_SL.shape[1]] = score_SL
                optional_BL[row, : score_SL.shape[1]] = silences_optional(clip.phones)
            paths_BS = monotonic_paths(scores_BSL, position_lens_B, label_lens_B, optional_BL)
            found += [path_S[:positions] for path_S, positions in zip(paths_BS, position_lens_B, strict=True)]
        return found

    def _scores(self, feature_SF: Floats, contexts: list[Context]) -> Floats:
        """``(S, L)``: how well each of a clip's labels goes with each position."""
        silence = self.of_phone[contexts[0][1]]
        rows = [self.place.get(own, self.of_phone.get(own[1], silence)) for own in contexts]
        mean_LF, variance_LF = self.mean_KF[rows], self.variance_KF[rows]
        distance_SL = (np.square(feature_SF[:, None] - mean_LF) / variance_LF).sum(2) + np.log(variance_LF).sum(1)
        return np.asarray(-0.5 * _SHARPNESS * distance_SL)


def _spread_out(count: int, most: int) -> list[int]:
    """At most so many numbers below ``count``, evenly."""
    return [number * count // min(count, most) for number in range(min(count, most))]


def _contexts(phones: tuple[str, ...]) -> list[Context]:
    return list(zip((phones[0], *phones[:-1]), phones, (*phones[1:], phones[-1]), strict=True))


def _moving(clip: ReadingClip) -> NDArray[np.float32]:
    """``(T, pixels)``: how each picture differs from the clip's mean."""
    pictures = centred(clip.pictures).astype(np.float32)
    return np.asarray((pictures - pictures.mean(axis=0)).reshape(len(pictures), -1))


def _principal(moves: Iterable[NDArray[np.float32]]) -> Floats:
    """``(pixels, COMPONENTS)``."""
    rows = np.concatenate(list(moves)).astype(np.float64)
    return np.asarray(np.linalg.eigh(rows.T @ rows)[1][:, ::-1][:, :COMPONENTS])


def _looks(moving: NDArray[np.float32], components_FC: Floats) -> Floats:
    """``(T, COMPONENTS + 1)``: a picture's components, and the log of how fast it changes."""
    change = np.log(np.abs(np.gradient(moving, axis=0)).mean(axis=1) + _STILL)
    smooth = np.convolve(np.pad(change, 1, mode="edge"), np.ones(3) / 3, "valid")
    return np.concatenate([moving @ components_FC, smooth[:, None]], axis=1)


def _with_slopes(look_TF: Floats) -> Floats:
    return np.concatenate([look_TF, 2 * np.gradient(look_TF[:, :-1], axis=0)], axis=1)


def _stacked(look_TF: Floats) -> Floats:
    padded = np.pad(look_TF, ((REACH, REACH), (0, 0)), mode="edge")
    return np.concatenate([padded[shift : shift + len(look_TF)] for shift in range(2 * REACH + 1)], axis=1)


def _finer(rows_TF: Floats, positions: int) -> Floats:
    """``(S, F)``: ``positions`` rows for each frame, interpolated linearly between the frames' middles."""
    at = (np.arange(len(rows_TF) * positions) + 0.5) / positions - 0.5
    frames = np.arange(len(rows_TF))
    return np.stack([np.interp(at, frames, column) for column in rows_TF.T], axis=1)


def _discriminants(wide: Sequence[Floats], contexts: Sequence[list[Context]], paths: Paths) -> Floats:
    """``(F, COMPONENTS)``: the directions with the largest variance between phones relative to that within each
    phone."""
    labels = [np.array([phone for _, phone, _ in own])[path] for own, path in zip(contexts, paths, strict=True)]
    rows_NF, label_N = np.concatenate(wide), np.concatenate(labels)
    phones, place_N, count_P = np.unique(label_N, return_inverse=True, return_counts=True)
    mean_PF = np.zeros((len(phones), rows_NF.shape[1]))
    np.add.at(mean_PF, place_N, rows_NF)
    mean_PF /= count_P[:, None]
    within: Any = np.cov(rows_NF - mean_PF[place_N], rowvar=False) + 1e-2 * np.eye(rows_NF.shape[1])
    apart_PF = (mean_PF - rows_NF.mean(axis=0)) * np.sqrt(count_P / len(rows_NF))[:, None]
    whiten = np.linalg.cholesky(np.linalg.inv(within))
    best = np.linalg.eigh(whiten.T @ apart_PF.T @ apart_PF @ whiten)[1][:, ::-1][:, :COMPONENTS]
    return np.asarray(whiten @ best)
