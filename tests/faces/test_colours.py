"""The colours of drawn mouths stay within those of the face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import oval_size
from avsynth.faces.colours import ColourLimit, chroma_of, limited, smoothed
from avsynth.synthesis.voice import Voice
from avsynth.video.luma import LUMA

CONFIG = LipsConfig()
SKIN, LIPS, TEETH, DARK = (205, 165, 140), (190, 120, 115), (225, 220, 210), (60, 40, 38)
DARK_SKIN, DARK_LIPS = (95, 65, 50), (90, 50, 48)
ROWS, COLUMNS = np.mgrid[:80, :160].astype(float)
FACE = oval_size(COLUMNS, ROWS, CONFIG) < 0.7
MOUTH = (np.abs(ROWS - 40) < 8) & (np.abs(COLUMNS - 79.5) < 28)


def mouth(inside: tuple[int, int, int], skin: tuple[int, int, int] = SKIN) -> NDArray[np.uint8]:
    """A crop of one skin with one colour in the place of the lips, and a little of the noise of cameras."""
    crop = np.full((80, 160, 3), skin, np.int64)
    crop[MOUTH] = inside
    return (crop + np.random.default_rng(1).integers(-3, 4, crop.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("inside", [LIPS, SKIN, TEETH, DARK, (128, 128, 128), (0, 0, 0), (255, 255, 255)])
def test_colours_of_the_face_and_greys_stay_as_they_are(inside: tuple[int, int, int]) -> None:
    drawn = mouth(inside)[None]
    change = np.abs(ColourLimit(mouth(LIPS), CONFIG)(drawn).astype(int) - drawn).max(axis=-1)
    assert (change > 4).mean() < 0.01


@pytest.mark.parametrize(
    ("own", "drawn"),
    [
        (LIPS, (230, 90, 150)),
        (LIPS, (170, 80, 170)),
        (LIPS, (120, 130, 210)),
        (LIPS, (240, 60, 60)),
        (LIPS, (90, 180, 160)),
        (SKIN, (220, 110, 130)),
        (DARK_LIPS, (150, 40, 90)),
        (DARK_LIPS, (60, 60, 120)),
    ],
)
def test_colours_that_no_face_has_are_brought_to_the_nearest_that_this_one_has(
    own: tuple[int, int, int], drawn: tuple[int, int, int]
) -> None:
    skin = DARK_SKIN if own is DARK_LIPS else SKIN
    made = mouth(drawn, skin)
    limited_to = ColourLimit(mouth(own, skin), CONFIG)(made[None])[0]
    middle = np.median(chroma_of(mouth(own, skin)[FACE].astype(float)), axis=0)
    far = [np.linalg.norm(chroma_of(item[MOUTH].mean(axis=0)) - middle) for item in (made, limited_to)]
    assert far[1] < 0.75 * far[0]
    np.testing.assert_allclose(limited_to[MOUTH] @ np.array(LUMA), made[MOUTH] @ np.array(LUMA), atol=1.5)


def worsened(picture: NDArray[np.uint8], how: str) -> NDArray[np.uint8]:
    """A picture with colours that no skin has, as noise, a small palette and dithering make them."""
    kind, amount = how.split()
    random, wide = np.random.default_rng(2), picture.astype(float)
    if kind == "noise":
        wide += random.normal(0, float(amount), picture.shape)
    elif kind == "palette":
        wide = (wide / float(amount)).round() * float(amount)
    else:
        wide = (wide / float(amount) + random.uniform(-0.5, 0.5, picture.shape)).round() * float(amount)
    return np.asarray(wide.round().clip(0, 255), dtype=np.uint8)


@pytest.mark.parametrize(
    "how", ["noise 5", "noise 10", "noise 25", "palette 8", "palette 16", "dither 16", "dither 32", "dither 51"]
)
@pytest.mark.parametrize("drawn", [(240, 60, 60), (230, 90, 150), (120, 130, 210), (90, 180, 160)])
def test_a_bad_picture_allows_hardly_more_colours_than_a_good_one(how: str, drawn: tuple[int, int, int]) -> None:
    made = mouth(drawn)[None]
    good, bad = (
        chroma_of(ColourLimit(own, CONFIG)(made)[0][MOUTH].mean(axis=0))
        for own in (mouth(LIPS), worsened(mouth(LIPS), how))
    )
    assert np.linalg.norm(bad - good) < 8


def test_smoothing_keeps_a_plane_and_the_mean() -> None:
    level = np.full((9, 12, 3), 77, np.uint8)
    np.testing.assert_allclose(smoothed(level, 2.0), 77)
    point = np.zeros((41, 41, 1), np.uint8)
    point[20, 20] = 200
    spread = smoothed(point, 2.0)[..., 0]
    assert spread.sum() == pytest.approx(200, rel=1e-3)
    assert np.sqrt((spread * (np.arange(41) - 20) ** 2).sum() / 200) == pytest.approx(2, rel=0.02)


def test_nothing_outside_of_the_face_changes() -> None:
    drawn = np.full((1, 80, 160, 3), (0, 0, 255), np.uint8)
    made = ColourLimit(mouth(LIPS), CONFIG)(drawn)[0]
    outside = oval_size(COLUMNS, ROWS, CONFIG) >= 0.85
    np.testing.assert_array_equal(made[outside], drawn[0][outside])
    assert (made[FACE] != drawn[0][FACE]).any()


def test_a_face_without_colour_has_none() -> None:
    grey = np.repeat(mouth(LIPS)[..., :1], 3, axis=2)
    limit = ColourLimit(grey, CONFIG)
    np.testing.assert_array_equal(limit(grey[None])[0], grey)
    coloured = mouth((230, 90, 150))
    made = limit(coloured[None])[0]
    assert np.ptp(made, axis=-1).max() == 0
    np.testing.assert_allclose(made[..., 0], coloured @ np.array(LUMA), atol=0.51)


@given(st.lists(st.tuples(st.floats(-120, 120), st.floats(-120, 120)), min_size=1, max_size=20), st.integers(0, 99))
def test_limited_colours_lie_within_and_those_within_stay(points: list[tuple[float, float]], seed: int) -> None:
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    across, reach = np.stack([np.cos(angle), np.sin(angle)]), np.random.default_rng(seed).uniform(5, 60, 12)
    colours = np.array(points)
    made = limited(colours, across, reach)
    assert (made @ across <= reach + 0.5).all()
    within = (colours @ across <= reach).all(axis=1)
    np.testing.assert_array_equal(made[within], colours[within])
    np.testing.assert_allclose(limited(made, across, reach), made, atol=0.5)


@pytest.mark.parametrize("name", ["heart", "s1"])
def test_what_a_voice_draws_of_its_own_talkers_is_within(name: str) -> None:
    from avsynth.synthesis.synthesizer import AVSynthesizer

    voice = Voice.load("english")
    own = voice.identity_of(voice.speaker_index(name))
    drawn = AVSynthesizer(voice, vocoder="griffin_lim")("Papa has a hat.", speaker=name, sound=False).lip_frames
    change = np.abs(ColourLimit(own, voice.config.lips)(drawn).astype(int) - drawn)
    assert (change.max(axis=-1) > 4).mean() < 0.03
