"""The same work on a Dask cluster: the same bytes, whoever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from avsynth.config.executor import ExecutorConfig
from avsynth.errors import UserError
from avsynth.recipe.executors.dask import cluster_class, start_cluster
from avsynth.recipe.executors.tasks import Failure
from tests.recipe.executors.conftest import LOCAL, Map
from tests.recipe.executors.jobs import clips

pytest.importorskip("distributed")


def stored(folder: Path) -> dict[str, bytes]:
    """Everything in a folder of shards."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_bytes_as_here(tmp_path: Path, mapped: Map, dask: ExecutorConfig) -> None:
    poisoned = clips(10, {4: "crashes"}, tmp_path)
    there = list(mapped(dask, poisoned, "there"))
    assert there == list(mapped(LOCAL, poisoned, "here"))
    assert stored(tmp_path / "there") == stored(tmp_path / "here")


def test_a_worker_that_dies_costs_its_shard(tmp_path: Path, mapped: Map, dask: ExecutorConfig) -> None:
    there = list(mapped(dask, clips(9, {4: "kills one worker"}, tmp_path), "there"))
    assert not any(isinstance(made, Failure) for _, made in there)
    done = (tmp_path / "begun.txt").read_text().split()
    assert {done.count(number) for number in "34"} == {2} and len(done) == 9 + 2


def test_a_shard_on_which_workers_die_is_given_up(tmp_path: Path, mapped: Map, dask: ExecutorConfig) -> None:
    deadly = replace(dask, tries=2, shard=1)
    there = dict(mapped(deadly, clips(3, {1: "kills its worker"}, tmp_path), "there"))
    assert there.pop("s1_001") == Failure("given up: 2 workers died on its shard")
    assert len(there) == 2 and not any(isinstance(made, Failure) for made in there.values())


@pytest.mark.slow
def test_a_driver_that_dies_is_taken_up_again(tmp_path: Path, mapped: Map, dask: ExecutorConfig) -> None:
    script = textwrap.dedent(f"""
        from pathlib import Path
        from avsynth.config.executor import ExecutorConfig
        from avsynth.data.shards import Shards
        from avsynth.recipe.executors.choice import make_executor
        from avsynth.recipe.executors.mapping import map_clips
        from tests.recipe.executors.jobs import clips, work

        config = ExecutorConfig(kind="dask", address={dask.address!r}, shard=3, clip_s=60)
        folder = Path({str(tmp_path)!r})
        slow = clips(60, dict.fromkeys(range(60), "slow"), folder)
        map_clips(make_executor(config, 2), config, Shards(folder / "there"), work, slow, 60, "test")
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    driver = subprocess.Popen([sys.executable, "-c", script], env=environment)
    ledgers = tmp_path / "there"
    until = time.monotonic() + 60
    while len(list(ledgers.glob("*.ledger.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    before = len(list(ledgers.glob("*.ledger.json")))
    results = mapped(dask, clips(60, dict.fromkeys(range(60), "slow"), tmp_path), "there")
    assert before >= 2 and results.fresh <= 60 - 3 * before and len(list(results)) == 60
    assert stored(ledgers) == stored_by(LOCAL, mapped, tmp_path)


def stored_by(config: ExecutorConfig, mapped: Map, folder: Path) -> dict[str, bytes]:
    mapped(config, clips(60, folder=folder), "here")
    return stored(folder / "here")


def test_the_job_script_of_a_batch_system() -> None:
    jobqueue = pytest.importorskip("dask_jobqueue")
    options = {
        "queue": "cpu",
        "cores": 1,
        "memory": "4GB",
        "walltime": "02:00:00",
        "job_extra_directives": ["--exclusive=user"],
        "scheduler_options": {"dashboard_address": None},
    }
    assert cluster_class("SLURMCluster") is jobqueue.SLURMCluster
    with cluster_class("SLURMCluster")(**options) as cluster:
        script = cluster.job_script()
    for line in ("#SBATCH -p cpu", "#SBATCH --mem=4G", "#SBATCH -t 02:00:00", "#SBATCH --exclusive=user", "dask"):
        assert line in script


def test_a_cluster_that_cannot_be_is_told() -> None:
    with pytest.raises(UserError, match="there is no SLRMCluster"):
        cluster_class("SLRMCluster")
    with pytest.raises(UserError, match="do not fit SLURMCluster"):
        start_cluster(ExecutorConfig(kind="dask", cluster="SLURMCluster", options={"memory": "4GB"}))
