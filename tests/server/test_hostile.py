"""Two hundred requests that mean harm: each is refused in one line, and the server lives."""

from __future__ import annotations

import gzip
import json
import random
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from avsynth.server.settings import Limits, Settings
from tests.server.conftest import Answer, Server, running

JSON_ROUTES = ("/v1/audio/speech", "/v1/video/speech", "/v1/timeline")
FIELDS = ("input", "voice", "speed", "pitch", "fps", "timeline", "response_format", "stream_format", "format", "scale")
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        [],
        {},
        -1,
        1e308,
        10**400,
        float("nan"),
        "",
        "\0",
        "nan",
        "inf",
        "1/0",
        "9" * 400,
        "../../etc/passwd",
    ),
    *("<speak>", [[[[]]]], {"phones": []}, {"phones": [{"phone": "AA", "hops": 10**30}]}),
)


def timelines(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Timelines that are none."""
    for key, values in {
        "fps": ("1e9", "0", "-25", "1/0", "x", 1e300, [], "9" * 5000),
        "sample_rate": (0, -1, 10**40, "a", None),
        "hop_length": (0, 10**40, []),
        "words": ([{"word": "x", "first_phone": 5, "last_phone": 2}], [{}], None, 7),
        "phones": (
            [],
            [{"phone": "AA", "hops": -1}],
            [{"phone": "QQ", "hops": 9}],
            "AA",
            [{"phone": "AA", "hops": 1e999}],
        ),
    }.items():
        for value in values:
            yield {**good, key: value}
    long = [{"phone": "AA", "hops": 10**9}]
    yield {**good, "phones": long, "words": []}


def bodies(good: dict[str, Any]) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Route, body and headers."""
    lot = random.Random(0)
    kind = {"content-type": "application/json"}
    for route in JSON_ROUTES:
        for timeline in timelines(good):
            yield route, json.dumps({"timeline": timeline}).encode(), kind
        for broken in (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"input":' + b"9" * 10_000):
            yield route, broken, kind
        yield route, b"x" * (2 << 20), kind
        yield route, gzip.compress(b"0" * 10_000_000), {**kind, "content-encoding": "gzip"}
        yield route, b'{"input": "now"}', {"content-type": "text/plain"}
        yield route, b'{"input": "now"}', {"content-type": "multipart/form-data; boundary=x"}
        yield route, json.dumps({"input": "<speak>" + "<break/>" * 100_000 + "</speak>"}).encode(), kind
        yield route, json.dumps({"input": "<speak>" + "<p>" * 1500 + "now"}).encode(), kind
        yield route, json.dumps({"input": '<!DOCTYPE x [<!ENTITY a "aa">]><speak>&a;</speak>'}).encode(), kind
    for _ in range(60):
        body = {"input": "now", lot.choice(FIELDS): lot.choice(VALUES), lot.choice(FIELDS): lot.choice(VALUES)}
        yield lot.choice(JSON_ROUTES), json.dumps(body).encode(), kind


def check(server: Server, answer: Answer) -> bool:
    """Whether a request was refused; what is allowed may be answered."""
    assert answer.status < 500, (answer.status, answer.body[:300])
    if answer.status < 400:
        return False
    line = answer.error
    assert len(line) <= 500 and "Traceback" not in line and "/work" not in line and "site-packages" not in line
    return True


def test_the_server_outlives_them(server: Server) -> None:
    good = server.ask("POST", "/v1/timeline", {"input": "bin now"}).json
    requests = list(bodies(good))
    assert len(requests) >= 150
    refused = sum(check(server, server.ask("POST", *request)) for request in requests)
    assert refused > 0.8 * len(requests)
    paths = (
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/page.css/../../app.py",
        "/v1/timelines/%00.json",
        "/say.mp4",
    )
    for path in (*paths, "/say.mp4?text=" + "a" * 20_000, "/say.mp4?text=now&fps=1e9", "/say.mp4?text=now&scale=1e9"):
        answer = server.ask("GET", path)
        assert 400 <= answer.status < 500, (path, answer.status)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert check(server, server.ask(method, "/v1/audio/speech"))
    assert server.ask("POST", "/v1/audio/speech", {"input": "now"}).status == 200


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Server]:
    with running(replace(settings, limits=Limits(speech_s=20))) as made:
        yield made


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"POST /v1/timeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/timeline HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nCookie: a=\x01;;;=;\r\n\r\n",
    ],
    ids=range(8),
)
def test_bytes_that_are_no_request(server: Server, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(raw)
        answer = client.recv(4096)
    assert not answer.startswith(b"HTTP/1.1 5")
    assert server.ask("GET", "/healthz").status == 200
