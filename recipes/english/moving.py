"""Measure how visible the repetition of a face's pictures is: ``moving.py FACE… [--minutes M] [--out JSON]``.

Printed of each: jumps a minute and the share of time in which one is shown; in what share of an hour the same picture
stands at the worst lag between a second and two minutes; how much shown pictures differ at jumps, against neighbours in
the recording (95th percentiles, grey levels); and, with ``--minutes``, the peak of memory while so many are played. The
sheet shows a minute, a picture a second.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import LipsConfig
from avsynth.errors import UserError
from avsynth.evaluation.costs import peak_megabytes
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.statistics import single
from avsynth.evaluation.tables import Column, Heading, Table, write_tables
from avsynth.faces.film import Film
from avsynth.faces.folder import FILM, FaceFolder
from avsynth.faces.library import open_face
from avsynth.faces.playing import SEED
from avsynth.faces.texture import Shown, walk
from avsynth.video.reading import write_image

HOUR_S, LONGEST_LAG_S = 3600, 120
COMPARED_S = 240
"""Seconds of which pictures are held against one another."""
ROWS, TILE = 6, 120
COLUMNS = (
    Column("same", "the same picture at the worst lag under two minutes (%)", 1),
    Column("lag_s", "that lag (s)", 1),
    Column("jumps", "jumps a minute", 0),
    Column("dissolving", "time in which one is shown (%)", 0),
    Column("seen", "pictures seen", 0),
    Column("pictures", "of", 0),
    Column("at_jumps", "difference at jumps (grey levels, 95th percentile)"),
    Column("neighbours", "between neighbours in the recording"),
)

Grey = NDArray[np.float32]


def shown_for(face: FaceFolder, seconds: int) -> list[Shown]:
    """The pictures shown in the first seconds."""
    return list(islice(walk(face.track.texture, float(face.fps), SEED), round(seconds * face.fps)))


def walk_of(face: FaceFolder) -> dict[str, float]:
    """Jumps and repetition within an hour."""
    fps, shown = float(face.fps), shown_for(face, HOUR_S)
    dissolving = np.array([item.leaving is not None for item in shown])
    jumps = (dissolving[1:] & ~dissolving[:-1]).sum() / (HOUR_S / 60)
    index = np.array([item.index for item in shown], dtype=np.int32)
    lags = range(round(fps), round(LONGEST_LAG_S * fps))
    same = [float((index[lag:] == index[:-lag]).mean()) for lag in lags]
    worst = int(np.argmax(same))
    return {
        "same": 100 * same[worst],
        "lag_s": lags[worst] / fps,
        "jumps": float(jumps),
        "dissolving": 100 * float(dissolving.mean()),
        "seen": len(np.unique(index)),
        "pictures": len(face.track.weights),
    }


def jumps_of(face: FaceFolder) -> dict[str, float]:
    """How visible jumps are: differences of pictures at jumps and between neighbours."""
    film, count = Film(face.folder / FILM, face.size), len(face.track.weights)
    greys = [np.asarray(film[number].luma[0] * np.float32(255 / 219)) for number in range(count)]

    def picture(item: Shown) -> Grey:
        now = greys[item.index]
        if item.leaving is None:
            return now
        return np.asarray(item.share * now + (1 - item.share) * greys[item.leaving], dtype=np.float32)

    pairs = [(one, other) for one, other in pairwise(shown_for(face, COMPARED_S))]
    jumping = [np.abs(picture(a) - picture(b)).mean() for a, b in pairs if (a.leaving, b.leaving) != (None, None)]
    runs = face.track.texture.runs
    usual = [np.abs(greys[at + 1] - greys[at]).mean() for at in range(count - 1) if runs[at] == runs[at + 1]]
    film.close()
    return {"at_jumps": float(np.percentile(jumping, 95)), "neighbours": float(np.percentile(usual, 95))}


def told_of_memory(face: FaceFolder, minutes: int) -> str:
    """The most memory that this process has held after the first minute and at the end."""
    player, held = face.play(), []
    for number in range(round(minutes * 60 * face.fps)):
        player[number]
        if number % round(60 * face.fps) == 0:
            held.append(peak_megabytes())
    return f"{held[min(1, len(held) - 1)]:.0f} MB after a minute, {held[-1]:.0f} MB after {minutes}"


def sheet(face: FaceFolder) -> NDArray[np.uint8]:
    """A minute, row by row."""
    from PIL import Image

    player, made = face.play(), []
    for second in range(60):
        picture = Image.fromarray(player[round(second * face.fps)].picture.rgb())
        width = round(TILE * picture.width / picture.height)
        made.append(np.asarray(picture.resize((width, TILE)), dtype=np.uint8))
    return np.concatenate([np.concatenate(made[row::ROWS], axis=1) for row in range(ROWS)])


def main(arguments: list[str] | None = None) -> int:
    """Print and draw; 2 where a face cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", nargs="+", metavar="NAME|FOLDER")
    parser.add_argument("--minutes", type=int, default=0)
    parser.add_argument("--sheet", type=Path, metavar="PNG", help="of the first face")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the table as JSON")
    args = parser.parse_args(arguments)
    rows = {}
    try:
        for number, name in enumerate(args.faces):
            face = open_face(name, LipsConfig())
            if not isinstance(face, FaceFolder) or not face.moves:
                raise UserError(f"{name} is not a made face that moves")
            rows[name] = {key: single(value) for key, value in (walk_of(face) | jumps_of(face)).items()}
            if args.minutes:
                print(f"{name}: {told_of_memory(face, args.minutes)}", flush=True)
            if args.sheet is not None and number == 0:
                write_image(args.sheet, sheet(face))
        heading = Heading("an hour of each face", 1, "", "", commit(), command(), figures="counted over the hour")
        table = Table("Moving faces", heading, COLUMNS, rows)
        print(table.markdown(), end="")
        if args.out is not None:
            write_tables(args.out, table)
    except UserError as error:
        print(f"moving.py: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
