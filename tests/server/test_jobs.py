"""A pool of places for work."""

from __future__ import annotations

import asyncio
import time

import pytest

pytest.importorskip("fastapi", reason="needs the extra serve")

from avsynth.server.jobs import GRACE_S, Job, Pool
from avsynth.server.metrics import Metrics
from avsynth.server.settings import Limits


def test_a_pool_that_closes_waits_for_work_that_was_given_up() -> None:
    """A thread that still computes when the process ends can abort it."""
    given_up: list[Job] = []
    done: list[str] = []

    def stubborn(_: Job) -> None:
        time.sleep(GRACE_S + 0.7)
        done.append("ended")

    async def server() -> None:
        pool = Pool(Limits(time_s=0.05), Metrics(), given_up.append)
        job = await pool.start(stubborn)
        async with asyncio.timeout(10):
            while not given_up:
                await asyncio.sleep(0.01)
        assert given_up == [job] and not done
        await pool.close()
        assert done == ["ended"]

    asyncio.run(server())
