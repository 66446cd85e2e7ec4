"""The C library's memory: what requests have used goes back to the system, so that a server does not creep up."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

ARENAS = 2
"""By default there are eight for each processor, and each keeps what its threads once needed most."""
M_ARENA_MAX = -8


def bound() -> None:
    """Before there are threads: all of them share a few arenas."""
    library = _glibc()
    if library is not None:
        library.mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give the system back what is free."""
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
