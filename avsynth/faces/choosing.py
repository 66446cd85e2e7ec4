"""Choose the pictures of a recording that make a face, and the jumps between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.folder import Track
from avsynth.faces.texture import Indices, Texture, dissolve_length, find_texture
from avsynth.video.geometry import FloatArray, apply, invert
from avsynth.video.luma import LUMA

VIEW_ROWS = 96
"""Rows of the small pictures by which jumps are found."""
SURE = 0.95
"""Least weight of a picture whose tracking is good enough."""
SHORTEST_RUN_S = 0.8
OPENINGS = {0.015: 150.0, 0.025: 150.0, 0.04: 150.0, 0.06: 150.0, 0.08: 20.0, 0.1: 15.0, np.inf: 0.0}
"""Limits on the opening of the jaw, in eye distances, that are tried in order, each with the seconds of pictures that
it must leave; the first that leaves enough is taken. With more pictures to choose from, jumps are less visible."""
LONGEST = 3000
"""Pictures from which a face is chosen at most."""


@dataclass(frozen=True)
class Footage:
    """Measurements of T successive pictures."""

    transforms: FloatArray
    """``(T, 2, 3)``: pixels of the crop to pixels of the picture."""
    weights: NDArray[np.float64]
    opening: NDArray[np.float64]
    """``(T,)``: see :class:`~avsynth.faces.folder.Track`."""
    shots: Indices
    """``(T,)``, ascending: the shot of each."""
    views: NDArray[np.float32]
    """``(T, N)``: see :func:`small_view`."""


@dataclass(frozen=True)
class Chosen:
    """The pictures of a face."""

    pictures: Indices
    """``(K,)``: their numbers in the footage, ascending."""
    track: Track
    told: str
    """A line that says how much was usable, and why the rest was not."""


def small_view(picture: NDArray[np.uint8], transform: FloatArray, config: LipsConfig) -> NDArray[np.float32]:
    """``(N,)``: a small grey version of a picture, with the mouth blanked."""
    step = max(1, picture.shape[0] // VIEW_ROWS)
    rows, columns = picture.shape[0] // step, picture.shape[1] // step
    part = picture[: rows * step, : columns * step].reshape(rows, step, columns, step, 3)
    view = part.mean(axis=(1, 3), dtype=np.float32) @ np.array(LUMA, dtype=np.float32)
    y, x = (np.mgrid[:rows, :columns] + 0.5) * step - 0.5
    crop = apply(invert(transform), np.stack([x.ravel(), y.ravel()], axis=1))
    inside = np.abs(crop - np.array([config.width, config.height]) / 2) < np.array([config.width, config.height]) / 2
    view.ravel()[inside.all(axis=1)] = 128
    return np.asarray(view.ravel(), dtype=np.float32)


def choose(footage: Footage, fps: float) -> Chosen:
    """Choose the runs with the least open jaw that are long enough together, and the jumps among them.

    Errors: :class:`UserError` where no run of sure pictures is long enough.
    """
    sure = footage.weights >= SURE
    shortest = max(3 * dissolve_length(fps), round(SHORTEST_RUN_S * fps))
    for opening, wanted_s in OPENINGS.items():
        runs = runs_of(sure & (footage.opening <= opening), footage.shots, shortest)
        if (runs >= 0).sum() >= wanted_s * fps:
            break
    runs = _longest(runs, LONGEST)
    kept = np.flatnonzero(runs >= 0)
    if not kept.size:
        raise UserError(f"no {shortest / fps:.1f} s in one go show a face that can be followed")
    _, numbers = np.unique(runs[kept], return_inverse=True)
    texture, alive = find_texture(footage.views[kept], numbers.astype(np.int64), fps)
    if len(texture.jumps):
        kept, texture = _without_dead_ends(kept, texture, alive, dissolve_length(fps))
    track = Track(footage.transforms[kept], footage.weights[kept], footage.opening[kept], texture)
    total, open_s = len(sure) / fps, (sure.sum() - (sure & (footage.opening <= opening)).sum()) / fps
    told = (
        f"{len(kept) / fps:.1f} of {total:.1f} s are used; {(~sure).sum() / fps:.1f} s show no sure face,"
        f" {open_s:.1f} s a mouth too far open"
    )
    return Chosen(kept, track, told)


def runs_of(usable: NDArray[np.bool_], shots: Indices, shortest: int) -> Indices:
    """``(T,)``: the number of each picture's run, ascending; -1 where it is in no run that is long enough."""
    starts = np.r_[True, (usable[1:] != usable[:-1]) | (shots[1:] != shots[:-1])]
    run = np.cumsum(starts) - 1
    lengths = np.bincount(run, weights=usable)
    return np.where(lengths[run] >= shortest, run, -1)


def _longest(runs: Indices, most: int) -> Indices:
    """The longest runs with at most ``most`` pictures together; a run that does not fit is cut at its end."""
    made = np.full_like(runs, -1)
    numbers, lengths = np.unique(runs[runs >= 0], return_counts=True)
    left = most
    for number in numbers[np.argsort(-lengths, kind="stable")]:
        inside = np.flatnonzero(runs == number)[: max(left, 0)]
        made[inside] = number
        left -= len(inside)
    return made


def _without_dead_ends(kept: Indices, texture: Texture, alive: NDArray[np.bool_], fade: int) -> tuple[Indices, Texture]:
    """Keep only pictures that a walk can reach, and those that a dissolve shows at the end of a run."""
    wanted = alive.copy()
    for source, target in texture.jumps:
        wanted[source : source + fade + 1] = True
        wanted[target : target + fade] = True
    # parts of a run with a gap between them become separate runs
    starts = np.r_[True, np.diff(np.flatnonzero(wanted)) > 1]
    changed = np.r_[False, np.diff(texture.runs[wanted]) > 0]
    runs = np.cumsum(starts | changed) - 1
    place = np.cumsum(wanted) - 1
    return kept[wanted], Texture(runs.astype(np.int64), place[texture.jumps], texture.costs)


def jaw_and_lips(points: FloatArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``(T,)`` each: from nose to chin, and between the inner lips, in distances of the outer eye corners of
    landmarks ``(T, 68, 2)``."""
    eyes = np.linalg.norm(points[:, 45] - points[:, 36], axis=1)
    jaw = np.linalg.norm(points[:, 8] - points[:, 33], axis=1)
    lips = np.linalg.norm(points[:, 66] - points[:, 62], axis=1)
    return jaw / eyes, lips / eyes


def opening_of(jaw: NDArray[np.float64], lips: NDArray[np.float64]) -> NDArray[np.float64]:
    """``(T,)``: how far one person's mouth is open in pictures of one recording, above its own rest.

    Arguments as of :func:`jaw_and_lips`; infinite where they are not known.
    """
    known = np.isfinite(jaw)
    rest = float(np.percentile(jaw[known], 15)) if known.any() else 0.0
    return np.where(known, np.maximum(jaw - rest, 0.8 * lips), np.inf)
