"""``avsynth faces``: the faces that ``say`` and ``lips`` can show."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("faces", help="list the faces that can be shown")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List name, size on disk, pictures, whose, and under which licence."""
    from avsynth.faces.library import available_faces

    for info in available_faces():
        print(f"{info.name}\t{info.megabytes} MB\t{info.about}")
    return 0
