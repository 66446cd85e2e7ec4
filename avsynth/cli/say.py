"""``avsynth say``: a sentence, or a text, to an mp4."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    from avsynth.cli.options import add_options
    from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions

    parser = subparsers.add_parser("say", help="say a text: mp4 with sound and lips in sync")
    parser.add_argument("text", nargs="?", help="what to say; - reads standard input; not needed with --durations")
    parser.add_argument("--text-file", type=Path, metavar="FILE", help="say what this file holds")
    parser.add_argument(
        "--durations", dest="durations_file", type=Path, metavar="JSON", help="speak the durations of this timeline"
    )
    for options in (FileOptions, VoiceOptions, SpeechOptions):
        add_options(parser, options)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Say it."""
    from avsynth.cli.options import read_options
    from avsynth.synthesis.options import STANDARD_OUTPUT, FileOptions, SpeechOptions, VoiceOptions
    from avsynth.synthesis.say import say_to_files
    from avsynth.synthesis.timeline_files import read_timeline

    text = read_given(args.text, args.text_file, args.encoding)
    durations = None if args.durations_file is None else read_timeline(args.durations_file)
    speech = read_options(args, SpeechOptions, durations=durations)
    files = read_options(args, FileOptions)
    told = say_to_files(text, read_options(args, VoiceOptions), speech, files)
    print(told, file=sys.stderr if files.output == STANDARD_OUTPUT else sys.stdout)
    return 0


def read_given(text: str | None, file: Path | None, encoding: str | None) -> str:
    """The text of the command line, of standard input or of a file; :class:`UserError` where it cannot be read."""
    from avsynth.errors import UserError
    from avsynth.files import decode_text, read_text

    if text is not None and file is not None:
        raise UserError("a text and --text-file were given: give one of the two")
    if file is not None:
        return read_text(file, encoding)
    if text == "-":
        return decode_text(sys.stdin.buffer.read(), "standard input", encoding)
    if text and len(text) < 256 and not text.isalpha() and os.path.isfile(text):
        raise UserError(f"{text} is a file; to have it read, say --text-file {text}")
    return text or ""
