"""The device that computes, and its description."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from avsynth.errors import UserError


def choose_device(name: str) -> str:
    """``cpu`` or ``cuda`` for ``auto``, ``cpu`` or ``cuda``; :class:`UserError` where CUDA is asked for and missing."""
    if name not in ("auto", "cpu", "cuda"):
        raise UserError(f"--device must be auto, cpu or cuda, not {name!r}")
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise UserError("--device cuda: this PyTorch finds no CUDA device; use --device cpu")
    return "cuda" if available and name != "cpu" else "cpu"


@contextmanager
def one_thread_each(wanted: bool = True) -> Iterator[int]:
    """Within this context torch computes each layer on one thread; gives how many it used before, to be given things to
    compute at once. Where this is not ``wanted`` torch keeps its threads, and gives 1.

    Threads that share a layer wait for one another after it. Where another thread has taken the core of one of them,
    all wait for that, busily: speaking takes several times as long then.
    """
    if not wanted:
        yield 1
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield threads
    finally:
        torch.set_num_threads(threads)


def processor() -> str:
    """The processor's name and cores, and the vector instructions that PyTorch uses on it."""
    listing = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", listing.read_text()) if listing.is_file() else None
    name = found[1] if found else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores ({name}, {torch.backends.cpu.get_cpu_capability()})"
