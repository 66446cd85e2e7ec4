"""A face on disk that no detector has seen."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.faces.face import FaceCard
from avsynth.faces.folder import Track, write_face
from avsynth.faces.texture import find_texture

SIZE, COUNT = (200, 240), 60
PLACE = np.array([[1.0, 0.0, 40.0], [0.0, 1.0, 100.0]])
CARD = FaceCard("drawn", person="nobody", licence="CC0", consent="not needed", speaks_for=("tiny/s1",))


@cache
def pictures() -> NDArray[np.uint8]:
    """``(60, 200, 240, 3)``: stripes that go by."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    waves = [128 + 60 * np.sin((x + number) / 9) * np.cos(y / 11) for number in range(COUNT)]
    drawn = np.repeat(np.stack(waves)[..., None], 3, axis=3).astype(np.uint8)
    drawn.setflags(write=False)
    return drawn


def made_face(folder: Path, moves: bool = True) -> Path:
    """A new folder with what :func:`write` writes, which is made once, as coding takes a third of a second."""
    folder.mkdir(parents=True)
    for name, content in _files(moves).items():
        (folder / name).write_bytes(content)
    return folder


def write(folder: Path, moves: bool = True) -> None:
    count = COUNT if moves else 1
    views = pictures()[:count, ::8, ::8, 0].reshape(count, -1).astype(np.float32)
    texture, _ = find_texture(views, np.zeros(count, np.int64), 25.0)
    track = Track(np.repeat(PLACE[None], count, axis=0), np.ones(count), np.zeros(count), texture)
    identity = pictures()[0, 100:180, 40:200]
    fps = Fraction(25) if moves else None
    write_face(folder, CARD, lambda: pictures()[:count], SIZE, fps, track, identity, LipsConfig())


@cache
def _files(moves: bool) -> dict[str, bytes]:
    with TemporaryDirectory() as there:
        write(Path(there) / "face", moves)
        return {path.name: path.read_bytes() for path in (Path(there) / "face").iterdir()}
