"""Memory of the C library: what requests have freed goes back to the system, so that the server's memory does not
grow."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

ARENAS = 2
"""Arenas of glibc's malloc. The default is eight per processor, and each keeps the most that its threads ever
needed."""
M_ARENA_MAX = -8


def bound() -> None:
    """Let all threads share a few arenas; to be called before there are threads."""
    library = _glibc()
    if library is not None:
        library.mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return free memory to the system."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library where it is glibc, else None."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
