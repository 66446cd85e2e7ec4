"""A shard of clips as a task: done by whoever takes it, stored whole or not at all, the same bytes whoever did it."""

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
"""Ending of the file that counts who began a shard."""


@dataclass(frozen=True)
class Clip:
    """One clip to work on."""

    uid: str
    state: str
    """What the work depends on, as text: a clip that is stored with another is done anew."""
    argument: Any


@dataclass(frozen=True)
class Failure:
    """Why there is nothing of a clip: it hung, crashed its process, or its shard was given up."""

    reason: str


@dataclass(frozen=True)
class Stored:
    """What a piece of work leaves: a record, and files by ending that lie beside it in the shard."""

    record: Any
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Some clips and what is to be done with each. ``limit_s`` 0: in the process that runs the task."""

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
    """Count anew, as a new driver does: that it died itself is nobody's fault."""
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
