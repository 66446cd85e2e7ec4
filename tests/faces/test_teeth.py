"""Drawn teeth get the colour of the person's own, and nothing else does."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.colours import ColourLimit, chroma_of
from avsynth.faces.face import Teeth
from avsynth.faces.rest import filled, teeth_of
from avsynth.faces.teeth import LIFT
from avsynth.video.landmarks import MOUTH
from avsynth.video.luma import LUMA
from tests.faces.test_colours import COLUMNS, DARK, LIPS, ROWS, SKIN, mouth

CONFIG = LipsConfig()
BETWEEN = (np.abs(ROWS - 40) < 4) & (np.abs(COLUMNS - 79.5) < 14)
WHITE, IVORY, DIM = (240.0, 236.0, 228.0), (215.0, 205.0, 185.0), (99.0, 95.0, 91.0)


def talking(teeth: tuple[int, int, int]) -> NDArray[np.uint8]:
    """``(1, 80, 160, 3)``: lips, and between them teeth."""
    drawn = mouth(LIPS)
    drawn[BETWEEN] = teeth
    return drawn[None]


def made(drawn: NDArray[np.uint8], teeth: Teeth | None, identity: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.asarray(ColourLimit(identity, CONFIG, teeth)(drawn)[0], dtype=np.int64)


@pytest.mark.parametrize("own", [WHITE, IVORY])
@pytest.mark.parametrize(
    "drawn", [(235, 233, 205), (209, 205, 178), (199, 196, 167), (227, 228, 195), (198, 201, 169), (225, 225, 225)]
)
def test_drawn_teeth_have_the_colour_of_the_own(drawn: tuple[int, int, int], own: Teeth) -> None:
    shown = made(talking(drawn), own, mouth(LIPS))[BETWEEN].mean(axis=0)
    light = float(shown @ np.array(LUMA))
    wanted = chroma_of(np.array(own)) * light / float(np.array(own) @ np.array(LUMA))
    assert np.abs(chroma_of(shown) - wanted).max() < 2
    lights = sorted(float(np.array(item) @ np.array(LUMA)) for item in (own, drawn))
    assert lights[0] - 1.5 < light < lights[1] + 1.5
    if drawn[0] <= own[0]:
        darkest, lightest = lights
        assert light == pytest.approx(lightest * (darkest / lightest) ** LIFT, abs=1.5)


@pytest.mark.parametrize(("drawn", "own"), [(142, DIM), (180, DIM), (240, DIM), (250, IVORY)])
def test_drawn_teeth_are_hardly_lighter_than_the_own(drawn: int, own: Teeth) -> None:
    shown = made(talking((drawn, drawn, drawn)), own, mouth(LIPS))[BETWEEN].mean(axis=0) @ np.array(LUMA)
    assert 0.98 < shown / (np.array(own) @ np.array(LUMA)) < 1.26


@pytest.mark.parametrize("own", [WHITE, IVORY])
def test_teeth_drawn_in_shadow_are_nearer_to_the_own(own: Teeth) -> None:
    drawn = tuple(round(0.8 * part) for part in own)
    shown = made(talking(drawn), own, mouth(LIPS))[BETWEEN].mean(axis=0) @ np.array(LUMA)
    assert 0.86 < shown / (np.array(own) @ np.array(LUMA)) < 0.9


def test_in_lighter_teeth_what_is_lighter_stays_so() -> None:
    shown = [made(talking((grey, grey, grey)), DIM, mouth(LIPS))[BETWEEN].mean() for grey in range(60, 256, 15)]
    assert (np.diff(shown) > -0.5).all()


@pytest.mark.parametrize("between", [LIPS, SKIN, DARK, (20, 12, 10), (0, 0, 0), (150, 80, 80), (230, 190, 170)])
def test_lips_skin_and_the_dark_inside_stay(between: tuple[int, int, int]) -> None:
    drawn, identity = talking(between), mouth(LIPS)
    np.testing.assert_allclose(made(drawn, WHITE, identity), made(drawn, None, identity), atol=4)


def test_what_lies_beside_the_lips_stays() -> None:
    identity = mouth(LIPS)
    drawn = np.full((1, 80, 160, 3), (225, 225, 200), np.uint8)
    changed = (made(drawn, WHITE, identity) != made(drawn, None, identity)).any(axis=-1)
    assert changed[BETWEEN].all() and not changed[:, :45].any() and not changed[60:].any()


def test_black_and_white_stays_black_and_white() -> None:
    grey = np.repeat(mouth(LIPS)[..., :1], 3, axis=2)
    drawn = np.repeat(talking((220, 220, 220))[..., :1], 3, axis=3)
    np.testing.assert_array_equal(made(drawn, (235.0, 235.0, 235.0), grey), drawn[0])


def test_in_black_and_white_teeth_are_told_by_the_green_in_which_they_are_drawn() -> None:
    grey = np.repeat(mouth(LIPS)[..., :1], 3, axis=2)
    own: Teeth = (235.0, 235.0, 235.0)
    for drawn, lifted in (((150, 215, 180), True), ((205, 205, 205), False), ((225, 150, 190), False)):
        plain, shown = (made(talking(drawn), teeth, grey)[BETWEEN] for teeth in (None, own))
        assert np.ptp(shown, axis=-1).max() == 0
        light = float(plain.mean())
        assert shown.mean() == pytest.approx(235 * (light / 235) ** LIFT if lifted else light, abs=1.5)


def crop_of(gap: float, inside: tuple[int, int, int]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A crop with lips so far apart, what is between them, and its landmarks."""
    angle = np.linspace(np.pi, 3 * np.pi, 13)[:12]
    outer = np.stack([80 + 30 * np.cos(angle), 40 + (gap / 2 + 6) * np.sin(angle)], axis=1)
    angle = np.linspace(np.pi, 3 * np.pi, 9)[:8]
    inner = np.stack([80 + 24 * np.cos(angle), 40 + gap / 2 * np.sin(angle)], axis=1)
    points = np.zeros((68, 2))
    points[list(MOUTH)] = np.concatenate([outer, inner])
    crop = np.full((80, 160, 3), SKIN, np.uint8)
    crop[filled((80, 160), outer)] = LIPS
    crop[filled((80, 160), inner)] = inside
    return crop, points


