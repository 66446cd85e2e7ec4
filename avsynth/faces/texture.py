"""A video texture (Schödl, Szeliski, Salesin, Essa, SIGGRAPH 2000): recorded pictures walked without end.

Pictures of a run follow one another as they were recorded; jumps lead to pictures where picture and motion are alike.
A jump is a short dissolve. Nothing plays backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DISSOLVE_S = 0.32
"""How long a jump takes."""
STAY_S = 4.0
"""Seconds between two jumps, on average, where the runs are long enough."""
ALIKE = 3
"""Pictures before and after a jump that are held against one another, both sides together ``2 × ALIKE - 1``."""
APART_S = 1.0
"""A jump within a run leads at least this far away."""
EXITS = 3
"""Jumps from each second of a run, and runs to which each picture with a jump leads."""
FORGET_S = 40.0
"""After so long a run may be seen again as if it had never been."""

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Texture:
    """Which pictures follow which."""

    runs: Indices
    """``(T,)``: the run of each picture, ascending; neighbours of one run follow one another."""
    jumps: Indices
    """``(J, 2)``: after the first picture the second may be shown, as if it were the next."""
    costs: NDArray[np.float64]
    """``(J,)``: how much is seen of each jump; in grey levels (root mean square)."""


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

    Without jumps the pictures are shown once and the last is held.
    """
    rng = np.random.default_rng(seed)
    fade = dissolve_length(fps)
    exits: dict[int, list[int]] = {}
    for number, (source, _) in enumerate(texture.jumps.tolist()):
        exits.setdefault(source, []).append(number)
    final = {int(texture.runs[source]): source for source in sorted(exits)}
    seen = np.full(len(texture.runs), -np.inf)
    at, clock, settled = start, 0, 0
    yield Shown(at)
    while True:
        clock += 1
        seen[at] = clock / fps
        due = at in exits and clock > settled
        if due and (at >= final[int(texture.runs[at])] or rng.random() < _leave(texture, exits, at, fps)):
            chosen = _choose(texture, exits[at], clock / fps - seen, fps, rng)
            for step in range(fade):
                yield Shown(chosen + step, at + 1 + step, (step + 1) / (fade + 1))
            at = chosen + fade - 1
            clock += fade - 1
            settled = clock
        elif at + 1 < len(texture.runs) and texture.runs[at + 1] == texture.runs[at]:
            at += 1
            yield Shown(at)
        else:
            yield Shown(at)


def _leave(texture: Texture, exits: dict[int, list[int]], at: int, fps: float) -> float:
    """How likely a jump is taken, such that :data:`STAY_S` is the mean time between two."""
    near = range(at - round(fps), at + 1)
    return 1 / (STAY_S * max(1, sum(picture in exits for picture in near)))


def _choose(
    texture: Texture, jumps: list[int], ago_s: NDArray[np.float64], fps: float, rng: np.random.Generator
) -> int:
    """Where to: what is alike, and of which nothing in the second to come was seen for long."""
    targets = texture.jumps[jumps, 1]
    rested = np.array([ago_s[target : target + round(fps)].min() for target in targets])
    weights = np.minimum(rested / FORGET_S, 1) ** 2 + 1e-3
    weights *= np.exp(-texture.costs[jumps] / max(float(texture.costs[jumps].min()), 1e-6))
    return int(rng.choice(targets, p=weights / weights.sum()))


def find_texture(views: NDArray[np.float32], runs: Indices, fps: float) -> tuple[Texture, NDArray[np.bool_]]:
    """The jumps between pictures, and which pictures a walk can be in for ever.

    Args:
        views: ``(T, N)``: each picture made small, without the mouth, in grey levels.
        runs: ``(T,)``: see :class:`Texture`.
        fps: Pictures a second.

    Returns:
        A texture over all T pictures, whose jumps join only those of the mask ``(T,)``.
    """
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
    jumps, alive = _endless(_good_jumps(cost, runs, fps), runs, fade)
    return Texture(runs, jumps, cost[jumps[:, 0], jumps[:, 1]]), alive


def _distance(views: NDArray[np.float32]) -> NDArray[np.float64]:
    """``(T, T)``: root mean square difference of each two."""
    middle = views - views.mean(axis=0)
    squares = np.square(middle).sum(axis=1, dtype=np.float64)
    products = (middle @ middle.T).astype(np.float64)
    return np.asarray(np.sqrt(np.maximum(squares[:, None] + squares[None] - 2 * products, 0) / views.shape[1]))


def _moving_distance(distance: NDArray[np.float64], runs: Indices) -> NDArray[np.float64]:
    """The same of pictures together with their neighbours, so that what moves goes on moving the same way."""
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


def _good_jumps(cost: NDArray[np.float64], runs: Indices, fps: float) -> Indices:
    """``(J, 2)``: from each part of a run the best jumps to several places, and to each part from several."""
    out, into = _best_of_parts(cost, runs, fps, last=True), _best_of_parts(cost.T, runs, fps, last=False)
    jumps = np.concatenate([out, into[:, ::-1]])
    return np.unique(jumps, axis=0)


def _best_of_parts(cost: NDArray[np.float64], runs: Indices, fps: float, last: bool) -> Indices:
    """``(J, 2)``: of each part of a run the picture with the least cost, and where to. Parts are counted from the run's
    end where its last pictures need a jump, from its beginning where its first do."""
    found: list[tuple[int, int]] = []
    part = max(1, round(fps / EXITS))
    least = cost.min(axis=1)
    for run in np.unique(runs):
        places = np.flatnonzero((runs == run) & np.isfinite(least))
        places = places[::-1] if last else places
        for start in range(0, len(places), part):
            inside = places[start : start + part]
            source = int(inside[least[inside].argmin()])
            found += [(source, target) for target in _targets(cost[source], runs, fps)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _targets(cost: NDArray[np.float64], runs: Indices, fps: float) -> list[int]:
    """The best pictures to go to, each in another stretch of the recordings."""
    left = cost.copy()
    found: list[int] = []
    while len(found) < EXITS and np.isfinite(left.min(initial=np.inf)):
        target = int(left.argmin())
        found.append(target)
        near = np.abs(np.arange(len(runs)) - target) < APART_S * fps
        left[near & (runs == runs[target])] = np.inf
    return found


def _endless(jumps: Indices, runs: Indices, fade: int) -> tuple[Indices, NDArray[np.bool_]]:
    """The jumps after which another can be taken, again and again, and the pictures ``(T,)`` that these join."""
    while True:
        final = np.full(int(runs.max()) + 1, -1)
        np.maximum.at(final, runs[jumps[:, 0]], jumps[:, 0])
        alive = _for_ever(jumps, runs)
        kept = alive[jumps[:, 0]] & alive[jumps[:, 1]] & (jumps[:, 1] + fade - 1 <= final[runs[jumps[:, 1]]])
        if kept.all():
            return jumps, alive
        jumps = jumps[kept]


def _for_ever(jumps: Indices, runs: Indices) -> NDArray[np.bool_]:
    """``(T,)``: the largest set of pictures each of which can be reached from each."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    follows = np.flatnonzero(runs[:-1] == runs[1:])
    sources, targets = np.r_[follows, jumps[:, 0]], np.r_[follows + 1, jumps[:, 1]]
    graph = coo_matrix((np.ones(len(sources)), (sources, targets)), (len(runs), len(runs)))
    _, part = connected_components(graph, connection="strong")
    return np.asarray(part == np.bincount(part).argmax())
