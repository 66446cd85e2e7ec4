"""Monotonic alignment search: which label stands at each position, every label once, in order.

The search of ParaLip's section 6: Q[t, i] = score[t, i] + max(Q[t-1, i], Q[t-1, i-1]), traced back from the end. The
paper's softmax over the sentence's labels is left out: at each position it subtracts one number from all labels, which
changes no path. (Dividing by the phones' priors does; see ``LipReader.timing_scores``.) Silences may be skipped.
Dimensions: B clips, S positions, L labels.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from avsynth.text import SIL

_SILENCE_WEIGHT = 4.0
"""How many phones' time a silence gets where phones are spread evenly."""


def monotonic_paths(
    scores_BSL: NDArray[np.floating],
    position_lens_B: NDArray[np.integer],
    label_lens_B: NDArray[np.integer],
    optional_BL: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """``(B, S)``: the best path of each clip; positions behind a clip's end repeat its last label.

    Every label that is not optional holds at least one position. Raises ValueError where two neighbours are optional or
    a clip has too few positions; :func:`label_lengths` copes with the latter.
    """
    size, positions, labels = scores_BSL.shape
    if (optional_BL[:, 1:] & optional_BL[:, :-1]).any():
        raise ValueError("two neighbouring labels are optional")
    in_label = np.arange(labels)[None] < label_lens_B[:, None]
    if (position_lens_B < (in_label & ~optional_BL).sum(1)).any():
        raise ValueError("fewer positions than labels")
    never = np.full((size, 2), -np.inf)
    skippable = np.concatenate([np.zeros((size, 2), bool), optional_BL[:, :-1]], axis=1)[:, 1 : labels + 1]
    total_BL = np.full((size, labels), -np.inf)
    total_BL[:, 0] = scores_BSL[:, 0, 0]
    if labels > 1:
        total_BL[:, 1] = np.where(optional_BL[:, 0], scores_BSL[:, 0, 1], -np.inf)
    steps_SBL = np.zeros((positions, size, labels), np.int8)
    last_BL = np.where((position_lens_B == 1)[:, None], total_BL, -np.inf)
    for position in range(1, positions):
        before = np.concatenate([never, total_BL], axis=1)
        choices = np.stack([total_BL, before[:, 1:-1], np.where(skippable, before[:, :-2], -np.inf)])
        steps_SBL[position] = choices.argmax(0)
        total_BL = choices.max(0) + scores_BSL[:, position]
        last_BL = np.where((position_lens_B == position + 1)[:, None], total_BL, last_BL)
    rows = np.arange(size)
    end_B = label_lens_B - 1
    other_B = np.maximum(end_B - 1, 0)
    shorter_B = optional_BL[rows, end_B] & (last_BL[rows, other_B] > last_BL[rows, end_B])
    label_B = np.where(shorter_B, other_B, end_B)
    paths_BS = np.empty((size, positions), np.int64)
    for position in range(positions - 1, -1, -1):
        paths_BS[:, position] = label_B
        inside = position < position_lens_B
        label_B = np.where(inside, label_B - steps_SBL[position, rows, label_B], label_B)
    return paths_BS


def label_lengths(scores_SL: NDArray[np.floating], optional_L: NDArray[np.bool_]) -> NDArray[np.float64]:
    """``(L,)``: how many positions each label of one clip gets, summing to S; 0 for a silence that is skipped.

    Whole numbers, unless the clip has fewer positions than labels: then each position is cut into as many parts as it
    takes.
    """
    positions, labels = scores_SL.shape
    parts = ceil(int((~optional_L).sum()) / positions)
    cut = np.repeat(scores_SL, parts, axis=0)[None]
    path = monotonic_paths(cut, np.array([len(cut[0])]), np.array([labels]), optional_L[None])[0]
    return np.asarray(np.bincount(path, minlength=labels) / parts, np.float64)


def silences_optional(labels: tuple[str, ...]) -> NDArray[np.bool_]:
    """``(L,)``: which of a sentence's labels are silences that the speaker may have left out."""
    return np.array([label == SIL for label in labels])


def even_path(labels: tuple[str, ...], positions: int) -> NDArray[np.int64]:
    """``(S,)``: all phones equally long, silences four times as long: where training starts from."""
    weights = np.array([_SILENCE_WEIGHT if label == SIL else 1.0 for label in labels])
    edges = np.cumsum(weights) / weights.sum() * positions
    return np.searchsorted(edges, np.arange(positions) + 0.5).clip(max=len(labels) - 1)
