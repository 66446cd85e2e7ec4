"""``avsynth serve``: speech and talking faces over HTTP, and a page to try them."""

from __future__ import annotations

import argparse
import os
from typing import Any

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "serve",
        help="serve a page and an HTTP API that stream speech (extra serve)",
        description="Serve a page and an API at http://HOST:PORT/. Where others can reach it, set AVSYNTH_API_KEY.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8017, help="the port (default 8017; 0 takes a free one)")
    parser.add_argument("--voice", default=DEFAULT_VOICE, help=f"who speaks unless told (default {DEFAULT_VOICE})")
    parser.add_argument("--vocoder", metavar="NAME", help="instead of the voices' own")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="processor threads")
    parser.add_argument("--active", type=int, metavar="N", help="requests that run at once, by turns (default 4)")
    parser.add_argument("--queued", type=int, metavar="N", help="requests that may wait (default 16)")
    parser.add_argument("--time-limit", type=float, metavar="S", help="seconds for a request (default 120)")
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    try:
        from avsynth.server.serving import serve
    except ImportError as error:
        raise UserError(f"serve needs {error.name}: pip install 'avsynth[serve]'") from error
    from avsynth.server.settings import KEY_VARIABLE, Limits, Settings

    given = {"active": args.active, "queued": args.queued, "time_s": args.time_limit}
    settings = Settings(
        host=args.host,
        port=args.port,
        voice=args.voice,
        api_key=os.environ.get(KEY_VARIABLE) or None,
        device=args.device,
        vocoder=args.vocoder,
        threads=args.threads,
        limits=Limits(**{name: value for name, value in given.items() if value is not None}),
    )
    serve(settings)
    return 0
