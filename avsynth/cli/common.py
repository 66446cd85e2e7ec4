"""Options that several commands share."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.errors import UserError

if TYPE_CHECKING:
    from avsynth.recipe.context import StageContext

PACKAGE = Path(__file__).resolve().parent.parent
CONFIG_FOLDERS = (Path("configs"), PACKAGE / "configs", PACKAGE.parent / "configs")
"""Where a config is looked for by its name: here, in the installed package, in a source checkout."""

STAGE_OPTIONS = {
    "speaker": "data: the speaker of a folder that holds one alone (by default its name); TCD-TIMIT: this one alone",
    "voice": "synthesize: a voice, by name or folder, instead of the one that the experiment trained",
    "durations": "synthesize: true (the recording's own), recorded (these, and how far its picture runs ahead of its"
    " sound), predicted, or wrong_text (a control)",
    "identity": "synthesize: first-frame, neutral (the voice's own), or an image FILE",
    "split": "synthesize: validation, test or train",
    "limit": "synthesize, evaluate: at most this many clips",
    "inception-weights": "evaluate: TorchScript file of Inception-v3 (inception-2015-12-05.pt), for FID",
    "lip-reader": "evaluate: the folder of a lip reader that judges the pictures (see read-lips)",
}
"""Options of single stages that have a value."""
STAGE_SWITCHES = {
    "video": "synthesize: write mp4s (default yes)",
    "sound": "synthesize: sound as well as lips (default yes)",
    "landmarks": "evaluate: landmark measures (default yes)",
    "pitch": "evaluate: pitch errors (default yes)",
    "vocoded": "evaluate: the control row of copy synthesis (default no)",
    "mos": "evaluate: predicted MOS, some seconds a clip (default no)",
}
"""Options of single stages that are on or off."""


def positive(text: str) -> int:
    """A whole number of 1 or more, for argparse."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def add_recipe_options(parser: Any, options: Iterable[str], aligner: bool = False, required: bool = True) -> None:
    """Add the options of ``recipe`` and every stage, the named ones of a stage's own, and ``--aligner`` if ``aligner``.

    ``parser`` is a parser or a group of one; corpus and config may be missing unless they are ``required``.
    """
    parser.add_argument(
        "--data", type=Path, required=required, metavar="DIR", help="the corpus, as its owners lay it out"
    )
    parser.add_argument(
        "--config", required=required, metavar="NAME|PATH", help="a config, such as grid, paper or tiny"
    )
    parser.add_argument("--exp", type=Path, metavar="DIR", help="where everything is written (default exp/<config>)")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    parser.add_argument(
        "--executor",
        default="",
        metavar="KIND|ADDRESS|FILE",
        help="where work on clips runs: local, dask, a scheduler's address, SLURMCluster …, or a YAML file",
    )
    parser.add_argument("--devices", type=positive, default=1, metavar="N", help="training processes on this machine")
    parser.add_argument("--num-nodes", type=positive, default=1, metavar="N", help="machines, started by torchrun")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    if aligner:
        parser.add_argument(
            "--aligner", metavar="NAME", help="align: acoustic, textgrid, labels or lips (align.source)"
        )
    for name in options:
        if name in STAGE_SWITCHES:
            parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, help=STAGE_SWITCHES[name])
        else:
            parser.add_argument(f"--{name}", metavar="VALUE", help=STAGE_OPTIONS[name])
    parser.add_argument(
        "overrides", nargs="*", default=[], metavar="key=value", help="settings that replace the config's"
    )


def find_config(name: str) -> Path:
    """The file of a config given by path or by name; :class:`UserError` names the nearest."""
    if name.endswith((".yaml", ".yml")) or os.sep in name:
        return Path(name)
    for folder in CONFIG_FOLDERS:
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    known = sorted({path.stem for folder in CONFIG_FOLDERS if folder.is_dir() for path in folder.glob("*.yaml")})
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    raise UserError(
        f"unknown config {name!r}" + (f"; the nearest is {near[0]!r}" if near else ": give the path of a YAML file")
    )


def stage_context(args: argparse.Namespace) -> StageContext:
    """The stage context for the parsed options."""
    from avsynth.config.reading import load_config, load_executor
    from avsynth.recipe.context import StageContext

    path = find_config(args.config)
    names = (*STAGE_OPTIONS, *STAGE_SWITCHES)
    given: dict[str, Any] = {name: getattr(args, name.replace("-", "_"), None) for name in names}
    options = {name: _text(value) for name, value in given.items() if value is not None}
    return StageContext(
        config=load_config(path, [*args.overrides, *_aligner(args)]),
        corpus=args.data,
        exp=args.exp or Path("exp") / path.stem,
        config_dir=path.parent,
        jobs=args.jobs,
        devices=args.devices,
        num_nodes=args.num_nodes,
        device=args.device,
        executor=load_executor(path, args.overrides, args.executor),
        options=options,
    )


def _aligner(args: argparse.Namespace) -> list[str]:
    aligner = getattr(args, "aligner", None)
    return [f"align.source={aligner}"] if aligner else []


def _text(value: str | bool) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
