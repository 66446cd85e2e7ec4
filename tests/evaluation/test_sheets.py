from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avsynth.errors import UserError
from avsynth.evaluation.sheets import (
    SheetRow,
    contact_sheet,
    even_instants,
    mel_picture,
    write_png,
)


def plain(level: int, frames: int) -> SheetRow:
    levels = level + np.arange(frames, dtype=np.uint8)[:, None, None, None]
    return SheetRow(f"level {level}", np.broadcast_to(levels, (frames, 80, 160, 3)))


def test_every_tile_is_the_frame_of_its_row_and_instant() -> None:
    rows = [plain(10, 30), plain(200, 12)]
    sheet = contact_sheet(rows, [0, 11, 25])
    assert sheet.dtype == np.uint8
    left, top = sheet.shape[1] - 3 * 162, sheet.shape[0] - 2 * 82
    tiles = [
        [
            sheet[
                top + 82 * row : top + 82 * row + 80,
                left + 162 * column : left + 162 * column + 160,
            ]
            for column in range(3)
        ]
        for row in range(2)
    ]
    assert all(np.ptp(tile) == 0 for line in tiles for tile in line)
    assert [[int(tile[0, 0, 0]) for tile in line] for line in tiles] == [
        [10, 21, 35],
        [200, 211, 128],
    ]


def test_labels_and_captions_are_drawn() -> None:
    rows = [plain(10, 30)]
    sheet = contact_sheet(rows, [0, 1], captions=["", ""])
    captioned = contact_sheet(rows, [0, 1], captions=["AH", ""])
    unlabelled = contact_sheet([SheetRow("", rows[0].clip)], [0, 1], captions=["", ""])
    assert (sheet[:14] == 255).all()
    assert (captioned[:14] < 128).any()
    assert (unlabelled[:, :100] == 255).all()
    assert (sheet[:, :100] < 128).any()


def test_sheets_that_do_not_fit_are_refused() -> None:
    small = SheetRow("small", np.zeros((3, 40, 80, 3), np.uint8))
    for rows, instants, captions in (
        ([plain(1, 3), small], [0], None),
        ([], [0], None),
        ([plain(1, 3)], [], None),
        ([plain(1, 3)], [0], ["a", "b"]),
    ):
        with pytest.raises(ValueError, match="rows of sizes"):
            contact_sheet(rows, instants, captions)


def test_instants_are_even_and_inside() -> None:
    assert even_instants(75, 5) == [7, 22, 37, 52, 67]
    assert even_instants(3, 8) == [0, 1, 2]


def test_a_mel_is_bright_where_it_is_loud() -> None:
    mel = np.full((20, 80), -11.0)
    mel[15:, :10] = 1.0
    picture = mel_picture(mel, zoom=2)
    assert picture.shape == (160, 40, 3)
    luma = picture.mean(axis=2)
    assert luma[140:, 30:].min() > 200
    assert luma[:140].max() < 50
    assert luma[140:, :30].max() < 50
    assert np.diff(mel_picture(np.linspace(-11, 1, 200)[:, None], zoom=1)[0] @ [0.299, 0.587, 0.114]).min() > -1
    assert mel_picture(mel, low=-11, high=13, zoom=1).mean(axis=2).max() < 150


def test_png_round_trip_and_unwritable_path(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (8, 9, 3)).astype(np.uint8)
    write_png(picture, tmp_path / "sheet.png")
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "sheet.png")), picture)
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]
    with pytest.raises(UserError, match="nowhere"):
        write_png(picture, tmp_path / "nowhere" / "sheet.png")
