"""``avsynth lips``: lips for a recording; with ``--data`` and ``--config`` the recipe's stage of that name."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from avsynth.cli.common import add_recipe_options
from avsynth.recipe.table import STAGES

USAGE = """avsynth lips SPEECH [--text TEXT|FILE] [-o OUT] [option ...]
       avsynth lips --data DIR --config NAME|PATH [option ...] [key=value ...]"""
DESCRIPTION = (
    "With SPEECH, a sound or video file: a mouth that says it, and its sound as it is. With --data and --config: the"
    " stage of the recipe that finds, steadies and crops the mouths of a corpus."
)
SHARED = {"command", "run", "device", "overrides"}


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    stage = next(stage for stage in STAGES if stage.name == "lips")
    told = f"lips for a recording: mp4 with its own sound; with --data, recipe stage: {stage.purpose}"
    parser = subparsers.add_parser("lips", help=told, usage=USAGE, description=DESCRIPTION)
    own = add_speech_options(parser.add_argument_group("with SPEECH"))
    add_recipe_options(parser.add_argument_group("with --data and --config"), stage.options, required=False)
    parser.set_defaults(run=partial(run, parser, own))


def add_speech_options(group: Any) -> set[str]:
    """Add the options for a recording, and return their names."""
    from avsynth.cli.options import add_options
    from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions

    group.add_argument("--text", metavar="TEXT|FILE", help="what is said (default: what a recogniser hears)")
    files = add_options(group, FileOptions)
    voice = add_options(group, VoiceOptions, ("voice", "lexicon", "dates"))
    speech = add_options(group, SpeechOptions, ("speaker", "face", "identity", "fps", "format", "encoding"))
    return {"text", *files, *voice, *speech}


def run(parser: argparse.ArgumentParser, own: Collection[str], args: argparse.Namespace) -> int:
    """Make the lips of the recording, or run the stage."""
    as_stage = args.data is not None or args.config is not None
    others = own if as_stage else vars(args).keys() - own - SHARED
    strange = sorted(name for name in others if getattr(args, name) != parser.get_default(name))
    if strange:
        belongs = "a SPEECH file, not with --data and --config" if as_stage else "--data and --config, not with SPEECH"
        parser.error(f"--{strange[0].replace('_', '-')} goes with {belongs}")
    if as_stage:
        return _stage(parser, args)
    if len(args.overrides) != 1:
        parser.error("give one SPEECH file, or --data and --config for the recipe's stage")
    from avsynth.cli.options import read_options
    from avsynth.synthesis.lips import lips_to_files
    from avsynth.synthesis.options import STANDARD_OUTPUT, FileOptions, SpeechOptions, VoiceOptions

    files = read_options(args, FileOptions)
    options = (read_options(args, VoiceOptions), read_options(args, SpeechOptions), files)
    told = lips_to_files(Path(args.overrides[0]), args.text, *options)
    print(told, file=sys.stderr if files.output == STANDARD_OUTPUT else sys.stdout)
    return 0


def _stage(parser: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    from avsynth.cli.stage import run as run_stage

    if args.data is None or args.config is None:
        parser.error(f"the recipe's stage needs --{'data' if args.data is None else 'config'} as well")
    return run_stage(args)
