"""Map work over items on this machine outside of stages: results come in order, and nothing is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from avsynth.config.executor import ExecutorConfig
from avsynth.data.shards import Shards
from avsynth.errors import UserError
from avsynth.recipe.executors.local import LocalExecutor
from avsynth.recipe.executors.mapping import map_clips
from avsynth.recipe.executors.tasks import Clip, Failure

Item = TypeVar("Item")
Result = TypeVar("Result")


def parallel(work: Callable[[Item], Result], items: Sequence[Item], jobs: int, label: str) -> Iterator[Result]:
    """Results of ``work`` on each item, in order, by ``jobs`` processes of this machine; nothing is kept.

    A function of a script that is run by its path cannot be found by other processes: its items are worked on here.

    Raises :class:`UserError` for an item that hangs or crashes.
    """
    alone = jobs <= 1 or len(items) <= 1 or getattr(work, "func", work).__module__ == "__main__"
    settings = ExecutorConfig(kind="inline" if alone else "local", shard=1)
    clips = (Clip(f"{number:09}", "", item) for number, item in enumerate(items))
    with tempfile.TemporaryDirectory(prefix="avsynth-") as folder:
        shards = Shards(Path(folder))
        for uid, result in map_clips(LocalExecutor(jobs), settings, shards, work, clips, len(items), label):
            if isinstance(result, Failure):
                raise UserError(f"{label}: item {int(uid) + 1} {result.reason}")
            yield result
