"""A long sound in pieces, cut where it is quietest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

LONGEST_S, SHORTEST_S = 30.0, 10.0
"""The longest and the shortest piece in seconds; only the last may be shorter."""
PAUSE_S = 0.3
"""Length of the quiet stretch that is looked for: longer than the closure of any stop consonant."""
STEP_S = 0.01


def cut_at_pauses(sound: Iterable[NDArray[np.float32]], sample_rate: int) -> Iterator[NDArray[np.float32]]:
    """The pieces of mono sound that comes in blocks ``(N,)``, without a sample lost, in memory that does not grow.

    Each cut lies in the middle of the quietest :data:`PAUSE_S` that the bounds on length allow.
    """
    longest, shortest = round(LONGEST_S * sample_rate), round(SHORTEST_S * sample_rate)
    held = np.zeros(0, dtype=np.float32)
    for block in sound:
        held = np.concatenate([held, block])
        while len(held) >= longest + shortest:
            cut = shortest + quietest(held[shortest:longest], sample_rate)
            yield held[:cut]
            held = held[cut:]
    if len(held) > longest:
        cut = shortest + quietest(held[shortest : len(held) - shortest], sample_rate)
        yield held[:cut]
        held = held[cut:]
    yield held


def quietest(sound_N: NDArray[np.float32], sample_rate: int) -> int:
    """The sample in the middle of the :data:`PAUSE_S` of least energy."""
    step, width = round(STEP_S * sample_rate), round(PAUSE_S / STEP_S)
    count = len(sound_N) // step
    energy = np.square(sound_N[: count * step].reshape(count, step), dtype=np.float64).sum(axis=1)
    total = np.convolve(energy, np.ones(min(width, count)), mode="valid")
    return (int(total.argmin()) + min(width, count) // 2) * step
