"""A video texture (Schödl, Szeliski, Salesin, Essa, SIGGRAPH 2000): an endless random walk through recorded pictures.

Pictures of a run follow one another as they were recorded; jumps connect places where picture and motion are similar. A
jump is a short dissolve. Nothing plays backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DISSOLVE_S = 0.32
"""Seconds that a jump's dissolve takes."""
LEAST_STAY_S = 0.6
"""Least time between two jumps, if the run is long enough."""
STAY_S = 0.8
"""A jump's likelihood doubles with each so many seconds that are shown without another jump, before it and after it."""
ALIKE = 3
"""Neighbouring pictures that are compared at a jump: ``2 × ALIKE - 1`` in all."""
APART_S = 1.0
"""A jump within a run leads at least so many seconds away."""
BEST_WITHIN_S = 0.16
"""Of several jumps between nearly the same places, closer than this, only the best is kept."""
LIMITS = (0.003, 0.006, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.3, 1.0)
"""Shares of all possible jumps that are tried, sorted by cost; the first share that connects enough pictures is
taken."""
ENOUGH, ENOUGH_S = 0.9, 18.0
"""Enough pictures are connected at this share of what all jumps would connect, or at so many seconds."""
CHOICE = 15
"""Least number of jumps per second of connected pictures, so that a walk has a choice."""
COSTLY = 2.0
"""A jump's likelihood is halved so many times where its cost is the median of all jumps' costs."""
FORGET_S, FORGET_JUMP_S = 60.0, 240.0
"""After so many seconds, a picture, or a jump, counts as if it had not been shown."""

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Texture:
    """Which pictures follow which."""

    runs: Indices
    """``(T,)``: the run of each picture, ascending; neighbours of one run follow one another."""
    jumps: Indices
    """``(J, 2)``: after the first picture the second may be shown, as if it were the next."""
    costs: NDArray[np.float64]
    """``(J,)``: how visible each jump is, in grey levels (root mean square difference)."""


@dataclass(frozen=True)
class Shown:
    """What is on screen: a picture, or two in a dissolve."""

    index: int
    leaving: int | None = None
    """The picture of the run that is being left."""
    share: float = 1.0
    """Of ``index``; the rest is ``leaving``'s."""


def dissolve_length(fps: float) -> int:
    """Pictures that a jump takes."""
    return max(1, round(DISSOLVE_S * fps))


def walk(texture: Texture, fps: float, seed: int, start: int = 0) -> Iterator[Shown]:
    """The pictures in the order in which they are shown, from ``start`` on without end: the same for the same seed.

    When the walk enters a run, it chooses the jump by which it will leave. Without jumps the pictures are shown once
    and the last is held.
    """
    steps = Steps(texture, fps, np.random.default_rng(seed))
    fade, at = dissolve_length(fps), start
    yield Shown(at)
    while (jump := steps.choose(at)) is not None:
        source, target = texture.jumps[jump].tolist()
        for index in range(at + 1, source + 1):
            yield Shown(index)
        for step in range(fade):
            yield Shown(target + step, source + 1 + step, (step + 1) / (fade + 1))
        at = target + fade - 1
    last = int(np.flatnonzero(texture.runs == texture.runs[at])[-1])
    for index in range(at + 1, last + 1):
        yield Shown(index)
    while True:
        yield Shown(last)


class Steps:
    """Chooses jumps: it prefers invisible ones, to pictures that were not shown for long, after and before long
    runs."""

    def __init__(self, texture: Texture, fps: float, rng: np.random.Generator) -> None:
        self._texture, self._fps, self._rng = texture, fps, rng
        self._sources, self._targets = texture.jumps[:, 0], texture.jumps[:, 1]
        self._ends = np.searchsorted(texture.runs, texture.runs, side="right")
        final = np.zeros(len(texture.runs))
        np.maximum.at(final, texture.runs[self._sources], self._sources)
        self._onward = final[texture.runs[self._targets]] - self._targets
        """For each jump, the number of pictures that follow it before the next jump must be taken."""
        self._seen = np.full(len(texture.runs), -np.inf)
        self._taken = np.full(len(self._sources), -np.inf)
        self._clock = 0.0

    def choose(self, at: int) -> int | None:
        """The number of the jump by which the run of picture ``at`` is left; None where there is none ahead."""
        ends = int(np.searchsorted(self._sources, self._ends[at]))
        first = int(np.searchsorted(self._sources, at))
        if first == ends:
            return None
        ahead = slice(first, ends)
        stay_s = (self._sources[ahead] - at) / self._fps
        shown_s = stay_s + self._onward[ahead] / self._fps
        now = self._clock + stay_s
        rested = np.clip((now - self._last_seen()[self._targets[ahead]]) / FORGET_S, 0, 1)
        fresh = np.clip((now - self._taken[ahead]) / FORGET_JUMP_S, 0, 1)
        costs = self._texture.costs[ahead] / max(float(np.median(self._texture.costs)), 1e-6)
        weights = (
            np.clip(stay_s / LEAST_STAY_S, 0.03, 1) ** 2
            * (rested**3 + 1e-5)
            * (fresh**2 + 1e-4)
            * np.exp2(shown_s / STAY_S - COSTLY * costs)
        )
        jump = ahead.start + int(self._rng.choice(len(weights), p=weights / weights.sum()))
        self._take(at, jump)
        return jump

    def _take(self, at: int, jump: int) -> None:
        shown = np.arange(at, self._sources[jump] + 1)
        self._seen[shown] = self._clock + (shown - at) / self._fps
        self._clock += (len(shown) - 1 + dissolve_length(self._fps)) / self._fps
        self._taken[jump] = self._clock

    def _last_seen(self) -> NDArray[np.float64]:
        """``(T,)``: when any picture of the second that begins with each picture was last shown."""
        latest = self._seen.copy()
        for step in range(1, round(self._fps)):
            np.maximum(latest[:-step], self._seen[step:], out=latest[:-step])
        return latest


