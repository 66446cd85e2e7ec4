"""One Dask cluster of two workers for all tests, and what they map with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from avsynth.config.executor import ExecutorConfig
from avsynth.data.shards import Shards
from avsynth.recipe.executors.choice import leave_clusters, make_executor
from avsynth.recipe.executors.mapping import Results, map_clips
from avsynth.recipe.executors.tasks import Clip
from tests.recipe.executors.jobs import work

Map = Callable[..., Results]
LOCAL = ExecutorConfig(shard=3, clip_s=60)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A ``LocalCluster``."""
    distributed = pytest.importorskip("distributed")
    pytest.importorskip("dask").config.set({"distributed.scheduler.allowed-failures": 9})
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=None) as started:
        yield started
        leave_clusters()


@pytest.fixture
def dask(cluster: Any) -> ExecutorConfig:
    return replace(LOCAL, kind="dask", address=cluster.scheduler_address)


@pytest.fixture
def mapped(tmp_path: Path) -> Map:
    """``mapped(config, clips)``: into ``tmp_path / name``."""

    def run(config: ExecutorConfig, clips: list[Clip], name: str = "shards") -> Results:
        shards = Shards(tmp_path / name)
        return map_clips(make_executor(config, 2), config, shards, work, clips, len(clips), "test")

    return run
