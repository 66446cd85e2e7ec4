"""``avsynth teach``: a corpus of sound that another program speaks."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from avsynth.cli.common import positive


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("teach", help="make a corpus with another text-to-speech program")
    parser.add_argument("--texts", type=Path, required=True, metavar="FILE", help="lines id|sentence; .xz is unpacked")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the corpus, laid out as LJSpeech is")
    parser.add_argument(
        "--teacher",
        default="avsynth.data.hibari:Hibari",
        metavar="MODULE:CLASS",
        help="default: hibari-tts (extra teach)",
    )
    parser.add_argument("--hours", type=float, default=6.5, help="stop after so many hours of speech (default 6.5)")
    parser.add_argument("--seed", type=int, default=1234, help="seed for choosing sentences (default 1234)")
    parser.add_argument("--executor", default="", metavar="KIND|ADDRESS|FILE", help="as for recipe (docs/scale.md)")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Have the sentences spoken, and print a summary."""
    from collections import Counter

    from avsynth.config.reading import executor_named
    from avsynth.data.shards import Shards
    from avsynth.data.synthetic import Reading, Sentence, choose, read_list, teach
    from avsynth.errors import UserError
    from avsynth.recipe.executors.choice import make_executor
    from avsynth.recipe.executors.mapping import map_clips
    from avsynth.recipe.executors.tasks import Clip, Failure

    if args.hours <= 0:
        raise UserError(f"--hours must be above 0, not {args.hours}")
    chosen = choose(read_list(args.texts), args.seed)
    if not chosen:
        raise UserError(f"{args.texts} holds no sentence of a fit length")
    settings = executor_named(args.executor)
    executor = make_executor(settings, args.jobs)
    shards = Shards(args.out.absolute() / ".clips")

    def read_out(work: Callable[[Sentence], Reading], sentences: list[Sentence], label: str) -> Iterator[Reading]:
        clips = (Clip(item.code, f"{item} {item.wav.exists()} {item.labels.exists()}", item) for item in sentences)
        results = map_clips(executor, settings, shards, work, clips, len(sentences), label)
        for item, (_, made) in zip(sentences, results, strict=True):
            yield Reading(item, 0.0, made.reason) if isinstance(made, Failure) else made

    readings = teach(chosen, args.teacher, args.out.absolute(), args.hours, read_out)
    hours = sum(item.seconds for item in readings) / 3600
    reasons = Counter(item.reason.split(":")[0] for item in readings if item.reason)
    dropped = ", ".join(f"{reason} {count}" for reason, count in reasons.items()) or "none"
    print(f"{args.out}: {len(readings) - reasons.total()} sentences, {hours:.2f} hours; left out: {dropped}")
    return 0
