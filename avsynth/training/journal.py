"""A training's log: lines of JSON in ``metrics.jsonl``, and lines for people on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

METRICS = "metrics.jsonl"


class Journal:
    """Appends to ``metrics.jsonl`` in a folder, each record with the minutes since it was opened."""

    def __init__(self, folder: Path) -> None:
        self._lines = folder / METRICS
        self._started = time.monotonic()

    def write(self, record: Mapping[str, Any]) -> None:
        """One record."""
        minutes = round((time.monotonic() - self._started) / 60, 2)
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"minutes": minutes, **record}) + "\n")

    @staticmethod
    def tell(line: str) -> None:
        """One line on stderr, at once."""
        print(line, file=sys.stderr, flush=True)


def rounded(values: Mapping[str, float], digits: int = 5) -> dict[str, float]:
    """Values rounded for the file."""
    return {name: round(value, digits) for name, value in values.items()}


def listed(values: Mapping[str, float]) -> str:
    """Values as text for stderr."""
    return " ".join(f"{name} {value:.3f}" for name, value in values.items())
