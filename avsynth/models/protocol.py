"""What the joint model and the baselines share: one sentence in; durations, mel and lip frames out.

Code that speaks with a model, measures or times it calls :meth:`SentenceModel.infer`, whichever model it is.
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
Draw = Callable[[int, int], NDArray[np.uint8]]
"""The lip frames from one number to another, ``(T, H, W, 3)`` uint8."""


@dataclass(frozen=True)
class FrameGrid:
    """Which lip frames are asked for."""

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
    """Turns predicted durations in fractional hops into whole ones. Not used by models that end sentences with a stop
    flag."""
    accents_BPA: Tensor | None = None
    """float32 features of :mod:`avsynth.text.accents`; None where words and stress are not known."""
    pitch_shift_BP: Tensor | float = 0.0
    """Added to each phone's predicted pitch, in the speaker's standard deviations."""
    identity: Identity | None = None
    """The mouth to draw; None for sound alone."""
    sound: bool = True
    rests: bool = True
    """Whether the mouth is held at rest in silence, or moves there as the model has learned."""
    opening: float = 1.0
    """Factor on the mouth's motion away from rest. Not used by the baselines."""
    stop_within: float = 1.5
    """With given durations: how many times their length a model with a stop flag may go on until the flag rises."""


@dataclass(frozen=True)
class Inferred:
    """A model's result for a :class:`Request`."""

    hops: Hops
    mel_BFM: Tensor | None
    """Natural-log mel, as a vocoder takes it; None where no sound was asked for or the model has none."""
    frames: int
    """How many lip frames there are to draw."""
    draw: Draw
    """Each frame is drawn when it is asked for."""
    stop_flags: tuple[int | None, ...] = ()
    """For a model with a stop flag: after how many of its own frames the flag rose; None for never."""


class SentenceModel(Protocol):
    """A model that turns one sentence into sound and lips, or lips alone."""

    speaks: bool
    """Whether it makes sound; such a model also takes durations and pauses that the text asks for."""
    frame_hops: float
    """Mel hops in a lip frame of the rate at which it was trained."""
    coarse_parts: tuple[str, ...]
    """Parts that are as good with weights of 8 bits."""

    @property
    def lip_parts(self) -> tuple[nn.Module, ...]:
        """The modules on the path from text to lips."""
        ...

    def encode_identity(self, identity_BCHW: Tensor) -> Identity:
        """A face, computed once: ``(1, 3, H, W)`` floats in [0, 1]."""
        ...

    def infer(self, request: Request) -> Inferred:
        """The sentence."""
        ...
