"""Contact sheets and pictures of mels, for looking at results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from avsynth.evaluation.pictures import Clip, Floats
from avsynth.files import atomic_path

if TYPE_CHECKING:
    from PIL import Image

Picture = NDArray[np.uint8]
"""One RGB picture (H, W, 3)."""

# dark blue, purple, red, orange, pale yellow: lightness rises all along
_COLOURS = np.array(
    [(4, 6, 40), (84, 22, 110), (186, 54, 85), (249, 142, 20), (252, 252, 190)],
    np.float64,
)
_GREY = 128
_GAP = 2
_TEXT_HEIGHT = 14
_LABEL_WIDTH = 110


@dataclass(frozen=True)
class SheetRow:
    """One row of a contact sheet: a clip of (T, H, W, 3) and what it is."""

    label: str
    clip: Clip


def even_instants(frames: int, count: int) -> list[int]:
    """``count`` frame numbers spread evenly over a clip, the middle of each part; fewer if it has fewer frames."""
    count = min(count, frames)
    return [(2 * part + 1) * frames // (2 * count) for part in range(count)]


def contact_sheet(
    rows: Sequence[SheetRow],
    instants: Sequence[int],
    captions: Sequence[str] | None = None,
) -> Picture:
    """Lay rows (truth, models ...) under one another at the same instants.

    :param rows: clips with pictures of one size; where a clip has ended its place is grey.
    :param instants: frame numbers, one column each.
    :param captions: text over the columns, such as phones; the frame numbers by default.
    :raises ValueError: nothing to show, pictures of different sizes, or a caption missing.
    """
    from PIL import Image, ImageDraw

    captions = [str(instant) for instant in instants] if captions is None else captions
    sizes = {row.clip.shape[1:3] for row in rows}
    if not instants or len(sizes) != 1 or len(captions) != len(instants):
        raise ValueError(f"{len(rows)} rows of sizes {sizes}, {len(instants)} instants, {len(captions)} captions")
    height, width = sizes.pop()
    sheet = Image.new(
        "RGB",
        (
            _LABEL_WIDTH + len(instants) * (width + _GAP),
            _TEXT_HEIGHT + len(rows) * (height + _GAP),
        ),
        "white",
    )
    draw = ImageDraw.Draw(sheet)
    for column, (instant, caption) in enumerate(zip(instants, captions, strict=True)):
        left = _LABEL_WIDTH + column * (width + _GAP)
        draw.text((left, 1), caption, fill="black")
        for line, row in enumerate(rows):
            sheet.paste(_tile(row.clip, instant), (left, _TEXT_HEIGHT + line * (height + _GAP)))
    for line, row in enumerate(rows):
        draw.text(
            (2, _TEXT_HEIGHT + line * (height + _GAP) + height // 2 - 6),
            row.label,
            fill="black",
        )
    return np.asarray(sheet, np.uint8)


def mel_picture(
    log_mel_FM: Floats,
    low: float | None = None,
    high: float | None = None,
    zoom: int = 3,
) -> Picture:
    """A mel (F, M) as a picture (M * zoom, F * zoom, 3): time to the right, low bands at the bottom, loud is bright.

    :param low, high: ends of the colour scale, by default the mel's own extremes; give both to compare two mels.
    """
    bottom = float(log_mel_FM.min()) if low is None else low
    top = float(log_mel_FM.max()) if high is None else high
    level = np.clip((log_mel_FM.T[::-1] - bottom) / max(top - bottom, 1e-9), 0, 1) * (len(_COLOURS) - 1)
    stops = np.arange(len(_COLOURS))
    channels = [np.interp(level, stops, _COLOURS[:, channel]) for channel in range(3)]
    picture = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    return np.asarray(picture.repeat(zoom, axis=0).repeat(zoom, axis=1))


def write_png(picture: Picture, path: Path | str) -> None:
    """Write a picture as PNG, whole or not at all; a path that cannot be written is a UserError."""
    from PIL import Image

    with atomic_path(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")


def _tile(clip: Clip, instant: int) -> Image.Image:
    from PIL import Image

    if 0 <= instant < len(clip):
        return Image.fromarray(np.ascontiguousarray(clip[instant]))
    return Image.new("RGB", (clip.shape[2], clip.shape[1]), (_GREY, _GREY, _GREY))
