"""The server's settings."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError

KEY_VARIABLE = "AVSYNTH_API_KEY"
DEFAULT_PORT = 8017


@dataclass(frozen=True)
class Limits:
    """Limits of one request and of all requests together."""

    text_chars: int = 5000
    json_bytes: int = 1 << 20
    upload_bytes: int = 32 << 20
    upload_s: float = 30.0
    """Seconds for a body to arrive in."""
    speech_s: float = 600.0
    """Seconds of speech made for one request."""
    sound_s: float = 120.0
    """Seconds of an uploaded sound."""
    active: int = 4
    """Requests that run at the same time; they take turns part by part (:mod:`avsynth.server.turns`)."""
    queued: int = 16
    """Requests that wait; one more is answered 429."""
    time_s: float = 120.0
    """Seconds in which a request has to be done, and may wait."""
    worker_bytes: int = 4 << 30
    """Memory of the process that decodes what was uploaded."""
    faces: int = 32
    """Faces uploaded by callers that are kept; the least recently used is dropped first."""
    timelines: int = 200
    """Timelines kept for the links in answers."""


@dataclass(frozen=True)
class Settings:
    """How to serve."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    voice: str = DEFAULT_VOICE
    """The voice that speaks where a request names none."""
    api_key: str | None = None
    device: str = "auto"
    vocoder: str | None = None
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Threads of the processor, for all requests together."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise UserError(f"--port must lie between 0 and 65535, not {self.port}")
        if self.threads < 1:
            raise UserError(f"--threads must be 1 or more, not {self.threads}")
        if self.api_key is not None and len(self.api_key) < 8:
            raise UserError("the API key must have 8 characters or more")
        if not self.loopback and self.api_key is None:
            raise UserError(
                f"--host {self.host} can be reached from elsewhere: set {KEY_VARIABLE} to a key that callers must know"
            )

    @property
    def loopback(self) -> bool:
        """Whether nobody outside this machine can call."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
