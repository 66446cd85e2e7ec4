"""From a job to an HTTP answer, streamed or whole; the job is cancelled once the client has gone."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import aclosing
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from avsynth.server.errors import Refused
from avsynth.server.jobs import Job, Pool, Stopped, Work

Result = TypeVar("Result")
CLIENT_GONE = 499
"""nginx's status for a client that has left; it appears in the log only."""


async def answered(
    request: Request,
    work: Work,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    whole: bool = False,
    events: bool = False,
) -> Response:
    """The bytes that ``work`` makes; ``events`` wraps them as OpenAI's server-sent events.

    The answer starts with the first bytes, so that an error before them still has its own status.
    """
    pool: Pool = request.app.state.pool
    job = await unless_gone(request, pool.start(work))
    parts = job.parts()
    try:
        begin = await unless_gone(request, _all(parts) if whole else anext(parts, b""))
    except BaseException:
        job.cancel()
        raise
    note(request, job)
    if whole:
        return Response(begin, media_type=media_type, headers=headers)
    coming = _rest(begin, parts, job, request)
    if events:
        coming, media_type = _events(coming), "text/event-stream"
    return StreamingResponse(coming, media_type=media_type, headers={"cache-control": "no-store", **(headers or {})})


async def unless_gone(request: Request, wanted: Awaitable[Result]) -> Result:
    """Wait for something as long as the client is connected; when it leaves, cancel."""
    work, gone = asyncio.ensure_future(wanted), asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise Refused(CLIENT_GONE, "the client has gone")
        return await work
    finally:
        gone.cancel()
        work.cancel()


def note(request: Request, job: Job) -> None:
    """Tell the log how the work went."""
    more = request.scope["seen"].more
    if job.first_s is not None:
        more["first_s"] = round(job.first_s, 3)
    more["speech_s"] = round(job.speech_s, 2)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _all(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


async def _rest(begin: bytes, parts: AsyncIterator[bytes], job: Job, request: Request) -> AsyncIterator[bytes]:
    try:
        yield begin
        async for part in parts:
            yield part
    finally:
        job.cancel()
        note(request, job)


async def _events(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(parts):  # type: ignore[type-var]
        try:
            async for part in parts:
                yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(part).decode()})
        except Stopped as stopped:
            yield _event({"type": "error", "error": {"message": str(stopped)}})
            return
    usage = dict.fromkeys(("input_tokens", "output_tokens", "total_tokens"), 0)
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(value: Mapping[str, object]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
