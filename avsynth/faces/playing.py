"""The endless pictures of a face folder: a film played as a video texture, or a still that sways."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import numpy as np

from avsynth.faces.face import PlacedFace, Player
from avsynth.faces.film import Film
from avsynth.faces.sway import sway_at, swayed
from avsynth.faces.texture import Shown, Texture, dissolve_length, walk
from avsynth.video.geometry import FloatArray, compose
from avsynth.video.planes import Planes

SEED = 20
"""Seed of every walk and sway, so that a face plays the same each time."""


class InOrder:
    """Pictures that are asked for in order: the last one is kept, and skipped ones are not computed."""

    def __init__(self) -> None:
        self._index = -1
        self._placed: PlacedFace | None = None

    def __getitem__(self, index: int) -> PlacedFace:
        if index < self._index:
            raise ValueError(f"picture {index} is gone: pictures are to be asked for in order")
        if index > self._index or self._placed is None:
            self._placed = self._make(index, index - self._index)
            self._index = index
        return self._placed

    def _make(self, index: int, step: int) -> PlacedFace:
        raise NotImplementedError


class FilmPlayer(InOrder):
    """A video texture (:mod:`avsynth.faces.texture`) on screen."""

    def __init__(
        self, film: Film, transforms: FloatArray, weights: FloatArray, texture: Texture, fps: Fraction, seed: int
    ) -> None:
        super().__init__()
        self._film, self._transforms, self._weights = film, transforms, weights
        self._walk = walk(texture, float(fps), seed)
        self._left: dict[int, Planes] = {}
        self._fade, self._last = dissolve_length(float(fps)), len(weights) - 1

    def _make(self, index: int, step: int) -> PlacedFace:
        shown = next(islice(self._walk, step - 1, None))
        at = shown.index
        if shown.leaving is None:
            self._left.clear()
            return self._placed_at(at, self._film[at])
        return self._dissolve(shown, shown.leaving)

    def _dissolve(self, shown: Shown, leaving: int) -> PlacedFace:
        if leaving not in self._left:
            # Read at once, before the film moves on to where the jump leads.
            ahead = range(leaving, min(leaving + self._fade, self._last + 1))
            self._left = {number: self._film[number] for number in ahead}
        before = self._placed_at(leaving, self._left[leaving])
        return mixed(before, self._placed_at(shown.index, self._film[shown.index]), shown.share)

    def _placed_at(self, at: int, picture: Planes) -> PlacedFace:
        return PlacedFace(picture, self._transforms[at], float(self._weights[at]), at)


def mixed(before: PlacedFace, after: PlacedFace, share: float) -> PlacedFace:
    """``share`` of ``after``, the rest of ``before``: pictures, places and weights."""
    transform = (1 - share) * before.transform + share * after.transform
    weight = (1 - share) * before.weight + share * after.weight
    return PlacedFace(dissolved(before.picture, after.picture, share), transform, weight, after.index, after.cover)


def dissolved(before: Planes, after: Planes, share: float) -> Planes:
    """``share`` of ``after``, the rest of ``before``; one value where they are equal."""
    whole = round(share * 128)
    mixed = before.data * np.uint16(128 - whole)
    mixed += 64
    mixed += after.data * np.uint16(whole)
    mixed >>= 7
    return Planes(mixed.astype(np.uint8))


class SwayPlayer(InOrder):
    """A still whose head moves a little (:mod:`avsynth.faces.sway`)."""

    def __init__(self, picture: Planes, transform: FloatArray, fps: Fraction, seed: int) -> None:
        super().__init__()
        self._picture, self._transform, self._fps, self._seed = picture, transform, fps, seed

    def _make(self, index: int, step: int) -> PlacedFace:
        motion = sway_at(float(index / self._fps), self._transform, self._picture.size, self._seed)
        return PlacedFace(swayed(self._picture, motion), compose(motion, self._transform), 1.0)


class HeldStill:
    """A still that does not move."""

    def __init__(self, picture: Planes, transform: FloatArray) -> None:
        self._placed = PlacedFace(picture, transform, 1.0)

    def __getitem__(self, index: int) -> PlacedFace:
        return self._placed


def still_player(picture: Planes, transform: FloatArray, fps: Fraction, still: bool) -> Player:
    """A still that sways, or one that does not."""
    return HeldStill(picture, transform) if still else SwayPlayer(picture, transform, fps, SEED)
