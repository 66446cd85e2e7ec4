"""How a voice's mouth sits in faces: ``faces.py FACE… [--sheet SHEET.png] [--out JSON]``.

Each still, video or made face says the same words, with a pause of three seconds in them; the sheet has a row for each:
as it is, in the pause, in ten visemes, in P, B and M. Printed of each, with landmarks found in what is shown:

- the largest step across the seam, in grey levels and against the picture's own (:mod:`avsynth.evaluation.seam`), and
  the largest change outside of the mask, which must be 0;
- sharpness inside the mask, against the same pixels of the picture as it is (variance of the Laplacian);
- how far the lips are apart, in widths of the mouth at rest: the mean on open vowels, in the pause, at the most in P, B
  and M, and as it is; with landmarks of the face brought to one size, as they are whole pixels;
- how far the colours of lips and of teeth lie from its own (ΔE 1976): lips in the pause, teeth, where it shows its own,
  in the viseme that shows them best.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.seam import Seam, measure_seam
from avsynth.evaluation.statistics import Summary, single
from avsynth.evaluation.tables import Column, Heading, Table, write_tables
from avsynth.faces.face import Sighting
from avsynth.faces.library import open_face
from avsynth.faces.talking import TalkingFace
from avsynth.synthesis.opening import View
from avsynth.synthesis.result import Synthesis
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.timeline import Timeline
from avsynth.video.geometry import FloatArray
from avsynth.video.luma import LUMA
from avsynth.video.reading import write_image

SAID = '<speak>Father, that bed, see blue go, bird five, thin light she. <break time="3s"/> Papa, Bobby, Mama.</speak>'
VISEMES = ("AA", "AE", "IY", "UW", "OW", "ER", "F", "TH", "L", "SH")
OPEN, CLOSED, PAUSE = ("AA", "AE", "AH", "AW", "AY"), ("P", "B", "M"), ("pause", "its start", "its end")
EDGE_S = 0.3
"""How far into a pause its start and its end are looked at."""
TILE = 112
"""Pixels on a side of the sheet's pictures."""
AROUND = 1.1
"""Width of what a tile shows, in widths of the mouth's crop."""
SEEN_TEETH = 0.08
"""How far lips are apart from which teeth are seen between them, in widths of the mouth."""
COLUMNS = (
    Column("ratio", "step across the seam, of the picture's own"),
    Column("outside", "change outside the mask (grey levels)", 0),
    Column("sharpness", "sharpness inside, of its own"),
    Column("open", "lips apart: open vowels"),
    Column("pause", "in the pause"),
    Column("closed", "P, B, M"),
    Column("as it is", "as it is"),
    Column("lips", "ΔE lips", 1),
    Column("teeth", "ΔE teeth", 1),
)

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Pasted:
    """Measures and pictures of one face."""

    seam: Seam
    """The worst of all pictures looked at."""
    outside: int
    """The largest change of a pixel that the mask leaves alone, in grey levels."""
    sharpness: float
    apart: dict[str, float]
    """Lips on open vowels, in the pause, in P, B and M, and as it is."""
    lips: float
    teeth: float
    """ΔE; not a number where none are seen."""
    tiles: list[Picture]

    def row(self) -> dict[str, Summary]:
        """Figures by the keys of :data:`COLUMNS`; undefined ones are left out."""
        figures = {
            "ratio": self.seam.ratio,
            "outside": self.outside,
            "sharpness": self.sharpness,
            **self.apart,
            "lips": self.lips,
            "teeth": self.teeth,
        }
        return {key: single(value) for key, value in figures.items() if np.isfinite(value)}


def instants(timeline: Timeline) -> dict[str, int]:
    """The lip frame in the middle of each phone that is looked at, of its first with that name, and in the pause."""
    times = [float(time * timeline.fps) for time in timeline.boundaries_s]
    phones = [phone.rstrip("012") for phone in timeline.phones]
    pause = max(range(len(phones)), key=lambda number: (phones[number] == "sil", timeline.hops[number]))
    found = dict(zip(PAUSE, (0, 0, 0), strict=True))
    edge = min(EDGE_S * float(timeline.fps), (times[pause + 1] - times[pause]) / 2)
    places = ((times[pause] + times[pause + 1]) / 2, times[pause] + edge, times[pause + 1] - edge)
    found |= dict(zip(PAUSE, map(int, places), strict=True))
    for name in (*VISEMES, *CLOSED):
        known = [number for number, phone in enumerate(phones) if phone == name and (number > pause or name in VISEMES)]
        if known:
            found[name] = int((times[known[0]] + times[known[0] + 1]) / 2)
    return {name: min(frame, timeline.lip_frames - 1) for name, frame in found.items()}