@pytest.mark.parametrize("teeth", [(240, 236, 228), (215, 205, 185), (150, 145, 140), (255, 255, 255)])
@pytest.mark.parametrize("gap", [6.0, 10.0, 20.0])
def test_teeth_are_read_where_lips_part(gap: float, teeth: tuple[int, int, int]) -> None:
    found = teeth_of(*crop_of(gap, teeth))
    assert found is not None
    np.testing.assert_allclose(found, teeth, atol=1)


@pytest.mark.parametrize(("gap", "inside"), [(0.0, DARK), (2.0, (240, 236, 228)), (20.0, DARK), (20.0, (120, 70, 70))])
def test_where_none_are_seen_nothing_is_known(gap: float, inside: tuple[int, int, int]) -> None:
    assert teeth_of(*crop_of(gap, inside)) is None


def test_landmarks_beyond_the_picture_tell_nothing() -> None:
    crop, points = crop_of(20, (240, 236, 228))
    assert teeth_of(crop, points + 500) is None


def test_a_polygon_is_filled_whichever_way_it_goes() -> None:
    square = np.array([[2.0, 1.0], [6.0, 1.0], [6.0, 4.0], [2.0, 4.0]])
    wanted = np.zeros((8, 10), bool)
    wanted[1:4, 2:6] = True
    np.testing.assert_array_equal(filled((8, 10), square), wanted)
    np.testing.assert_array_equal(filled((8, 10), square[::-1]), wanted)
