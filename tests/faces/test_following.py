"""A face followed in pieces: the path of one that moves, through a change of pieces and where it is lost."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.faces.blend import MouthBlend
from avsynth.faces.face import PlacedFace
from avsynth.faces.following import (
    OVERLAP,
    PIECE,
    FaceFollower,
    Person,
    in_picture,
    smoothed,
    window_around,
    without_gaps,
)
from avsynth.video.geometry import FloatArray, apply
from avsynth.video.lip_clock import FaceWindow
from avsynth.video.planes import Planes
from tests.video.faces import HEAD, portrait, shifted_heads

CONFIG = LipsConfig()
MIDDLE = np.array([[CONFIG.width / 2, CONFIG.height / 2]])


def shifts(count: int) -> NDArray[np.int64]:
    time = np.arange(count)
    return np.stack([10 * np.sin(time / 7), 8 * np.cos(time / 9)], axis=1).round().astype(int)


def follow(frames: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
    """The places and weights of all pictures, piece by piece; what two pieces share is the later one's."""
    follower = FaceFollower(list(frames[:PIECE]), CONFIG, 25.0)
    places, weights = np.zeros((len(frames), 2, 3)), np.zeros(len(frames))
    for start in range(0, len(frames) - OVERLAP, PIECE - OVERLAP):
        piece = slice(start, start + PIECE)
        found = follower(list(frames[piece]))
        places[piece], weights[piece] = found.transforms, found.weights
    return places, weights


def test_a_head_that_moves_is_followed_through_all_pieces() -> None:
    moved = shifts(2 * PIECE + 5)
    places, weights = follow(shifted_heads(moved))
    assert len(places) == len(moved) and weights.min() == pytest.approx(1)
    at = np.concatenate([apply(place, MIDDLE) for place in places]) - moved
    error = at - at.mean(axis=0)
    assert np.sqrt(np.square(error).mean()) < 0.5 and np.abs(error).max() < 1.5
    steps = np.diff(at, axis=0)
    border = slice(PIECE - OVERLAP - 2, PIECE + 2)
    assert np.abs(steps[border]).max() < 1.2


def test_a_face_that_goes_and_comes_back_fades() -> None:
    frames = shifted_heads(np.zeros((40, 2), int))
    frames[11:30] = 128
    _, weights = follow(frames)
    assert weights[:6].min() > 0.95 and weights[15:26].max() < 0.05 and weights[-5:].min() > 0.95
    assert weights[10] > 0.5 > weights[11] and weights[29] < 0.5 < weights[30]
    assert np.abs(np.diff(weights)).max() < 0.3


@pytest.mark.slow
def test_a_face_lost_for_a_whole_piece_keeps_its_place() -> None:
    frames = shifted_heads(np.zeros((PIECE * 3, 2), int))
    frames[PIECE - OVERLAP :] = 128
    places, weights = follow(frames)
    assert weights[-PIECE:].max() < 0.01
    assert np.isfinite(places).all() and np.abs(places[-1] - places[0]).max() < 5


def test_a_short_miss_is_no_loss() -> None:
    found = np.ones(30, dtype=bool)
    found[4:7] = found[20:29] = False
    closed = without_gaps(found)
    assert closed[:20].all() and not closed[20:29].any() and closed[29]
    assert not without_gaps(np.zeros(5, dtype=bool)).any() and without_gaps(np.ones(5, dtype=bool)).all()


@pytest.mark.slow
def test_of_two_people_one_is_followed() -> None:
    """The other's face is larger, and he comes nearer; whom is asked for by number or by a point stays chosen."""
    head = portrait()[HEAD]
    frames = np.full((40, 272, 640, 3), 90, np.uint8)
    frames[:, :272, :272] = head
    for number, frame in enumerate(frames):
        left = 368 - 2 * number
        frame[:, left : left + 272] = head[:, ::-1]
    for person, expected in ((Person(1), 0.0), (Person(point=(130.0, 130.0)), 0.0), (Person(2), -78.0)):
        follower = FaceFollower(list(frames[:PIECE]), CONFIG, 25.0, person)
        assert follower.people == 2
        first = follower(list(frames[:PIECE]))
        rest = follower(list(frames[PIECE - OVERLAP :]))
        moved = apply(rest.transforms[-1], MIDDLE) - apply(first.transforms[0], MIDDLE)
        np.testing.assert_allclose(moved, [[expected, 0]], atol=3)
        assert rest.weights.min() > 0.95
    with pytest.raises(UserError, match="--person 3: the picture of 640×272 pixels shows 2"):
        FaceFollower(list(frames[:4]), CONFIG, 25.0, Person(3))


@pytest.mark.parametrize("given", ["0", "1.5", "left", "1,2,3", ""])
def test_a_person_is_a_number_or_a_point(given: str) -> None:
    with pytest.raises(UserError, match="--person is a number from the left"):
        Person.parse(given)
    assert Person.parse("2") == Person(2) and Person.parse("3,4.5") == Person(point=(3.0, 4.5))
    assert Person.parse(None) == Person()


