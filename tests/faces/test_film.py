"""A face's film: pictures at any index, those that were decoded kept within a bound, and shared."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from avsynth.errors import UserError
from avsynth.faces import film as films
from avsynth.faces.film import Film, KeptPictures, write_film
from tests.faces.made import SIZE, pictures

PICTURE = SIZE[0] * SIZE[1] * 3 // 2


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> KeptPictures:
    made = KeptPictures()
    monkeypatch.setattr(films, "KEPT", made)
    monkeypatch.setattr(films, "KEPT_BYTES", 20 * PICTURE)
    return made


def written(path: Path) -> Path:
    write_film(path, pictures(), SIZE, Fraction(25), 20)
    return path


def test_pictures_come_in_any_order_kept_or_not(tmp_path: Path, kept: KeptPictures) -> None:
    path = written(tmp_path / "a.mp4")
    order = [0, 1, 2, 30, 31, 7, 59, 3, 30, 0, 58, 45]
    for _ in range(2):
        film = Film(path, SIZE)
        for index in order:
            assert np.abs(film[index].rgb().astype(int) - pictures()[index]).mean() < 4
    with pytest.raises(UserError, match="no picture 60"):
        film[60]


def test_what_was_decoded_is_given_again_and_never_more_than_the_bound(tmp_path: Path, kept: KeptPictures) -> None:
    one, other = (Film(written(tmp_path / name), SIZE) for name in ("a.mp4", "b.mp4"))
    first = [one[index] for index in range(60)]
    assert [Film(one.path, SIZE)[index] is first[index] for index in range(60)] == [True] * 20 + [False] * 40
    assert kept.nbytes == 20 * PICTURE
    mine = [other[index] for index in range(5)]
    assert Film(other.path, SIZE)[3] is mine[3], "another film takes the room of the one not played of late"
    assert kept.nbytes == 5 * PICTURE


def test_a_film_that_was_replaced_is_another(tmp_path: Path, kept: KeptPictures) -> None:
    before = Film(written(tmp_path / "a.mp4"), SIZE)[0]
    (tmp_path / "a.mp4").unlink()
    write_film(tmp_path / "a.mp4", pictures()[20:], SIZE, Fraction(25), 20)
    assert (Film(tmp_path / "a.mp4", SIZE)[0].data != before.data).any()
