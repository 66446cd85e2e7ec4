"""The pictures of a face: stills and videos, sizes, the swing at the end, errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces import pictures as face_pictures
from avsynth.faces.pictures import FacePictures, swing
from avsynth.video.mouth import SMALLEST_EYES, find_mouth
from avsynth.video.reading import fit_within, write_image
from tests.video.faces import number_of, portrait, portrait_file, shifted_heads, write_video

CONFIG = LipsConfig()


def test_a_still_is_held_and_its_identity_is_its_mouth(tmp_path: Path) -> None:
    face = FacePictures(portrait_file(tmp_path), CONFIG)
    np.testing.assert_array_equal(face.identity, find_mouth(portrait(), CONFIG))
    np.testing.assert_array_equal(face[0].picture, portrait())
    assert face[1000] is face[0] and face[0].weight == 1


def test_odd_sides_lose_a_pixel_and_large_pictures_are_brought_down(tmp_path: Path) -> None:
    write_image(tmp_path / "odd.png", portrait()[:301, 80:381])
    odd = FacePictures(tmp_path / "odd.png", CONFIG)
    assert (odd.height, odd.width) == (300, 300)
    np.testing.assert_array_equal(odd[0].picture, portrait()[:300, 80:380])
    large = np.repeat(np.repeat(portrait(), 3, axis=0), 3, axis=1)
    write_image(tmp_path / "large.png", large[:, 100:1436])
    face = FacePictures(tmp_path / "large.png", CONFIG)
    assert (face.height, face.width) == (round(1536 * 1080 / 1336) // 2 * 2, 1080)
    small, usual = face.identity.astype(int), find_mouth(portrait(), CONFIG)
    assert np.abs(small - usual).mean() < 8


def test_a_video_plays_forth_and_then_back_and_forth(tmp_path: Path) -> None:
    path = write_video(tmp_path / "face.mp4", shifted_heads(np.zeros((37, 2), int)))
    face = FacePictures(path, CONFIG)
    assert face.fps == 25
    shown = [number_of(face[index].picture) for index in range(110)]
    assert shown == [*range(37), *range(35, -1, -1), *range(1, 37), 35]
    assert np.abs(face.identity.astype(int) - find_mouth(face[109].picture, CONFIG)).mean() < 6


def test_only_the_last_pictures_swing_where_memory_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_pictures, "SWING_BYTES", 224 * 224 * 3 * 5)
    face = FacePictures(write_video(tmp_path / "face.mp4", shifted_heads(np.zeros((37, 2), int))), CONFIG)
    shown = [number_of(face[index].picture) for index in range(46)]
    assert shown == [*range(37), 35, 34, 33, 32, 33, 34, 35, 36, 35]
    with pytest.raises(ValueError, match="in order"):
        face[20]


@pytest.mark.parametrize(("past", "count", "expected"), [(1, 1, 0), (9, 1, 0), (1, 2, 1), (2, 2, 0), (4, 4, 2)])
def test_swing(past: int, count: int, expected: int) -> None:
    assert swing(past, count) == expected


def test_the_identity_is_of_the_first_picture_with_a_face(tmp_path: Path) -> None:
    frames = shifted_heads(np.zeros((20, 2), int))
    frames[:7] = 128
    face = FacePictures(write_video(tmp_path / "late.mp4", frames), CONFIG)
    assert np.abs(face.identity.astype(int) - find_mouth(frames[10], CONFIG)).mean() < 8
    assert face[0].weight < 0.1 and face[19].weight > 0.95


def test_the_largest_of_several_faces_is_taken(tmp_path: Path) -> None:
    head = portrait()[:272, 88:360]
    both = np.full((300, 480, 3), 200, np.uint8)
    both[:136, :136] = fit_within(head, 136)
    both[:272, 200:472] = head
    write_image(tmp_path / "both.png", both)
    face = FacePictures(tmp_path / "both.png", CONFIG)
    assert np.abs(face.identity.astype(int) - find_mouth(head, CONFIG)).mean() < 6


def test_pictures_without_a_face_or_with_one_too_small_or_none_at_all(tmp_path: Path) -> None:
    portrait()
    write_image(tmp_path / "grey.png", np.full((90, 120, 3), 99, np.uint8))
    with pytest.raises(UserError, match=r"grey\.png: no face found in the picture of 120×90 pixels"):
        FacePictures(tmp_path / "grey.png", CONFIG)
    write_image(tmp_path / "small.png", fit_within(portrait(), 180))
    with pytest.raises(UserError, match=rf"small\.png: the face.*too small: 2\d pixels.*{SMALLEST_EYES}"):
        FacePictures(tmp_path / "small.png", CONFIG)
    (tmp_path / "text.png").write_text("no picture")
    for name in ("text.png", "none.png"):
        with pytest.raises(UserError, match=name):
            FacePictures(tmp_path / name, CONFIG)