def test_a_fast_shake_is_followed_and_noise_is_smoothed() -> None:
    """16 pixels to either side four times a second; a plain Gaussian would lose four tenths of that."""
    time = np.arange(60)
    still = np.repeat(np.eye(2, 3)[None], 60, axis=0)
    shaken = still.copy()
    shaken[:, 0, 2] = 16 * np.sin(2 * np.pi * 4 * time / 25)
    made = smoothed(shaken, 1.0, CONFIG)
    assert np.abs(made - shaken)[5:-5].max() < 1.0
    noisy = still.copy()
    noisy[:, :, 2] += np.random.default_rng(0).normal(0, 0.1, (60, 2))
    assert np.std(smoothed(noisy, 1.0, CONFIG)[:, :, 2]) < 0.7 * np.std(noisy[:, :, 2])


@pytest.mark.slow
def test_a_face_that_goes_elsewhere_at_once_is_found_again() -> None:
    """Where it lay is no face any more in the second piece, but in another corner of the picture one is."""
    head = portrait()[HEAD]
    frames = np.full((PIECE * 2, 272, 900, 3), 90, np.uint8)
    frames[:PIECE, :, :272] = head
    frames[PIECE:, :, 620:892] = head
    places, weights = follow(frames)
    assert weights[-1] > 0.95
    moved = apply(places[-1], MIDDLE) - apply(places[0], MIDDLE)
    np.testing.assert_allclose(moved, [[620, 0]], atol=1)


def test_a_piece_without_a_face_is_refused() -> None:
    portrait()
    with pytest.raises(UserError, match=r"no face found in the picture of 64×64 pixels"):
        FaceFollower([np.full((64, 64, 3), 90, np.uint8)] * 12, CONFIG, 25.0)


def test_the_view_of_a_window_is_lifted_back() -> None:
    window = FaceWindow(30, 50, 90, 60, 3)
    picture = np.zeros((200, 200, 3), np.uint8)
    picture[50 + 3 * 7 : 50 + 3 * 8, 30 + 3 * 11 : 30 + 3 * 12] = 255
    row, column = np.unravel_index(window.view(picture)[..., 0].argmax(), (20, 30))
    lifted = in_picture(np.eye(2, 3)[None], window)[0]
    np.testing.assert_allclose(apply(lifted, np.array([[column, row]])), [[30 + 3 * 11 + 1, 50 + 3 * 7 + 1]])


def test_the_window_holds_the_face_at_about_its_canonical_scale() -> None:
    place = np.array([[3.4, 0.0, 500.0], [0.0, 3.4, 100.0]])
    window = window_around(place, 1080, 1920, CONFIG)
    assert window.shrink == 3
    middle = 500 + 3.4 * CONFIG.face_size / 2
    assert window.left == int(middle - 3.4 * CONFIG.face_size) and window.top == 0
    assert window.left + window.width <= 1920 and window.top + window.height <= 1080
    assert window_around(np.eye(2, 3), 512, 512, CONFIG).shrink == 1


def test_a_large_picture_is_followed_as_a_small_one() -> None:
    """Shrunk views give the same places, at the picture's own scale."""
    small = portrait()[HEAD]
    large = np.repeat(np.repeat(small, 5, axis=0), 5, axis=1)
    usual = FaceFollower([small] * 3, CONFIG, 25.0)([small] * 3).transforms
    places = FaceFollower([large] * 3, CONFIG, 25.0)([large] * 3).transforms
    np.testing.assert_allclose(apply(places[1], MIDDLE), apply(usual[1], MIDDLE) * 5 + 2, atol=8)
    assert places[1, 0, 0] == pytest.approx(5 * usual[1, 0, 0], rel=0.03)


@pytest.mark.slow
def test_lips_do_not_swim_in_fast_nods_and_shakes() -> None:
    """16 pixels four times a second, found in pictures: a line set between her lips stays where they are."""
    time = np.arange(50)
    angle = 2 * np.pi * 4 * time / 25
    moved = np.stack([16 * np.sin(angle), 16 * np.cos(angle)], axis=1).round().astype(int)
    frames = shifted_heads(moved)
    places, weights = follow(frames)
    crop = np.full((CONFIG.height, CONFIG.width, 3), 200, np.uint8)
    crop[int(CONFIG.mouth_row) - 1 : int(CONFIG.mouth_row) + 2] = 0
    blend, rows = MouthBlend(CONFIG), []
    for frame, place, weight, (_, y) in zip(frames, places, weights, moved, strict=True):
        made = blend(PlacedFace(Planes.of_rgb(frame), place, float(weight)), crop).rgb()
        column = made[:, round(float(apply(place, MIDDLE)[0, 0]))].mean(axis=1)
        near = int(apply(place, MIDDLE)[0, 1]) - 12
        rows.append(near + int(column[near : near + 24].argmin()) - y)
    assert weights.min() > 0.95
    assert np.ptp(rows) <= 3, "less than a twentieth of the way between her eyes"
