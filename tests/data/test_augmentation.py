"""Another face out of one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.data import augmentation
from avsynth.data.augmentation import another_face

HEIGHT, WIDTH = 80, 160


def face(opening: int) -> NDArray[np.uint8]:
    """A red mouth, off the middle, on skin that is lighter on the right."""
    picture = np.empty((HEIGHT, WIDTH, 3), dtype=np.uint8)
    picture[:] = np.linspace(120, 220, WIDTH)[None, :, None] * np.array([1.0, 0.8, 0.7])
    picture[36 - opening : 36 + opening, 50:90] = (150, 30, 40)
    return picture


def changed(seed: int, *openings: int) -> NDArray[np.uint8]:
    return another_face(np.stack([face(opening) for opening in openings]), np.random.default_rng(seed))


def test_all_pictures_of_a_clip_change_alike_and_the_mouth_still_moves() -> None:
    for seed in range(20):
        made = changed(seed, 6, 6, 12)
        assert made.shape == (3, HEIGHT, WIDTH, 3) and made.dtype == np.uint8
        assert (made[0] == made[1]).all(), "the same picture becomes the same picture"
        before = np.abs(face(12).astype(int) - face(6)).max(axis=2) > 20
        after = np.abs(made[2].astype(int) - made[0]).max(axis=2) > 20
        assert 0.5 < after.sum() / before.sum() < 2, "what opened opens, of about that size"


def test_a_seed_decides_and_faces_differ() -> None:
    assert (changed(3, 6) == changed(3, 6)).all()
    means = np.array([changed(seed, 6)[0].mean(axis=(0, 1)) for seed in range(30)])
    assert means.std(axis=0).min() > 8, "colours vary"
    leans = [np.sign(np.diff(changed(seed, 6)[0, 5].mean(axis=1)[[20, 140]]))[0] for seed in range(30)]
    assert {-1.0, 1.0} == set(leans), "some are mirrored"


def test_where_nothing_varies_the_face_is_itself_or_its_mirror_image(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GAMMA", "CONTRAST", "TINT", "SATURATION", "LIGHT", "BLUR", "SIZE", "TURN", "SHIFT", "SHAPE"):
        monkeypatch.setattr(augmentation, name, 0.0)
    seen = set()
    for seed in range(12):
        made, own = changed(seed, 6)[0].astype(int), face(6).astype(int)
        kept, mirrored = (int(np.abs(made - other).max()) for other in (own, own[:, ::-1]))
        assert min(kept, mirrored) <= 1
        seen.add(kept < mirrored)
    assert seen == {True, False}


def test_turning_keeps_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter turn of a square in the middle is that square, whatever the picture's proportions."""
    for name in ("GAMMA", "CONTRAST", "TINT", "SATURATION", "LIGHT", "BLUR", "SIZE", "SHIFT", "SHAPE"):
        monkeypatch.setattr(augmentation, name, 0.0)
    rng = np.random.default_rng(0)
    monkeypatch.setattr(augmentation, "TURN", np.pi / 2 / np.random.default_rng(0).standard_normal())
    picture = np.zeros((1, HEIGHT, WIDTH, 3), dtype=np.uint8)
    picture[0, 30:50, 70:90] = 255
    middle = another_face(picture, rng)[:, :, 50:110]  # beyond it the edge mirrors the square
    assert np.abs(middle.astype(int) - picture[:, :, 50:110]).mean() < 1
