"""The executor that a config asks for."""

from __future__ import annotations

from avsynth.config.executor import ExecutorConfig
from avsynth.config.reading import fingerprint
from avsynth.recipe.executors.dask import DaskExecutor
from avsynth.recipe.executors.local import LocalExecutor
from avsynth.recipe.executors.mapping import Executor

_clusters: dict[str, DaskExecutor] = {}
"""Clusters that this process is connected to: all stages share one."""


def make_executor(config: ExecutorConfig, jobs: int) -> Executor:
    """``jobs`` processes here, or the config's Dask cluster."""
    if config.kind != "dask":
        return LocalExecutor(jobs)
    key = fingerprint(config)
    if key not in _clusters:
        _clusters[key] = DaskExecutor(config)
    return _clusters[key]


def leave_clusters() -> None:
    """End the connections; a cluster that was started here ends with this process."""
    for executor in _clusters.values():
        executor.close()
    _clusters.clear()
