"""A process for uploads may refuse, hang, crash or run out of memory: the server goes on."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.server.isolated import Isolated
from avsynth.server.jobs import Job, Stopped
from avsynth.server.metrics import Metrics
from avsynth.server.settings import Limits

Write = Callable[[bytes], object]


def shout(write: Write, text: str) -> dict[str, str]:
    write(text.encode())
    return {"said": text, "in": os.getcwd()}


def refuse(write: Write) -> None:
    raise UserError("no such thing: give another")


def die(write: Write) -> None:
    os._exit(11)


def hang(write: Write) -> None:
    write(b"begun")
    time.sleep(60)


def swell(write: Write) -> int:
    return len(b"x" * (3 << 30))


def fail(write: Write) -> None:
    raise KeyError("a slip")


@pytest.fixture(scope="module")
def isolated() -> Isolated:
    return Isolated(2 << 30, 1)


def run(isolated: Isolated, folder: Path, *task: object, cancel_after_s: float | None = None) -> tuple[object, bytes]:
    """A task's result and bytes."""

    async def both() -> tuple[object, bytes]:
        job = Job(Limits(time_s=30), Metrics())
        if cancel_after_s is not None:
            threading.Timer(cancel_after_s, job.cancel).start()
        result = []
        work = asyncio.get_running_loop().run_in_executor(
            None, job.run, lambda job: result.append(isolated.run(job, folder, *task))
        )
        made = b"".join([part async for part in job.parts()])
        await work
        return result[0], made

    return asyncio.run(both())


def test_whatever_happens_the_next_task_is_done(isolated: Isolated, tmp_path: Path) -> None:
    assert run(isolated, tmp_path, shout, "now") == ({"said": "now", "in": str(tmp_path)}, b"now")
    with pytest.raises(UserError, match="no such thing"):
        run(isolated, tmp_path, refuse)
    for task in (die, swell):
        with pytest.raises(UserError, match="too much for this server"):
            run(isolated, tmp_path, task)
    with pytest.raises(RuntimeError, match="a slip"):
        run(isolated, tmp_path, fail)
    began = time.monotonic()
    with pytest.raises(Stopped):
        run(isolated, tmp_path, hang, cancel_after_s=1)
    assert time.monotonic() - began < 10
    assert run(isolated, tmp_path, shout, "again")[1] == b"again"
