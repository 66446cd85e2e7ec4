"""The script that sets a voice's mouth into faces."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from avsynth.evaluation import seam
from avsynth.evaluation.results import tables_in
from avsynth.video.reading import read_image, write_image
from tests.scripts import load_script
from tests.video.faces import portrait, portrait_file


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("english/faces.py")


@pytest.mark.slow
def test_a_face_is_measured_and_shown(
    script: ModuleType, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.png"
    out = tmp_path / "faces.json"
    given = [str(portrait_file(tmp_path)), "--voice", str(voice_folder), "--sheet", str(sheet), "--out", str(out)]
    code = script.main(given)
    (table,) = tables_in(out)
    row = table.rows["face.png"]
    assert table.markdown() == capsys.readouterr().out and code == int(row["ratio"].mean >= 1)
    assert row["outside"].mean == 0 and row["sharpness"].mean > 0 and {"open", "pause", "closed"} <= row.keys()
    tiles = read_image(sheet).reshape(script.TILE, -1, script.TILE, 3).swapaxes(0, 1)
    first = script.tile(portrait(), np.array([[188, 288], [140, 190]]))
    assert tiles.shape[0] == 1 + 3 + 10 + 3 and tiles[0].shape == first.shape
    shown = [picture for picture in tiles[1:] if picture.any()]
    top = np.s_[: script.TILE // 3]
    assert len(shown) > 3 and all((picture != tiles[0]).any() for picture in shown)
    assert all((picture[top] == tiles[0, top]).all() for picture in shown), "above the mouth is the portrait's own"


def test_colours_are_apart_as_cielab_says(script: ModuleType) -> None:
    np.testing.assert_allclose(script.lab(np.array([255.0, 255, 255])), [100, 0, 0], atol=0.1)
    np.testing.assert_allclose(script.lab(np.array([200.0, 60, 60])), [46.8, 55.1, 32.3], atol=0.1)
    red, none = np.full((4, 3), [200.0, 60, 60]), np.zeros((0, 3))
    assert script.apart_in_colour(red, red) == 0 and np.isnan(script.apart_in_colour(red, none))


@pytest.mark.slow
def test_a_seam_that_shows_is_exit_code_1(
    script: ModuleType, voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "measure_seam", lambda *_: seam.Seam(3.0, 2.0))
    assert script.main([str(portrait_file(tmp_path)), "--voice", str(voice_folder)]) == 1


def test_a_picture_without_a_face_is_one_line_and_exit_code_2(
    script: ModuleType, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("dlib")
    write_image(tmp_path / "grey.png", np.full((120, 160, 3), 90, np.uint8))
    assert script.main([str(tmp_path / "grey.png"), "--voice", str(voice_folder)]) == 2
    error = capsys.readouterr().err.strip()
    assert "grey.png" in error and len(error.splitlines()) == 1


@pytest.mark.parametrize(("inside", "seen"), [((230, 225, 215), True), ((60, 40, 40), False), ((150, 90, 90), False)])
def test_teeth_are_what_is_lighter_than_the_lips_around(
    script: ModuleType, inside: tuple[int, int, int], seen: bool
) -> None:
    points = np.zeros((68, 2))
    angle = np.linspace(np.pi, 3 * np.pi, 12, endpoint=False)
    points[48:60] = np.stack([60 + 30 * np.cos(angle), 50 + 16 * np.sin(angle)], axis=1)
    angle = np.linspace(np.pi, 3 * np.pi, 8, endpoint=False)
    points[60:68] = np.stack([60 + 24 * np.cos(angle), 50 + 9 * np.sin(angle)], axis=1)
    picture = np.full((100, 120, 3), (210, 170, 150), np.uint8)
    picture[script.within((100, 120), points[48:60])] = (180, 110, 105)
    picture[script.within((100, 120), points[60:68])] = inside
    teeth = script.teeth_of(picture, points, points)
    assert bool(len(teeth)) is seen and (not seen or (teeth == inside).all())
    points[66] = points[62]
    assert not len(script.teeth_of(picture, points, points)), "lips that meet show none"
