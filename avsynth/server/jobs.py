"""The work behind requests: a few run at a time, some wait; each has a time limit and is cancelled when its client
leaves."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import AsyncIterator, Callable

from avsynth.server import memory
from avsynth.server.metrics import Metrics
from avsynth.server.settings import Limits

Work = Callable[["Job"], None]
"""A blocking function that hands what it makes to :meth:`Job.write` and calls :meth:`Job.check` often."""
GRACE_S = 0.8
"""Seconds that cancelled work has to end in; after that it is given up."""
LEAVING_S = 5.0
"""Seconds for which a server that ends waits for work that was given up: a thread that is inside PyTorch when Python
ends aborts the process."""


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
        self._unwanted, self._ended = asyncio.Event(), asyncio.Event()
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

    def made(self, speech_s: float) -> None:
        """Count so many more seconds of finished speech."""
        self.speech_s += speech_s
        self._metrics.speech_seconds.inc(speech_s)
        self.check()

    def check(self) -> None:
        """Raises :class:`Stopped` where the job is cancelled or out of time."""
        if self._stop.is_set():
            raise Stopped("the client has gone")
        if time.monotonic() > self._deadline:
            raise self._too_long()
        if self.speech_s > self._limits.speech_s:
            raise Stopped(f"this would be more than {self._limits.speech_s:g} s of speech: ask for less at once")

    def cancel(self) -> None:
        """The client has gone: let the work stop at its next check."""
        self._stop.set()
        self._tell(self._unwanted.set)

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
        del end, work
        memory.give_back()
        self._tell(self._ended.set)

    async def over(self) -> bool:
        """Wait until the work has ended. False where it still runs :data:`GRACE_S` after it was cancelled or its time
        was over: then the client gets the error, and what the work still makes is dropped."""
        ended = asyncio.ensure_future(self._ended.wait())
        unwanted = asyncio.ensure_future(self._unwanted.wait())
        left_s = self._deadline - time.monotonic()
        await asyncio.wait({ended, unwanted}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({ended}, timeout=GRACE_S)
        for each in (ended, unwanted):
            each.cancel()
        if not self._ended.is_set():
            self._made.put_nowait(self._too_long())
            self._stop.set()
        return self._ended.is_set()

    async def parts(self) -> AsyncIterator[bytes]:
        """The bytes as they come; raises what the work raised."""
        try:
            while (item := await self._made.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self.cancel()

    def _too_long(self) -> Stopped:
        return Stopped(f"this took longer than {self._limits.time_s:g} s: ask for less at once")

    def _put(self, item: bytes | BaseException | None) -> None:
        self._tell(self._made.put_nowait, item)

    def _tell(self, what: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server has stopped
            self._loop.call_soon_threadsafe(what, *arguments)


class Pool:
    """A fixed number of places for running jobs, each with a thread of its own, and a queue in front of them.

    ``given_up`` is called with a job that does not end when it should; its place is free again while its thread runs
    on.
    """

    def __init__(self, limits: Limits, metrics: Metrics, given_up: Callable[[Job], object] = lambda job: None) -> None:
        self._limits = limits
        self._metrics = metrics
        self._given_up = given_up
        self._places = asyncio.Semaphore(limits.active)
        self._active: dict[Job, asyncio.Task[None]] = {}
        self._threads: list[threading.Thread] = []
        self._waiting = 0
        self._usual_s = 2.0
        """Running mean of the time a job takes."""

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
        thread = threading.Thread(target=job.run, args=(work,), name="work", daemon=True)
        thread.start()
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        self._active[job] = asyncio.create_task(self._watch(job))
        self._metrics.active.set(len(self._active))
        return job

    async def _watch(self, job: Job) -> None:
        """Free the job's place when it is over or has been given up."""
        began = time.monotonic()
        if not await job.over():
            self._given_up(job)
        del self._active[job]
        self._metrics.active.set(len(self._active))
        self._usual_s += 0.2 * (time.monotonic() - began - self._usual_s)
        self._places.release()

    def load(self) -> dict[str, int]:
        """How many requests are running, and how many wait."""
        return {"active": len(self._active), "queued": self._waiting}

    async def close(self) -> None:
        """Stop all work, and wait for what still runs, at most :data:`LEAVING_S`."""
        watching = list(self._active.values())
        for job in self._active:
            job.cancel()
        await asyncio.gather(*watching)
        latest = time.monotonic() + LEAVING_S
        for thread in self._threads:
            await asyncio.to_thread(thread.join, max(0.0, latest - time.monotonic()))
