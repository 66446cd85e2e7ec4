"""Work for the executors' tests: module-level, so that other processes find it."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avsynth.data.crops import coded
from avsynth.errors import UserError
from avsynth.recipe.executors.tasks import Clip, Stored


@dataclass(frozen=True)
class Job:
    """What is to happen to a clip."""

    number: int
    fate: str = "drawn"
    folder: Path = Path()
    """Where a fate that comes once only leaves its mark."""


def clips(count: int, fates: dict[int, str] | None = None, folder: Path = Path()) -> list[Clip]:
    fates = fates or {}
    return [Clip(f"s1_{number:03}", "", Job(number, fates.get(number, "drawn"), folder)) for number in range(count)]


def work(job: Job) -> Stored:
    """A few pictures of noise, and their sum; or what the fate says."""
    with (job.folder / "begun.txt").open("a") as file:
        file.write(f"{job.number}\n")
    mark = job.folder / f"{job.fate}.{job.number}"
    if job.fate == "hangs":
        time.sleep(600)
    elif job.fate == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif job.fate == "refused":
        raise UserError("the weights are of another model")
    elif job.fate == "wrong":
        raise ZeroDivisionError
    elif job.fate == "slow":
        time.sleep(0.3)
    elif job.fate == "kills its worker" or (job.fate == "kills one worker" and not mark.exists()):
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)
    frames = np.random.default_rng(job.number).integers(0, 256, (2, 8, 16, 3), dtype=np.uint8)
    return Stored(int(frames.sum()), coded(frames, {"frames": 2}, 0))


class SlowToLoad:
    """Takes longer to unpickle than its clip's time limit, as work does whose modules are slow to import."""

    def __init__(self) -> None:
        self.loaded = False

    def __setstate__(self, state: dict[str, bool]) -> None:
        time.sleep(1.0)
        self.loaded = True


def is_loaded(job: SlowToLoad) -> bool:
    """Whether the other process has loaded it."""
    return job.loaded
