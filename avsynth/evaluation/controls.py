"""Control rows, beside which a table's figures can be judged. Each makes a "generated" clip from a real one.

The row "wrong text" needs a model and is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avsynth.evaluation.pictures import Clip

Transform = Callable[[Clip], Clip]
"""Real crops (T, H, W, 3) to crops of the same shape."""


@dataclass(frozen=True)
class Control:
    """A named row of a table."""

    name: str
    transform: Transform


def same(clip: Clip) -> Clip:
    """The real crops themselves."""
    return clip


def late(clip: Clip, frames: int) -> Clip:
    """The real crops ``frames`` frames late, the first one held until then."""
    return clip[np.maximum(np.arange(len(clip)) - frames, 0)]


def mean(clip: Clip) -> Clip:
    """The clip's own mean picture, rounded, throughout: the best score without any motion."""
    picture = np.rint(clip.mean(axis=0, dtype=np.float64)).astype(np.uint8)
    return np.broadcast_to(picture, clip.shape)


def frozen(clip: Clip) -> Clip:
    """The first crop throughout."""
    return np.broadcast_to(clip[0], clip.shape)


def controls(coded: Transform | None = None) -> tuple[Control, ...]:
    """The control rows in the order of a table; ``coded`` passes crops through a finished mp4's video coding."""
    rows = [Control("real", same)]
    if coded is not None:
        rows.append(Control("coded", coded))
    rows += [
        Control("late 1", lambda clip: late(clip, 1)),
        Control("late 2", lambda clip: late(clip, 2)),
        Control("mean", mean),
        Control("frozen", frozen),
    ]
    return tuple(rows)
