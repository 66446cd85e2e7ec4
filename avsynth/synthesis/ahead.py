"""Making the next while the last is being used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, made by a thread of its own: from now on, and each while the one before is being used.

    At most one waits to be used, so memory stays flat. What making raises comes out where the item would have.
    """
    worker = ThreadPoolExecutor(1, thread_name_prefix="ahead")
    return _taken(worker, items, worker.submit(next, items))


def _taken(worker: ThreadPoolExecutor, items: Iterator[Item], coming: Future[Item]) -> Iterator[Item]:
    with worker:
        while True:
            try:
                item = coming.result()
            except StopIteration:
                return
            coming = worker.submit(next, items)
            yield item
