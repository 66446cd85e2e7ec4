"""``avsynth train-vocoder``: train the vocoder of our own on the sound of any corpora."""

from __future__ import annotations

import argparse
from typing import Any

from avsynth.cli.common import add_recipe_options


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "train-vocoder", help="train the harmonic vocoder on sound; continues where it stopped"
    )
    add_recipe_options(parser, ())
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    from avsynth.cli.common import stage_context
    from avsynth.recipe.stages.train_vocoder import run as train

    print(train(stage_context(args)))
    return 0