def measure(path: Path, synthesizer: AVSynthesizer) -> Pasted:
    """Say the words in a face; :class:`UserError` where there is none."""
    config, fps = synthesizer.voice.config.lips, synthesizer.voice.config.fps
    own = open_face(path, config, still=True)
    face = TalkingFace(own)
    spoken = synthesizer(SAID, face=own, fps=fps, sound=False)
    wanted = instants(spoken.timeline)
    made, before, tiles, places, seams, outside, sharp = {}, {}, {}, {}, [], 0, []
    for name, number in sorted(wanted.items(), key=lambda item: item[1]):
        placed, share = face.shown(number, fps), face.share(number, fps)
        before_it = placed.picture.rgb()
        shown = next(face.paste(spoken.lip_frames[number : number + 1], number, fps)).rgb()
        seams.append(measure_seam(before_it, shown, share))
        outside = max(outside, int(np.abs(shown.astype(int) - before_it)[share == 0].max(initial=0)))
        sharp.append((detail(shown, share), detail(before_it, share)))
        corners = placed.transform @ np.array([[0, config.width], [0, config.height], [1, 1]])
        made[name], before[name], places[name] = shown, before_it, placed.transform
        tiles[name] = tile(shown, corners)
        tiles.setdefault("", tile(before_it, corners))
    found = dict(zip(made, landmarks(list(made.values())), strict=True))
    mine = landmarks([before["pause"]])[0]
    seen = max((teeth_of(made[name], found[name], mine) for name in found if name in VISEMES), key=lightness)
    return Pasted(
        max(seams, key=lambda item: item.ratio),
        outside,
        float(np.divide(*np.mean(sharp, axis=0))),
        lips_apart(spoken, wanted, Sighting(before["pause"], places["pause"]), config),
        apart_in_colour(lips_of(made["pause"], found["pause"]), lips_of(before["pause"], mine)),
        apart_in_colour(seen, teeth_of(before["pause"], mine, mine)),
        [
            tiles[name] if name in tiles else np.zeros((TILE, TILE, 3), np.uint8)
            for name in ("", *PAUSE, *VISEMES, *CLOSED)
        ],
    )


def lips_apart(spoken: Synthesis, wanted: dict[str, int], own: Sighting, config: LipsConfig) -> dict[str, float]:
    """The columns that tell how far lips are apart; without those that cannot be told where no face is found."""
    view = View.of(own, config)
    if view is None:
        return {}
    frames = {"rest": [wanted["pause"]], "pause": [wanted[name] for name in PAUSE]}
    frames |= {"open": spoken_at(spoken.timeline, OPEN), "closed": [wanted[name] for name in CLOSED if name in wanted]}
    numbers = [number for group in frames.values() for number in group]
    told = np.split(view.apart(spoken.lip_frames[numbers]), np.cumsum([len(group) for group in frames.values()])[:-1])
    _, pause, open_, closed = told
    found = {
        "open": open_.mean() if len(open_) else np.nan,
        "pause": pause.max(initial=0),
        "closed": closed.max(initial=0),
    }
    return {name: float(value) for name, value in found.items()} | {"as it is": view.apart_now()}


def spoken_at(timeline: Timeline, phones: tuple[str, ...]) -> list[int]:
    """The lip frame in the middle of each of these phones."""
    edges = [float(time * timeline.fps) for time in timeline.boundaries_s]
    middles = [int((start + end) / 2) for start, end in pairwise(edges)]
    return [middle for phone, middle in zip(timeline.phones, middles, strict=True) if phone.rstrip("012") in phones]


