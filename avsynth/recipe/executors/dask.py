"""Run tasks on a Dask cluster: a running one, or one that is started here or by a batch system."""

from __future__ import annotations

import atexit
import importlib
import sys
from collections.abc import Iterator
from typing import Any

import yaml

from avsynth.config.executor import ExecutorConfig
from avsynth.errors import UserError
from avsynth.recipe.executors.mapping import Meter
from avsynth.recipe.executors.tasks import Task, give_up, run_task

AHEAD = 4
"""Tasks handed to the scheduler for each worker, so that none waits for the driver."""
HOMES = ("distributed", "dask_jobqueue", "dask_kubernetes.operator")
"""Modules searched for a cluster's class."""


class DaskExecutor:
    """Hands tasks to a scheduler; a task whose worker dies goes to another, at most ``tries`` times."""

    def __init__(self, config: ExecutorConfig) -> None:
        self._tries = config.tries
        self._client = connect(config)

    def run(self, tasks: Iterator[Task], meter: Meter) -> None:
        """See :class:`~avsynth.recipe.executors.mapping.Executor`."""
        distributed: Any = importlib.import_module("distributed")

        pending: dict[Any, Task] = {}
        more = True
        try:
            while more or pending:
                while more and len(pending) < AHEAD * max(1, self._threads()):
                    task = next(tasks, None)
                    if task is None:
                        more = False
                        break
                    pending[self._client.submit(run_task, task, pure=False)] = task
                if not pending:
                    break
                for future in distributed.wait(list(pending), return_when="FIRST_COMPLETED").done:
                    task = pending.pop(future)
                    try:
                        future.result()
                    except distributed.KilledWorker:  # by the scheduler's own count, which may be lower than ours
                        give_up(task)
                    meter.add(len(task.clips))
        except BaseException:
            self._client.cancel(list(pending))
            raise

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())


def connect(config: ExecutorConfig) -> Any:
    """A client of the scheduler that the config names or starts; tells stderr where its dashboard is."""
    try:
        import dask

        client_of: Any = importlib.import_module("distributed").Client
    except ImportError as error:
        raise UserError("executor.kind=dask needs Dask: pip install 'avsynth[cluster]'") from error
    dask.config.set({"distributed.scheduler.allowed-failures": config.tries + 1})
    try:
        if config.address:
            client = client_of(config.address, timeout=30)
        else:
            cluster = start_cluster(config)
            atexit.register(cluster.close)
            client = client_of(cluster)
    except (OSError, TimeoutError) as error:
        raise UserError(f"no Dask scheduler answers at {config.address}: {error}") from error
    print(f"dask: {client.scheduler.address}, dashboard {client.dashboard_link}", file=sys.stderr, flush=True)
    return client


def start_cluster(config: ExecutorConfig) -> Any:
    """Start a cluster of the config's class and request its workers; :class:`UserError` for an unknown class or wrong
    options."""
    cls = cluster_class(config.cluster)
    options = {name: yaml.safe_load(value) for name, value in config.options.items()}
    here = cls.__name__ == "LocalCluster"
    if here:
        options = {"n_workers": config.workers, "threads_per_worker": 1, "memory_limit": 0, **options}
    try:
        cluster = cls(**options)
    except (TypeError, ValueError) as error:
        raise UserError(f"executor.options do not fit {config.cluster}: {error}") from error
    if not here:
        cluster.scale(config.workers)
    return cluster


def cluster_class(name: str) -> Any:
    """``LocalCluster``, ``SLURMCluster`` … by name, or ``module:Class``."""
    module, colon, item = name.rpartition(":")
    for home in (module,) if colon else HOMES:
        try:
            return getattr(importlib.import_module(home), item)
        except (ImportError, AttributeError):
            continue
    raise UserError(
        f"executor.cluster: there is no {name} in {module or ', '.join(HOMES)}: pip install 'avsynth[cluster]'"
    )
