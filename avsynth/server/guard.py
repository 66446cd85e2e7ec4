"""Middleware around every request: who may call, how much may be sent, and what is logged."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import sys
import time
import uuid
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avsynth.server.errors import answer
from avsynth.server.metrics import Metrics
from avsynth.server.settings import Settings

COOKIE = "avsynth_key"
OPEN = {"/", "/page.css", "/page.js", "/healthz", "/favicon.ico"}
"""Paths that need no key: the page, which asks for one, and the health check."""
LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
UPLOADS = {"/v1/lips", "/v1/faces"}
DRAINED_BYTES, DRAINED_S = 16 << 20, 2.0
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}


async def drain(receive: Receive) -> None:
    """Throw away more of a body that is too large, for a while: a client that is still sending when the connection is
    closed gets a broken pipe in place of the answer."""
    left = DRAINED_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app, self._settings, self._metrics = app, settings, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        seen = Seen(given if re.fullmatch(r"[\w.-]{1,64}", given) else uuid.uuid4().hex)
        scope["request_id"] = seen.request_id
        scope["seen"] = seen
        body = self._limited(scope, headers, receive)

        async def watched(message: Message) -> None:
            seen.sent(message)
            await send(message)

        try:
            refusal = self._refusal(scope, headers)
            await (refusal or self._app)(scope, body, watched)
        except Exception:
            seen.status = seen.status or 500
            raise
        finally:
            self._note(scope, seen)

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        host = headers.get("host", "")
        if self._settings.api_key is None and _name(host) not in LOCAL_NAMES:
            return answer(403, "this server answers to localhost alone", "Host")
        origin = headers.get("origin")
        if origin and urlsplit(origin).netloc != host and scope["method"] not in ("GET", "HEAD"):
            return answer(403, "requests from pages of other hosts are not answered", "Origin")
        if self._settings.api_key is None or scope["path"] in OPEN:
            return None
        if any(hmac.compare_digest(key.encode(), self._settings.api_key.encode()) for key in _keys(headers)):
            return None
        return answer(401, "give the API key as Authorization: Bearer KEY", "Authorization")

    def _limited(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        limits = self._settings.limits
        most = limits.upload_bytes if scope["path"] in UPLOADS else limits.json_bytes
        too_large = HTTPException(413, f"a body has at most {most} bytes", {"connection": "close"})
        declared = headers.get("content-length", "0")
        come, ended = 0, False
        until = time.monotonic() + limits.upload_s

        async def limited() -> Message:
            nonlocal come, ended
            if ended:
                return await receive()
            if not declared.isdigit() or int(declared) > most:
                if "expect" not in headers:  # such a client waits for leave to send
                    await drain(receive)
                raise too_large
            try:
                async with asyncio.timeout(max(0.0, until - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                too_late = f"a body must arrive in {limits.upload_s:g} s"
                raise HTTPException(408, too_late, {"connection": "close"}) from None
            come += len(message.get("body", b""))
            ended = message["type"] != "http.request" or not message.get("more_body", False)
            if come > most:
                if not ended:
                    await drain(receive)
                raise too_large
            return message

        return limited

    def _note(self, scope: Scope, seen: Seen) -> None:
        """Log one line of JSON on stderr, without any of the text that was spoken."""
        route = getattr(scope.get("route"), "path", None) or "none"
        took = time.monotonic() - seen.began
        self._metrics.requests.labels(route, str(seen.status)).inc()
        self._metrics.latency.labels(route).observe(took)
        if not seen.whole:
            self._metrics.dropped.inc()
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": seen.request_id,
            "method": scope["method"],
            "route": route,
            "status": seen.status,
            "seconds": round(took, 3),
            "bytes": seen.bytes,
        }
        if not seen.whole:
            line["dropped"] = True
        print(json.dumps(line | seen.more), file=sys.stderr, flush=True)


class Seen:
    """What is known of an answer so far."""

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.began = time.monotonic()
        self.status = 0
        self.bytes = 0
        self.whole = False
        """Whether the end was sent."""
        self.more: dict[str, Any] = {}
        """Further facts for the log."""

    def sent(self, message: Message) -> None:
        """Take note, and add the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self.request_id
            for name, value in SECURITY.items():
                headers.setdefault(name, value)
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)


def _name(host: str) -> str:
    """The host without its port."""
    return re.sub(r":\d*$", "", host.lower())


def _keys(headers: Headers) -> list[str]:
    """The keys that a request shows."""
    kind, _, key = headers.get("authorization", "").partition(" ")
    keys = [key.strip()] if kind.lower() == "bearer" else []
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    return keys + ([cookie.value] if cookie else [])
