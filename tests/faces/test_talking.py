"""A mouth in a face: the picture shown at each lip frame, the mouth in it, the mp4."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from pathlib import Path

import numpy as np
import pytest

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.evaluation.seam import measure_seam
from avsynth.faces.pictures import FileFace, own_crop
from avsynth.faces.talking import TalkingFace, enlargement
from avsynth.video.geometry import invert, warp
from avsynth.video.inspection import inspect
from avsynth.video.planes import Planes
from avsynth.video.reading import read_frames
from avsynth.video.writing import Mp4Writer
from tests.video.faces import number_of, portrait, portrait_file, shifted_heads, write_video

CONFIG, FPS = LipsConfig(), Fraction(25)


def talking(path: Path) -> TalkingFace:
    return TalkingFace(FileFace(path, CONFIG, still=True))


def test_the_own_crop_gives_the_portrait_back(tmp_path: Path) -> None:
    face = talking(portrait_file(tmp_path))
    crop = own_crop(portrait(), face.shown(0, FPS).transform, face.face.geometry)
    made = [picture.rgb() for picture in face.paste(np.repeat(crop[None], 2, axis=0), 0, FPS)]
    assert len(made) == 2 and made[0].shape == (512, 512, 3)
    share, own = face.share(0, FPS), Planes.of_rgb(portrait()).rgb()
    for picture in made:
        np.testing.assert_array_equal(picture[share == 0], own[share == 0])
    difference = np.abs(made[0].astype(int) - own)
    back = warp(crop[None], invert(face.shown(0, FPS).transform)[None], 512, 512)[0].permute(1, 2, 0).numpy()
    assert (difference <= np.abs(back - own) + 8)[share > 0].all()
    assert difference[share > 0].mean() < 0.75, "a step of luma is more than one of red, green and blue"


def test_a_mouth_of_another_colour_leaves_no_seam_in_the_portrait(tmp_path: Path) -> None:
    face = talking(portrait_file(tmp_path))
    lips = (face.face.identity * 0.7 + [40, 10, 0]).clip(0, 255).round().astype(np.uint8)
    made, share = next(face.paste(lips[None], 0, FPS)).rgb(), face.share(0, FPS)
    seam = measure_seam(Planes.of_rgb(portrait()).rgb(), made, share)
    assert seam.ratio < 0.6
    unmatched = portrait() + share[..., None] * np.array([10, -20, -30])
    assert measure_seam(portrait(), unmatched.clip(0, 255).astype(np.uint8), share).step > 1.0


@pytest.mark.parametrize(("source", "fps"), [(Fraction(50), Fraction(25)), (Fraction(24), Fraction(30000, 1001))])
def test_the_picture_on_screen_at_a_lip_frames_middle_is_taken(tmp_path: Path, source: Fraction, fps: Fraction) -> None:
    face = talking(write_video(tmp_path / "f.mp4", shifted_heads(np.zeros((40, 2), int)), source))
    count = floor(40 / source * fps)
    lips = np.repeat(face.face.identity[None], count, axis=0)
    made = [*face.paste(lips[:7], 0, fps), *face.paste(lips[7:], 7, fps)]
    expected = [floor((index + Fraction(1, 2)) / fps * source) for index in range(count)]
    assert [number_of(picture.rgb()) for picture in made] == expected


def test_the_mouth_goes_along_with_a_head_that_moves(tmp_path: Path) -> None:
    moved = np.stack([np.arange(30) // 2, np.arange(30) // 3], axis=1)
    face = talking(write_video(tmp_path / "f.mp4", shifted_heads(moved)))
    shares = [face.share(index, FPS) for index in (3, 28)]
    middles = [np.argwhere(share > 0.5).mean(axis=0)[::-1] for share in shares]
    np.testing.assert_allclose(middles[1] - middles[0], moved[28] - moved[3], atol=1.0)


def test_a_face_is_enlarged_only_where_it_is_small() -> None:
    assert enlargement((512, 512), None) == 1 and enlargement((512, 512), 3) == 3
    with pytest.raises(UserError, match="--scale 12 makes a picture of 6144×6144 pixels"):
        enlargement((512, 512), 12)
    assert enlargement((300, 300), None) == 2


def test_written_pictures_and_sound_end_together(tmp_path: Path) -> None:
    face = talking(portrait_file(tmp_path))
    lips = np.repeat(face.face.identity[None], 30, axis=0)
    with Mp4Writer(tmp_path / "o.mp4", FPS, face.size, 22050, scale=1) as video:
        for _ in range(2):
            video.write(face.paste(lips[:15], video.frame_count, FPS), np.zeros(15 * 882, np.float32))
    report = inspect(tmp_path / "o.mp4")
    assert report.length_difference_ms is not None and abs(report.length_difference_ms) < 1
    frames = read_frames(tmp_path / "o.mp4").frames
    assert frames.shape == (30, 512, 512, 3)
    assert np.abs(frames[29].astype(int) - portrait()).mean() < 3
