"""Work behind requests: a few at a time, some waiting, each with a limit and an end that its client can bring about."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from avsynth.server.metrics import Metrics
from avsynth.server.settings import Limits

Work = Callable[["Job"], None]
"""Blocking: hands what it makes to :meth:`Job.write` and calls :meth:`Job.check` at every part."""


class Busy(Exception):
    """All places are taken and the queue is full."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"all places are taken; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Stopped(Exception):
    """The work is no longer wanted, or has taken too long."""


class Job:
    """One request's work, on its way from a thread to the client."""

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self._limits = limits
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._made: asyncio.Queue[bytes | BaseException | None] = asyncio.Queue()
        self._stop = threading.Event()
        self._began = time.monotonic()
        self._deadline = self._began + limits.time_s
        self.first_s: float | None = None
        """Seconds until the first bytes."""
        self.speech_s = 0.0
        """Seconds of speech made."""

    def write(self, data: bytes) -> None:
        """Hand on bytes, from the working thread."""
        if self.first_s is None:
            self.first_s = time.monotonic() - self._began
            self._metrics.first_bytes.observe(self.first_s)
        self._put(bytes(data))

    def check(self, speech_s: float = 0.0) -> None:
        """Between two parts, the last of so many seconds of speech: :class:`Stopped` where no more is wanted."""
        self.speech_s += speech_s
        self._metrics.speech_seconds.inc(speech_s)
        if self._stop.is_set():
            raise Stopped("the client has gone")
        if time.monotonic() > self._deadline:
            raise Stopped(f"this took longer than {self._limits.time_s:g} s: ask for less at once")
        if self.speech_s > self._limits.speech_s:
            raise Stopped(f"this would be more than {self._limits.speech_s:g} s of speech: ask for less at once")

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self._stop.set()

    def run(self, work: Work) -> None:
        """Do the work, in a thread; what it raises comes out of :meth:`parts`."""
        began = time.monotonic()
        end: BaseException | None = None
        try:
            self.check()
            work(self)
        except BaseException as error:
            end = error
        self._metrics.work_seconds.inc(time.monotonic() - began)
        self._put(end)

    async def parts(self) -> AsyncIterator[bytes]:
        """The bytes as they come; raises what the work raised."""
        try:
            while (item := await self._made.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self.cancel()

    def _put(self, item: bytes | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server has stopped
            self._loop.call_soon_threadsafe(self._made.put_nowait, item)


class Pool:
    """Places to work in, and a queue before them."""

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self._limits = limits
        self._metrics = metrics
        self._places = asyncio.Semaphore(limits.active)
        self._threads = ThreadPoolExecutor(limits.active, thread_name_prefix="work")
        self._active: set[Job] = set()
        self._waiting = 0
        self._usual_s = 2.0
        """Mean time of a job, of late."""

    async def start(self, work: Work) -> Job:
        """Begin as soon as a place is free. Raises :class:`Busy`, and :class:`Stopped` after too long a wait."""
        if self._places.locked() and self._waiting >= self._limits.queued:
            raise Busy(max(1, math.ceil(self._usual_s * (1 + self._waiting) / self._limits.active)))
        self._waiting += 1
        self._metrics.queue.set(self._waiting)
        try:
            async with asyncio.timeout(self._limits.time_s):
                await self._places.acquire()
        except TimeoutError as error:
            raise Stopped(f"no place has become free in {self._limits.time_s:g} s: try again later") from error
        finally:
            self._waiting -= 1
            self._metrics.queue.set(self._waiting)
        job = Job(self._limits, self._metrics)
        self._active.add(job)
        self._metrics.active.set(len(self._active))
        done = asyncio.get_running_loop().run_in_executor(self._threads, job.run, work)
        began = time.monotonic()

        def free(_: Awaitable[None]) -> None:
            self._active.discard(job)
            self._metrics.active.set(len(self._active))
            self._usual_s += 0.2 * (time.monotonic() - began - self._usual_s)
            self._places.release()

        done.add_done_callback(free)
        return job

    def load(self) -> dict[str, int]:
        """How many requests are worked at, and how many wait."""
        return {"active": len(self._active), "queued": self._waiting}

    def close(self) -> None:
        """Stop all work within its part."""
        for job in self._active:
            job.cancel()
        self._threads.shutdown(wait=True, cancel_futures=True)
