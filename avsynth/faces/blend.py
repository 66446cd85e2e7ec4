"""Blend a mouth crop into a picture without a visible seam: feathered mask, colours of the skin around, the picture's
grain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from avsynth.config.schema import LipsConfig
from avsynth.faces.face import PlacedFace
from avsynth.faces.grain import Grain, stacked
from avsynth.faces.sampling import (
    MIDDLE,
    Window,
    corners_of,
    crops_at,
    cut,
    grid_of,
    halved,
    of_chroma,
    sampled,
    sides_of,
    windows_of,
    within,
)
from avsynth.video.geometry import FloatArray, apply, invert
from avsynth.video.planes import Planes

CELL = 4
"""Side, in pixels of the crop, of the cells in which colours are matched."""
FAINTEST = 1 / 512
"""Smaller blending weights count as 0: they would not change a pixel."""
GREY = 1.0
"""A picture whose chroma differs from grey by fewer steps, on average, is black and white."""
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
        self._enlarging = {
            cell: (enlarging(rows, rows * cell), enlarging(columns, columns * cell)) for cell in (CELL, CELL // 2)
        }

    def __call__(self, difference_KCHW: Tensor, cell: int = CELL) -> Tensor:
        """The low frequencies of the differences outside the mask, continued into its inside: ``(K, C, H, W)``.

        ``cell``: side of a cell in pixels, :data:`CELL`, or half of it in chroma.
        """
        cells_KCHW = functional.avg_pool2d(difference_KCHW, cell)
        cells_KCN = cells_KCHW.flatten(2).clone()
        cells_KCN[..., self._inside] = cells_KCN[..., ~self._inside] @ self._carry.T
        down_HR, across_WK = self._enlarging[cell]
        return down_HR @ cells_KCN.reshape(cells_KCHW.shape) @ across_WK.T


@lru_cache(maxsize=4)
def membrane(config: LipsConfig) -> Membrane:
    """Shared by all faces of a geometry: its equations take longer to solve than a face takes to open."""
    return Membrane(config)


def enlarging(cells: int, pixels: int) -> Tensor:
    """``(pixels, cells)``: bicubic enlargement of a row of cells, as a matrix."""
    lines = torch.eye(cells)[None, None]
    return functional.interpolate(lines, (pixels, cells), mode="bicubic", align_corners=False)[0, 0]


@dataclass(frozen=True)
class Seats:
    """What blending needs of K pictures of one size, of their luma or their chroma, for the windows that contain the
    mask."""

    windows: list[Window]
    to_crop_KHW2: Tensor
    """Each pixel's place in the crop, from -1 to 1; with ``fine`` samples per pixel in each direction."""
    fine: int
    alpha_KHW: Tensor
    kept_KCHW: Tensor
    """The part of the pictures that stays: all but the detail where lips move, which is taken from the crop. Counted
    from :data:`MIDDLE`, as the crops are."""
    crop_KCHW: Tensor
    """The crops of the pictures themselves."""
    grain_KHW: Tensor | None = None
    """Noise of the pictures' own strength where lips move; None for clean pictures."""


@dataclass(frozen=True)
class Row:
    """The :class:`Seats` of K pictures in luma and in chroma."""

    luma: Seats
    chroma: Seats
    grey_K: Tensor
    """Which pictures are black and white."""


