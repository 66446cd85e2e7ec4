"""A mouth crop set into a picture so that no seam shows: feathered mask, colours of the skin around, its own grain."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from avsynth.config.schema import LipsConfig
from avsynth.faces.face import PlacedFace
from avsynth.video.geometry import FloatArray, apply, invert
from avsynth.video.luma import LUMA

CELL = 4
"""Pixels of the crop to a cell in which colours are matched."""
FAINTEST = 1 / 512
"""Shares below this are none: they would not change a pixel."""
GREY = 1.5
"""Grey levels of colour, on average, below which a picture is black and white."""
GRAIN_SEEN, GRAIN_FEWEST, GRAIN_SIDE, GRAIN_EVERY = 3.0, 200, 512, 8
"""Grey levels from which detail is noise and put in (a clean photo of skin has two), pixels that tell how strong it is,
the side of the noise's own field, and of how many pictures one is measured."""
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
    picture_CHW: Tensor
    to_crop_HW2: Tensor
    """Where in the crop each of its pixels lies, -1 … 1; finer by ``fine`` each way."""
    fine: int
    alpha_HW: Tensor
    kept_CHW: Tensor
    """What of the picture's own detail goes where lips move, in exchange for the crop's."""
    crop_CHW: Tensor
    """The picture's own crop."""
    grain_HW: Tensor | None
    """Noise as strong as the picture's own, where lips move; None for a clean picture."""
    grey: bool


