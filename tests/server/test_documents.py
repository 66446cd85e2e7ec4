"""The examples of the page on the server run as they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from avsynth.audio.io import read_audio
from avsynth.video.inspection import inspect
from tests.server.conftest import Server

PAGE = Path(__file__).parents[2] / "docs" / "server.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_examples_run(server: Server, tmp_path: Path) -> None:
    examples = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(examples) >= 7
    for example in examples:
        script = example.replace("http://127.0.0.1:8017", server.url).replace("curl -s", "curl --fail-with-body -s")
        done = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (example, done.stdout, done.stderr)
    assert len(read_audio(tmp_path / "train.mp3", 22050)) > 22050
    for name in ("hello.mp4", "tomorrow.mp4", "edited.mp4", "mine.mp4"):
        report = inspect(tmp_path / name)
        assert report.video is not None and report.audio is not None and not report.damaged
        assert "ynthetic" in report.metadata["comment"]
