"""``avsynth voices``: the voices that ``say`` can speak with."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("voices", help="list the voices that are installed")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List name, size, corpus and licence."""
    from avsynth.synthesis.voice import available_voices

    for info in available_voices():
        about = f"unusable: {info.fault}" if info.fault else f"{info.corpus}\t{info.licence}"
        print(f"{info.name}\t{info.megabytes} MB\t{about}")
    return 0
