"""Training on two machines, each a network namespace of its own, started by ``torchrun``: the single process's losses.

Needs root and ``ip``: what cannot make a namespace skips this.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
import yaml

from avsynth.config.reading import to_dict
from avsynth.config.schema import Config
from avsynth.training.checkpoint import checkpoints
from avsynth.training.distributed import launch
from avsynth.training.loop import TrainingData, train

pytestmark = pytest.mark.slow
ADDRESSES = ("10.201.77.1", "10.201.77.2")
STEPS = 6


def ip(*words: str) -> bool:
    return subprocess.run(["ip", *words], capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[str, str]]:
    """Two namespaces joined by a pair of virtual interfaces, named as they are."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and ip")
    names = (f"avsa{os.getpid()}", f"avsb{os.getpid()}")
    links = ("veth-avs-a", "veth-avs-b")
    try:
        if not all(ip("netns", "add", name) for name in names):
            pytest.skip("this machine makes no network namespaces")
        made = ip(
            "link", "add", links[0], "netns", names[0], "type", "veth", "peer", "name", links[1], "netns", names[1]
        )
        for name, link, address in zip(names, links, ADDRESSES, strict=True):
            made &= ip("-n", name, "addr", "add", f"{address}/24", "dev", link)
            made &= ip("-n", name, "link", "set", link, "up") and ip("-n", name, "link", "set", "lo", "up")
        if not made:
            pytest.skip("this machine joins no network namespaces")
        yield names
    finally:
        for name in names:
            ip("netns", "del", name)


def start(machines: tuple[str, str], config: Config, data: TrainingData, port: int) -> list[subprocess.Popen[bytes]]:
    """``torchrun`` in both namespaces."""
    folder = data.output.parent
    (folder / "two.yaml").write_text(yaml.safe_dump(to_dict(config)))
    (folder / "data.json").write_text(json.dumps({item.name: str(getattr(data, item.name)) for item in fields(data)}))
    (folder / "two.py").write_text(
        textwrap.dedent("""
        import json, sys
        from pathlib import Path
        from avsynth.config.reading import load_config
        from avsynth.training.distributed import launch
        from avsynth.training.loop import TrainingData, train

        folder = Path(sys.argv[1])
        paths = json.loads((folder / "data.json").read_text())
        data = TrainingData(**{name: Path(path) for name, path in paths.items()})
        launch(train, "cpu", 1, 2, load_config(folder / "two.yaml"), data)
        """)
    )
    started = []
    for rank, name in enumerate(machines):
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "OMP_NUM_THREADS": "1",
            "GLOO_SOCKET_IFNAME": ("veth-avs-a", "veth-avs-b")[rank],
        }
        command = [
            *("ip", "netns", "exec", name, sys.executable, "-m", "torch.distributed.run", "--nnodes=2"),
            *(f"--node-rank={rank}", "--nproc-per-node=1", f"--master-addr={ADDRESSES[0]}", f"--master-port={port}"),
            *(str(folder / "two.py"), str(folder)),
        ]
        started.append(subprocess.Popen(command, env=environment, start_new_session=True))
    return started


def losses(data: TrainingData) -> dict[int, dict[str, float]]:
    rows = map(json.loads, (data.output / "metrics.jsonl").read_text().splitlines())
    return {row["step"]: row["train"] for row in rows if "train" in row}


def assert_same(one: dict[int, dict[str, float]], other: dict[int, dict[str, float]]) -> None:
    assert one.keys() == other.keys()
    for step, named in one.items():
        assert named == pytest.approx(other[step], abs=1e-4, rel=1e-4), f"step {step}"


@pytest.fixture
def settings(without_dropout: Config) -> Config:
    return replace(without_dropout, train=replace(without_dropout.train, steps=STEPS, like_lengths=True))


def test_two_machines_are_one(machines: tuple[str, str], settings: Config, corpus: TrainingData) -> None:
    alone, both = (replace(corpus, output=corpus.output / name / "train") for name in ("alone", "both"))
    for data in (alone, both):
        data.output.parent.mkdir(parents=True)
    launch(train, "cpu", 1, 1, settings, alone)
    assert [process.wait(timeout=500) for process in start(machines, settings, both, 29511)] == [0, 0]
    assert_same(losses(both), losses(alone))

    broken = replace(corpus, output=corpus.output / "broken" / "train")
    broken.output.parent.mkdir(parents=True)
    often = replace(settings, train=replace(settings.train, checkpoint_minutes=0.0, keep_checkpoints=20))
    processes = start(machines, often, broken, 29512)
    until = time.monotonic() + 400
    while len(checkpoints(broken.output / "checkpoints")) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    kept = checkpoints(broken.output / "checkpoints")
    for late in kept[3:]:  # it may have been quick; what was killed shall have something left to do
        late.unlink()
    assert len(kept) >= 2
    launch(train, "cpu", 1, 1, often, broken)
    assert_same(losses(broken), losses(alone))
