"""``avsynth bench``: what speaking costs, as ratios within one run of one process.

With ``--latency``: what lips cost over the length of the clip, ParaLip beside both baselines, small and at paper size.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.cli.common import find_config, positive
from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError
from avsynth.files import write_json

if TYPE_CHECKING:
    from avsynth.config.schema import Config
    from avsynth.evaluation.latency import Latencies
    from avsynth.synthesis.voice import Voice

LENGTHS_S = (1.0, 2.0, 3.0, 5.0, 10.0, 20.0)
LONGEST_S = 600.0


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("bench", help="cost ratios: lips, everything but the vocoder, memory")
    parser.add_argument("--voice", default=DEFAULT_VOICE, metavar="NAME|DIR")
    parser.add_argument("--threads", type=positive, default=2, metavar="N")
    parser.add_argument("--runs", type=positive, default=10, metavar="N", help="runs of which the median counts")
    parser.add_argument("--text", default="place blue at f two now")
    parser.add_argument("--latency", action="store_true", help="lips against the baselines, over the clip's length")
    parser.add_argument("--lengths", type=seconds_list, default=LENGTHS_S, metavar="S,S,…", help="seconds of --latency")
    parser.add_argument("--sizes", choices=("both", "small", "paper"), default="both", help="of --latency")
    parser.add_argument("--published", action="store_true", help="--latency without graph optimisations")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="of --latency")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where --latency writes its figures too")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the tables as JSON (not with --latency)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import torch

    from avsynth.synthesis.voice import Voice

    torch.set_num_threads(args.threads)
    voice = Voice.load(args.voice)
    if not voice.speaks:
        raise UserError(f"--voice {args.voice} is a baseline's, which has no sound: bench needs a voice that speaks")
    if args.out is not None and args.latency:
        raise UserError("--out takes the tables of bench alone: --latency writes with --json")
    if args.latency:
        found = measure_lips(voice, args)
        print(found.markdown())
        if args.json is not None:
            write_json(args.json, found.to_json())
        return 0
    from avsynth.config.reading import load_config
    from avsynth.device import processor
    from avsynth.evaluation.costs import measure
    from avsynth.evaluation.latency import WARM_UP
    from avsynth.evaluation.report import command, commit
    from avsynth.evaluation.tables import Heading, write_tables

    costs = measure(voice, load_config(find_config("paper")), args.text, args.runs)
    heading = Heading(
        f"{args.text!r}, {costs.sound_s:.2f} s, voice {args.voice}",
        1,
        "predicted",
        "",
        commit(),
        command(),
        figures=f"medians of {args.runs} runs",
        conditions=f"batch 1, {args.threads} threads on {processor()}, warm ({WARM_UP} runs dropped), one process",
    )
    tables = costs.tables(heading)
    print("\n".join(table.markdown() for table in tables), end="")
    if args.out is not None:
        write_tables(args.out, *tables)
    return 0


def seconds_list(text: str) -> tuple[float, ...]:
    """Comma-separated lengths above 0, for argparse."""
    try:
        lengths = tuple(float(item) for item in text.split(","))
    except ValueError:
        lengths = ()
    if not lengths or not all(0 < item <= LONGEST_S for item in lengths):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of seconds, each at most {LONGEST_S:g}")
    return lengths


def measure_lips(voice: Voice, args: argparse.Namespace) -> Latencies:
    """The voice's own lips beside the small baselines, and all three at paper size."""
    import torch

    from avsynth.config.reading import load_config
    from avsynth.device import choose_device
    from avsynth.evaluation.latency import OURS, measure_latency
    from avsynth.synthesis.synthesizer import DRAW_CHUNK

    def of(name: str) -> Config:
        return load_config(find_config(name))

    baselines = {"TransformerT2L": "transformer_t2l", "DualLip-style": "duallip"}
    configs = {(OURS, "small"): voice.config}
    configs |= {(name, "small"): of(file) for name, file in baselines.items()}
    configs |= {(OURS, "paper"): of("paper")}
    configs |= {(name, "paper"): of(f"paper_{file}") for name, file in baselines.items()}
    chosen = {key: config for key, config in configs.items() if args.sizes in ("both", key[1])}
    device = torch.device(choose_device(args.device))
    piece = DRAW_CHUNK if device.type == "cpu" else 0
    return measure_latency(chosen, voice.stats, args.lengths, args.runs, device, piece, args.published)
