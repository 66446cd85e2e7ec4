"""Processes of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from avsynth.recipe.executors import clip_process
from avsynth.recipe.executors.mapping import Meter
from avsynth.recipe.executors.tasks import Task, run_task


class LocalExecutor:
    """``jobs`` threads, each of which takes a task and has a process of its own work on its clips."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def run(self, tasks: Iterator[Task], meter: Meter) -> None:
        """See :class:`~avsynth.recipe.executors.mapping.Executor`."""
        stop = threading.Event()
        pending: set[Future[int]] = set()
        pool = ThreadPoolExecutor(self._jobs)
        try:
            for task in tasks:
                if not task.limit_s:
                    run_task(task, meter.add)
                    continue
                pending.add(pool.submit(run_task, task, meter.add, stop.is_set))
                if len(pending) > self._jobs:
                    pending = _checked(pending)
            while pending:
                pending = _checked(pending)
        except BaseException:
            stop.set()
            clip_process.close_all()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
            clip_process.close_all()


def _checked(pending: set[Future[int]]) -> set[Future[int]]:
    """Those that still run, after at least one has ended; what it raised is raised."""
    ended, running = wait(pending, return_when=FIRST_COMPLETED)
    for future in ended:
        future.result()
    return running
