"""``avsynth vocoders``: which vocoders there are, what each needs, and the mel it takes."""

from __future__ import annotations

import argparse
from typing import Any

VOCODER_OPTIONS = ("vocoder", "vocoder_checkpoint", "mel_config")
"""The options of speaking that choose a vocoder."""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    from avsynth.cli.options import add_options
    from avsynth.synthesis.options import VoiceOptions

    parser = subparsers.add_parser("vocoders", help="list the vocoders, what each needs, and the mel it takes")
    one = parser.add_argument_group("one of them", "load it and print its mel, as a file that --mel-config reads")
    add_options(one, VoiceOptions, VOCODER_OPTIONS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the families; or load a vocoder and print its mel."""
    from avsynth.errors import UserError

    if args.vocoder is not None:
        print(describe(args), end="")
        return 0
    if args.vocoder_checkpoint or args.mel_config:
        raise UserError("name the vocoder that the file belongs to: --vocoder NAME")
    print(overview(), end="")
    return 0


def overview() -> str:
    """Each family in a paragraph."""
    from vocoder import FAMILIES

    paragraphs = []
    for family in FAMILIES.values():
        missing = " and ".join(family.missing)
        paragraphs.append(
            f"{family.name}: {family.about}\n"
            f"  checkpoint  {family.checkpoint}\n"
            f"  mel         {family.mel}\n"
            f"  packages    {f'missing: {missing}' if missing else 'all there'}\n"
        )
    paragraphs.append(
        "package.module:Class: a class of yours\n"
        "  checkpoint  whatever it takes: built as Class(checkpoint=PATH or None, device=NAME)\n"
        "  mel         its mel_config\n"
    )
    return "\n".join(paragraphs)


def describe(args: argparse.Namespace) -> str:
    """The mel of the vocoder that the options name, a line for each setting."""
    from vocoder import load_vocoder
    from vocoder.mel_file import mel_text

    vocoder = load_vocoder(args.vocoder, args.vocoder_checkpoint, mel_file=args.mel_config)
    normalisation = getattr(vocoder, "normalisation", None)
    note = "" if normalisation is None else f"# normalised before the net: {normalisation}\n"
    return f"# {args.vocoder}\n{note}{mel_text(vocoder.mel_config)}"
