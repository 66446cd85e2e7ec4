"""``avsynth read-lips train|score|compare``: lip readers, and the durations that one reads."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from avsynth.cli.common import positive


def add_parser(subparsers: Any) -> None:
    """Declare the command and its three subcommands."""
    parser = subparsers.add_parser("read-lips", help="train a lip reader, tell its errors, compare alignments")
    commands = parser.add_subparsers(metavar="train|score|compare", required=True, dest="task")
    train = commands.add_parser("train", help="train a reader on an experiment's crops, from texts alone")
    score = commands.add_parser("score", help="a reader's errors on recordings and control rows")
    for each in (train, score):
        each.add_argument("--config", required=True, metavar="NAME|PATH", help="a config, such as grid")
        each.add_argument("--exp", type=Path, metavar="DIR", help="the experiment (default exp/<config>)")
        each.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        each.add_argument("overrides", nargs="*", default=[], metavar="key=value", help="such as reader.seed=2")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the reader is written")
    score.add_argument("--reader", type=Path, required=True, metavar="DIR")
    score.add_argument("--split", choices=("train", "validation", "test"), default="validation")
    score.add_argument("--limit", type=positive, metavar="N", help="at most this many clips")
    score.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    score.add_argument("--json", type=Path, metavar="FILE", help="write the table as JSON")
    compare = commands.add_parser("compare", help="distances between two alignments.jsonl, in ms")
    compare.add_argument("own", type=Path, metavar="ALIGNMENTS")
    compare.add_argument("other", type=Path, metavar="ALIGNMENTS")
    compare.add_argument("--manifest", type=Path, metavar="FILE", help="also against the corpus's own word times")
    for name, each in (("train", train), ("score", score), ("compare", compare)):
        each.set_defaults(run={"train": run_train, "score": run_score, "compare": run_compare}[name])


def run_train(args: argparse.Namespace) -> int:
    """Train, from where it was left."""
    from avsynth.recipe.stages.lip_reader import train

    train(_context(args), args.out)
    return 0


def run_score(args: argparse.Namespace) -> int:
    """Print the table."""
    from avsynth.files import write_json
    from avsynth.recipe.stages.lip_reader import score

    table = score(_context(args), args.reader, args.split, args.limit)
    print(table.markdown(), end="")
    if args.json is not None:
        write_json(args.json, table.to_json())
    return 0


def run_compare(args: argparse.Namespace) -> int:
    """Print the distances."""
    from avsynth.data.alignment import read_alignments
    from avsynth.data.manifest import read_manifest
    from avsynth.evaluation.alignments import compare, markdown

    words = {item.uid: item.words for item in read_manifest(args.manifest)} if args.manifest else {}
    print(markdown(compare(read_alignments(args.own), read_alignments(args.other), words)), end="")
    return 0


def _context(args: argparse.Namespace) -> Any:
    from avsynth.cli.common import find_config
    from avsynth.config.reading import load_config
    from avsynth.recipe.context import StageContext

    path = find_config(args.config)
    exp = args.exp or Path("exp") / path.stem
    jobs = getattr(args, "jobs", 1)
    return StageContext(load_config(path, args.overrides), Path(), exp, path.parent, jobs=jobs, device=args.device)
