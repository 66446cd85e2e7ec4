"""What is shown: the mouth alone, or pasted into a face, some pictures ahead."""

from __future__ import annotations

import threading
from fractions import Fraction
from pathlib import Path

import numpy as np

from avsynth.config.schema import LipsConfig
from avsynth.faces.pictures import FileFace
from avsynth.faces.talking import AT_ONCE, TalkingFace
from avsynth.synthesis.screen import Screen
from tests.video.faces import portrait_file

FPS = Fraction(25)
COUNT = 2 * AT_ONCE + 3


def mouths() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (COUNT, 80, 160, 3), dtype=np.uint8)


def test_a_mouth_alone_is_shown_as_it_is() -> None:
    lips, screen = mouths(), Screen.of(None, (80, 160), None)
    np.testing.assert_array_equal(np.stack(list(screen.pictures(lips, 0, FPS))), lips)


def test_pictures_pasted_ahead_are_those_pasted_one_after_the_other(tmp_path: Path) -> None:
    face, lips = FileFace(portrait_file(tmp_path), LipsConfig()), mouths()
    screen = Screen.of(face, (80, 160), None)
    shown = [*screen.pictures(lips[:5], 0, FPS), *screen.pictures(lips[5:], 5, FPS)]
    expected = list(TalkingFace(face).paste(lips, 0, FPS))
    assert len(shown) == COUNT
    for one, other in zip(shown, expected, strict=True):
        np.testing.assert_array_equal(one.data, other.data)
    left = screen.pictures(lips, COUNT, FPS)
    next(left)
    del left
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
