"""Writing files whole or not at all."""

from __future__ import annotations

import codecs
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
    folder, no permission, full disk) become a :class:`UserError` naming the path. Half-written files of the same name
    that killed processes have left are removed.
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
    """Half-written siblings of ``path`` whose process, on this machine, has ended."""
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


_MARKS = {"utf-8": codecs.BOM_UTF8, "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE} | {
    **{"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
}
"""The byte order marks; longer ones come before their own prefixes."""


def read_text(path: Path | str, encoding: str | None = None) -> str:
    """A text file, decoded by :func:`decode_text`; :class:`UserError` where it cannot be read."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    return decode_text(raw, str(path), encoding)


def decode_text(raw: bytes, where: str, encoding: str | None = None) -> str:
    """Bytes as text: in ``encoding`` if given, else as a byte order mark says, else UTF-8; line ends become ``\\n``.

    :class:`UserError` names the place of the first byte that does not fit, or the encoding if it is unknown.
    """
    name, mark = next(((name, mark) for name, mark in _MARKS.items() if raw.startswith(mark)), ("utf-8", b""))
    if encoding is not None:
        try:
            name = codecs.lookup(encoding).name
            "a".encode(name)
        except (LookupError, ValueError) as error:
            raise UserError(f"--encoding {encoding} is not known; utf-16, cp1252 or latin-1 are") from error
        mark = b"" if name in ("utf-16", "utf-32") or not raw.startswith(_MARKS.get(name, b"-")) else mark
    try:
        text = raw[len(mark) :].decode(name)
    except UnicodeError as error:
        place = len(mark) + getattr(error, "start", 0)
        shown = f"0x{raw[place]:02x}" if place < len(raw) else "the end"
        line = raw.count(b"\n", 0, place) + 1
        raise UserError(
            f"{where} is not {name}: byte {place + 1}, on line {line}, is {shown}; name what it is with --encoding"
        ) from error
    if "\0" in text:
        place = text.index("\0") + 1
        raise UserError(f"{where} is no text: character {place} is NUL; if it is UTF-16, say --encoding utf-16-le")
    return text.replace("\r\n", "\n")


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
