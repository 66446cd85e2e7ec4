"""``avsynth face add``: a face from a picture or a video."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from avsynth.config.schema import DEFAULT_VOICE


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("face", help="make a face that say and lips can show (extra lips)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="a face from a picture or a video of somebody")
    add.add_argument("file", type=Path, metavar="FILE", help="a picture, or a video with some seconds at rest")
    add.add_argument("--name", required=True, help="the face's name, for --face")
    add.add_argument("--i-have-consent", action="store_true", help="you have the right to use the person's likeness")
    add.add_argument("--licence", default="", help="licence of the pictures, kept with the face")
    add.add_argument("--person", metavar="N|X,Y", help="who, of several: a number from the left, or a point in pixels")
    add.add_argument(
        "--voice",
        default=DEFAULT_VOICE,
        metavar="NAME|DIR",
        help=f"the voice whose lips are fitted to the face (default {DEFAULT_VOICE}); others can show it too",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make it."""
    from avsynth.faces.making import make_face
    from avsynth.synthesis.opening import openings_of
    from avsynth.synthesis.synthesizer import AVSynthesizer

    synthesizer = AVSynthesizer.from_pretrained(args.voice, vocoder="griffin_lim")
    made = make_face(
        args.file,
        args.name,
        synthesizer.voice.config.lips,
        consent=args.i_have_consent,
        licence=args.licence,
        person=args.person,
        openings=openings_of(synthesizer),
    )
    if args.person is None and made.people > 1:
        print(
            f"avsynth: {made.people} people are seen: the likeliest was taken (--person N, from the left)",
            file=sys.stderr,
        )
    print(f"{made.folder}: {made.told}; use it with --face {args.name}")
    return 0
