"""One portrait in many files: it is always her face that talks, never the patch on her suit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from avsynth.config.schema import LipsConfig
from avsynth.faces.blend import MouthBlend
from avsynth.faces.pictures import FileFace
from avsynth.video.geometry import apply
from tests.video.faces import portrait

CONFIG = LipsConfig()
MOUTH = np.array([222.5, 145.5])
"""Of the portrait, between her lips; the patch lies below 300."""
EXIF_ORIENTATION = 0x0112


def saved(folder: Path, encoding: str, picture: Image.Image) -> Path:
    """The picture as a file: an encoding is the file's suffix, behind what else is done to it."""
    path = folder / f"face.{encoding.split()[-1]}"
    if encoding == "turned jpg":
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = 6
        picture.rotate(90, expand=True).save(path, exif=exif)
    elif encoding == "palette png":
        picture.quantize(128).save(path)
    elif encoding == "grey jpg":
        picture.convert("L").save(path, quality=75)
    elif encoding == "progressive jpg":
        picture.save(path, quality=40, progressive=True)
    else:
        picture.save(path, **({"quality": 75} if path.suffix in (".jpg", ".webp") else {}))
    return path


ENCODINGS = ("jpg", "grey jpg", "progressive jpg", "turned jpg", "gif", "png", "palette png", "webp", "bmp", "tiff")


def mouth_of(path: Path) -> tuple[NDArray[np.float64], FileFace]:
    """In pixels of the portrait."""
    face = FileFace(path, CONFIG, still=True)
    placed = face.play()[0]
    at = apply(placed.transform, np.array([[(CONFIG.width - 1) / 2, CONFIG.mouth_row]]))[0]
    return at * 512 / placed.picture.size[0], face


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_face_talks_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    at, face = mouth_of(saved(tmp_path, encoding, Image.fromarray(portrait())))
    assert np.abs(at - MOUTH).max() < 8
    placed = face.play()[0]
    made = MouthBlend(CONFIG)(placed, np.random.default_rng(0).integers(0, 256, (80, 160, 3), dtype=np.uint8))
    y, x = np.nonzero((made.rgb() != placed.picture.rgb()).any(axis=2))
    assert y.size and y.max() < 200 and y.min() > 100 and x.min() > 150 and x.max() < 300


@pytest.mark.slow
@pytest.mark.parametrize("side", [300, 1400, 8192])
def test_the_face_talks_in_every_size(tmp_path: Path, side: int) -> None:
    at, face = mouth_of(saved(tmp_path, "jpg", Image.fromarray(portrait()).resize((side, side))))
    assert np.abs(at - MOUTH).max() < 8 and max(face.size) == min(side, 1080)
