"""Fréchet distances of sets whose distance is known, and the networks that look at pictures for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from avsynth.errors import UserError
from avsynth.evaluation.frechet import HALVES, frechet_distance, frechet_rows, inception_features, load_inception
from avsynth.evaluation.tables import Column, Heading, Table

linalg = pytest.importorskip("scipy.linalg")


def rows(count: int, width: int, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    mix = rng.standard_normal((width, width))
    return (rng.standard_normal((count, width)) @ mix).astype(np.float32)


def test_a_set_is_at_no_distance_from_itself_in_whatever_parts() -> None:
    whole = rows(400, 6)
    assert frechet_distance([whole], [whole[:100], whole[100:]]) == pytest.approx(0, abs=1e-6)


def test_a_shift_costs_its_square() -> None:
    one = rows(300, 4)
    assert frechet_distance([one], [one + np.float32([3, 0, 4, 0])]) == pytest.approx(25, rel=1e-5)


def test_a_stretch_costs_the_square_of_the_spread_it_adds() -> None:
    one = rows(500, 1) - rows(500, 1).mean()
    spread = float(one.std(ddof=1))
    assert frechet_distance([one], [3 * one]) == pytest.approx((2 * spread) ** 2, rel=1e-4)


def test_it_is_the_formula_with_scipy_s_root_of_a_matrix() -> None:
    one, other = rows(700, 8, 1), rows(500, 8, 2) + 1
    a, b = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    apart = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    expected = apart + np.trace(a + b - 2 * np.real(linalg.sqrtm(a @ b)))
    assert frechet_distance([one], [other]) == pytest.approx(expected, rel=1e-4)


def test_fewer_pictures_than_features_are_still_measured() -> None:
    one = rows(10, 30)
    assert frechet_distance([one], [one + 1]) == pytest.approx(30, rel=1e-4)


def test_one_picture_is_too_few() -> None:
    with pytest.raises(ValueError, match="two pictures"):
        frechet_distance([rows(1, 3)], [rows(5, 3)])


def test_rows_are_held_against_the_recordings_and_these_against_one_another() -> None:
    clips = []
    for seed in range(6):
        real = np.random.default_rng(seed).standard_normal((80, 3)).astype(np.float32)
        clips.append(
            {"fid": {"real": real, "ours": real + np.float32([1, 0, 0]), "frozen": np.tile(real[:1], (80, 1))}}
        )
    table = frechet_rows(clips)
    assert set(table) == {HALVES, "ours", "frozen"}
    assert table["ours"]["fid"].mean == pytest.approx(1, rel=1e-4)
    assert table[HALVES]["fid"].mean < 0.2 < 0.5 < table["frozen"]["fid"].mean
    heading = Heading("drawn", 6, "true", "none", "abc", "evaluate")
    cells = Table("Fréchet distances", heading, (Column("fid", "FID"),), table).markdown().splitlines()[-2]
    assert cells == "| ours | 1.00 |", "one distance over all clips has no interval"


class Looker(nn.Module):
    """Called as the published file is: the mean of each channel."""

    def forward(self, pictures: Tensor, return_features: bool = False) -> Tensor:
        assert return_features
        return pictures.float().mean(dim=(2, 3))


def test_inception_is_called_as_the_published_file_is(tmp_path: Path) -> None:
    path = tmp_path / "inception.pt"
    torch.jit.script(Looker()).save(str(path))
    crops = np.random.default_rng(0).integers(0, 256, (60, 8, 16, 3), dtype=np.uint8)
    np.testing.assert_allclose(inception_features(path, crops), crops.mean(axis=(1, 2)), rtol=1e-5)


def test_weights_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    with pytest.raises(UserError, match="no such file"):
        load_inception(path)
    path.write_bytes(b"nonsense")
    with pytest.raises(UserError, match="is not a TorchScript file"):
        load_inception(path)
    torch.jit.script(nn.Linear(3, 3)).save(str(path))
    with pytest.raises(UserError, match="takes no uint8 pictures") as caught:
        inception_features(path, np.zeros((2, 8, 16, 3), np.uint8))
    assert "\n" not in str(caught.value)
