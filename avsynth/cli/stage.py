"""``avsynth data``, ``avsynth align`` …: the stages of the recipe as commands; ``lips`` has a module of its own."""

from __future__ import annotations

import argparse
from typing import Any

from avsynth.cli.common import add_recipe_options
from avsynth.recipe.runner import run as run_stages
from avsynth.recipe.runner import select
from avsynth.recipe.table import STAGES


def add_parser(subparsers: Any) -> None:
    """Declare one command per stage, but for ``lips``, which is a user's command as well."""
    for stage in STAGES:
        if stage.name == "lips":
            continue
        parser = subparsers.add_parser(stage.name, help=f"recipe stage: {stage.purpose}")
        add_recipe_options(parser, stage.options, aligner=stage.name == "align")
        parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the one stage, if it has to run."""
    from avsynth.cli.common import stage_context

    run_stages(select(args.command, args.command), stage_context(args))
    return 0
