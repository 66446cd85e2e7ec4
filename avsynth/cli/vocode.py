"""``avsynth vocode``: copy synthesis, a recording or a mel through a vocoder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from avsynth.cli.vocoders import VOCODER_OPTIONS


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    from avsynth.cli.options import add_options
    from avsynth.synthesis.options import VoiceOptions

    parser = subparsers.add_parser("vocode", help="copy synthesis: a recording, or a mel, through a vocoder")
    parser.add_argument("input", type=Path, metavar="SOUND|MEL.npy", help="a sound, or a log mel (frames, bins)")
    parser.add_argument("-o", "--output", type=Path, default=Path("out.wav"), help="the wav (default out.wav)")
    add_options(parser, VoiceOptions, (*VOCODER_OPTIONS, "device"))
    parser.add_argument(
        "--adapt-mel", action="store_true", help="with --input-mel: convert that to the mel that the vocoder takes"
    )
    parser.add_argument(
        "--input-mel",
        type=Path,
        metavar="YAML",
        help="the mel's settings in MEL.npy, or for measuring SOUND (default: the vocoder's)",
    )
    parser.add_argument(
        "--measures", action="store_true", help="how far the copy is from the original: mel L1, MCD, log-F0"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Speak, and print what was done."""
    from avsynth.cli.options import read_options
    from avsynth.errors import UserError
    from avsynth.evaluation.vocoding import VocodeJob, vocode

    if args.vocoder is None:
        raise UserError("name the vocoder: --vocoder NAME (avsynth vocoders lists them)")
    print("\n".join(vocode(read_options(args, VocodeJob))))
    return 0
