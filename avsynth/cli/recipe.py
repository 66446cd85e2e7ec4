"""``avsynth recipe``: the stages in order, each only if it has to run."""

from __future__ import annotations

import argparse
from typing import Any

from avsynth.cli.common import STAGE_OPTIONS, STAGE_SWITCHES, add_recipe_options


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("recipe", help="run the stages from a corpus to a voice and its figures")
    parser.add_argument("--stage", metavar="N|NAME", help="the first stage to run (default data)")
    parser.add_argument("--stop-stage", metavar="N|NAME", help="the last stage to run (default evaluate)")
    parser.add_argument("--dry-run", action="store_true", help="tell what would run and why, and do nothing")
    add_recipe_options(parser, (*STAGE_OPTIONS, *STAGE_SWITCHES), aligner=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the recipe."""
    from avsynth.cli.common import stage_context
    from avsynth.recipe import runner as recipe

    chosen = recipe.select(args.stage, args.stop_stage)
    context = stage_context(args)
    if args.dry_run:
        warnings = recipe.check_needs(chosen, context)
        print("\n".join([*warnings, recipe.describe(recipe.plan(chosen, context), context)]))
    else:
        recipe.run(chosen, context)
    return 0
