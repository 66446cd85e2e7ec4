"""Blend a mouth crop into a picture without a visible seam: feathered mask, colours of the skin around, the picture's
grain."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
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
"""Side, in pixels of the crop, of the cells in which colours are matched."""
FAINTEST = 1 / 512
"""Smaller blending weights count as 0: they would not change a pixel."""
FINER = 1.2
"""A picture with more than so many pixels to one of the crop is reduced before crops are cut from it."""
GREY = 1.5
"""A picture whose colour channels differ by less than so many grey levels, on average, is black and white."""
GRAIN_SEEN, GRAIN_FEWEST, GRAIN_SIDE, GRAIN_EVERY = 3.0, 200, 512, 8
"""Noise is added where the picture's own is at least so many grey levels (a clean photo of skin has two); the least
number of pixels for measuring it; the side of the field of random noise; one of how many pictures is measured."""
OVAL_HALF, OVAL_POWER = 0.37, 2.5
"""Half width of the egg-shaped mask around mouth and chin, in widths of the crop, and the exponent of its shape (2
would be an ellipse)."""
SKIN = 0.7
"""Cells with a lower mask value than this keep the picture's colour; those further inside get their colour shift from
these."""


def oval_size(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig) -> FloatArray:
    """Size of the egg around mouth and chin on whose outline the pixels ``x``, ``y`` of the crop lie; same shape.

    Of size 1 it ends at the chin, below the tip of the nose and within the cheeks.
    """
    row = _middle_row(config)
    across = (x - (config.width - 1) / 2) / (OVAL_HALF * config.width)
    down = np.where(y < row, (y - row) / (row - 2), (y - row) / (config.height - 1 - row))
    return np.asarray((np.abs(across) ** OVAL_POWER + np.abs(down) ** OVAL_POWER) ** (1 / OVAL_POWER))


def oval_outline(count: int, size: float, config: LipsConfig) -> FloatArray:
    """``(count, 2)``: points x, y on the outline of the egg of a size, in pixels of the crop."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    row = _middle_row(config)
    across, down = (size * np.sign(part) * np.abs(part) ** (2 / OVAL_POWER) for part in (np.cos(angle), np.sin(angle)))
    x = (config.width - 1) / 2 + across * OVAL_HALF * config.width
    return np.stack([x, row + np.where(down < 0, down * (row - 2), down * (config.height - 1 - row))], axis=1)


def _middle_row(config: LipsConfig) -> float:
    return config.mouth_row + 2


def oval(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig, inner: float, outer: float) -> FloatArray:
    """1 inside the egg of size ``inner`` and 0 outside that of ``outer``, smoothly in between; shapes as
    :func:`oval_size`."""
    ramp = ((outer - oval_size(x, y, config)) / (outer - inner)).clip(0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp))


def mask(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig) -> FloatArray:
    """The share of the generated picture at pixels ``x``, ``y`` of the crop."""
    return oval(x, y, config, 0.62, 1.0)


def moving(x: NDArray[np.float64], y: NDArray[np.float64], config: LipsConfig) -> FloatArray:
    """The region where lips move, and where the picture's own fine detail must not shine through."""
    return oval(x, y, config, 0.45, 0.8)


Window = tuple[slice, slice]
"""Rows and columns."""


class Membrane:
    """Interpolates the differences along a mask's edge smoothly into its inside (Pérez et al., "Poisson image editing",
    2003).

    Inside, each cell is the mean of its neighbours: constants and planes are reproduced exactly, and no value exceeds
    those at the edge.
    """

    def __init__(self, config: LipsConfig) -> None:
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
        self._down_HR, self._across_WK = (
            enlarging(cells, pixels) for cells, pixels in ((rows, config.height), (columns, config.width))
        )

    def __call__(self, difference_KCHW: Tensor) -> Tensor:
        """The low frequencies of the differences outside the mask, continued into its inside: ``(K, C, H, W)``."""
        cells_KCHW = functional.avg_pool2d(difference_KCHW, CELL)
        cells_KCN = cells_KCHW.flatten(2).clone()
        cells_KCN[..., self._inside] = cells_KCN[..., ~self._inside] @ self._carry.T
        return self._down_HR @ cells_KCN.reshape(cells_KCHW.shape) @ self._across_WK.T


