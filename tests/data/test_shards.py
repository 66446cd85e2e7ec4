"""Many clips in few files: read by several, elsewhere, damaged, and by any tool."""

from __future__ import annotations

import os
import tarfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from avsynth.data import shards as module
from avsynth.data.shards import INDEX, OPEN_FILES, Entry, Shards, hash64
from avsynth.errors import UserError


def filled(folder: Path, count: int = 40, per_shard: int = 4, at: str = "") -> Shards:
    shards = Shards(folder, at)
    entries = [
        Entry(f"s1_clip.{number:02}", "", {"json": b"%d" % number, "bin": os.urandom(number)})
        for number in range(count)
    ]
    for start in range(0, count, per_shard):
        shards.write(f"{start:03}", entries[start : start + per_shard])
    shards.reindex()
    return shards


def sizes(folder: Path) -> list[int]:
    return [len(Shards(folder).read(f"s1_clip.{number:02}")["bin"]) for number in range(40)]


def test_any_tool_reads_them(tmp_path: Path) -> None:
    filled(tmp_path)
    with tarfile.open(tmp_path / "004.tar") as archive:
        names = [member.name for member in archive]
    assert names[:2] == ["s1_clip.04.json", "s1_clip.04.bin"] and len(names) == 8


def test_several_processes_read_with_few_open_files(tmp_path: Path) -> None:
    filled(tmp_path, per_shard=1)
    assert sizes(tmp_path) == list(range(40))
    own = Path("/proc/self/fd")
    opened = [
        os.readlink(own / name) for name in os.listdir(own) if (own / name).is_symlink() and (own / name).exists()
    ]
    assert sum(path.startswith(str(tmp_path)) for path in opened) <= OPEN_FILES + 1
    with ProcessPoolExecutor(2) as pool:
        assert list(pool.map(sizes, [tmp_path] * 2)) == [list(range(40))] * 2


def test_they_may_lie_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "far").mkdir()
    filled(tmp_path / "here", at=f"file://{tmp_path / 'far'}")
    assert len(list((tmp_path / "far").glob("*.tar"))) == 10 and not list((tmp_path / "here").glob("*.tar"))
    assert sizes(tmp_path / "here") == list(range(40))
    filled(tmp_path / "memory", at="memory://bucket/crops")
    assert sizes(tmp_path / "memory") == list(range(40))


def test_a_place_that_nothing_reads_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere://"):
        filled(tmp_path, at="nowhere://bucket")


def test_a_record_is_read_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = Shards(tmp_path)
    small, large = {"json": b"17", "bin": bytes(100_000)}, {"json": b"8" * 9000}
    shards.write("a", [Entry("s1_a", "", small), Entry("s1_b", "", large)])
    shards.reindex()
    asked = []
    read = module.read_range
    monkeypatch.setattr(module, "read_range", lambda *where: asked.append(where[3]) or read(*where))
    assert shards.record(hash64("s1_a")) == ("s1_a", b"17") and max(asked) < 10_000
    assert shards.record(hash64("s1_b")) == ("s1_b", b"8" * 9000)


def test_long_and_foreign_names(tmp_path: Path) -> None:
    uid = "größe_" + "x" * 150
    shards = Shards(tmp_path)
    shards.write("a", [Entry(uid, "", {"json": b"1"})])
    shards.reindex()
    assert shards.read(uid) == {"json": b"1"} and shards.record(hash64(uid)) == (uid, b"1")


def test_what_nobody_wants_is_deleted(tmp_path: Path) -> None:
    shards = filled(tmp_path, 8)
    shards.replace("s1_clip.00", {"json": b"new"})
    for number in (1, 2, 3):
        shards.replace(f"s1_clip.{number:02}", {"json": b"new"})
    assert shards.read("s1_clip.00") == {"json": b"new"} and shards.index.shape[1] == 8
    assert not (tmp_path / "000.tar").exists() and (tmp_path / "004.tar").exists() and (tmp_path / INDEX).exists()


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds nothing of the clip s1_x"):
        Shards(tmp_path).read("s1_x")
    shards = filled(tmp_path, 4)
    (tmp_path / "000.tar").unlink()
    with pytest.raises(UserError, match=r"cannot read .*000\.tar"):
        shards.read("s1_clip.01")
