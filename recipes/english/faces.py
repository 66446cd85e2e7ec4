"""How a voice's mouth sits in faces: ``faces.py FACE… [--voice V] [--text T] [--sheet SHEET.png]``.

For each still or video: the mouth says the text in it, and the largest step across the seam over all frames is printed,
in grey levels and as a share of what the picture itself has there (:mod:`avsynth.evaluation.seam`), with the largest
change outside the mask, which must be 0. The sheet has a row per face: as it is, then at even instants of the text.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.evaluation.seam import Seam, measure_seam
from avsynth.evaluation.sheets import even_instants
from avsynth.faces.library import open_face
from avsynth.faces.talking import TalkingFace
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.video.reading import write_image

INSTANTS = 7
TILE = 128
"""Pixels on a side of the sheet's pictures."""
AROUND = 1.1
"""Width of what a tile shows, in widths of the mouth's crop."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Pasted:
    """What came of one face."""

    seam: Seam
    """The worst of all frames."""
    outside: int
    """The largest change of a pixel that the mask leaves alone, in grey levels."""
    tiles: list[Picture]


def measure(path: Path, synthesizer: AVSynthesizer, text: str) -> Pasted:
    """Say the text in a face; :class:`UserError` where there is none."""
    config, fps = synthesizer.voice.config.lips, synthesizer.voice.config.fps
    own = open_face(path, config, still=True)
    face = TalkingFace(own)
    lips = synthesizer(text, face=own, fps=fps, sound=False).lip_frames
    instants, tiles, worst, outside = even_instants(len(lips), INSTANTS), [], Seam(0.0, 1.0), 0
    for number, crop in enumerate(lips):
        made, placed = face.paste(crop[None], number, fps)[0], face.shown(number, fps)
        share = face.share(number, fps)
        seam = measure_seam(placed.picture, made, share)
        worst = max(worst, seam, key=lambda item: item.ratio)
        outside = max(outside, int(np.abs(made.astype(int) - placed.picture)[share == 0].max(initial=0)))
        corners = placed.transform @ np.array([[0, config.width], [0, config.height], [1, 1]])
        if number == instants[0]:
            tiles.append(tile(placed.picture, corners))
        if number in instants:
            tiles.append(tile(made, corners))
    return Pasted(worst, outside, tiles)


def tile(picture: Picture, corners: NDArray[np.floating]) -> Picture:
    """A square about the mouth, :data:`TILE` wide. ``corners`` ``(2, 2)``: x, then y, of the crop's first and last."""
    from PIL import Image

    half = AROUND * float(np.hypot(*(corners[:, 1] - corners[:, 0]))) / 2
    x, y = corners.mean(axis=1) - [0, half / 4]
    box = (round(x - half), round(y - half), round(x + half), round(y + half))
    cut = Image.fromarray(picture).crop(box).resize((TILE, TILE), Image.Resampling.LANCZOS)
    return np.asarray(cut, dtype=np.uint8)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write the sheet; 2 where a face or the voice cannot be used, 1 where a seam shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", nargs="+", type=Path, metavar="FACE")
    parser.add_argument("--voice", default="english", metavar="NAME|DIR")
    parser.add_argument("--text", default="We saw five big boats today.")
    parser.add_argument("--sheet", type=Path, metavar="PNG")
    args = parser.parse_args(arguments)
    rows: list[Picture] = []
    shows = False
    try:
        synthesizer = AVSynthesizer.from_pretrained(args.voice, vocoder="griffin_lim")
        for path in args.faces:
            found = measure(path, synthesizer, args.text)
            rows.append(np.concatenate(found.tiles, axis=1))
            shows = shows or found.seam.ratio >= 1 or found.outside > 0
            print(
                f"{path.name}: step {found.seam.step:.2f} grey levels, the picture's own {found.seam.own:.2f}"
                f" (ratio {found.seam.ratio:.2f}); outside the mask {found.outside}"
            )
        if args.sheet is not None:
            write_image(args.sheet, np.concatenate(rows))
    except UserError as error:
        print(f"faces.py: error: {error}", file=sys.stderr)
        return 2
    return int(shows)


if __name__ == "__main__":
    sys.exit(main())
