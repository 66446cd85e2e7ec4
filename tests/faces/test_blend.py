"""A crop set into a picture: colours carried from the edge, nothing changed outside, no step across."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from avsynth.config.schema import LipsConfig
from avsynth.evaluation.seam import measure_seam
from avsynth.faces.blend import CELL, SKIN, Membrane, MouthBlend, mask
from avsynth.faces.face import PlacedFace
from avsynth.video.geometry import FloatArray, invert, warp
from avsynth.video.planes import Planes

CONFIG = LipsConfig()


def place(scale: float, angle: float = 0.0, x: float = 40.3, y: float = 90.7) -> FloatArray:
    """Crop to picture."""
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.concatenate([linear, np.array([[x], [y]])], axis=1)


def skin(height: int = 300, width: int = 320, seed: int = 0) -> NDArray[np.uint8]:
    """A smooth coloured picture with grain."""
    random = np.random.default_rng(seed)
    smooth = gaussian_filter(random.standard_normal((height, width, 3)), (12, 12, 0))
    grainy = 130 + 30 * smooth / smooth.std() + random.normal(0, 2, (height, width, 3))
    return np.asarray(grainy.clip(0, 255).round().astype(np.uint8))


def seen(
    picture: NDArray[np.uint8],
    transform: FloatArray,
    weight: float = 1.0,
    index: int = 0,
    cover: NDArray[np.float32] | None = None,
) -> PlacedFace:
    return PlacedFace(Planes.of_rgb(picture), transform, weight, index, cover)


def crop_of(face: PlacedFace) -> NDArray[np.uint8]:
    crop = warp(face.picture.rgb()[None], face.transform[None], CONFIG.height, CONFIG.width)[0]
    return np.asarray(crop.round().byte().permute(1, 2, 0).numpy())


PLACES = (place(0.7), place(1.3, 0.2), place(1.9, -0.15, 5.2, 60.1))


@pytest.mark.parametrize("transform", PLACES)
def test_the_own_crop_gives_the_picture_back(transform: FloatArray) -> None:
    face = seen(skin(), transform, 1.0)
    blend = MouthBlend(CONFIG)
    made, still = blend(face, crop_of(face)), blend.share(face) == 0
    difference = made.luma[0].astype(int) - face.picture.luma[0]
    assert not (made.rgb() != face.picture.rgb())[still].any()
    assert np.abs(difference).max() <= 12 and np.abs(made.chroma.astype(int) - face.picture.chroma).max() <= 6
    # The unmoving part of the mask keeps even the grain that a crop could not hold.
    grain = np.diff(face.picture.luma[0].astype(int), axis=0)
    assert np.abs(difference)[~still].mean() < 0.5 * np.abs(grain).mean()


@pytest.mark.parametrize("transform", PLACES)
def test_nothing_changes_outside_the_mask_whatever_is_pasted(transform: FloatArray) -> None:
    face = seen(skin(), transform, 1.0)
    blend = MouthBlend(CONFIG)
    noise = np.random.default_rng(1).integers(0, 256, (80, 160, 3), dtype=np.uint8)
    pasted, own, share = blend(face, noise), face.picture, blend.share(face)
    np.testing.assert_array_equal(pasted.luma[0][share == 0], own.luma[0][share == 0])
    changed = (pasted.chroma != own.chroma).any(axis=0).repeat(2, axis=0).repeat(2, axis=1)
    assert changed.any() and share[changed].min() > 0, "nor by the colour of a pixel beside"
    made = pasted.rgb()
    np.testing.assert_array_equal(made[share == 0], own.rgb()[share == 0])
    assert (made != own.rgb())[share > 0.5].mean() > 0.9
    y, x = np.nonzero(share)
    at = np.stack([x, y], axis=1) @ invert(transform)[:, :2].T + invert(transform)[:, 2]
    assert at.min() > -0.5 and (at < [CONFIG.width - 0.5, CONFIG.height - 0.5]).all()


def test_the_mask_holds_the_mouth_and_falls_smoothly_to_the_crops_edge() -> None:
    y, x = np.mgrid[: CONFIG.height, : CONFIG.width].astype(float)
    share = mask(x, y, CONFIG)
    mouth = share[int(CONFIG.mouth_row) - 10 : int(CONFIG.mouth_row) + 16, 50:110]
    assert mouth.min() > 0.99
    assert max(share[0].max(), share[-1].max(), share[:, 0].max(), share[:, -1].max()) == 0
    assert np.hypot(*np.gradient(share)).max() < 0.2
    np.testing.assert_allclose(share, share[:, ::-1], atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(*[some.floats(-30, 30)] * 3)
def test_constants_and_planes_are_carried_into_the_mask(level: float, across: float, down: float) -> None:
    y, x = torch.meshgrid(torch.linspace(-1, 1, 80), torch.linspace(-1, 1, 160), indexing="ij")
    plane = (level + across * x + down * y).expand(3, 80, 160)
    spoiled = plane.clone()
    spoiled[:, 24:48, 56:104] += 50  # within the mask: of no matter
    inner = np.s_[:, 2 * CELL : -2 * CELL, 2 * CELL : -2 * CELL]
    torch.testing.assert_close(Membrane(CONFIG)(spoiled[None])[0][inner], plane[inner], atol=0.3, rtol=0)


def test_nothing_within_exceeds_what_lies_at_the_edge() -> None:
    noise = torch.from_numpy(np.random.default_rng(0).normal(0, 30, (3, 80, 160))).float()
    y, x = (np.mgrid[:20, :40] + 0.5) * CELL - 0.5
    inside = torch.from_numpy(mask(x, y, CONFIG) >= SKIN)
    cells = torch.nn.functional.avg_pool2d(noise, CELL)
    carried = torch.nn.functional.avg_pool2d(Membrane(CONFIG)(noise[None])[0], CELL)
    centre = carried[:, 6:12, 16:24]
    assert centre.abs().max() < 0.8 * cells[:, ~inside].abs().max()


def test_another_light_is_taken_away_and_the_mouth_stays() -> None:
    face = seen(skin(), place(1.1), 1.0)
    blend, own = MouthBlend(CONFIG), crop_of(face)
    y, x = np.mgrid[:80, :160]
    disc = np.hypot(x - 80, y - CONFIG.mouth_row) < 12
    spoken = own.copy()
    spoken[disc] = spoken[disc] // 4
    darker = (spoken * 0.9 - np.array([10, 0, -8])).clip(0, 255).round().astype(np.uint8)
    as_lit, relit = blend(face, spoken).rgb().astype(float), blend(face, darker).rgb().astype(float)
    centre = (face.transform @ np.array([80, CONFIG.mouth_row, 1])).round().astype(int)
    assert relit[centre[1], centre[0]].mean() < 0.5 * face.picture.rgb()[centre[1], centre[0]].mean()
    assert np.abs(relit - as_lit)[blend.share(face) > 0].mean() < 4 < np.abs(darker.astype(float) - spoken).mean()


@pytest.mark.parametrize("transform", PLACES)
def test_no_step_stands_out_of_the_pictures_own(transform: FloatArray) -> None:
    """A mouth of another light and grain: the rectangle shows, the blend does not."""
    face = seen(skin(), transform, 1.0)
    blend = MouthBlend(CONFIG)
    lips = (gaussian_filter(crop_of(face).astype(float), (2, 2, 0)) * 0.8 + 10).round().astype(np.uint8)
    height, width = face.picture.size
    box = warp(lips[None], invert(transform)[None], height, width)[0].permute(1, 2, 0).round().byte().numpy()
    y, x = np.mgrid[:height, :width].astype(float)
    at = np.stack([x, y], axis=-1) @ invert(transform)[:, :2].T + invert(transform)[:, 2]
    inside = ((at >= 0) & (at <= [159, 79])).all(axis=-1)
    pasted = np.where(inside[..., None], box, face.picture.rgb())
    assert measure_seam(face.picture.rgb(), pasted, inside.astype(float)).ratio > 2
    assert measure_seam(face.picture.rgb(), blend(face, lips).rgb(), blend.share(face)).ratio < 0.5


def test_a_lost_face_is_left_alone_and_one_half_lost_is_half_pasted() -> None:
    blend, white = MouthBlend(CONFIG), np.full((80, 160, 3), 255, np.uint8)
    white[20:60, 50:110] = 0
    whole, half, none = (seen(skin(), place(1.0), weight) for weight in (1.0, 0.5, 0.0))
    np.testing.assert_array_equal(blend(none, white).data, none.picture.data)
    assert not blend.share(none).any()
    np.testing.assert_allclose(blend.share(half), blend.share(whole) / 2, atol=1e-6)


def test_a_mouth_half_outside_the_picture_is_pasted_as_far_as_it_goes() -> None:
    face = seen(skin(), place(1.0, 0.0, 250.0, 260.0), 1.0)
    made = MouthBlend(CONFIG)(face, np.zeros((80, 160, 3), np.uint8))
    assert made.size == face.picture.size and (made.data != face.picture.data).any()
    away = seen(skin(), place(1.0, 0.0, 900.0, 900.0), 1.0)
    np.testing.assert_array_equal(MouthBlend(CONFIG)(away, np.zeros((80, 160, 3), np.uint8)).data, away.picture.data)


def test_grain_goes_on_where_lips_move_and_a_clean_picture_stays_clean() -> None:
    """Of a noisy picture the mouth is as noisy as the cheek beside it, in another way in each picture."""
    rng = np.random.default_rng(0)
    noisy = (skin().astype(float) + rng.normal(0, 8, (*skin().shape[:2], 1))).clip(0, 255).astype(np.uint8)
    transform = np.array([[1.4, 0, 20.3], [0, 1.4, 40.7]])
    lips = np.full((80, 160, 3), 120, np.uint8)
    inside = np.s_[40 + 45 : 40 + 60, 20 + 95 : 20 + 130]

    def noise(picture: NDArray[np.uint8]) -> float:
        part = picture[inside].mean(axis=2)
        return float(np.diff(np.diff(part, axis=0), axis=1).std() / 2)

    made = [MouthBlend(CONFIG)(seen(noisy, transform, 1.0, index), lips).rgb() for index in (1, 2)]
    assert 0.6 < noise(made[0]) / noise(noisy) < 1.5
    assert np.abs(made[0][inside].astype(int) - made[1][inside]).mean() > 3
    clean = MouthBlend(CONFIG)(seen(np.full_like(noisy, 150), transform, 1.0, 1), lips).rgb()
    assert noise(clean) < 0.5


def test_black_and_white_stays_black_and_white() -> None:
    grey = np.repeat(skin().mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    lips = np.random.default_rng(1).integers(0, 256, (80, 160, 3), dtype=np.uint8)
    made = MouthBlend(CONFIG)(seen(grey, PLACES[0], 1.0), lips).rgb()
    assert (made != grey).any() and np.ptp(made, axis=2).max() <= 1


def test_what_lies_before_the_face_stays_on_top() -> None:
    cover = np.zeros((20, 40), np.float32)
    cover[:, 20:] = 1
    lips = np.random.default_rng(1).integers(0, 256, (80, 160, 3), dtype=np.uint8)
    transform = np.array([[1.0, 0, 40], [0, 1.0, 90]])
    face = seen(skin(), transform, 1.0, 1, cover)
    made = MouthBlend(CONFIG)(face, lips).rgb()
    changed = np.nonzero((made != face.picture.rgb()).any(axis=2))[1]
    assert changed.size and changed.max() < 40 + 84


def test_mouths_set_in_at_once_are_those_set_in_one_by_one() -> None:
    """Turned, moved, half outside, lost, shown twice: each in its own picture."""
    turned, moved = seen(skin(), place(1.5, 0.2), 1.0), seen(skin(seed=2), place(1.45, -0.1, 60, 80), 0.7)
    edge, lost = seen(skin(seed=3), place(1.5, 0.0, 250.0, 230.0), 1.0), seen(skin(), place(1.5), 0.0)
    faces = [turned, turned, lost, moved, edge]
    lips = np.random.default_rng(1).integers(0, 256, (5, 80, 160, 3), dtype=np.uint8)
    made = [face.picture.copy() for face in faces]
    MouthBlend(CONFIG).into(made, faces, lips)
    for picture, face, crop in zip(made, faces, lips, strict=True):
        alone = MouthBlend(CONFIG)(face, crop)
        assert np.abs(picture.data.astype(int) - alone.data).mean() < 0.1
        outside = MouthBlend(CONFIG).share(face) == 0
        np.testing.assert_array_equal(picture.rgb()[outside], face.picture.rgb()[outside])
    assert (made[0].data != made[1].data).any()
