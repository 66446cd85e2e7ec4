"""The server as a process of its own: a signal ends it when what is under way is done, and nothing is left."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra serve")
pytestmark = pytest.mark.slow


@contextmanager
def process(voice: Path, scratch: Path, time_limit_s: float) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """``avsynth serve`` with its own folder for what is temporary, and its port."""
    command = [sys.executable, "-m", "avsynth", "serve", "--port", "0", "--voice", str(voice), "--threads", "1"]
    command += ["--time-limit", str(time_limit_s)]
    environment = os.environ | {"TMPDIR": str(scratch)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stderr is not None
        try:
            line = next(line for line in served.stderr if "serving at" in line)
            yield served, int(re.findall(r":(\d+)/", line)[0])
        finally:
            served.kill()


def begun(port: int, text: str, stream: bool) -> http.client.HTTPConnection:
    """A request that is being worked at."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    body = json.dumps({"input": text, "scale": 1, "stream": stream})
    connection.request("POST", "/v1/video/speech", body, {"content-type": "application/json"})
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while True:
        asking.request("GET", "/healthz")
        if json.loads(asking.getresponse().read())["active"]:
            asking.close()
            return connection
        time.sleep(0.01)


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "file"])
def test_a_request_under_way_is_finished_and_no_file_is_left(voice_folder: Path, tmp_path: Path, stream: bool) -> None:
    with process(voice_folder, tmp_path, 60) as (served, port):
        connection = begun(port, "Place blue at f two now. " * 6, stream)
        served.send_signal(signal.SIGTERM)
        response = connection.getresponse()
        assert response.status == 200 and len(response.read()) > 10_000, "read() raises where it is not whole"
        connection.close()
        assert served.wait(30) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_a_request_that_would_take_longer_is_ended_at_its_limit(voice_folder: Path, tmp_path: Path) -> None:
    with process(voice_folder, tmp_path, 2) as (served, port):
        connection = begun(port, "Place blue at f two now. " * 190, stream=False)
        began = time.monotonic()
        served.send_signal(signal.SIGTERM)
        assert connection.getresponse().status == 408
        connection.close()
        assert served.wait(30) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 10
    assert list(tmp_path.iterdir()) == []
