"""What the joint model and the baselines share: one sentence in; durations, mel and lip frames out.

Whoever speaks with a model, measures it or times it calls :meth:`SentenceModel.infer`, and need not know which it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from avsynth.models.lips import Identity

Hops = tuple[int, ...]
"""Whole mel hops, one per phone."""


@dataclass(frozen=True)
class FrameGrid:
    """The lip frames that are asked for."""

    count: int
    fps: Fraction
    offset_hops: float = 0.0
    """Where the first of them begins, in hops from the start of the sentence's first phone."""


@dataclass(frozen=True)
class Request:
    """One sentence (B is 1), without padding."""

    phones_BP: Tensor
    """int64 symbol indices."""
    speaker_B: Tensor
    """int64 index of the speaker."""
    grid: Callable[[Hops], FrameGrid]
    """Which lip frames belong to the sentence, once its durations are known."""
    hops: Hops | None = None
    """Given durations; None to predict them."""
    pace: Callable[[list[float]], Hops] | None = None
    """Predicted durations, in fractions of hops, to whole ones. A model that ends a sentence by itself does not ask."""
    pitch_shift_BP: Tensor | float = 0.0
    """Added to each phone's predicted pitch, in the speaker's standard deviations."""
    identity: Identity | None = None
    """Whose mouth; None for sound alone."""
    sound: bool = True
    rests: bool = True
    """Whether the mouth rests in silence, or moves there as learned."""
    opening: float = 1.0
    """How far the mouth moves from rest, against what was learned; a baseline, which has no rest, does not ask."""
    stop_within: float = 1.5
    """Given durations: how many times their length a model that ends by itself may go on until its stop flag rises."""


@dataclass(frozen=True)
class Inferred:
    """What a model makes of a :class:`Request`."""

    hops: Hops
    mel_BFM: Tensor | None
    """Natural-log mel, as a vocoder takes it; None where no sound was asked for or the model has none."""
    frames: int
    """How many lip frames there are to draw."""
    draw: Callable[[int, int], NDArray[np.uint8]]
    """The lip frames from one number to another, ``(T, H, W, 3)`` uint8. Each is drawn when it is asked for."""
    stop_flags: tuple[int | None, ...] = ()
    """Of a model that ends a sentence by itself: after how many of its own frames it did; None for never."""


class SentenceModel(Protocol):
    """A model that makes a sentence."""

    speaks: bool
    """Whether it has sound, and takes durations and pauses from the text."""
    frame_hops: float
    """Mel hops in a lip frame of the rate at which it was trained."""

    @property
    def lip_parts(self) -> tuple[nn.Module, ...]:
        """What stands between the text and the lips."""
        ...

    def encode_identity(self, identity_BCHW: Tensor) -> Identity:
        """A face, computed once: ``(1, 3, H, W)`` floats in [0, 1]."""
        ...

    def infer(self, request: Request) -> Inferred:
        """The sentence."""
        ...
