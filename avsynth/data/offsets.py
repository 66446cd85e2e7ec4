"""How far each clip's picture runs ahead of its sound.

Cameras and microphones seldom share a clock: in GRID, sound and picture differ by up to a frame, by another amount in
each clip, and a model trained without knowing this learns blurred motion. The offset is estimated without a model of
speech: a linear map from a third of a second of sound to the mouth's shape is fitted to half of a speaker's clips, and
each clip of the other half is shifted to where the map predicts its mouth best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import atomic_path

Floats = NDArray[np.floating[Any]]

MIN_CLIPS = 40
"""For speakers with fewer training clips the offsets stay 0, since a map cannot be fitted."""
SHAPES = 12
"""Principal components of the mouth's picture that the map predicts."""
CONTEXT = 4
"""Frames of sound on either side."""
BANDS = 40
PER_FRAME = 2
"""Moments of sound per lip frame."""
RIDGE = 300.0
ROUNDS = 3
LARGEST_LAG = 3
STEPS = 4
"""Shifts tried in a lip frame, from ``-LARGEST_LAG`` to ``LARGEST_LAG``."""
LAGS = np.arange(-LARGEST_LAG * STEPS, LARGEST_LAG * STEPS + 1) / STEPS
ROW = np.dtype([("clip", "<u8"), ("seconds", "<f8")])
"""A clip in the table: the hash of its name, its offset."""


@dataclass(frozen=True)
class Recording:
    """One clip's sound and mouth."""

    mel_FM: Floats
    """Natural-log mel."""
    mouth_TR: Floats
    """Luma of the mouth's box, at any resolution."""
    trains: bool
    """Whether the map may be fitted to it."""


@dataclass(frozen=True)
class Estimate:
    """The clips' offsets, and their reliability."""

    frames: NDArray[np.float64]
    """Lip frames by which each picture is ahead of its sound; the mean over the training clips is 0."""
    reliability: float
    """Correlation, over the training clips, between the offsets estimated from the first and the second half of each
    clip."""


def estimate(recordings: list[Recording], frame_hops: float) -> Estimate:
    """Offsets of one speaker's clips.

    Args:
        recordings: The clips; those that train are split in two, and each half is measured by the other half's map.
        frame_hops: Length of a lip frame in mel hops.
    """
    training = np.array([item.trains for item in recordings])
    frames = np.zeros(len(recordings))
    if training.sum() < MIN_CLIPS:
        return Estimate(frames, 0.0)
    shapes = mouth_shapes(recordings)
    sounds = [_coarse(item.mel_FM) for item in recordings]
    shifted = [_shifted(sound, len(shape), frame_hops) for sound, shape in zip(sounds, shapes, strict=True)]
    fold = np.where(training, np.cumsum(training) % 2, 2)
    halves_N2 = np.zeros((len(recordings), 2))
    for _ in range(ROUNDS):
        sums = [_normal(sounds, shapes, frames, np.flatnonzero(fold == side), frame_hops) for side in (0, 1)]
        both = (sums[0][0] + sums[1][0], sums[0][1] + sums[1][1])
        maps = [_solve(*sums[1]), _solve(*sums[0]), _solve(*both)]
        found = np.array(
            [_best_lags(windows, shape, maps[side]) for windows, shape, side in zip(shifted, shapes, fold, strict=True)]
        )
        frames, halves_N2 = found[:, 0] - found[training, 0].mean(), found[:, 1:]
    reliability = float(np.corrcoef(halves_N2[training].T)[0, 1])
    return Estimate(frames, reliability if np.isfinite(reliability) else 0.0)


def mouth_shapes(recordings: list[Recording]) -> list[Floats]:
    """``(T, SHAPES)`` per clip: deviations from the clip's mean picture on the training clips' components."""
    deviations = [item.mouth_TR - item.mouth_TR.mean(axis=0) for item in recordings]
    stacked = np.concatenate([own for own, item in zip(deviations, recordings, strict=True) if item.trains])
    energies, vectors = np.linalg.eigh(stacked.T @ stacked / len(stacked))
    basis = vectors[:, ::-1][:, :SHAPES] / np.sqrt(max(float(energies[-1]), 1e-9))
    return [own @ basis for own in deviations]


class Offsets:
    """Seconds by which each picture is ahead of its sound: a table on disk, sorted by the hash of the clip's name
    and mapped into memory, which does not grow with it."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`UserError` where there is no such table."""
        try:
            self._rows = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise UserError(f"cannot read {path}: {error}: run the stats stage again") from error
        if self._rows.dtype != ROW or self._rows.ndim != 1:
            raise UserError(f"{path} is not a table of clips and seconds: run the stats stage again")

    def __len__(self) -> int:
        """Clips that were measured."""
        return len(self._rows)

    def find(self, key: int) -> float:
        """A clip's offset by the hash of its name; 0 where it was not measured."""
        place = int(np.searchsorted(self._rows["clip"], np.uint64(key)))
        found = place < len(self._rows) and int(self._rows["clip"][place]) == key
        return float(self._rows["seconds"][place]) if found else 0.0


