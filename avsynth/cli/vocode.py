"""``avsynth vocode``: copy synthesis, a recording or a mel through a vocoder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from avsynth.cli.common import add_vocoder_options


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("vocode", help="copy synthesis: a recording, or a mel, through a vocoder")
    parser.add_argument("input", type=Path, metavar="SOUND|MEL.npy", help="a sound, or a log mel (frames, bins)")
    parser.add_argument("-o", "--output", type=Path, default=Path("out.wav"), help="the wav (default out.wav)")
    add_vocoder_options(parser, "which vocoder; see avsynth vocoders", required=True)
    parser.add_argument(
        "--adapt-mel", action="store_true", help="with --input-mel: convert that to the mel that the vocoder takes"
    )
    parser.add_argument(
        "--input-mel",
        type=Path,
        metavar="YAML",
        help="how MEL.npy was measured, or SOUND is to be (default: as the vocoder takes it)",
    )
    parser.add_argument(
        "--measures", action="store_true", help="how far the copy is from the original: mel L1, MCD, log-F0"
    )
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Speak, and print what was done."""
    from avsynth.evaluation.vocoding import VocodeJob, vocode

    options = {name: value for name, value in vars(args).items() if name in VocodeJob.__dataclass_fields__}
    print("\n".join(vocode(VocodeJob(**options))))
    return 0
