"""Where to compute."""

from __future__ import annotations

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
