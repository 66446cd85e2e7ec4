"""``avsynth say``: a sentence, or a text, to an mp4."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from avsynth.cli.common import add_vocoder_options
from avsynth.config.schema import DEFAULT_VOICE


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("say", help="say a text: mp4 with sound and lips in sync")
    parser.add_argument("text", nargs="?", help="what to say; - reads standard input; not needed with --durations")
    parser.add_argument("-o", "--output", type=Path, default=Path("out.mp4"), help="the mp4 (default out.mp4)")
    parser.add_argument("--voice", default=DEFAULT_VOICE, help=f"a voice's name or folder (default {DEFAULT_VOICE})")
    parser.add_argument("--speaker", metavar="NAME", help="of a voice that has several (default: its own choice)")
    parser.add_argument("--identity", type=Path, help="picture of the mouth, 160×80, or of a face")
    parser.add_argument(
        "--paste-back", type=Path, metavar="FACE", help="put the mouth into this still or video; its own by default"
    )
    add_vocoder_options(parser, "another vocoder than the voice's own; see avsynth vocoders")
    parser.add_argument(
        "--adapt-mel",
        action="store_true",
        help="convert the mel for a vocoder that wants another logarithm or floor, and say so",
    )
    parser.add_argument("--speed", type=float, default=1.0, help="above 1 is faster (default 1)")
    parser.add_argument("--pitch", type=float, default=0.0, metavar="SEMITONES", help="shift of the pitch (default 0)")
    parser.add_argument("--fps", help="frames a second, such as 25, 29.97 or 30000/1001 (default: the voice's own)")
    parser.add_argument("--durations", type=Path, metavar="JSON", help="speak the durations of this timeline")
    parser.add_argument(
        "--timeline",
        type=Path,
        metavar="FILE",
        help="phones, words, visemes: .json .srt .vtt .TextGrid .microsoft.json .oculus.csv",
    )
    parser.add_argument("--wav", type=Path, metavar="FILE", help="write the sound alone as well")
    parser.add_argument("--lexicon", type=Path, metavar="FILE", help="pronunciations of your own: word P H O N E S")
    parser.add_argument(
        "--scale",
        type=int,
        help="times to enlarge the picture (default 4: 640×320; with --paste-back 1, and more for under 360 rows)",
    )
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say it."""
    from avsynth.synthesis.say import SayJob, say_to_files

    text = sys.stdin.buffer.read().decode("utf-8-sig", errors="replace") if args.text == "-" else args.text or ""
    options = {name: value for name, value in vars(args).items() if name in SayJob.__dataclass_fields__}
    print(say_to_files(SayJob(**{**options, "text": text})))
    return 0