def find_texture(views: NDArray[np.float32], runs: Indices, fps: float) -> tuple[Texture, NDArray[np.bool_]]:
    """Find good jumps between pictures, and the pictures that an endless walk can use.

    Args:
        views: ``(T, N)``: each picture made small, without the mouth, in grey levels.
        runs: ``(T,)``: see :class:`Texture`.
        fps: Pictures a second.

    Returns:
        A texture over all T pictures, whose jumps join only those of the mask ``(T,)``.
    """
    cost = jump_costs(views, runs, fps)
    jumps, alive = _least_seen(_best_jumps(cost, fps), cost, runs, fps)
    return Texture(runs, jumps, cost[jumps[:, 0], jumps[:, 1]]), alive


def jump_costs(views: NDArray[np.float32], runs: Indices, fps: float) -> NDArray[np.float64]:
    """``(T, T)``: how visible a jump from each picture to each other is, infinite where none is allowed; arguments as
    of :func:`find_texture`."""
    fade = dissolve_length(fps)
    distance = _moving_distance(_distance(views), runs)
    last = np.array([np.flatnonzero(runs == run)[-1] for run in runs])
    places = np.arange(len(runs))
    can_leave = places + fade <= last
    can_enter = places + 2 * fade <= last
    # A jump from i to j shows j where i + 1 would be.
    cost = np.full_like(distance, np.inf)
    cost[:-1] = distance[1:]
    cost[~can_leave] = np.inf
    cost[:, ~can_enter] = np.inf
    same = runs[:, None] == runs[None]
    cost[same & (np.abs(places[:, None] - places[None]) < APART_S * fps)] = np.inf
    return cost


def _distance(views: NDArray[np.float32]) -> NDArray[np.float64]:
    """``(T, T)``: root mean square difference of each two."""
    middle = views - views.mean(axis=0)
    squares = np.square(middle).sum(axis=1, dtype=np.float64)
    products = (middle @ middle.T).astype(np.float64)
    return np.asarray(np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * products, 0) / views.shape[1]))


def _moving_distance(distance: NDArray[np.float64], runs: Indices) -> NDArray[np.float64]:
    """The same for pictures together with their neighbours, so that motion continues across a jump."""
    count = len(runs)
    total, weight = np.zeros_like(distance), np.zeros_like(distance)
    for shift in range(1 - ALIKE, ALIKE):
        here = slice(max(0, -shift), count - max(0, shift))
        there = slice(max(0, shift), count - max(0, -shift))
        alike = runs[here] == runs[there]
        share = (ALIKE - abs(shift)) * np.outer(alike, alike)
        total[here, here] += share * distance[there, there]
        weight[here, here] += share
    return np.asarray(total / weight)


def _best_jumps(cost: NDArray[np.float64], fps: float) -> Indices:
    """``(J, 2)``: the jumps that are better than all others close by, ordered by their sources."""
    from scipy.ndimage import minimum_filter

    near = 2 * round(BEST_WITHIN_S * fps) + 1
    return np.argwhere(np.isfinite(cost) & (cost == minimum_filter(cost, near, mode="nearest"))).astype(np.int64)


def _least_seen(
    jumps: Indices, cost: NDArray[np.float64], runs: Indices, fps: float
) -> tuple[Indices, NDArray[np.bool_]]:
    """The fewest best jumps that connect enough pictures, and the mask ``(T,)`` of those pictures."""
    fade, costs = dissolve_length(fps), cost[jumps[:, 0], jumps[:, 1]]
    kept, alive = _endless(jumps, runs, fade)
    enough = min(ENOUGH * alive.sum(), ENOUGH_S * fps)
    for share in LIMITS if len(kept) else ():
        kept, alive = _endless(jumps[costs <= np.quantile(costs, share)], runs, fade)
        if alive.sum() >= enough and len(kept) >= CHOICE * alive.sum() / fps:
            break
    return kept, alive


def _endless(jumps: Indices, runs: Indices, fade: int) -> tuple[Indices, NDArray[np.bool_]]:
    """The jumps that can be part of an endless walk, and the mask ``(T,)`` of the pictures that they connect."""
    while True:
        final = np.full(int(runs.max()) + 1, -1)
        np.maximum.at(final, runs[jumps[:, 0]], jumps[:, 0])
        alive = _for_ever(jumps, runs, fade)
        arrived = jumps[:, 1] + fade - 1
        kept = alive[jumps[:, 0]] & alive[arrived] & (arrived <= final[runs[arrived]])
        if kept.all():
            return jumps, alive
        jumps = jumps[kept]


def _for_ever(jumps: Indices, runs: Indices, fade: int) -> NDArray[np.bool_]:
    """``(T,)``: the largest set of pictures, dissolves aside, each of which can be reached from each."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    follows = np.flatnonzero(runs[:-1] == runs[1:])
    sources, targets = np.r_[follows, jumps[:, 0]], np.r_[follows + 1, jumps[:, 1] + fade - 1]
    graph = coo_matrix((np.ones(len(sources)), (sources, targets)), (len(runs), len(runs)))
    _, part = connected_components(graph, connection="strong")
    return np.asarray(part == np.bincount(part).argmax())
