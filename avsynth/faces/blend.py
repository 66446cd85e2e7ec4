"""A mouth crop set into a picture so that no seam shows: feathered mask, colours of the skin around, its own grain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from avsynth.config.schema import LipsConfig
from avsynth.faces.face import PlacedFace
from avsynth.video.geometry import FloatArray, apply, invert, sample

CELL = 4
"""Pixels of the crop to a cell in which colours are matched."""
SKIN = 0.7
"""Cells of a lower mask than this keep the colour of the picture; those within take theirs from them."""


def oval(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig, inner: float, outer: float) -> FloatArray:
    """1 inside an egg around mouth and chin and 0 outside, smoothly from ``inner`` to ``outer`` of its size.

    Of size 1 it ends at the chin, below the tip of the nose and within the cheeks. ``x`` and ``y`` are pixels of the
    crop; the result has their shape.
    """
    row = config.mouth_row + 2
    across = (x - (config.width - 1) / 2) / (0.37 * config.width)
    down = np.where(y < row, (y - row) / (row - 2), (y - row) / (config.height - 1 - row))
    size = (np.abs(across) ** 2.5 + np.abs(down) ** 2.5) ** 0.4
    ramp = ((outer - size) / (outer - inner)).clip(0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp))


def mask(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig) -> FloatArray:
    """The share of the generated picture at pixels ``x``, ``y`` of the crop."""
    return oval(x, y, config, 0.62, 1.0)


def moving(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig) -> FloatArray:
    """Where lips move, and the picture's own finest detail must not shine through."""
    return oval(x, y, config, 0.45, 0.8)


class Membrane:
    """Carries the differences along a mask's edge smoothly into it (Pérez et al., "Poisson image editing", 2003).

    Inside, each cell is the mean of its neighbours: constants and planes are carried exactly, and nothing exceeds what
    lies at the edge.
    """

    def __init__(self, config: LipsConfig) -> None:
        self._size = config.height, config.width
        rows, columns = config.height // CELL, config.width // CELL
        y, x = (np.mgrid[:rows, :columns] + 0.5) * CELL - 0.5
        inside = mask(x, y, config) >= SKIN
        inside[[0, -1]] = inside[:, [0, -1]] = False
        self._inside = torch.from_numpy(inside.ravel())
        number = np.arange(rows * columns).reshape(rows, columns)
        laplacian = np.zeros((rows * columns, rows * columns))
        for axis in (0, 1):
            for step in (-1, 1):
                laplacian[number, np.roll(number, step, axis)] -= 1
        laplacian[number, number] = 4
        chosen = laplacian[inside.ravel()]
        carry = -np.linalg.solve(chosen[:, inside.ravel()], chosen[:, ~inside.ravel()])
        self._carry = torch.from_numpy(carry).float()

    def __call__(self, difference_CHW: Tensor) -> Tensor:
        """The low frequencies of a difference outside the mask, and what they make of its inside: ``(C, H, W)``."""
        cells_CHW = functional.avg_pool2d(difference_CHW, CELL)
        cells_CN = cells_CHW.flatten(1).clone()
        cells_CN[:, self._inside] = cells_CN[:, ~self._inside] @ self._carry.T
        smooth_CHW = cells_CN.reshape(cells_CHW.shape)
        return functional.interpolate(smooth_CHW[None], self._size, mode="bicubic", align_corners=False)[0]


@dataclass(frozen=True)
class Seat:
    """What the mouth needs of one picture: the part that the mask covers."""

    rows: slice
    columns: slice
    to_crop: FloatArray
    """``(1, 2, 3)``: pixels of the part to pixels of the crop."""
    picture_CHW: Tensor
    alpha_HW: Tensor
    lost_CHW: Tensor
    """What a crop cannot hold of the picture, where lips move: it goes, and stays elsewhere."""
    crop_CHW: Tensor
    """The picture's own crop."""


class MouthBlend:
    """Sets generated crops into pictures.

    What is added to a picture is the *change*: the generated crop with its colours matched to the picture's along the
    mask's edge, less the picture's own crop. Where the two agree the picture stays as it is, grain and finest detail
    included; outside the mask it always does.
    """

    def __init__(self, config: LipsConfig) -> None:
        self._config = config
        self._membrane = Membrane(config)
        self._seated: tuple[PlacedFace, Seat | None] | None = None

    def __call__(self, face: PlacedFace, lips: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture ``(H, W, 3)`` with a generated crop ``(80, 160, 3)`` in its place."""
        seat = self._seat(face)
        if seat is None:
            return face.picture
        lips_CHW = torch.from_numpy(lips).permute(2, 0, 1).float()
        difference_CHW = seat.crop_CHW - lips_CHW
        change_CHW = self._membrane(difference_CHW) - difference_CHW
        height, width = seat.alpha_HW.shape
        added_CHW = sample(change_CHW[None], seat.to_crop, height, width)[0] - seat.lost_CHW
        made_CHW = (seat.picture_CHW + seat.alpha_HW * added_CHW).round().clamp(0, 255)
        whole = face.picture.copy()
        whole[seat.rows, seat.columns] = made_CHW.byte().permute(1, 2, 0).numpy()
        return whole

    def share(self, face: PlacedFace) -> NDArray[np.float32]:
        """``(H, W)``: how much of each pixel is taken from the generated crop, 0 to 1."""
        whole = np.zeros(face.picture.shape[:2], dtype=np.float32)
        if (seat := self._seat(face)) is not None:
            whole[seat.rows, seat.columns] = seat.alpha_HW.numpy()
        return whole

    def _seat(self, face: PlacedFace) -> Seat | None:
        """The seat in a picture, kept while the picture is shown; None where no mouth is to be seen."""
        if self._seated is None or self._seated[0] is not face:
            self._seated = face, self._make_seat(face)
        return self._seated[1]

    def _make_seat(self, face: PlacedFace) -> Seat | None:
        config = self._config
        last = np.array([config.width - 1, config.height - 1])
        corners = apply(face.transform, np.array([[0, 0], [last[0], 0], [0, last[1]], last], dtype=float))
        extent = np.array([face.picture.shape[1], face.picture.shape[0]])
        left, top = np.floor(corners.min(axis=0)).clip(0, extent).astype(int).tolist()
        right, bottom = np.ceil(corners.max(axis=0) + 1).clip(0, extent).astype(int).tolist()
        if face.weight < 0.01 or left >= right or top >= bottom:
            return None
        to_crop = invert(face.transform)
        to_crop[:, 2] += to_crop[:, :2] @ np.array([left, top])
        y, x = np.mgrid[: bottom - top, : right - left].astype(float)
        at_x, at_y = apply(to_crop, np.stack([x.ravel(), y.ravel()], axis=1)).T.reshape(2, *x.shape)
        alpha = face.weight * mask(at_x, at_y, config)
        part_CHW = torch.from_numpy(face.picture[top:bottom, left:right].copy()).permute(2, 0, 1).float()
        whole_CHW = torch.from_numpy(face.picture).permute(2, 0, 1).float()
        crop_CHW = sample(whole_CHW[None], face.transform[None], config.height, config.width)[0]
        held_CHW = sample(crop_CHW[None], to_crop[None], bottom - top, right - left)[0]
        lost_CHW = torch.from_numpy(moving(at_x, at_y, config)).float() * (part_CHW - held_CHW)
        return Seat(
            slice(top, bottom), slice(left, right), to_crop[None], part_CHW,
            torch.from_numpy(alpha).float(), lost_CHW, crop_CHW,
        )  # fmt: skip
