"""Talking pictures over HTTP while they are being made, and their timelines."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.timeline import Timeline
from avsynth.video.fragments import boxes
from avsynth.video.inspection import inspect
from tests.server.conftest import Answer, Server

TEXT = "Place blue at f two now. Again! And again."


def timeline_behind(server: Server, answer: Answer, kind: str = "json") -> Answer:
    link = answer.headers["link"].split(">")[0][1:]
    return server.ask("GET", link.removesuffix("json") + kind)


@pytest.mark.parametrize("fps", ["25", "29.97"])
def test_a_stream_plays_like_a_file_and_has_its_timeline(
    server: Server, tmp_path: Path, fps: str, voice_folder: Path
) -> None:
    answer = server.ask("POST", "/v1/video/speech", {"input": TEXT, "fps": fps, "scale": 1})
    assert answer.status == 200 and answer.headers["content-type"] == "video/mp4"
    assert [kind for kind, _ in boxes(answer.body)].count(b"moof") >= 3
    (tmp_path / "a.mp4").write_bytes(answer.body)
    report = inspect(tmp_path / "a.mp4")
    assert report.start_difference_ms == 0 and report.length_difference_ms is not None
    assert abs(report.length_difference_ms) <= 500 / float(Fraction(report.video.fps))
    assert report.metadata["synthetic"] == "true"
    made = AVSynthesizer.from_pretrained(voice_folder)(TEXT, fps=fps, sound=False)
    assert report.video.frame_count == len(made.lip_frames)
    assert Timeline.from_dict(timeline_behind(server, answer).json) == made.timeline
    assert timeline_behind(server, answer, "srt").body.startswith(b"1\n00:00:00,")


def test_a_whole_file_has_its_index_first_and_its_length(server: Server, tmp_path: Path) -> None:
    answer = server.ask("POST", "/v1/video/speech", {"input": TEXT, "stream": False, "scale": 1})
    kinds = [kind for kind, _ in boxes(answer.body)]
    assert b"moof" not in kinds and kinds.index(b"moov") < kinds.index(b"mdat")
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert [path.name for path in server.app.state.scratch.iterdir() if path.name != "faces"] == []


def test_the_first_part_comes_while_the_rest_is_being_made(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", f"/say.mp4?text={quote(TEXT * 3)}")
    response = connection.getresponse()
    response.read(1000)
    assert server.ask("GET", "/healthz").json["active"] == 1
    rest = response.read()
    assert [kind for kind, _ in boxes(rest[-40_000:])] or len(rest) > 1000
    server.until(lambda: server.ask("GET", "/healthz").json["active"] == 0)


def test_an_edited_timeline_is_said_again(server: Server, tmp_path: Path) -> None:
    timeline = server.ask("POST", "/v1/timeline", {"input": "bin now"}).json
    assert {"viseme_oculus", "viseme_microsoft"} <= timeline["phones"][1].keys()
    timeline["phones"][2]["hops"] += 50
    answer = server.ask("POST", "/v1/video/speech", {"timeline": timeline, "scale": 1})
    assert answer.status == 200
    assert timeline_behind(server, answer).json["phones"][2]["hops"] == timeline["phones"][2]["hops"]
    both = server.ask("POST", "/v1/video/speech", {"timeline": timeline, "input": "bin now"})
    assert "give one of the two" in both.error


@pytest.mark.parametrize(
    "kind", ["json", "srt", "vtt", "karaoke.vtt", "captions.json", "textgrid", "microsoft.json", "oculus.csv"]
)
def test_a_timeline_comes_in_each_format_without_sound(server: Server, kind: str) -> None:
    answer = server.ask("POST", "/v1/timeline", {"input": TEXT, "format": kind})
    assert answer.status == 200 and answer.body
    if kind.endswith("json"):
        assert json.loads(answer.body)
    else:
        assert b"again" in answer.body or kind == "oculus.csv"


@pytest.mark.parametrize("text", ["", "<speak/>"])
def test_without_words_the_face_is_at_rest(server: Server, tmp_path: Path, text: str) -> None:
    for stream in (True, False):
        answer = server.ask("POST", "/v1/video/speech", {"input": text, "show": "mouth", "stream": stream})
        assert answer.status == 200, answer.body
        (tmp_path / "a.mp4").write_bytes(answer.body)
        report = inspect(tmp_path / "a.mp4")
        assert report.video is not None and report.video.frame_count == report.video.fps
        assert timeline_behind(server, answer).json["words"] == []
    assert server.ask("GET", f"/say.mp4?text={quote(text)}&show=mouth").body[4:8] == b"ftyp"
    assert server.ask("POST", "/v1/timeline", {"input": text, "format": "srt"}).body == b""


def test_a_timeline_link_is_no_door(server: Server) -> None:
    for name in ("nothing.json", "..%2f..%2fetc%2fpasswd", "x"):
        assert server.ask("GET", f"/v1/timelines/{name}").status == 404


def test_the_same_request_gives_the_same_bytes(server: Server) -> None:
    one, two = (server.ask("POST", "/v1/video/speech", {"input": "now", "scale": 1}).body for _ in range(2))
    assert one == two and np.frombuffer(one, np.uint8).any()
