"""A server in this process, with the tiny voice, on a port of its own."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

fastapi = pytest.importorskip("fastapi", reason="needs the extra serve")
import uvicorn  # noqa: E402

from avsynth.server.app import make_app  # noqa: E402
from avsynth.server.serving import bound  # noqa: E402
from avsynth.server.settings import Limits, Settings  # noqa: E402


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The one line of a refusal."""
        message = self.json["error"]["message"]
        assert isinstance(message, str) and "\n" not in message and 400 <= self.status < 500, self
        return message


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    app: Any

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request; a body that is not bytes goes as JSON."""
        given = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            given.setdefault("content-type", "application/json")
        connection = self.connect()
        try:
            connection.request(method, path, body, given)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def until(self, holds: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end
            time.sleep(0.02)


@contextmanager
def running(settings: Settings) -> Iterator[Server]:
    """A server in a thread."""
    listening = bound(settings.host, 0)
    app = make_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Server(listening.getsockname()[1], app)
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


@pytest.fixture(scope="session")
def settings(voice_folder: Path) -> Settings:
    return Settings(voice=str(voice_folder), threads=1, limits=Limits(time_s=60))


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Server]:
    with running(settings) as made:
        yield made
