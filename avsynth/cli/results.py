"""``avsynth results``: bring the tables of a page of results to what the JSON files beside it say."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("results", help="write the tables of a page of results anew from the JSON beside it")
    parser.add_argument("pages", nargs="+", type=Path, metavar="RESULTS.md")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a page differs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Rewrite or check each page; what differs is named."""
    from avsynth.evaluation.results import rewritten
    from avsynth.files import write_text

    differing = 0
    for page in args.pages:
        fresh = rewritten(page)
        if fresh == page.read_text(encoding="utf-8"):
            continue
        differing += 1
        if not args.check:
            write_text(page, fresh)
        print(f"{page}: {'differs from its JSON' if args.check else 'written'}", file=sys.stderr)
    return 1 if args.check and differing else 0
