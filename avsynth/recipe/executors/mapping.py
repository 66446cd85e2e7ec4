"""Map work over clips: clips that are stored are skipped, the others go to the executor in shards, results come in
order."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from avsynth.config.executor import ExecutorConfig
from avsynth.data.shards import KEY, STATE, Shards, hash64
from avsynth.errors import UserError
from avsynth.recipe.executors import records
from avsynth.recipe.executors.tasks import Clip, Task, forget_tries

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs tasks, on this machine or elsewhere."""

    def run(self, tasks: Iterator[Task], meter: Meter) -> None:
        """Run all tasks, taking each from the iterator when there is room for it; ``meter`` counts every clip."""
        ...


class Meter:
    """Progress on stderr: a live line on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, label: str) -> None:
        self._total, self._label = total, label
        self._terminal = sys.stderr.isatty()
        self._started = self._told = time.monotonic()
        self._count = 0
        self._lock = threading.Lock()

    def add(self, count: int = 1) -> None:
        """Count clips as done."""
        with self._lock:
            self._count += count
            now = time.monotonic()
            if now - self._told < (0.5 if self._terminal else 30.0) and self._count < self._total:
                return
            rate = self._count / max(now - self._started, 1e-6) * 60
            end = "\r" if self._terminal and self._count < self._total else "\n"
            line = f"{self._label}: {self._count}/{self._total}, {rate:.0f} per minute"
            print(line, end=end, file=sys.stderr, flush=True)
            self._told = now


class Results:
    """The clips' results in the order of the clips; read from the shards on demand."""

    def __init__(self, shards: Shards, keys: NDArray[np.uint64], fresh: int, seconds: float) -> None:
        self.shards, self._keys = shards, keys
        self.fresh, self.seconds = fresh, seconds
        """Clips that had to be computed, and the seconds they took."""

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Name, and what the work returned (its record) or a :class:`Failure`."""
        for key in self._keys.tolist():
            uid, record = self.shards.record(key)
            yield uid, records.load(record)


def map_clips(
    executor: Executor,
    settings: ExecutorConfig,
    shards: Shards,
    work: Callable[[Any], Any],
    clips: Iterable[Clip],
    total: int,
    label: str,
) -> Results:
    """Do ``work`` with the argument of each clip that is not stored with its state yet; index what is stored then.

    ``clips`` is read once and not held in memory; ``total``, how many it should give, is used for progress only.
    """
    shards.folder.mkdir(parents=True, exist_ok=True)
    forget_tries(shards.folder)
    keys, states = array("Q"), array("Q")
    known = _Known(shards.done())
    fresh = 0
    meter = Meter(total, label)

    def tasks() -> Iterator[Task]:
        nonlocal fresh
        batch: list[Clip] = []
        for clip in clips:
            keys.append(hash64(clip.uid))
            states.append(hash64(clip.state))
            if (keys[-1], states[-1]) in known:
                continue
            fresh += 1
            batch.append(clip)
            if len(batch) == settings.shard:
                yield _task(batch, shards, work, settings)
                batch = []
        if batch:
            yield _task(batch, shards, work, settings)

    started = time.monotonic()
    executor.run(tasks(), meter)
    seconds = time.monotonic() - started
    wanted = np.stack([np.array(keys, np.uint64), np.array(states, np.uint64)])
    if len(np.unique(wanted[0])) != wanted.shape[1]:
        raise UserError(f"{label}: two clips have the same name")
    shards.reindex(wanted)
    return Results(shards, wanted[0], fresh, seconds)


class _Known:
    """Names and states of the stored clips, as sorted numbers."""

    def __init__(self, rows: NDArray[np.uint64]) -> None:
        order = np.lexsort((rows[STATE], rows[KEY]))
        self._keys, self._states = rows[KEY, order], rows[STATE, order]

    def __contains__(self, pair: tuple[int, int]) -> bool:
        key, state = pair
        start, stop = (int(np.searchsorted(self._keys, np.uint64(key), side=side)) for side in ("left", "right"))
        return bool((self._states[start:stop] == np.uint64(state)).any())


def _task(clips: Sequence[Clip], shards: Shards, work: Callable[[Any], Any], settings: ExecutorConfig) -> Task:
    text = "\n".join(f"{clip.uid} {clip.state}" for clip in clips)
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    limit_s = 0.0 if settings.kind == "inline" else settings.clip_s
    return Task(name, shards, work, tuple(clips), limit_s, settings.tries, os.getcwd())
