"""Detect changes of settings and inputs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from avsynth.config.reading import fingerprint

MISSING = "missing"
"""What identifies an input that is not there."""


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a tree with its dotted key."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def within(key: str, groups: Sequence[str]) -> bool:
    """Whether a dotted key is one of ``groups`` or lies below one."""
    return any(key == group or key.startswith(group + ".") for group in groups)


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Each key whose value differs, with how."""
    return {
        key: f"was {old.get(key, 'not set')}, is {new.get(key, 'not set')}"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    }


def content(path: Path) -> str:
    """Twelve hex digits of a file's content, or :data:`MISSING`."""
    if not path.is_file():
        return MISSING
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def changed(path: Path) -> str:
    """A file's size and time, which change when the file does; or :data:`MISSING`."""
    try:
        state = path.stat()
    except OSError:
        return MISSING
    return f"{state.st_size} {state.st_mtime_ns}"


def listing(folder: Path, excluded: Path) -> str:
    """Twelve hex digits of the names, sizes and times of all files below ``folder`` but those below ``excluded``."""
    rows = []
    for place, subfolders, files in os.walk(folder):
        subfolders[:] = [name for name in subfolders if (Path(place) / name).resolve() != excluded.resolve()]
        for name in files:
            path = Path(place) / name
            state = path.lstat()
            rows.append([path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns])
    return fingerprint(sorted(rows))
