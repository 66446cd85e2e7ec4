"""``avsynth face add``: a face is made once, with landmarks, and shown without."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from avsynth.cli.main import main
from avsynth.faces.folder import FaceFolder
from avsynth.synthesis.options import STRANGERS_OPENING, WIDEST
from avsynth.synthesis.voice import Voice
from tests.video.faces import portrait_file


@pytest.fixture
def faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where new faces go."""
    monkeypatch.setenv("AVSYNTH_FACES", str(tmp_path / "faces"))
    return tmp_path / "faces"


def test_a_face_is_made_fitted_to_a_voice_and_shown_without_a_detector(
    faces: Path, voice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dlib")
    given = [str(portrait_file(tmp_path)), "--name", "ann", "--i-have-consent", "--voice", str(voice_folder)]
    assert main(["face", "add", *given]) == 0
    made = FaceFolder.load(faces / "ann")
    ((voice, opening),) = made.openings.items()
    assert voice == Voice.load(voice_folder).weights_name != "tiny" and STRANGERS_OPENING <= opening <= WIDEST
    monkeypatch.setitem(sys.modules, "dlib", None)
    out = tmp_path / "o.mp4"
    assert main(["say", "now", "--voice", str(voice_folder), "--face", "ann", "-o", str(out)]) == 0
    assert out.stat().st_size > 0


def test_what_cannot_be_made_leaves_nothing(
    faces: Path, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(portrait_file(tmp_path))
    for given, says in (
        ([path, "--name", "ann", "--voice", str(voice_folder)], "--i-have-consent"),
        ([path, "--name", "../ann", "--i-have-consent", "--voice", str(voice_folder)], "cannot be the name"),
        ([path, "--name", "ann", "--i-have-consent", "--voice", "nobody"], "nobody"),
        ([str(tmp_path / "none.jpg"), "--name", "ann", "--i-have-consent", "--voice", str(voice_folder)], "none.jpg"),
    ):
        assert main(["face", "add", *given]) == 2
        error = capsys.readouterr().err.strip()
        assert says in error and len(error.splitlines()) == 1
    assert not faces.exists() or not any(faces.iterdir())
