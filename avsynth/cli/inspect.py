"""``avsynth inspect FILE``: what a media file presents to its viewer, and how sound and picture lie to one another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("inspect", help="decode a video: stream starts, lengths, provenance")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print JSON, with differences in ms")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report."""
    import dataclasses
    import json

    from avsynth.video.inspection import format_report, inspect

    report = inspect(args.file)
    if args.json:
        differences = {name: getattr(report, name) for name in ("start_difference_ms", "length_difference_ms")}
        print(json.dumps(dataclasses.asdict(report) | differences, indent=2, default=str, ensure_ascii=False))
    else:
        print(format_report(report))
    return 0
