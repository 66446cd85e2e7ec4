import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from avsynth.errors import UserError
from avsynth.files import atomic_path, decode_text, read_json, write_json, write_text


def test_a_file_appears_whole_and_alone(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert not target.exists() and temporary.parent == tmp_path and temporary.suffix == ".json"
    assert target.read_text() == "new" and os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(type(error)), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise error
    assert target.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_that_fails_is_removed(tmp_path: Path) -> None:
    with pytest.raises(ValueError), atomic_path(tmp_path / "voice") as temporary:
        temporary.mkdir()
        (temporary / "part").write_text("half")
        raise ValueError
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_one_line_and_no_half_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with pytest.raises(UserError, match=r"cannot write .*a\.txt: No space left"), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise OSError(28, "No space left on device")
    assert os.listdir(tmp_path) == []


KILLED = """
import os, signal, sys
from avsynth.files import atomic_path
with atomic_path(sys.argv[1]) as temporary:
    (temporary.mkdir if sys.argv[2] == "folder" else temporary.touch)()
    print(temporary.name, flush=True)
    if sys.argv[3] == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "a.txt"
    command = [sys.executable, "-c", KILLED, str(target), kind]
    subprocess.run([*command, "dies"], check=False, capture_output=True)
    assert len(os.listdir(tmp_path)) == 1
    with subprocess.Popen([*command, "lives"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None and other.stdout is not None
        theirs = other.stdout.readline().strip()
        write_text(target, "whole")
        assert sorted(os.listdir(tmp_path)) == sorted(["a.txt", theirs]), "who still writes keeps his part"
        other.kill()


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot write .*none/a\.txt: No such file"):
        write_text(tmp_path / "none" / "a.txt", "text")


def test_json_round_trip_keeps_order_and_letters(tmp_path: Path) -> None:
    value = {"z": 1, "a": ["é", None, 0.5]}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value
    assert list(read_json(tmp_path / "a.json")) == ["z", "a"] and "é" in (tmp_path / "a.json").read_text("utf-8")


def test_unreadable_json_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read .*none\.json"):
        read_json(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(UserError, match=r"bad\.json is not valid JSON"):
        read_json(tmp_path / "bad.json")


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        ("caf\u00e9".encode(), None, "caf\u00e9"),
        ("caf\u00e9".encode("utf-8-sig"), None, "caf\u00e9"),
        ("caf\u00e9".encode("utf-16"), None, "caf\u00e9"),
        (b"\xfe\xff" + "caf\u00e9".encode("utf-16-be"), None, "caf\u00e9"),
        ("caf\u00e9 \U0001f600".encode("utf-32"), None, "caf\u00e9 \U0001f600"),
        ("caf\u00e9".encode("cp1252"), "cp1252", "caf\u00e9"),
        ("caf\u00e9".encode("latin-1"), "Latin-1", "caf\u00e9"),
        ("caf\u00e9".encode("utf-16-le"), "utf-16-le", "caf\u00e9"),
        ("caf\u00e9".encode("utf-8-sig"), "utf-8", "caf\u00e9"),
        ("caf\u00e9".encode("utf-16"), "utf-16", "caf\u00e9"),
        (b"a\r\nb\n", None, "a\nb\n"),
        (b"", None, ""),
    ],
)
def test_text_is_decoded_by_its_mark_or_as_asked(raw: bytes, encoding: str | None, text: str) -> None:
    assert decode_text(raw, "here", encoding) == text


@pytest.mark.parametrize(
    ("raw", "encoding", "says"),
    [
        (b"caf\xe9\n", None, "here is not utf-8: byte 4, on line 1, is 0xe9; name what it is with --encoding"),
        (b"one\ntwo \xff", None, "byte 9, on line 2, is 0xff"),
        (b"\xef\xbb\xbfa\x80", None, "byte 5, on line 1, is 0x80"),
        (b"abc\xc3", None, "byte 4, on line 1, is 0xc3"),
        (b"\xff\xfea", None, "here is not utf-16-le: byte 3"),
        ("ab".encode("utf-16-le"), None, "character 2 is NUL; if it is UTF-16, say --encoding utf-16-le"),
        (b"a", "klingon", "--encoding klingon is not known; utf-16, cp1252 or latin-1 are"),
        (b"a", "hex", "--encoding hex is not known"),
        (b"\x81", "cp1252", "here is not cp1252: byte 1"),
        (b"\xe9", "ascii", "here is not ascii: byte 1, on line 1, is 0xe9"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(raw: bytes, encoding: str | None, says: str) -> None:
    with pytest.raises(UserError, match=re.escape(says)) as caught:
        decode_text(raw, "here", encoding)
    assert "\n" not in str(caught.value)
