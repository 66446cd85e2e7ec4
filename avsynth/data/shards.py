"""Storage of per-clip files: many clips in each tar archive, which any tool reads, and one index over all of them.

A shard holds some clips one after another; a clip is a few members ``<uid>.<ending>``, side by side. Beside each shard
lies its ledger, written after it: a shard without one is not there. The index is a table of six rows of whole numbers,
sorted by the hash of the clip's name and mapped into memory: finding a clip takes constant memory, and reading it is
one read from a file that stays open. The archives may lie elsewhere: ``s3://``, ``gs://`` and whatever fsspec knows;
index and ledgers are always files here.
"""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.files import read_json, write_json

INDEX, NAMES, LEDGER = "index.npy", "shards.json", ".ledger.json"
KEY, STATE, SHARD, OFFSET, SIZE, FILES = range(6)
"""Rows of the index: hash of the name, hash of what it was made from, number of the shard, place in it, members beside
the record."""
RECORD = "json"
"""Ending of the member that every clip has."""
OPEN_FILES = 32
BLOCK = 512
"""Bytes of a tar archive's headers, and what members are filled up to."""
GLANCE = 4096
"""Bytes that are read at first for a clip's record, which comes first."""


def hash64(text: str) -> int:
    """A 64-bit hash of a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


@dataclass(frozen=True)
class Entry:
    """A clip to be stored: ``state`` tells what it was made from, ``files`` maps endings to contents."""

    uid: str
    state: str
    files: Mapping[str, bytes]


class Shards:
    """A folder of shards. Cheap to make and to send to other processes; files are opened when they are needed."""

    def __init__(self, folder: Path, at: str = "") -> None:
        """``at``: where the archives are written; by default in the folder. Reading knows it from the index."""
        self.folder, self._at = folder, at

    def __contains__(self, uid: str) -> bool:
        """Whether anything is stored for a clip, be it only the reason why it was dropped."""
        return self.row(uid) is not None

    def row(self, uid: str) -> NDArray[np.uint64] | None:
        """A clip's column of the index; None where it has none."""
        return self.find(hash64(uid))

    def find(self, key: int) -> NDArray[np.uint64] | None:
        """As :meth:`row`, by the hash of the name."""
        index = self.index
        place = int(np.searchsorted(index[KEY], np.uint64(key)))
        found = place < index.shape[1] and int(index[KEY, place]) == key
        return np.array(index[:, place]) if found else None

    @property
    def index(self) -> NDArray[np.uint64]:
        """The whole table, ``(6, clips)``; empty where nothing is stored."""
        try:
            return _index(str(self.folder), (self.folder / INDEX).stat().st_mtime_ns)
        except FileNotFoundError:
            return np.zeros((6, 0), np.uint64)

    def read(self, uid: str) -> dict[str, bytes]:
        """A clip's members by ending; :class:`UserError` where there are none, or those of another clip."""
        if uid not in self:
            raise UserError(f"{self.folder} holds nothing of the clip {uid}: run the stage that writes it again")
        name, members = self.members(hash64(uid))
        if name != uid:
            raise UserError(f"{self.folder} holds {name} where {uid} should be: delete it and run its stage again")
        return members

    def members(self, key: int) -> tuple[str, dict[str, bytes]]:
        """A clip's name and members by the hash of its name."""
        row = self.find(key)
        if row is None:
            raise UserError(f"{self.folder} lacks a clip: run the stage that writes it again")
        at, names = _names(str(self.folder), (self.folder / NAMES).stat().st_mtime_ns)
        name = names[int(row[SHARD])] + ".tar"
        data = read_range(at or str(self.folder), name, int(row[OFFSET]), int(row[SIZE]))
        members: dict[str, bytes] = {}
        uid = ""
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for member in archive:
                    uid, _, ending = member.name.rpartition(".")
                    file = archive.extractfile(member)
                    members[ending] = file.read() if file else b""
        except tarfile.TarError as error:
            raise UserError(f"{self.folder / name} is damaged; delete it and run its stage again: {error}") from error
        return uid, members

    def record(self, key: int) -> tuple[str, bytes]:
        """Name and record of a clip by the hash of its name, without the rest of it."""
        row = self.find(key)
        if row is None:
            raise UserError(f"{self.folder} lacks a clip: run the stage that writes it again")
        at, names = _names(str(self.folder), (self.folder / NAMES).stat().st_mtime_ns)
        size = min(int(row[SIZE]), GLANCE)
        data = read_range(at or str(self.folder), names[int(row[SHARD])] + ".tar", int(row[OFFSET]), size)
        head = tarfile.TarInfo.frombuf(data[:BLOCK], "utf-8", "surrogateescape")
        if head.isreg() and head.name.endswith("." + RECORD) and BLOCK + head.size <= size:
            return head.name.removesuffix("." + RECORD), data[BLOCK : BLOCK + head.size]
        uid, members = self.members(key)
        return uid, members[RECORD]

    def write(self, name: str, entries: Sequence[Entry]) -> None:
        """Store clips as the shard ``name``, whole or not at all; they are found once :meth:`reindex` has run."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = io.BytesIO()
        rows = []
        with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for entry in entries:
                start = data.tell()
                for ending, content in entry.files.items():
                    member = tarfile.TarInfo(f"{entry.uid}.{ending}")
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
                others = len(entry.files) - (RECORD in entry.files)
                rows.append([hash64(entry.uid), hash64(entry.state), start, data.tell() - start, others])
        write_whole(self._at or str(self.folder), name + ".tar", data.getvalue())
        write_json(self.folder / (name + LEDGER), rows)

    def replace(self, uid: str, files: Mapping[str, bytes]) -> None:
        """Store one clip in a shard of its own, in place of what was there, and index it."""
        state = f"{uid} {self.done().shape[1]}"
        keep = self.index[[KEY, STATE]][:, self.index[KEY] != np.uint64(hash64(uid))]
        self.write(f"{hash64(state):016x}", [Entry(uid, state, files)])
        self.reindex(np.append(keep, np.array([[hash64(uid)], [hash64(state)]], np.uint64), axis=1))

    def done(self) -> NDArray[np.uint64]:
        """The columns of all shards that are finished, indexed or not; ``SHARD`` counts in the order of their names."""
        parts = [np.zeros((6, 0), np.uint64)]
        for number, path in enumerate(self._ledgers()):
            rows = np.array(read_json(path), np.uint64).reshape(-1, 5).T
            parts.append(np.insert(rows, SHARD, number, axis=0))
        return np.concatenate(parts, axis=1)

    def reindex(self, wanted: NDArray[np.uint64] | None = None) -> None:
        """Write the index anew: of the clips ``wanted`` (``(2, N)``: hash of name and of state), or of all; shards
        without any wanted clip are deleted."""
        ledgers, rows = self._ledgers(), self.done()
        if wanted is not None:
            pairs = np.stack([rows[KEY], rows[STATE]])
            rows = rows[:, np.isin(_joined(pairs), _joined(wanted))]
        rows = rows[:, np.argsort(rows[KEY], kind="stable")]
        if rows.shape[1]:  # of two with the same name and state either may be kept
            rows = rows[:, np.append(rows[KEY, 1:] != rows[KEY, :-1], True)]
        self.folder.mkdir(parents=True, exist_ok=True)
        unused = set(range(len(ledgers))) - set(rows[SHARD].tolist())
        names = [path.name.removesuffix(LEDGER) for path in ledgers]
        write_json(self.folder / NAMES, {"at": self._at, "names": names})
        buffer = io.BytesIO()
        np.save(buffer, rows)
        write_whole(str(self.folder), INDEX, buffer.getvalue())
        for number in unused:
            ledgers[number].unlink(missing_ok=True)
            remove(self._at or str(self.folder), names[number] + ".tar")

    def _ledgers(self) -> list[Path]:
        return sorted(self.folder.glob("*" + LEDGER))


def _joined(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for each column of two."""
    return np.asarray(pairs[0] ^ (pairs[1] * np.uint64(0x9E3779B97F4A7C15)))


