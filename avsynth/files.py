"""Writing files whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from avsynth.errors import UserError


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yield a temporary sibling of ``path`` to write to; rename it over ``path`` on success, remove it on failure.

    The temporary name keeps the suffix, since writers choose their format by it. Operating-system errors (missing
    folder, no permission, full disk) become a :class:`UserError` naming the path. What a process that was killed has
    left of the same file is removed.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{socket.gethostname()}-{os.getpid()}.part{path.suffix}")
    for left in abandoned(path):
        _remove(left)
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        _remove(temporary)


def abandoned(path: Path) -> list[Path]:
    """Half-written siblings of ``path`` whose process, on this machine, is no more."""
    begin, end = f".{path.stem}.{socket.gethostname()}-", f".part{path.suffix}"
    names = os.listdir(path.parent) if path.parent.is_dir() else []
    pids = {name: name[len(begin) : -len(end)] for name in names if name.startswith(begin) and name.endswith(end)}
    return [path.parent / name for name, pid in pids.items() if re.fullmatch(r"\d{1,9}", pid) and not runs(int(pid))]


def runs(pid: int) -> bool:
    """Whether there is a process of this number, on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_text(path: Path | str, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_lines(path: Path, what: str) -> Iterator[str]:
    """The lines of a UTF-8 file, one at a time; :class:`UserError` where it cannot be read."""
    try:
        with path.open(encoding="utf-8") as file:
            yield from file
    except OSError as error:
        raise UserError(f"cannot read {what} {path}: {error.strerror or error}") from error


def write_json(path: Path | str, value: Any) -> None:
    """Write JSON atomically, indented, keys in the given order."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Read JSON; a missing or malformed file is a :class:`UserError` naming it."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise UserError(f"{path} is not valid JSON: {error}") from error
    except RecursionError as error:
        raise UserError(f"{path} is not what avsynth writes: its lists lie in one another too deeply") from error
