"""However a command is ended, it leaves no half-written file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HEARING = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
"""Signals as for a command in a terminal: what ``nohup`` or a shell in the background starts ignores some."""
WRITING = """
import argparse, sys, time
from avsynth.cli import main as cli
from avsynth.files import atomic_path

def write(args):
    with atomic_path(sys.argv[1]) as temporary:
        temporary.touch()
        print("begun", flush=True)
        time.sleep(60)

cli.parse = lambda _: argparse.Namespace(run=write)
sys.exit(cli.main([]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda item: item.name)
def test_an_ended_command_leaves_nothing_and_tells_the_signal(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-c", HEARING + WRITING, str(tmp_path / "a.mp4")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ended:
        assert ended.stdout is not None and ended.stdout.readline() == "begun\n"
        assert len(os.listdir(tmp_path)) == 1
        ended.send_signal(number)
        _, errors = ended.communicate(timeout=30)
    assert ended.returncode == 128 + number and "Traceback" not in errors
    assert os.listdir(tmp_path) == []


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN);" + WRITING.replace("60", "1")
    command = [sys.executable, "-c", code, str(tmp_path / "a.mp4")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ended:
        assert ended.stdout is not None and ended.stdout.readline() == "begun\n"
        ended.send_signal(signal.SIGHUP)
        ended.communicate(timeout=30)
    assert ended.returncode == 0 and os.listdir(tmp_path) == ["a.mp4"]


def test_python_m_avsynth_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "avsynth", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: avsynth")