@lru_cache(maxsize=16)
def _index(folder: str, modified: int) -> NDArray[np.uint64]:
    index: NDArray[np.uint64] = np.load(Path(folder) / INDEX, mmap_mode="r", allow_pickle=False)
    return index


@lru_cache(maxsize=16)
def _names(folder: str, modified: int) -> tuple[str, list[str]]:
    value = read_json(Path(folder) / NAMES)
    return str(value["at"]), list(value["names"])


def write_whole(place: str, name: str, data: bytes) -> None:
    """A file in a folder here or, where ``place`` is a URL, elsewhere: whole or not at all."""
    if "://" in place:
        files, root = _filesystem(place)
        files.pipe_file(f"{root}/{name}", data)
        return
    temporary = Path(place) / f".{name}.{uuid.uuid4().hex}.part"
    try:
        temporary.write_bytes(data)
        os.replace(temporary, Path(place) / name)
    except OSError as error:
        raise UserError(f"cannot write {Path(place) / name}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def read_range(place: str, name: str, offset: int, size: int) -> bytes:
    """Some bytes of a file in a folder here or elsewhere; :class:`UserError` where it has not as many."""
    try:
        if "://" in place:
            files, root = _filesystem(place)
            data = bytes(files.cat_file(f"{root}/{name}", start=offset, end=offset + size))
        else:
            data = _opened.read(f"{place}/{name}", size, offset)
    except OSError as error:
        raise UserError(f"cannot read {place}/{name}: {error.strerror or error}") from error
    if len(data) != size:
        raise UserError(f"{place}/{name} is cut short; delete it and run its stage again")
    return data


def remove(place: str, name: str) -> None:
    """Delete a file in a folder here or elsewhere, if it is there."""
    if "://" in place:
        files, root = _filesystem(place)
        if files.exists(f"{root}/{name}"):
            files.rm_file(f"{root}/{name}")
        return
    (Path(place) / name).unlink(missing_ok=True)


@lru_cache(maxsize=4)
def _filesystem(url: str) -> tuple[Any, str]:
    scheme = url.partition("://")[0]
    try:
        import fsspec

        files, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UserError(f"{url}: {scheme}:// is read by fsspec: pip install 'avsynth[cloud]' ({error})") from error
    except ValueError as error:
        raise UserError(f"{url} is no place that can be read: {error}") from error
    return files, str(root)


class _OpenFiles:
    """Descriptors of the most recently read files, at most :data:`OPEN_FILES`; forked processes may go on using
    them."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[int, tuple[int, int]]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, path: str, size: int, offset: int) -> bytes:
        with self._lock:
            return os.pread(self._descriptor(path), size, offset)

    def _descriptor(self, path: str) -> int:
        state = os.stat(path)
        now = (state.st_ino, state.st_mtime_ns)
        known = self._known.pop(path, None)
        if known is not None and known[1] != now:
            os.close(known[0])
            known = None
        if known is None:
            known = (os.open(path, os.O_RDONLY), now)
        self._known[path] = known
        if len(self._known) > OPEN_FILES:
            _, (oldest, _) = self._known.popitem(last=False)
            os.close(oldest)
        return known[0]


_opened = _OpenFiles()
