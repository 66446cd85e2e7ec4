"""The pictures of a face: stills and videos, sizes, the swing at the end, errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces import pictures as face_pictures
from avsynth.faces.pictures import FileFace
from avsynth.faces.talking import TalkingFace
from avsynth.video.mouth import SMALLEST_EYES, find_mouth
from avsynth.video.planes import Planes
from avsynth.video.reading import fit_within, write_image
from tests.video.faces import number_of, portrait, portrait_file, shifted_heads, write_video

CONFIG = LipsConfig()


def test_a_still_is_held_and_its_identity_is_its_mouth(tmp_path: Path) -> None:
    face = FileFace(portrait_file(tmp_path), CONFIG, still=True)
    player = face.play()
    np.testing.assert_allclose(face.identity[-3:].astype(int), find_mouth(portrait(), CONFIG)[-3:].astype(int), atol=1)
    np.testing.assert_array_equal(player[0].picture.data, Planes.of_rgb(portrait()).data)
    assert player[1000] is player[0] and player[0].weight == 1 and not face.moves


def test_odd_sides_lose_a_pixel_and_large_pictures_are_brought_down(tmp_path: Path) -> None:
    write_image(tmp_path / "odd.png", portrait()[:301, 80:381])
    odd = FileFace(tmp_path / "odd.png", CONFIG, still=True)
    assert odd.size == (300, 300)
    np.testing.assert_array_equal(odd.play()[0].picture.data, Planes.of_rgb(portrait()[:300, 80:380]).data)
    large = np.repeat(np.repeat(portrait(), 3, axis=0), 3, axis=1)
    write_image(tmp_path / "large.png", large[:, 100:1436])
    face = FileFace(tmp_path / "large.png", CONFIG)
    assert face.size == (round(1536 * 1080 / 1336) // 2 * 2, 1080)
    small, usual = face.identity.astype(int), find_mouth(portrait(), CONFIG)
    assert np.abs(small - usual).mean() < 8


@pytest.mark.slow
def test_a_video_plays_once_and_then_walks_without_end(tmp_path: Path) -> None:
    path = write_video(tmp_path / "face.mp4", shifted_heads(np.zeros((70, 2), int)))
    face = FileFace(path, CONFIG)
    assert face.fps == 25 and face.moves
    player = face.play()
    assert [number_of(player[index].picture.rgb()) for index in range(70)] == [*range(70)]
    after = [number_of(player[index].picture.rgb()) for index in range(70, 300)]
    steps = np.diff(after[9:])
    assert (steps == 1).mean() > 0.6, "it goes forth, but for the dissolves"
    with pytest.raises(ValueError, match="in order"):
        player[20]


def test_the_last_of_a_short_video_is_held(tmp_path: Path) -> None:
    player = FileFace(write_video(tmp_path / "face.mp4", shifted_heads(np.zeros((12, 2), int))), CONFIG).play()
    assert [number_of(player[index].picture.rgb()) for index in (0, 11, 12, 40)] == [0, 11, 11, 11]


def test_memory_keeps_only_the_last_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_pictures, "KEPT_BYTES", 224 * 224 * 3 // 2 * 5)
    player = FileFace(write_video(tmp_path / "face.mp4", shifted_heads(np.zeros((37, 2), int))), CONFIG).play()
    assert number_of(player[36].picture.rgb()) == 36 and number_of(player[99].picture.rgb()) == 36


def test_a_face_may_appear_late(tmp_path: Path) -> None:
    frames = shifted_heads(np.zeros((80, 2), int))
    frames[:50] = 0
    face = FileFace(write_video(tmp_path / "late.mp4", frames), CONFIG)
    player = face.play()
    weights = [player[index].weight for index in range(80)]
    assert max(weights[:50]) == 0 and min(weights[50:]) > 0.95


@pytest.mark.slow
def test_cuts_are_found_and_b_roll_is_left_alone(tmp_path: Path) -> None:
    frames = shifted_heads(np.zeros((90, 2), int))
    frames[30:60] = np.random.default_rng(0).integers(0, 255, (28, 28, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    face = FileFace(write_video(tmp_path / "cut.mp4", frames), CONFIG)
    talking = TalkingFace(face)
    other = np.full((90, *face.identity.shape), 200, np.uint8)
    player, made = face.play(), list(talking.paste(other, 0, face.fps))
    for index in range(90):
        own = player[index]
        assert own.weight == (0.0 if 30 <= index < 60 else pytest.approx(1))
        changed = (made[index].data != own.picture.data).any()
        assert changed == (not 30 <= index < 60)


def test_the_identity_is_of_the_first_picture_with_a_face(tmp_path: Path) -> None:
    frames = shifted_heads(np.zeros((20, 2), int))
    frames[:7] = 128
    face = FileFace(write_video(tmp_path / "late.mp4", frames), CONFIG)
    assert np.abs(face.identity.astype(int) - find_mouth(frames[10], CONFIG)).mean() < 12
    player = face.play()
    assert player[0].weight < 0.1 and player[19].weight > 0.95


def test_the_largest_of_several_faces_is_taken(tmp_path: Path) -> None:
    head = portrait()[:272, 88:360]
    both = np.full((300, 480, 3), 200, np.uint8)
    both[:136, :136] = fit_within(head, 136)
    both[:272, 200:472] = head
    write_image(tmp_path / "both.png", both)
    face = FileFace(tmp_path / "both.png", CONFIG)
    assert np.abs(face.identity.astype(int) - find_mouth(head, CONFIG)).mean() < 10


def test_pictures_without_a_face_or_with_one_too_small_or_none_at_all(tmp_path: Path) -> None:
    portrait()
    write_image(tmp_path / "grey.png", np.full((90, 120, 3), 99, np.uint8))
    with pytest.raises(UserError, match=r"grey\.png: no face found in the picture of 120×90 pixels"):
        FileFace(tmp_path / "grey.png", CONFIG)
    write_image(tmp_path / "small.png", fit_within(portrait(), 180))
    with pytest.raises(UserError, match=rf"small\.png: the face.*too small: 2\d pixels.*{SMALLEST_EYES}"):
        FileFace(tmp_path / "small.png", CONFIG)
    (tmp_path / "text.png").write_text("no picture")
    for name in ("text.png", "none.png"):
        with pytest.raises(UserError, match=name):
            FileFace(tmp_path / name, CONFIG)
