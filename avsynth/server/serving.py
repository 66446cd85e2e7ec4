"""Serve until a signal says to stop; requests that are running are then finished within their time limit."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from math import ceil

import uvicorn

from avsynth.errors import UserError
from avsynth.server import memory
from avsynth.server.app import make_app
from avsynth.server.jobs import GRACE_S, Stopped
from avsynth.server.settings import Settings

HEADERS_S = 20
"""Seconds for which an idle connection is kept."""


def serve(settings: Settings) -> None:
    """Serve. Raises :class:`UserError` where the address cannot be had or the voice cannot be loaded."""
    memory.bound()
    listening = bound(settings.host, settings.port)
    try:
        app = make_app(settings)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_keep_alive=HEADERS_S,
            timeout_graceful_shutdown=ceil(settings.limits.time_s + GRACE_S) + 1,  # each has its own limit first
            h11_max_incomplete_event_size=32 << 10,
        )
        logging.getLogger("uvicorn.error").addFilter(worth_telling)
        listening.listen()  # whoever reads the next line may call at once
        port = listening.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        print(f"avsynth: serving at http://{host}:{port}/", file=sys.stderr, flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


def bound(host: str, port: int) -> socket.socket:
    """A socket at an address; :class:`UserError` where it is taken, not ours or not known."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except socket.gaierror as error:
        raise UserError(f"--host {host}: there is no such address") from error
    except OSError as error:
        remedy = "choose another --port" if error.errno == errno.EADDRINUSE else "choose another --host or --port"
        raise UserError(f"cannot listen at {host}:{port}: {error.strerror}; {remedy}") from error
    return made


def worth_telling(record: logging.LogRecord) -> bool:
    """False for uvicorn's own message that an answer broke off at its time limit: the request's line in the log tells
    that."""
    return not (record.exc_info and isinstance(record.exc_info[1], Stopped))
