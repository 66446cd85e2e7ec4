"""The loop of trainings that run in one process: steps, a log, checkpoints and validations by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from avsynth.config.networks import OwnVocoderConfig
from avsynth.errors import UserError
from avsynth.training.checkpoint import checkpoints, load_checkpoint, save_checkpoint
from avsynth.training.journal import Journal, listed, rounded

Values = Mapping[str, float]


class Trained(Protocol):
    """What is trained: its state in a checkpoint, but for the step."""

    device: str

    def state(self) -> dict[str, Any]:
        """Everything in a checkpoint but the step."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue from a checkpoint's state."""


def run_steps(
    trained: Trained,
    step: Callable[[int], Values],
    validate: Callable[[], Values],
    ends: tuple[int, ...],
    folder: Path,
    config: OwnVocoderConfig,
    name: str,
) -> None:
    """Take the steps from the newest checkpoint in ``folder`` to the last of ``ends``; at each end there is a
    validation.

    ``metrics.jsonl`` there gets a line per log and per validation.
    """
    first = _resume(trained, folder / "checkpoints")
    folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(folder)
    saved = validated = told = time.monotonic()
    values: dict[str, list[float]] = {}
    seen = 0
    for count in range(first + 1, ends[-1] + 1):
        for key, value in step(count - 1).items():
            values.setdefault(key, []).append(value)
        seen, now, last = seen + 1, time.monotonic(), count in ends
        if count % config.log_every == 0 or last:
            means = {key: sum(found) / len(found) for key, found in values.items()}
            _tell(journal, name, count, {"steps_per_s": seen / max(now - told, 1e-6), **means})
            values, seen, told = {}, 0, now
        if last or now - saved > config.checkpoint_minutes * 60:
            save_checkpoint(folder / "checkpoints", count, trained.state(), config.keep_checkpoints)
            saved = time.monotonic()
        if last or now - validated > config.validate_minutes * 60:
            _tell(journal, name, count, {"validation": 1.0, **validate()})
            validated = time.monotonic()


def _resume(trained: Trained, folder: Path) -> int:
    known = checkpoints(folder)
    if not known:
        return 0
    state = load_checkpoint(known[-1], trained.device)
    try:
        trained.restore(state)
    except (RuntimeError, ValueError, KeyError) as error:
        raise UserError(f"{known[-1]} was written with other sizes: train into a fresh folder, or delete it") from error
    return int(state["step"])


def _tell(journal: Journal, name: str, step: int, values: Values) -> None:
    journal.write({"step": step, **rounded(values)})
    journal.tell(f"{name}: step {step} {listed({key: each for key, each in values.items() if ' ' not in key})}")
