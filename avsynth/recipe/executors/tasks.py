"""A shard of clips as a task: any worker can run it, it is stored whole or not at all, and its bytes do not depend on
the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avsynth.data.shards import RECORD, Entry, Shards
from avsynth.recipe.executors import clip_process, records
from avsynth.recipe.executors.clip_process import ClipLost

TRIES = ".tries"
"""Ending of the file that counts how often a shard was begun."""


@dataclass(frozen=True)
class Clip:
    """One clip to work on."""

    uid: str
    state: str
    """What the result depends on, as text: a clip that is stored with another state is computed again."""
    argument: Any


@dataclass(frozen=True)
class Failure:
    """Why a clip has no result: it hung, crashed its process, or its shard was given up."""

    reason: str


@dataclass(frozen=True)
class Stored:
    """A result of work on a clip: a record, and files, by their endings, that the shard stores beside it."""

    record: Any
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Some clips and the work to do on each. With ``limit_s`` 0 the work runs in the task's own process, without a time
    limit."""

    name: str
    shards: Shards
    work: Callable[[Any], Any]
    clips: tuple[Clip, ...]
    limit_s: float
    tries: int
    where: str
    """The folder from which relative paths count."""


class Stopped(Exception):
    """The driver was interrupted."""


def run_task(task: Task, tick: Callable[[], None] = lambda: None, stopped: Callable[[], bool] = lambda: False) -> int:
    """Work on each clip and store the shard; how many clips it has. ``tick`` is called after each.

    A task that has been begun ``tries`` times and never ended is given up: its clips are stored as failures.
    """
    if _begun(task) > task.tries:
        give_up(task)
        return len(task.clips)
    entries = []
    for clip in task.clips:
        entries.append(_entry(clip, _work(task, clip, stopped)))
        tick()
    _store(task, entries)
    return len(task.clips)


def give_up(task: Task) -> None:
    """Store a task's clips as failures."""
    reason = f"given up: {task.tries} workers died on its shard"
    _store(task, [_entry(clip, Failure(reason)) for clip in task.clips])


def forget_tries(folder: Path) -> None:
    """Reset the counts of tries, as a new driver does: when the driver itself died, no clip is to blame."""
    for path in folder.glob("*" + TRIES):
        path.unlink(missing_ok=True)


def _begun(task: Task) -> int:
    if not task.limit_s:
        return 1
    path = task.shards.folder / (task.name + TRIES)
    with path.open("a+b") as file:
        file.write(b"+")
        file.flush()
        return file.tell()


def _work(task: Task, clip: Clip, stopped: Callable[[], bool]) -> Any:
    if not task.limit_s:
        return task.work(clip.argument)
    process = clip_process.borrow()
    try:
        return process(task.work, clip.argument, task.limit_s, task.where)
    except ClipLost as error:
        if stopped():
            raise Stopped from error
        return Failure(str(error))
    finally:
        clip_process.give_back(process)


def _entry(clip: Clip, made: Any) -> Entry:
    result = made if isinstance(made, Stored) else Stored(made)
    return Entry(clip.uid, clip.state, {RECORD: records.dump(result.record), **result.files})


def _store(task: Task, entries: list[Entry]) -> None:
    task.shards.write(task.name, entries)
    with suppress(OSError):
        (task.shards.folder / (task.name + TRIES)).unlink(missing_ok=True)
