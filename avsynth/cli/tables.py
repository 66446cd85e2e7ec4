"""``avsynth tables``: the paper's tables and figures of experiments that lie side by side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from avsynth.cli.common import find_config


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tables", help="the paper's tables and figures, from what recipes/grid/tables.sh made"
    )
    parser.add_argument("--exp", type=Path, required=True, metavar="DIR", help="the folder that holds the experiments")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where tables.md and the pictures go (default DIR)")
    parser.add_argument(
        "--corpus", choices=("grid", "tcd_timit"), default="grid", help="the corpus whose published figures are shown"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write and tell where."""
    from avsynth.comparison.document import write_comparison
    from avsynth.config.reading import load_config

    files = {"ParaLip": "", "TransformerT2L": "transformer_t2l", "DualLip": "duallip"}
    configs = {(name, "small"): load_config(find_config(file or "grid")) for name, file in files.items()}
    configs |= {(name, "paper"): load_config(find_config(f"paper_{file}".rstrip("_"))) for name, file in files.items()}
    out = args.out or args.exp
    for path in write_comparison(args.exp, out, args.corpus, configs):
        print(path)
    return 0