def landmarks(pictures: list[Picture]) -> FloatArray:
    """``(N, 68, 2)``; not a number where no face is found."""
    from avsynth.video.landmarks import LandmarkDetector

    points, found = LandmarkDetector(detect_every=1)(np.stack(pictures))
    return np.where(found[:, None, None], points, np.nan)


def gap(points: FloatArray, mine: FloatArray) -> float:
    """Between the inner lips, in widths of the own mouth."""
    return float(np.linalg.norm(points[66] - points[62]) / np.linalg.norm(mine[54] - mine[48]))


def detail(picture: Picture, share: NDArray[np.float32]) -> float:
    """Variance of the Laplacian where the generated mouth is."""
    luma = picture @ np.array(LUMA)
    edges = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * luma[1:-1, 1:-1]
    return float(edges[share[1:-1, 1:-1] > 0.5].var())


def within(size: tuple[int, int], points: FloatArray) -> NDArray[np.bool_]:
    """``(H, W)``: inside a polygon."""
    from PIL import Image, ImageDraw

    drawn = Image.new("1", (size[1], size[0]))
    if np.isfinite(points).all():
        ImageDraw.Draw(drawn).polygon([tuple(point) for point in points.tolist()], fill=1)
    return np.asarray(drawn)


def lips_of(picture: Picture, points: FloatArray) -> FloatArray:
    """``(N, 3)``: the pixels of the lips."""
    size = picture.shape[0], picture.shape[1]
    return picture[within(size, points[48:60]) & ~within(size, points[60:68])].astype(float)


def teeth_of(picture: Picture, points: FloatArray, mine: FloatArray) -> FloatArray:
    """``(N, 3)``: the brightest quarter of what is seen between lips that are apart, if it is lighter than they are;
    none otherwise."""
    if not gap(points, mine) >= SEEN_TEETH:
        return np.zeros((0, 3))
    seen = picture[within((picture.shape[0], picture.shape[1]), points[60:68])].astype(float)
    luma = seen @ np.array(LUMA)
    bright = np.asarray(seen[luma >= np.percentile(luma, 75)]) if len(seen) else seen
    return bright if lightness(bright) > lightness(lips_of(picture, points)) else np.zeros((0, 3))


def lightness(pixels: FloatArray) -> float:
    """Mean luma; less than black where there are none."""
    return float((pixels @ np.array(LUMA)).mean()) if len(pixels) else -1.0


def apart_in_colour(one: FloatArray, other: FloatArray) -> float:
    """ΔE of the means of sRGB pixels ``(N, 3)``; not a number where there are none."""
    if not len(one) or not len(other):
        return float("nan")
    return float(np.linalg.norm(lab(one.mean(axis=0)) - lab(other.mean(axis=0))))


def lab(colour: FloatArray) -> FloatArray:
    """CIELAB (D65) of an sRGB colour, 0 to 255."""
    part = colour / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ light
    share = xyz / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", nargs="+", type=Path, metavar="FACE")
    parser.add_argument("--voice", default="english", metavar="NAME|DIR")
    parser.add_argument("--sheet", type=Path, metavar="PNG")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the table as JSON")
    args = parser.parse_args(arguments)
    faces: dict[str, dict[str, Summary]] = {}
    rows: list[Picture] = []
    shows = False
    try:
        synthesizer = AVSynthesizer.from_pretrained(args.voice, vocoder="griffin_lim")
        for path in args.faces:
            found = measure(path, synthesizer)
            rows.append(np.concatenate(found.tiles, axis=1))
            shows = shows or found.seam.ratio >= 1 or found.outside > 0
            faces[path.name] = found.row()
        if args.sheet is not None:
            write_image(args.sheet, np.concatenate(rows))
        clips = f"voice {args.voice}, a sentence in each face"
        heading = Heading(clips, 1, "predicted", "the face itself", commit(), command(), figures="the worst picture's")
        table = Table("The mouth in faces", heading, COLUMNS, faces)
        print(table.markdown(), end="")
        if args.out is not None:
            write_tables(args.out, table)
    except UserError as error:
        print(f"faces.py: error: {error}", file=sys.stderr)
        return 2
    return int(shows)


if __name__ == "__main__":
    sys.exit(main())