class MouthBlend:
    """Sets generated crops into pictures.

    What is added to a picture is the *change*: the generated crop with its colours matched to the picture's along the
    mask's edge, less the picture's own crop. Where the two agree the picture stays as it is, grain and finest detail
    included; outside the mask, and where something lies before the face, it always does.
    """

    def __init__(self, config: LipsConfig) -> None:
        self._config = config
        self._membrane = Membrane(config)
        y, x = np.mgrid[: config.height, : config.width].astype(float)
        shares = np.stack([mask(x, y, config), moving(x, y, config)])
        self._shares_SHW = torch.from_numpy(shares).float()
        rows, columns = np.flatnonzero(shares[0].any(axis=1)), np.flatnonzero(shares[0].any(axis=0))
        self._extent = np.array([[columns[0], rows[0]], [columns[-1], rows[0]], [columns[0], rows[-1]]], dtype=float)
        self._extent = np.concatenate([self._extent, [[columns[-1], rows[-1]]]])
        self._grain = Grain()
        self._seated: tuple[PlacedFace, Seat | None] | None = None

    def __call__(self, face: PlacedFace, lips: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture ``(H, W, 3)`` with a generated crop ``(80, 160, 3)`` in its place."""
        whole = face.picture.copy()
        self.into(whole, face, lips)
        return whole

    def into(self, whole: NDArray[np.uint8], face: PlacedFace, lips: NDArray[np.uint8]) -> None:
        """Set a generated crop into ``whole``, which is the face's picture already."""
        seat = self._seat(face)
        if seat is None:
            return
        lips_CHW = torch.from_numpy(lips).permute(2, 0, 1).float()
        if seat.grey:
            lips_CHW = luma_of(lips_CHW).expand(3, -1, -1)
        difference_CHW = seat.crop_CHW - lips_CHW
        shown_CHW = self._membrane(difference_CHW) - difference_CHW + self._shares_SHW[1] * seat.crop_CHW
        added_CHW = sampled(shown_CHW, seat.to_crop_HW2, seat.fine, "bicubic") - seat.kept_CHW
        if seat.grain_HW is not None:
            added_CHW += seat.grain_HW
        made_CHW = (added_CHW.mul_(seat.alpha_HW).add_(seat.picture_CHW)).round_().clamp_(0, 255)
        whole[seat.rows, seat.columns] = made_CHW.byte().permute(1, 2, 0).numpy()

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
        size = config.height, config.width
        around, to_around = around_crop(face.picture, face.transform, config)
        rows, columns = _box(face.picture, apply(face.transform, self._extent))
        if face.weight < 0.01 or rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        part_CHW = torch.from_numpy(face.picture[rows, columns]).permute(2, 0, 1).float()
        to_crop = invert(face.transform)
        to_crop[:, 2] += to_crop[:, :2] @ np.array([columns.start, rows.start])
        grid_HW2, fine = grid_of(to_crop, size, (part_CHW.shape[1], part_CHW.shape[2]))
        shares_SHW = sampled(self._shares_SHW, grid_HW2, fine, "bilinear", padding="zeros")
        alpha_HW = face.weight * functional.threshold(shares_SHW[0], FAINTEST, 0)
        if face.cover is not None:
            cover_CHW = torch.from_numpy(face.cover)[None]
            alpha_HW = alpha_HW * (1 - sampled(cover_CHW, grid_HW2, fine, "bilinear")[0])
        around_CHW = torch.from_numpy(around).permute(2, 0, 1).float()
        back_HW2, steps = grid_of(to_around, (around.shape[0], around.shape[1]), size)
        crop_CHW = sampled(around_CHW, back_HW2, steps, "bicubic")
        grain_HW = self._grain(part_CHW, shares_SHW[1], face.index)
        return Seat(
            rows, columns, part_CHW, grid_HW2, fine, alpha_HW, shares_SHW[1] * part_CHW, crop_CHW, grain_HW,
            grey=float((crop_CHW - luma_of(crop_CHW)).abs().mean()) < GREY,
        )  # fmt: skip


class Grain:
    """A picture's own noise for what is set into it, as strong as that of the skin beside; another for each picture."""

    def __init__(self) -> None:
        self._noise = torch.randn((GRAIN_SIDE, GRAIN_SIDE), generator=torch.Generator().manual_seed(0))
        self._strengths: deque[float] = deque(maxlen=9)
        self._told = 0

    def __call__(self, part_CHW: Tensor, moving_HW: Tensor, index: int) -> Tensor | None:
        """``(H, W)`` for a part of a picture and the share of moving lips in it; ``index`` 0 for ever in a still."""
        if self._told % GRAIN_EVERY == 0:
            self._measure(luma_of(part_CHW)[0], moving_HW)
        self._told += 1
        strength = float(np.median(self._strengths)) if self._strengths else 0.0
        if strength < GRAIN_SEEN:
            return None
        height, width = moving_HW.shape
        y, x = (index * step % GRAIN_SIDE for step in (97, 61))
        rows, columns = (torch.arange(side) + start for side, start in ((height, y), (width, x)))
        noise_HW = self._noise[rows[:, None] % GRAIN_SIDE, columns[None] % GRAIN_SIDE]
        return strength * moving_HW * noise_HW

    def _measure(self, luma_HW: Tensor, moving_HW: Tensor) -> None:
        # Immerkær's estimate (1996): what is left of a picture whose edges and slopes are taken away.
        inner = luma_HW[1:-1, 1:-1] * 4 + luma_HW[:-2, :-2] + luma_HW[:-2, 2:] + luma_HW[2:, :-2] + luma_HW[2:, 2:]
        inner -= 2 * (luma_HW[:-2, 1:-1] + luma_HW[2:, 1:-1] + luma_HW[1:-1, :-2] + luma_HW[1:-1, 2:])
        beside = inner[moving_HW[1:-1, 1:-1] == 0]
        if beside.numel() >= GRAIN_FEWEST:
            self._strengths.append(float(beside.abs().median()) * 1.4826 / 6)


def luma_of(picture_CHW: Tensor) -> Tensor:
    """``(1, H, W)``."""
    return (picture_CHW * picture_CHW.new_tensor(LUMA)[:, None, None]).sum(dim=0, keepdim=True)


def _box(picture: NDArray[np.uint8], corners: FloatArray) -> tuple[slice, slice]:
    """Rows and columns of a picture that hold some points."""
    extent = np.array([picture.shape[1], picture.shape[0]])
    left, top = np.floor(corners.min(axis=0)).clip(0, extent).astype(int).tolist()
    right, bottom = np.ceil(corners.max(axis=0) + 1).clip(0, extent).astype(int).tolist()
    return slice(top, bottom), slice(left, right)


def around_crop(
    picture: NDArray[np.uint8], transform: FloatArray, config: LipsConfig
) -> tuple[NDArray[np.uint8], FloatArray]:
    """The part of a picture that holds the crop, or one pixel of it where that lies outside, and the crop's place in
    the part."""
    last = np.array([config.width - 1, config.height - 1])
    corners = apply(transform, np.array([[0, 0], [last[0], 0], [0, last[1]], last], dtype=float))
    rows, columns = _box(picture, np.concatenate([corners - 2, corners + 2]))
    top, left = min(rows.start, picture.shape[0] - 1), min(columns.start, picture.shape[1] - 1)
    moved = transform.copy()
    moved[:, 2] -= [left, top]
    return picture[top : max(rows.stop, top + 1), left : max(columns.stop, left + 1)], moved


def grid_of(transform: FloatArray, source: tuple[int, int], size: tuple[int, int]) -> tuple[Tensor, int]:
    """Where the pixels of a picture of a ``size`` lie in a ``source``, ``(H × n, W × n, 2)`` from -1 to 1, and n: how
    many samples each way are a pixel's mean, so that none of a finer source is passed over."""
    fine = max(1, int(np.ceil(np.sqrt(abs(np.linalg.det(transform[:, :2]))) - 0.2)))
    y, x = ((torch.arange(side * fine) + 0.5) / fine - 0.5 for side in size)
    scale = 2 / np.array([source[1], source[0]])
    (xx, xy, x0), (yx, yy, y0) = (transform * scale[:, None]).tolist()
    across = (x * xx + (x0 + float(scale[0]) / 2 - 1))[None] + (y * xy)[:, None]
    down = (x * yx + (y0 + float(scale[1]) / 2 - 1))[None] + (y * yy)[:, None]
    return torch.stack([across, down], dim=2), fine


def sampled(picture_CHW: Tensor, grid_HW2: Tensor, fine: int, mode: str, padding: str = "border") -> Tensor:
    """``(C, H, W)``: a picture at the places of :func:`grid_of`."""
    made = functional.grid_sample(picture_CHW[None], grid_HW2[None], mode, padding, align_corners=False)
    return (functional.avg_pool2d(made, fine) if fine > 1 else made)[0]