def save_offsets(path: Path, keys: Sequence[int] | NDArray[np.uint64], seconds: Sequence[float]) -> None:
    """Write the table of clips, known by the hashes of their names, to a tenth of a millisecond."""
    rows = np.empty(len(keys), ROW)
    rows["clip"], rows["seconds"] = np.array(keys, np.uint64), np.round(seconds, 4)
    with atomic_path(path) as temporary:
        np.save(temporary, rows[np.argsort(rows["clip"])])


def _coarse(mel_FM: Floats) -> Floats:
    bands = mel_FM.shape[1] // BANDS * BANDS
    coarse: Floats = mel_FM[:, :bands].reshape(len(mel_FM), BANDS, -1).mean(axis=2) / 2.5 + 2
    return coarse


def _at(sound_FM: Floats, place: Floats) -> Floats:
    """The sound at moments between its frames, ``(len(place), M)``; its ends go on for ever."""
    inside = np.clip(place - 0.5, 0, len(sound_FM) - 1)
    left = np.floor(inside).astype(int)
    share = (inside - left)[:, None].astype(sound_FM.dtype)
    return np.asarray(sound_FM[left] * (1 - share) + sound_FM[np.minimum(left + 1, len(sound_FM) - 1)] * share)


def _heard(sound_FM: Floats, frames: int, frame_hops: float, lag: float) -> Floats:
    """``(frames, features)``: the sound about each lip frame, were the picture ``lag`` frames ahead of it."""
    moments = (np.arange((frames + 2 * CONTEXT) * PER_FRAME) + 0.5) / PER_FRAME - CONTEXT + lag
    windows = _at(sound_FM, moments * frame_hops).reshape(frames + 2 * CONTEXT, -1)
    context = [windows[start : start + frames] for start in range(2 * CONTEXT + 1)]
    return np.concatenate([*context, np.ones((frames, 1), sound_FM.dtype)], axis=1)


def _shifted(sound_FM: Floats, frames: int, frame_hops: float) -> Floats:
    """``(W, PER_FRAME * M)``: the sound of one lip frame's length, for every start that any lag and frame asks for."""
    count = STEPS * (frames + 2 * CONTEXT + 2 * LARGEST_LAG)
    apart = STEPS // PER_FRAME
    moments = (np.arange(count + STEPS - apart) + 0.5 * apart) / STEPS - CONTEXT - LARGEST_LAG
    sound = _at(sound_FM, moments * frame_hops)
    return np.concatenate([sound[start : start + count] for start in range(0, STEPS, apart)], axis=1)


def _normal(
    sounds: list[Floats], shapes: list[Floats], frames: Floats, chosen: NDArray[np.intp], frame_hops: float
) -> tuple[Floats, Floats]:
    gram: Floats = np.zeros(())
    cross: Floats = np.zeros(())
    for index in chosen:
        heard = _heard(sounds[index], len(shapes[index]), frame_hops, frames[index])
        gram, cross = gram + heard.T @ heard, cross + heard.T @ shapes[index]
    return gram, cross


def _solve(gram: Floats, cross: Floats) -> Floats:
    solution: Floats = np.linalg.solve(gram + RIDGE * np.eye(len(gram)), cross)
    return solution


def _best_lags(windows_WM: Floats, shape_TS: Floats, weights: Floats) -> tuple[float, float, float]:
    """The lag of least error over the whole clip, its first and its second half.

    The map is a filter over :func:`_shifted` sound: its output is computed once and read at each lag.
    """
    frames, places = len(shape_TS), 2 * CONTEXT + 1
    taps = weights[:-1].astype(windows_WM.dtype).reshape(places, windows_WM.shape[1], -1)
    parts = (windows_WM @ np.concatenate(list(taps), axis=1)).reshape(len(windows_WM), places, -1)
    count = STEPS * (frames - 1) + len(LAGS)
    filtered = sum(parts[STEPS * place : STEPS * place + count, place] for place in range(places))
    made_LTS = np.asarray(filtered)[np.arange(len(LAGS))[:, None] + STEPS * np.arange(frames)]
    error_LT = np.square(made_LTS - made_LTS.mean(axis=1, keepdims=True) - shape_TS).sum(axis=2, dtype=np.float64)
    middle = frames // 2
    sums = error_LT.sum(axis=1), error_LT[:, :middle].sum(axis=1), error_LT[:, middle:].sum(axis=1)
    whole, first, second = map(_lowest, sums)
    return whole, first, second


def _lowest(errors: Floats) -> float:
    """The lag of the lowest error, interpolated between the lags tried by a parabola."""
    place = int(np.argmin(errors))
    if place in (0, len(errors) - 1):
        return float(LAGS[place])
    before, least, after = errors[place - 1 : place + 2]
    return float(LAGS[place] + (LAGS[1] - LAGS[0]) * 0.5 * (before - after) / (before - 2 * least + after))
