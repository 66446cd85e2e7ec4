"""Work on several threads: the next is made while the last is being used, or several things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Work = Callable[[], Any]


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


@contextmanager
def at_once(threads: int) -> Iterator[Callable[[Work], Work]]:
    """A function that begins some work and gives what waits for its result, or raises what it raised.

    Up to ``threads`` are under way at a time; where that is one, each is done by whoever asks for its result. Context
    variables are those of where the work was begun. What has been begun is over when the context is left.
    """
    if threads == 1:
        yield lambda work: work
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="at-once") as workers:
        yield lambda work: workers.submit(copy_context().run, work).result
