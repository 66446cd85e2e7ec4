"""Work on uploads in a process of its own, which may hang, crash or run out of memory without harming the server."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from avsynth.errors import UserError
from avsynth.server.jobs import Job

BYTES, RESULT, REFUSAL, FAULT = b"b", b"r", b"u", b"f"
"""First byte of a message from the process. Messages are never unpickled: a hostile upload may have taken the process
over."""
LOOK_S = 0.05
LARGEST_FILE = 1 << 30
Write = Callable[[bytes], object]
Function = Callable[..., Any]
"""A function at the top of a module. Its first argument takes bytes to be sent on; what it returns must be JSON."""


class Isolated:
    """Processes for uploads, started when needed; one is kept for the next upload."""

    def __init__(self, memory_bytes: int, threads: int) -> None:
        self._limits = memory_bytes, threads
        self._guard = threading.Lock()
        self._idle: list[_Process] = []
        self._closed = False

    def run(self, job: Job, folder: Path, function: Function, *arguments: Any) -> Any:
        """Run ``function`` in ``folder``; its bytes go to ``job``, and its result comes back.

        Raises :class:`UserError` where the function refuses its input or the process dies, and what :meth:`Job.check`
        raises where the job is no longer wanted; the process is then killed.
        """
        with self._guard:
            process = self._idle.pop() if self._idle else _Process(*self._limits)
        try:
            result = process.run(job, folder, function, arguments)
        except BaseException as error:
            if not isinstance(error, UserError) or not process.lives:
                process.kill()
                raise
            self._keep(process)
            raise
        self._keep(process)
        return result

    def close(self) -> None:
        """End the processes that wait."""
        with self._guard:
            self._closed, idle = True, self._idle
            self._idle = []
        for process in idle:
            process.kill()

    def _keep(self, process: _Process) -> None:
        with self._guard:
            kept = not self._closed and not self._idle
            if kept:
                self._idle.append(process)
        if not kept:
            process.kill()


class _Process:
    """One process, for one task at a time."""

    def __init__(self, memory_bytes: int, threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, memory_bytes, threads), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def lives(self) -> bool:
        return self._process.is_alive()

    def run(self, job: Job, folder: Path, function: Function, arguments: tuple[Any, ...]) -> Any:
        """Send the task and pass on what the process sends back."""
        self._pipe.send((str(folder), function, arguments))
        while True:
            job.check()
            if not self._pipe.poll(LOOK_S):
                continue
            try:
                message = self._pipe.recv_bytes()
            except (EOFError, OSError) as error:
                self._process.kill()  # it may still be on its way out, and takes no further task
                self._process.join()
                raise UserError("what was uploaded is too much for this server, or damaged beyond reading") from error
            kind, content = message[:1], message[1:]
            if kind == BYTES:
                job.write(content)
            elif kind == RESULT:
                return json.loads(content)
            elif kind == REFUSAL:
                raise UserError(content.decode(errors="replace"))
            else:
                raise RuntimeError(f"in the process for uploads: {content.decode(errors='replace')}")

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, memory_bytes: int, threads: int) -> None:
    """The process's main loop, until the server closes the pipe."""
    _limit(memory_bytes)
    os.environ["OMP_NUM_THREADS"] = str(threads)
    while True:
        try:
            folder, function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        os.chdir(folder)
        try:
            result = function(lambda data: pipe.send_bytes(BYTES + bytes(data)), *arguments)
            message = RESULT + json.dumps(result).encode()
        except UserError as error:
            message = REFUSAL + str(error).encode()
        except MemoryError:
            return
        except Exception:
            message = FAULT + traceback.format_exc().encode()
        os.chdir("/")
        pipe.send_bytes(message)


def _limit(memory_bytes: int) -> None:
    """Limit memory and open files, and write no core dump."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
