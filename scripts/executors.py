"""The overhead of executors: processor time per clip of each, compared with a plain pool of processes that stores
nothing.

    python scripts/executors.py [--clips 400] [--numbers 2000000]

A clip's work is to add up so many numbers. Told are: the processor time for a clip, of the driver and of whatever it
has started, taken between a fifth of the clips and all of them, so that starting up does not count; the plain pool's
time as a share of it, which is how fast a core gets on; and the cores in use while there is nothing to do. On a busy
machine a clip waits longer, and so has a larger part of the latter.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil

from avsynth.config.executor import ExecutorConfig
from avsynth.data.shards import Shards
from avsynth.recipe.executors.choice import leave_clusters, make_executor
from avsynth.recipe.executors.mapping import map_clips
from avsynth.recipe.executors.tasks import Clip

JOBS = 2
WAIT_S = 10


def spent() -> float:
    """Processor seconds of this process and of all that it has started."""
    own = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (own, *own.children(recursive=True)))


def idle() -> float:
    """Cores in use while there is nothing to do."""
    before = spent()
    time.sleep(WAIT_S)
    return (spent() - before) / WAIT_S


def pool(clips: int, numbers: int) -> float:
    """Processor seconds of a plain pool."""
    before = spent()
    with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as processes:
        list(processes.map(sum, [range(numbers)] * clips))
        return spent() - before


def executor(settings: ExecutorConfig) -> Callable[[int, int], float]:
    """Processor seconds of an executor of this project, including reading the results back."""

    def run(clips: int, numbers: int) -> float:
        before = spent()
        with tempfile.TemporaryDirectory() as folder:
            given = (Clip(f"{number:06}", "", range(numbers)) for number in range(clips))
            work = make_executor(settings, JOBS)
            for _ in map_clips(work, settings, Shards(Path(folder)), sum, given, clips, settings.kind):
                pass
        return spent() - before

    return run


def main() -> None:
    """Print the processor time per clip of each."""
    parser = argparse.ArgumentParser(description="processor time of a clip by executor")
    parser.add_argument("--clips", type=int, default=400)
    parser.add_argument("--numbers", type=int, default=2_000_000)
    args = parser.parse_args()
    kinds = {"plain pool": pool, "local": executor(ExecutorConfig("local"))}
    kinds["dask"] = executor(ExecutorConfig("dask", workers=JOBS))
    few = args.clips // 5
    plain = 0.0
    for name, run in kinds.items():
        run(JOBS, args.numbers)  # a cluster starts once
        first = run(few, args.numbers)
        each = (run(args.clips, args.numbers) - first) / (args.clips - few)
        plain = plain or each
        print(f"{name}: {each * 1000:.1f} ms a clip ({plain / each:.0%}), {idle():.3f} cores at rest", flush=True)
    leave_clusters()


if __name__ == "__main__":
    main()
