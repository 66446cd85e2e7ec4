"""A process that works on one clip at a time, so that a clip that hangs or crashes a decoder costs only itself."""

from __future__ import annotations

import atexit
import faulthandler
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from avsynth.errors import UserError

GRACE_S = 5.0
"""A process whose parent no longer watches it ends itself so many seconds after a clip's time limit."""
START_S = 300.0
"""A process may take so long to start and to import what the work needs. A clip's time limit counts from then on."""
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class ClipLost(Exception):
    """A clip hung or crashed the process; the text is the reason."""


class ClipProcess:
    """A child process for one thread, started when first needed and again after it was lost."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._to: Connection | None = None
        self._back: Connection | None = None

    def __call__(self, work: Callable[[Any], Any], argument: Any, limit_s: float, where: str) -> Any:
        """``work(argument)``, done in the folder ``where``.

        Raises :class:`ClipLost` where it hangs or crashes, otherwise what it raised itself.
        """
        if self._child is None or self._child.poll() is not None:
            self._start()
        assert self._to is not None and self._back is not None
        try:
            self._to.send((where, limit_s, pickle.dumps((work, argument))))
            kind, value = self._answer(START_S)
            if kind == "begun":
                kind, value = self._answer(limit_s)
        except (EOFError, OSError) as error:
            raise ClipLost(f"crashed: the process ended with {self.close()}") from error
        if kind == "user error":
            raise UserError(value)
        if kind == "error":
            raise RuntimeError(f"in a worker process:\n{value}")
        return value

    def _answer(self, within_s: float) -> tuple[str, Any]:
        assert self._back is not None
        if not self._back.poll(within_s):
            self.close()
            raise ClipLost(f"hung: no end after {within_s:g} s")
        kind, value = self._back.recv()
        return kind, value

    def close(self) -> int | None:
        """End the child; what it ended with."""
        child, self._child = self._child, None
        if child is None:
            return None
        for end in (self._to, self._back):
            if end is not None:
                end.close()
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.2)  # it may have died by itself, and then that is what is told
        child.kill()
        return child.wait()

    def kill(self) -> None:
        """End the child at once, whoever waits for it."""
        child = self._child
        if child is not None:
            child.kill()
            child.wait()

    def _start(self) -> None:
        self.close()
        here, there = os.pipe(), os.pipe()
        path = os.pathsep.join(item or os.getcwd() for item in sys.path)
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__, str(here[0]), str(there[1])],
            pass_fds=(here[0], there[1]),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **THREADS, "PYTHONPATH": path},
        )
        os.close(here[0])
        os.close(there[1])
        self._to, self._back = Connection(here[1], readable=False), Connection(there[0], writable=False)


_idle: list[ClipProcess] = []
_busy: set[ClipProcess] = set()
_lock = threading.Lock()


def borrow() -> ClipProcess:
    """An idle process, or a new one."""
    with _lock:
        process = _idle.pop() if _idle else ClipProcess()
        _busy.add(process)
        return process


def give_back(process: ClipProcess) -> None:
    """Keep a process for the next who needs one."""
    with _lock:
        _busy.discard(process)
        _idle.append(process)


def close_all() -> None:
    """End every process, also busy ones, whose clips are lost."""
    with _lock:
        for process in (*_idle, *_busy):
            process.kill()
        _idle.clear()


atexit.register(close_all)


def serve(to: Connection, back: Connection) -> None:
    """The child's loop: work on what it is sent until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to end
    nowhere = open(os.devnull, "w")  # noqa: SIM115
    while True:
        try:
            where, limit_s, job = to.recv()
        except EOFError:
            return
        try:
            os.chdir(where)
            work, argument = pickle.loads(job)
            back.send(("begun", None))
            faulthandler.dump_traceback_later(limit_s + GRACE_S, exit=True, file=nowhere)
            answer = ("ok", work(argument))
        except UserError as error:
            answer = ("user error", str(error))
        except Exception:
            answer = ("error", traceback.format_exc())
        faulthandler.cancel_dump_traceback_later()
        back.send(answer)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1]), writable=False), Connection(int(sys.argv[2]), readable=False))
