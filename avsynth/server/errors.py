"""Errors as answers: the command line's one sentence, as JSON in the form that OpenAI's clients read."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from starlette.responses import JSONResponse

_FOLDERS = {str(Path(__file__).parents[2]), str(Path.home()), tempfile.gettempdir()} - {"/"}
HIDDEN = re.compile("|".join(re.escape(name) + r"/?(?:[^\s:;,'\"]*/)?" for name in sorted(_FOLDERS, reverse=True)))
"""Paths of the server's folders, which errors must not show to callers."""


class Refused(Exception):
    """A request that is answered with a status, one line, and what the line is about."""

    def __init__(self, status: int, message: str, about: str | None = None, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.about, self.headers = status, about, headers or {}


def answer(status: int, message: str, about: str | None = None, headers: dict[str, str] | None = None) -> JSONResponse:
    """The error as JSON: one line, without paths of the server."""
    line = HIDDEN.sub("", " ".join(message.split()))[:500]
    kind = "server_error" if status >= 500 else "invalid_request_error"
    error = {"message": line, "type": kind, "param": about, "code": None}
    return JSONResponse({"error": error}, status, headers)
