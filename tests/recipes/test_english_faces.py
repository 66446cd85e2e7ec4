"""The script that sets a voice's mouth into faces."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from avsynth.evaluation import seam
from avsynth.video.reading import read_image, write_image
from tests.scripts import load_script
from tests.video.faces import portrait, portrait_file


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("english/faces.py")


def test_a_face_is_measured_and_shown(
    script: ModuleType, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.png"
    code = script.main(
        [str(portrait_file(tmp_path)), "--voice", str(voice_folder), "--text", "Bee.", "--sheet", str(sheet)]
    )
    found = re.fullmatch(r"face\.png: step .* \(ratio ([\d.]+)\); outside the mask 0\n", capsys.readouterr().out)
    assert found is not None and code == int(float(found[1]) >= 1)
    tiles = read_image(sheet).reshape(script.TILE, -1, script.TILE, 3).swapaxes(0, 1)
    first = script.tile(portrait(), np.array([[188, 288], [140, 190]]))
    assert tiles.shape[0] > 1 and tiles[0].shape == first.shape
    top = np.s_[: script.TILE // 3]
    assert (tiles[:, top] == tiles[0, top]).all(), "what lies above the mouth is the portrait's own"
    assert all((picture != tiles[0]).any() for picture in tiles[1:])


def test_a_seam_that_shows_is_exit_code_1(
    script: ModuleType, voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "measure_seam", lambda *_: seam.Seam(3.0, 2.0))
    assert script.main([str(portrait_file(tmp_path)), "--voice", str(voice_folder), "--text", "Bee."]) == 1


def test_a_picture_without_a_face_is_one_line_and_exit_code_2(
    script: ModuleType, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("dlib")
    write_image(tmp_path / "grey.png", np.full((120, 160, 3), 90, np.uint8))
    assert script.main([str(tmp_path / "grey.png"), "--voice", str(voice_folder)]) == 2
    error = capsys.readouterr().err.strip()
    assert "grey.png" in error and len(error.splitlines()) == 1
