"""``avsynth espnet``: Kaldi-style data folders, as ESPnet's text-to-speech recipes read them, written and read."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.cli.common import add_recipe_options, positive

if TYPE_CHECKING:
    from avsynth.recipe.context import Ledger

ROOT = "the folder where ESPnet's recipe is run, from which relative paths count"


def add_parser(subparsers: Any) -> None:
    """Declare the command and its two directions."""
    parser = subparsers.add_parser("espnet", help="write and read data folders of ESPnet's kind")
    directions = parser.add_subparsers(metavar="COMMAND", required=True, dest="direction")
    out = directions.add_parser("export", help="write data folders from an experiment that has been aligned")
    out.add_argument("--data", type=Path, required=True, metavar="DIR", help="the corpus of the experiment")
    out.add_argument("--exp", type=Path, required=True, metavar="DIR", help="the experiment")
    out.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a new folder: DIR/train, DIR/validation, …"
    )
    out.add_argument("--root", type=Path, metavar="DIR", help=f"{ROOT} (default: all paths are absolute)")
    out.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    out.set_defaults(run=run_export)
    into = directions.add_parser("import", help="read data folders in place of the stages data and align")
    add_recipe_options(into, ())
    into.add_argument("--train-set", metavar="NAME", help="the data folder in DIR to train on (default train)")
    into.add_argument("--valid-set", metavar="NAME", help="default validation, if it is there")
    into.add_argument(
        "--test-sets", metavar="NAMES", help="one, or several with blanks between (default test, if there)"
    )
    into.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=f"{ROOT} (default: here)")
    rate_help = "a frame of durations is SAMPLES at HZ (default: the config's mel)"
    into.add_argument("--durations-rate", type=positive, metavar="HZ", help=rate_help)
    into.add_argument("--durations-hop", type=positive, metavar="SAMPLES", help="see --durations-rate")
    into.set_defaults(run=run_import)


def run_export(args: argparse.Namespace) -> int:
    """Write the folders and say what is in them."""
    from avsynth.recipe.stages.espnet import Export, export

    ledger = export(Export(args.data, args.exp, args.out, args.root, args.jobs))
    print(f"{args.out}: {', '.join(f'{name} {count}' for name, count in ledger.notes.items())}{_left_out(ledger)}")
    return 0


def run_import(args: argparse.Namespace) -> int:
    """Read the folders, as the stages that they stand for, and say how to go on."""
    import dataclasses

    from avsynth.cli.common import stage_context
    from avsynth.errors import UserError
    from avsynth.recipe import runner
    from avsynth.recipe.stages.espnet import has_durations, read_sets
    from avsynth.recipe.table import STAGES

    given = {
        "train-set": args.train_set,
        "valid-set": args.valid_set,
        "test-sets": args.test_sets,
        "root": args.root,
        "durations-rate": args.durations_rate,
        "durations-hop": args.durations_hop,
    }
    options = {name: str(value) for name, value in given.items() if value is not None}
    context = dataclasses.replace(stage_context(args), options=options)
    for path in (context.manifest, context.alignments):
        if path.exists():
            raise UserError(f"{path} is there already: name a new folder with --exp, or delete that one")
    targets = {"data": "avsynth.recipe.stages.espnet:import_data"}
    if has_durations(read_sets(context)):
        targets["align"] = "avsynth.recipe.stages.espnet:import_alignments"
    stages = tuple(dataclasses.replace(item, target=targets.get(item.name, item.target)) for item in STAGES)
    runner.run([item for item in stages if item.name in targets], context, stages)
    print(f"go on with: avsynth recipe --data {args.data} --config {args.config} --exp {context.exp} --stage lips")
    return 0


def _left_out(ledger: Ledger) -> str:
    if not ledger.dropped:
        return ""
    uid, reason = next(iter(ledger.dropped.items()))
    return f"; {len(ledger.dropped)} left out ({uid}: {reason})"
