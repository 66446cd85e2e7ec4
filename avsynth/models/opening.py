"""How far a mouth opens: its motion scaled, most where lips part.

The image decoder moves the lips of people that it was not trained on too little. If all of the motion is scaled, P, B
and M no longer shut them, and the error grows for shapes that need no more. So frames are scaled in full the more their
lips part, the rest by half as much, and lips meet on P, B and M: on talkers held out from training this gives the same
amplitude with less error (``recipes/faces``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.models.rests import Hops
from avsynth.text import SIL

PROBE = (SIL, "M", "AA", "B", "AE", "M", "AY", "B", "AA", SIL)
"""Phones whose motion tells shut lips from open ones."""
PROBE_S = 0.1
"""Seconds of each."""
SHUT = frozenset({"P", "B", "M"})
"""Phones on which lips meet."""


def shut_and_open(motion_TD: Tensor, frames_each: float) -> tuple[Tensor, Tensor]:
    """The mean motion ``(D,)`` in the middles of the phones of :data:`PROBE` that shut the lips, and of its vowels."""
    middles = [min(int((place + 0.5) * frames_each), len(motion_TD) - 1) for place in range(len(PROBE))]
    shut = [frame for phone, frame in zip(PROBE, middles, strict=True) if phone in SHUT]
    open_ = [frame for phone, frame in zip(PROBE, middles, strict=True) if phone not in SHUT and phone != SIL]
    return motion_TD[shut].mean(dim=0), motion_TD[open_].mean(dim=0)


def knows_probe(symbols: Sequence[str]) -> bool:
    """Whether the probe can be spoken in these symbols."""
    return set(PROBE) <= set(symbols)


def shutting(middles: Hops, phones: Sequence[str], hops: Sequence[int], frame_hops: float) -> NDArray[np.float32]:
    """How surely lips meet in frames with these middles ``(T,)``, in hops, 0 to 1: by 1 in the middle of each phone of
    :data:`SHUT`, however short it is.

    Args:
        frame_hops: Length of a frame of the rate at which motion was learned.
    """
    sure = np.zeros(len(middles))
    for phone, start, length in zip(phones, accumulate(hops, initial=0), hops, strict=False):
        if phone in SHUT and length:
            away = np.abs(middles - (start + length / 2)) / max(length / 2, frame_hops)
            sure = np.maximum(sure, np.clip(1.5 - away, 0, 1))
    return sure.astype(np.float32)


def opened(
    motion_BTD: Tensor, rest_D: Tensor, ends: tuple[Tensor, Tensor] | None, opening: float, shut_T: Tensor
) -> Tensor:
    """Motion scaled by ``opening``.

    Args:
        motion_BTD: Of a piece.
        shut_T: See :func:`shutting`.
        rest_D: Of the mouth at rest, which stays.
        ends: :func:`shut_and_open`; None where they are not known, then all is scaled alike.
        opening: 0 holds the mouth at rest, 1 changes nothing.
    """
    even = opening if ends is None or opening < 1 else (1 + opening) / 2
    moved_BTD = rest_D + even * (motion_BTD - rest_D)
    if ends is None or opening <= 1:
        return moved_BTD
    shut_D, open_D = (rest_D + even * (end_D - rest_D) for end_D in ends)
    towards_D = open_D - shut_D
    share_BT = (moved_BTD - shut_D) @ towards_D / (towards_D @ towards_D).clamp(min=torch.finfo(torch.float32).eps)
    moved_BTD = moved_BTD - (share_BT.clamp(min=0) * shut_T)[..., None] * towards_D
    share_BT = (share_BT * (1 - shut_T)).clamp(0, 1)
    return moved_BTD + (opening - 1) * share_BT[..., None] * (moved_BTD - shut_D)
