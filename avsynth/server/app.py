"""The application: routes, middleware, and what lives as long as the server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from avsynth import __version__
from avsynth.errors import UserError
from avsynth.files import runs
from avsynth.server import documents, routes, uploads
from avsynth.server.errors import Refused, answer
from avsynth.server.guard import Guard
from avsynth.server.isolated import Isolated
from avsynth.server.jobs import Busy, Job, Pool, Stopped
from avsynth.server.kept import Kept
from avsynth.server.metrics import Metrics
from avsynth.server.settings import Settings
from avsynth.server.studio import Studio
from vocoder.errors import VocoderError

SCRATCH = "avsynth-serve-"


def make_app(settings: Settings) -> FastAPI:
    """The application for these settings. Raises :class:`UserError` where the usual voice cannot be loaded."""
    metrics = Metrics()
    studio = Studio(settings)
    studio.speaker(None)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        remove_abandoned()
        with tempfile.TemporaryDirectory(prefix=f"{SCRATCH}{os.getpid()}-") as scratch:
            app.state.scratch = Path(scratch)
            app.state.pool = Pool(settings.limits, metrics, studio.turns.forfeit)
            app.state.isolated = Isolated(settings.limits.worker_bytes, settings.threads)
            places = (Job(settings.limits, Metrics()) for _ in range(settings.limits.active))
            await asyncio.gather(*(run_in_threadpool(studio.rehearse, job) for job in places))
            try:
                yield
            finally:
                await app.state.pool.close()
                app.state.isolated.close()

    app = FastAPI(
        title="avsynth",
        version=__version__,
        description="Text to speech and to a talking face, while it is being made. What it makes is synthetic.",
        lifespan=living,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings, app.state.metrics, app.state.studio = settings, metrics, studio
    app.state.timelines = Kept(settings.limits.timelines)
    app.include_router(routes.router)
    app.include_router(uploads.router)
    app.include_router(documents.router)
    app.add_middleware(Guard, settings=settings, metrics=metrics)
    add_error_answers(app)
    return app


def add_error_answers(app: FastAPI) -> None:
    """Every error a caller can cause is one line of JSON."""

    @app.exception_handler(UserError)
    @app.exception_handler(VocoderError)
    async def user_error(request: Request, error: Exception) -> Response:
        return answer(400, str(error))

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return answer(error.status, str(error), error.about, error.headers)

    @app.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> Response:
        return answer(429, str(error), None, {"retry-after": str(error.retry_after_s)})

    @app.exception_handler(Stopped)
    async def stopped(request: Request, error: Stopped) -> Response:
        return answer(408, str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part not in ("body", "query"))
        if first["type"] == "json_invalid":
            return answer(400, "the body is not valid JSON")
        return answer(400, f"{where or 'the body'}: {first['msg']}", where or None)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return answer(error.status_code, str(error.detail), None, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return answer(500, f"something went wrong here; the log tells more of request {request.scope['request_id']}")


def remove_abandoned() -> None:
    """Remove temporary folders that killed servers have left on this machine."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        found = re.match(rf"{SCRATCH}(\d+)-", folder.name)
        if found and not runs(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)
