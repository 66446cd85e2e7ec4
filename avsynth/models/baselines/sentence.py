"""A sentence drawn by a baseline alone, on the one clock."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from avsynth.models.baselines.autoregressive import LENGTH_CAP, AutoregressiveModel, Face
from avsynth.models.lips import to_uint8
from avsynth.timeline import Timeline, frame_span


def draw_sentence(
    model: AutoregressiveModel[Any],
    text: tuple[Tensor, Tensor, Face],
    spoken: Timeline,
    given: bool,
    place: tuple[int, bool],
    native_fps: Fraction,
) -> tuple[NDArray[np.uint8], Timeline, int | None]:
    """A piece's frames ``(T, H, W, 3)``, its timeline, and after how many frames the stop flag rose (None: never).

    Args:
        model: The baseline, ready for use.
        text: Phones, speaker and identity, as :meth:`AutoregressiveModel.generate` takes them.
        spoken: The piece; its durations count only if they are ``given``: it is then drawn to their end, otherwise to
            where the stop flag rises, and durations are read from the attention.
        given: Whether the durations are.
        place: Hops before the piece, and whether it is the last.
        native_fps: The rate at which the model draws. Where the timeline's is another, each moment shows the frame that
            was drawn for it.
    """
    if given:
        first, end = frame_span(spoken, *place)
        due = max(1, ceil((end - first) * native_fps / spoken.fps))
        run = model.generate(*text, least=due, most=ceil(LENGTH_CAP * due))
    else:
        run = model.generate(*text)
        due = len(run.frames_TCHW)
        spoken = replace(spoken, hops=run.hops(model.frame_hops))
        first, end = frame_span(spoken, *place)
    middles = ((number + Fraction(1, 2)) * native_fps / spoken.fps for number in range(end - first))
    shown = [min(due - 1, floor(middle)) for middle in middles]
    return to_uint8(run.frames_TCHW[shown]).cpu().numpy(), spoken, run.flag
