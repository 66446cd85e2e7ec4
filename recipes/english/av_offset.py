"""The A/V offset of lips made for recordings, beside the recordings' own: ``av_offset.py CLIP.mp4… [--out JSON]``.

Each clip's sound is given lips by ``avsynth lips``, without its text, and they are pasted into the clip's own face; one
detector reads both videos. Only the difference of the two offsets counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from avsynth.audio.io import read_audio
from avsynth.evaluation.landmarks import read_mouth
from avsynth.evaluation.report import command, commit
from avsynth.evaluation.statistics import single
from avsynth.evaluation.sync import AvOffset, Series, av_offset, loudness_envelope
from avsynth.evaluation.tables import Column, Heading, Table, write_tables
from avsynth.video.landmarks import LandmarkDetector
from avsynth.video.reading import read_frames

RATE = 16_000


def read(path: Path, detector: LandmarkDetector) -> tuple[Series, Series]:
    """A video's lip opening and loudness, a value per frame each."""
    video = read_frames(path)
    opening = read_mouth(video.frames, detector).aperture
    return opening, loudness_envelope(read_audio(path, RATE), RATE, video.fps, len(opening))


def offset(clips: list[tuple[Series, Series]]) -> AvOffset:
    """The A/V offset of all clips together."""
    return av_offset([opening for opening, _ in clips], [loudness for _, loudness in clips])


def make_table(rows: dict[str, AvOffset], args: argparse.Namespace) -> Table:
    """An offset a row."""
    clips = f"recordings given lips by voice {args.voice} and pasted into their own faces"
    heading = Heading(clips, len(args.clips), "true", "", commit(), command(), figures="of all clips together")
    columns = Column("frames", "A/V offset (frames, positive: sound late)", 0), Column("correlation", "correlation")
    found = {
        row: {
            "frames": single(offset.frames, len(args.clips)),
            "correlation": single(offset.correlation, len(args.clips)),
        }
        for row, offset in rows.items()
    }
    return Table("A/V offset", heading, columns, found)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; the exit code of ``avsynth lips`` where that fails, which has said why."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path, metavar="CLIP.mp4")
    parser.add_argument("--voice", default="english", metavar="NAME|DIR")
    parser.add_argument("--out", type=Path, metavar="JSON", help="write the table as JSON")
    args = parser.parse_args(arguments)
    detector, recorded, made = LandmarkDetector(), [], []
    with tempfile.TemporaryDirectory() as folder:
        for clip in args.clips:
            out = Path(folder) / "lips.mp4"
            lips = ["lips", str(clip), "--face", str(clip), "--scale", "1", "--voice", args.voice, "-o", str(out)]
            if code := subprocess.run([sys.executable, "-m", "avsynth.cli.main", *lips], check=False).returncode:
                return code
            recorded.append(read(clip, detector))
            made.append(read(out, detector))
    table = make_table({"recorded": offset(recorded), "made": offset(made)}, args)
    print(table.markdown(), end="")
    if args.out is not None:
        write_tables(args.out, table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
