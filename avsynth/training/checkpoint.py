"""Training checkpoints: everything an exact resume needs. (A voice is what ships; see :class:`avsynth.Voice`.)"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from avsynth.errors import UserError
from avsynth.files import atomic_path

FORMAT = 1


def save_checkpoint(folder: Path, step: int, state: dict[str, Any], keep: int) -> Path:
    """Write ``step_<n>.pt`` and remove all but the ``keep`` newest."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step_{step:08d}.pt"
    with atomic_path(path) as temporary:
        torch.save({"format": FORMAT, "step": step, **state}, temporary)
    for old in checkpoints(folder)[:-keep]:
        old.unlink()
    return path


def checkpoints(folder: Path) -> list[Path]:
    """Checkpoints in a folder, oldest first."""
    return sorted(folder.glob("step_*.pt"))


def load_checkpoint(path: Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """Read a checkpoint (tensors and plain values only; nothing in it can run code).

    Raises :class:`UserError` for a missing, damaged or foreign file, or one of another format.
    """
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except OSError as error:
        raise UserError(f"cannot read checkpoint {path}: {error.strerror or error}") from error
    except Exception as error:  # torch raises many kinds for damaged archives
        raise UserError(f"{path} is not a checkpoint of avsynth, or is damaged ({type(error).__name__})") from error
    if not isinstance(state, dict) or "format" not in state:
        raise UserError(f"{path} is not a checkpoint of avsynth")
    if state["format"] != FORMAT:
        raise UserError(f"{path} is a checkpoint of format {state['format']}; this version reads format {FORMAT}")
    return state