def enlarging(cells: int, pixels: int) -> Tensor:
    """``(pixels, cells)``: bicubic enlargement of a row of cells, as a matrix."""
    lines = torch.eye(cells)[None, None]
    return functional.interpolate(lines, (pixels, cells), mode="bicubic", align_corners=False)[0, 0]


@dataclass(frozen=True)
class Seats:
    """What blending needs of K pictures of one size, for the windows that contain the mask."""

    windows: list[Window]
    to_crop_KHW2: Tensor
    """Each pixel's place in the crop, from -1 to 1; with ``fine`` samples per pixel in each direction."""
    fine: int
    alpha_KHW: Tensor
    kept_KCHW: Tensor
    """The part of the pictures that stays: all but the detail where lips move, which is taken from the crop."""
    crop_KCHW: Tensor
    """The crops of the pictures themselves."""
    grain_KHW: Tensor | None
    """Noise of the pictures' own strength where lips move; None for clean pictures."""
    grey_K: Tensor
    """Which are black and white."""


class MouthBlend:
    """Blends generated crops into pictures.

    What is added to a picture is the *change*: the generated crop with its colours matched to the picture's along the
    mask's edge, less the picture's own crop. Where the two agree the picture stays as it is, grain and finest detail
    included; outside the mask, and where something covers the face, it always stays.
    """

    def __init__(self, config: LipsConfig) -> None:
        self._config = config
        self._membrane = Membrane(config)
        y, x = np.mgrid[: config.height, : config.width].astype(float)
        shares = np.stack([mask(x, y, config), moving(x, y, config)])
        self._shares_SHW = torch.from_numpy(shares).float()
        rows, columns = np.flatnonzero(shares[0].any(axis=1)), np.flatnonzero(shares[0].any(axis=0))
        self._extent = corners_of(columns[0], rows[0], columns[-1], rows[-1])
        self._grain = Grain()
        self._seated: tuple[list[PlacedFace], Seats] | None = None

    def __call__(self, face: PlacedFace, lips: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture ``(H, W, 3)`` with a generated crop ``(80, 160, 3)`` in its place."""
        whole = face.picture.copy()
        self.into(whole[None], [face], lips[None])
        return whole

    @torch.inference_mode()
    def into(self, wholes: NDArray[np.uint8], faces: Sequence[PlacedFace], lips: NDArray[np.uint8]) -> None:
        """Blend generated crops ``(K, 80, 160, 3)`` into ``wholes`` ``(K, H, W, 3)``, which hold the faces' pictures.

        All at once takes half the time of one after the other. The same face may come several times in a row.
        """
        seated = [number for number, face in enumerate(faces) if self._is_seen(face)]
        if not seated:
            return
        different = [number for number in seated if number == seated[0] or faces[number] is not faces[number - 1]]
        seats = self._seats([faces[number] for number in different])
        which = torch.tensor([sum(other <= number for other in different) - 1 for number in seated])
        lips_KCHW = torch.from_numpy(lips[seated]).permute(0, 3, 1, 2).float()
        if seats.grey_K.any():
            grey_K = seats.grey_K[which]
            lips_KCHW[grey_K] = luma_of(lips_KCHW[grey_K]).expand(-1, 3, -1, -1)
        crop_KCHW = seats.crop_KCHW[which]
        difference_KCHW = crop_KCHW - lips_KCHW
        shown_KCHW = self._membrane(difference_KCHW).sub_(difference_KCHW).addcmul_(crop_KCHW, self._shares_SHW[1])
        made_KCHW = sampled(shown_KCHW, seats.to_crop_KHW2[which], seats.fine, "bicubic")
        if seats.grain_KHW is not None:
            made_KCHW += seats.grain_KHW[which, None]
        made_KCHW.mul_(seats.alpha_KHW[which, None]).add_(seats.kept_KCHW[which])
        made = made_KCHW.add_(0.5).clamp_(0, 255).byte().permute(0, 2, 3, 1).numpy()
        for number, place, picture in zip(seated, which.tolist(), made, strict=True):
            wholes[number][seats.windows[place]] = picture

    def share(self, face: PlacedFace) -> NDArray[np.float32]:
        """``(H, W)``: how much of each pixel is taken from the generated crop, 0 to 1."""
        whole = np.zeros(face.picture.shape[:2], dtype=np.float32)
        if self._is_seen(face):
            seats = self._seats([face])
            whole[seats.windows[0]] = seats.alpha_KHW[0].numpy()
        return whole

    def _is_seen(self, face: PlacedFace) -> bool:
        """Whether any of the mouth is within the picture."""
        ends = apply(face.transform, self._extent)
        size = np.array([face.picture.shape[1], face.picture.shape[0]])
        return face.weight >= 0.01 and bool((ends.max(axis=0) > -1).all() and (ends.min(axis=0) < size).all())

    def _seats(self, faces: list[PlacedFace]) -> Seats:
        """The :class:`Seats` of some pictures, kept while these are shown."""
        if self._seated is None or list(map(id, self._seated[0])) != list(map(id, faces)):
            self._seated = faces, self._make_seats(faces)
        return self._seated[1]

    def _make_seats(self, faces: list[PlacedFace]) -> Seats:
        size = self._config.height, self._config.width
        pictures, transforms = [face.picture for face in faces], np.stack([face.transform for face in faces])
        windows = windows_of(pictures[0], np.stack([apply(transform, self._extent) for transform in transforms]))
        part_KCHW = cut(pictures, windows).float()
        to_crop = np.stack([invert(within(*pair)) for pair in zip(transforms, windows, strict=True)])
        grid_KHW2, fine = grid_of(to_crop, size, (part_KCHW.shape[2], part_KCHW.shape[3]))
        shares_KSHW = sampled(self._shares_SHW.expand(len(faces), -1, -1, -1), grid_KHW2, fine, "bilinear", "zeros")
        alpha_KHW = functional.threshold(shares_KSHW[:, 0], FAINTEST, 0)
        alpha_KHW *= torch.tensor([face.weight for face in faces])[:, None, None]
        for number, face in enumerate(faces):
            if face.cover is not None:
                cover_1CHW = torch.from_numpy(face.cover)[None, None]
                alpha_KHW[number] *= 1 - sampled(cover_1CHW, grid_KHW2[number, None], fine, "bilinear")[0, 0]
        moving_KHW, indices = shares_KSHW[:, 1], [face.index for face in faces]
        grain = [self._grain(*item) for item in zip(part_KCHW, moving_KHW, indices, strict=True)]
        crop_KCHW = crops_at(pictures, transforms, self._config)
        part_KCHW -= part_KCHW * (alpha_KHW * moving_KHW)[:, None]
        grey_K = (crop_KCHW - luma_of(crop_KCHW)).abs().mean(dim=(1, 2, 3)) < GREY
        return Seats(windows, grid_KHW2, fine, alpha_KHW, part_KCHW, crop_KCHW, stacked(grain), grey_K)


class Grain:
    """Random noise for what is blended into a picture, as strong as the noise of the skin around; another field for
    each picture."""

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
        # Immerkær's estimate (1996): the residual of a filter that removes edges and slopes.
        inner = luma_HW[1:-1, 1:-1] * 4 + luma_HW[:-2, :-2] + luma_HW[:-2, 2:] + luma_HW[2:, :-2] + luma_HW[2:, 2:]
        inner -= 2 * (luma_HW[:-2, 1:-1] + luma_HW[2:, 1:-1] + luma_HW[1:-1, :-2] + luma_HW[1:-1, 2:])
        beside = inner[moving_HW[1:-1, 1:-1] == 0]
        if beside.numel() >= GRAIN_FEWEST:
            self._strengths.append(float(beside.abs().median()) * 1.4826 / 6)


def stacked(noises: list[Tensor | None]) -> Tensor | None:
    """Stack to ``(K, H, W)``, with zeros for None; None where all are None."""
    some = next((noise for noise in noises if noise is not None), None)
    if some is None:
        return None
    return torch.stack([torch.zeros_like(some) if noise is None else noise for noise in noises])


def luma_of(picture_CHW: Tensor) -> Tensor:
    """``(…, 1, H, W)`` of pictures ``(…, 3, H, W)``."""
    return (picture_CHW * picture_CHW.new_tensor(LUMA)[:, None, None]).sum(dim=-3, keepdim=True)


def corners_of(left: float, top: float, right: float, bottom: float) -> FloatArray:
    """``(4, 2)``."""
    return np.array([[left, top], [right, top], [left, bottom], [right, bottom]], dtype=float)


def windows_of(picture: NDArray[np.uint8], points: FloatArray) -> list[Window]:
    """Windows in K pictures, all of one size and at least one pixel, that contain their points ``(K, N, 2)`` as far as
    these are in the picture."""
    extent = np.array([picture.shape[1], picture.shape[0]])
    first = np.floor(points.min(axis=1)).clip(0, extent - 1).astype(int)
    last = np.ceil(points.max(axis=1) + 1).clip(1, extent).astype(int)
    sides = (last - first).max(axis=0).clip(1)
    first = np.minimum(first, extent - sides)
    return [(slice(top, top + sides[1]), slice(left, left + sides[0])) for left, top in first.tolist()]


def cut(pictures: list[NDArray[np.uint8]], windows: list[Window]) -> Tensor:
    """``(K, C, H, W)`` uint8."""
    parts = np.stack([picture[window] for picture, window in zip(pictures, windows, strict=True)])
    return torch.from_numpy(parts).permute(0, 3, 1, 2)


def within(transform: FloatArray, window: Window) -> FloatArray:
    """Turn a transform to a picture into one to a window of it."""
    moved = transform.copy()
    moved[:, 2] -= [window[1].start, window[0].start]
    return moved


def around_crops(picture: NDArray[np.uint8], transforms: FloatArray, config: LipsConfig) -> list[Window]:
    """The windows of K pictures that contain their crops at ``transforms`` ``(K, 2, 3)``, as far as these are in the
    picture."""
    corners = corners_of(0, 0, config.width - 1, config.height - 1)
    points = np.stack([apply(transform, corners) for transform in transforms])
    return windows_of(picture, np.concatenate([points - 2, points + 2], axis=1))


def crops_at(pictures: list[NDArray[np.uint8]], transforms: FloatArray, config: LipsConfig) -> Tensor:
    """``(K, C, H, W)``: the pictures' own crops.

    Pictures finer than the crop are first reduced to about its resolution along their own axes, which is far cheaper
    than averaging many samples.
    """
    windows = around_crops(pictures[0], transforms, config)
    part_KCHW = cut(pictures, windows)
    placed = np.stack([within(*pair) for pair in zip(transforms, windows, strict=True)])
    scale = float(np.sqrt(np.abs(np.linalg.det(placed[:, :, :2])).min()))
    if scale > FINER:
        whole = np.array(part_KCHW.shape[:1:-1])
        width, height = np.maximum(1, np.round(whole / scale)).astype(int).tolist()
        part_KCHW = functional.interpolate(
            part_KCHW, (height, width), mode="bicubic", antialias=True, align_corners=False
        )
        shrink = np.array([width, height]) / whole
        placed = placed * shrink[:, None]
        placed[:, :, 2] += (shrink - 1) / 2
    grid_KHW2, fine = grid_of(placed, (part_KCHW.shape[2], part_KCHW.shape[3]), (config.height, config.width))
    return sampled(part_KCHW.float(), grid_KHW2, fine, "bicubic")


def grid_of(transforms: FloatArray, source: tuple[int, int], size: tuple[int, int]) -> tuple[Tensor, int]:
    """Sampling grid for pictures of a ``size`` from ones of size ``source``, ``(K, H × n, W × n, 2)`` from -1 to 1; and
    n, the number of samples per direction whose mean is a pixel, so that no pixel of a finer source is skipped."""
    scale = float(np.sqrt(np.abs(np.linalg.det(transforms[:, :, :2])).max()))
    fine = max(1, int(np.ceil(scale - 0.2)))
    y, x = ((torch.arange(side * fine) + 0.5) / fine - 0.5 for side in size)
    per_pixel = 2 / np.array([source[1], source[0]])
    matrix_K23 = torch.from_numpy(transforms * per_pixel[:, None]).float()
    start_K2 = matrix_K23[:, :, 2] + torch.from_numpy(per_pixel / 2 - 1).float()
    grid_KHW2 = torch.empty(len(transforms), len(y), len(x), 2)
    for axis in (0, 1):
        along_KW = x * matrix_K23[:, axis, 0, None] + start_K2[:, axis, None]
        torch.add(along_KW[:, None], (y * matrix_K23[:, axis, 1, None])[:, :, None], out=grid_KHW2[..., axis])
    return grid_KHW2, fine


def sampled(picture_KCHW: Tensor, grid_KHW2: Tensor, fine: int, mode: str, padding: str = "border") -> Tensor:
    """``(K, C, H, W)``: pictures at the places of :func:`grid_of`."""
    made = functional.grid_sample(picture_KCHW, grid_KHW2, mode, padding, align_corners=False)
    return functional.avg_pool2d(made, fine) if fine > 1 else made