class MouthBlend:
    """Blends generated crops into pictures.

    What is added to a picture is the *change*: the generated crop with its colours matched to the picture's along the
    mask's edge, less the picture's own crop. Where the two agree the picture stays as it is, grain and finest detail
    included; outside the mask, and where something covers the face, it always stays. A sample of chroma, which belongs
    to four pixels, changes only where all of them are in the mask.
    """

    def __init__(self, config: LipsConfig) -> None:
        self._size, self._half = (config.height, config.width), (config.height // 2, config.width // 2)
        self._membrane = membrane(config)
        y, x = np.mgrid[: config.height, : config.width].astype(float)
        shares = np.stack([mask(x, y, config), moving(x, y, config)])
        self._shares_SHW = torch.from_numpy(shares).float()
        self._moving = self._shares_SHW[1], functional.avg_pool2d(self._shares_SHW[1:], 2)[0]
        rows, columns = np.flatnonzero(shares[0].any(axis=1)), np.flatnonzero(shares[0].any(axis=0))
        self._extent = corners_of(columns[0], rows[0], columns[-1], rows[-1])
        self._grain = Grain()
        self._seated: tuple[list[PlacedFace], Row] | None = None

    def __call__(self, face: PlacedFace, lips: NDArray[np.uint8]) -> Planes:
        """The picture with a generated crop ``(80, 160, 3)`` in its place."""
        whole = face.picture.copy()
        self.into([whole], [face], lips[None])
        return whole

    @torch.inference_mode()
    def into(self, wholes: Sequence[Planes], faces: Sequence[PlacedFace], lips: NDArray[np.uint8]) -> None:
        """Blend generated crops ``(K, 80, 160, 3)`` into K pictures, which are copies of the faces'.

        All at once takes half the time of one after the other. The same face may come several times in a row.
        """
        seated = [number for number, face in enumerate(faces) if self._is_seen(face)]
        if not seated:
            return
        different = [number for number in seated if number == seated[0] or faces[number] is not faces[number - 1]]
        row = self._seats([faces[number] for number in different])
        places = [sum(other <= number for other in different) - 1 for number in seated]
        which = slice(None) if len(different) == len(seated) else torch.tensor(places)
        crops = [Planes.of_rgb(lips[number]) for number in seated]
        luma_KCHW = torch.from_numpy(np.stack([crop.luma for crop in crops])).float().sub_(MIDDLE)
        chroma_KCHW = torch.from_numpy(np.stack([crop.chroma for crop in crops])).float().sub_(MIDDLE)
        chroma_KCHW[row.grey_K[which]] = 0
        luma, chroma = self._filled(row.luma, which, luma_KCHW, 1), self._filled(row.chroma, which, chroma_KCHW, 2)
        for at, (number, place) in enumerate(zip(seated, places, strict=True)):
            rows, columns = row.luma.windows[place]
            wholes[number].luma[:, rows, columns] = luma[at]
            rows, columns = row.chroma.windows[place]
            wholes[number].chroma[:, rows, columns] = chroma[at]

    def share(self, face: PlacedFace) -> NDArray[np.float32]:
        """``(H, W)``: how much of each pixel is taken from the generated crop, 0 to 1."""
        whole = np.zeros(face.picture.size, dtype=np.float32)
        if self._is_seen(face):
            luma = self._seats([face]).luma
            whole[luma.windows[0]] = luma.alpha_KHW[0].numpy()
        return whole

    def _filled(self, seats: Seats, which: Tensor | slice, lips_KCHW: Tensor, coarse: int) -> NDArray[np.uint8]:
        """``(N, C, H, W)``: the windows of some of the seats with crops in them, which are ``coarse`` times smaller."""
        crop_KCHW = seats.crop_KCHW[which]
        difference_KCHW = crop_KCHW - lips_KCHW
        shown_KCHW = self._membrane(difference_KCHW, CELL // coarse).sub_(difference_KCHW)
        shown_KCHW.addcmul_(crop_KCHW, self._moving[coarse - 1])
        made_KCHW = sampled(shown_KCHW, seats.to_crop_KHW2[which], seats.fine, "bicubic")
        if seats.grain_KHW is not None:
            made_KCHW += seats.grain_KHW[which][:, None]
        made_KCHW.mul_(seats.alpha_KHW[which][:, None]).add_(seats.kept_KCHW[which])
        made: NDArray[np.uint8] = made_KCHW.add_(MIDDLE + 0.5).clamp_(0, 255).byte().numpy()
        return made

    def _is_seen(self, face: PlacedFace) -> bool:
        """Whether any of the mouth is within the picture."""
        ends, (height, width) = apply(face.transform, self._extent), face.picture.size
        seen = (ends.max(axis=0) > -1).all() and (ends.min(axis=0) < [width, height]).all()
        return face.weight >= 0.01 and bool(seen)

    def _seats(self, faces: list[PlacedFace]) -> Row:
        """The :class:`Seats` of some pictures, kept while these are shown."""
        if self._seated is None or list(map(id, self._seated[0])) != list(map(id, faces)):
            self._seated = faces, self._make_seats(faces)
        return self._seated[1]

    def _make_seats(self, faces: list[PlacedFace]) -> Row:
        transforms = np.stack([face.transform for face in faces])
        extents = np.stack([apply(transform, self._extent) for transform in transforms])
        windows = windows_of(faces[0].picture.size, extents, even=True)
        to_crop = np.stack([invert(within(*pair)) for pair in zip(transforms, windows, strict=True)])

        coarse_KHW2, fine = grid_of(of_chroma(to_crop), self._half, sides_of(halved(windows[0])))
        alpha_KHW, moving_KHW = self._shares(faces, coarse_KHW2, fine)
        part_KCHW = cut([face.picture.chroma for face in faces], list(map(halved, windows))).float()
        crop_KCHW = crops_at([face.picture.chroma for face in faces], of_chroma(transforms), self._half)
        kept_KCHW = kept_of(part_KCHW, alpha_KHW, moving_KHW)
        chroma = Seats(list(map(halved, windows)), coarse_KHW2, fine, alpha_KHW, kept_KCHW, crop_KCHW)
        grey_K = crop_KCHW.abs().mean(dim=(1, 2, 3)) < GREY

        grid_KHW2, fine = grid_of(to_crop, self._size, sides_of(windows[0]))
        alpha_KHW, moving_KHW = twofold(alpha_KHW), twofold(moving_KHW)
        part_KCHW = cut([face.picture.luma for face in faces], windows).float()
        crop_KCHW = crops_at([face.picture.luma for face in faces], transforms, self._size)
        kept_KCHW = kept_of(part_KCHW, alpha_KHW, moving_KHW)
        parts = zip(part_KCHW, moving_KHW, faces, strict=True)
        grain_KHW = stacked([self._grain(part_CHW[0], moving_HW, face.index) for part_CHW, moving_HW, face in parts])
        luma = Seats(windows, grid_KHW2, fine, alpha_KHW, kept_KCHW, crop_KCHW, grain_KHW)
        return Row(luma, chroma, grey_K)

    def _shares(self, faces: list[PlacedFace], grid_KHW2: Tensor, fine: int) -> tuple[Tensor, Tensor]:
        """``(K, H, W)`` each: how much is taken from the crop, and where lips move."""
        shares_KSHW = sampled(self._shares_SHW.expand(len(faces), -1, -1, -1), grid_KHW2, fine, "bilinear", "zeros")
        alpha_KHW = functional.threshold(shares_KSHW[:, 0], FAINTEST, 0)
        alpha_KHW *= torch.tensor([face.weight for face in faces])[:, None, None]
        for number, face in enumerate(faces):
            if face.cover is not None:
                cover_1CHW = torch.from_numpy(face.cover)[None, None]
                alpha_KHW[number] *= 1 - sampled(cover_1CHW, grid_KHW2[number, None], fine, "bilinear")[0, 0]
        return alpha_KHW, shares_KSHW[:, 1]


def kept_of(part_KCHW: Tensor, alpha_KHW: Tensor, moving_KHW: Tensor) -> Tensor:
    """What stays of parts of pictures; see :class:`Seats`."""
    return (part_KCHW - MIDDLE).mul_(1 - (alpha_KHW * moving_KHW)[:, None])


def twofold(share_KHW: Tensor) -> Tensor:
    """Shares of chroma's samples as their four pixels': above 0 where the sample's is, and nowhere else."""
    smooth_K1HW = functional.interpolate(share_KHW[:, None], scale_factor=2, mode="bilinear", align_corners=False)
    inside_K1HW = functional.interpolate((share_KHW > 0).float()[:, None], scale_factor=2)
    return smooth_K1HW.mul_(inside_K1HW)[:, 0]
