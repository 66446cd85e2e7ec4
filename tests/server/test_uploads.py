"""Sounds that are given lips and photos that become faces, decoded where they can do no harm."""

from __future__ import annotations

import io
import secrets
import socket
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avsynth.audio.io import read_audio, write_wav
from avsynth.timeline import Timeline
from avsynth.video.inspection import inspect
from avsynth.video.writing import Mp4Writer
from tests.server.conftest import Answer, Server
from tests.video.faces import portrait_file, shifted_heads, write_video

RATE = 22050


def send(server: Server, path: str, file: bytes | None, filename: str = "a.wav", **fields: Any) -> Answer:
    """A form with a file."""
    mark = secrets.token_hex(8)
    about = "Content-Disposition: form-data; name="
    parts = [f'{about}"{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()]
    if file is not None:
        parts.append(f'{about}"file"; filename="{filename}"\r\n\r\n'.encode() + file + b"\r\n")
    body = b"".join(f"--{mark}\r\n".encode() + part for part in parts) + f"--{mark}--\r\n".encode()
    return server.ask("POST", path, body, {"content-type": f"multipart/form-data; boundary={mark}"})


@pytest.fixture(scope="module")
def sound(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the voice says, which can be aligned with its words."""
    said = server.ask("POST", "/v1/audio/speech", {"input": "place blue at f two now", "response_format": "wav"})
    path = tmp_path_factory.mktemp("sound") / "said.wav"
    path.write_bytes(said.body)
    write_wav(path, read_audio(path, RATE), RATE)
    return path


def test_a_sound_is_given_lips_and_its_timeline(server: Server, sound: Path, tmp_path: Path) -> None:
    made = send(server, "/v1/lips", sound.read_bytes(), text="place blue at f two now", fps="30", scale="1")
    assert made.status == 200, made.body[:300]
    (tmp_path / "a.mp4").write_bytes(made.body)
    report = inspect(tmp_path / "a.mp4")
    heard, given = read_audio(tmp_path / "a.mp4", RATE), read_audio(sound, RATE)
    assert len(heard) == len(given) and np.corrcoef(heard, given)[0, 1] > 0.95
    assert report.video is not None and report.video.fps == 30
    link = made.headers["link"].split(">")[0][1:]
    words = Timeline.from_dict(server.ask("GET", link).json).words
    assert [word.text for word in words] == ["place", "blue", "at", "f", "two", "now"]
    assert [path.name for path in server.app.state.scratch.iterdir() if path.name.startswith("upload")] == []


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    pixels = zlib.compress(b"\0" * 10**7)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_what_is_no_sound_or_face_is_refused_in_one_line(server: Server, sound: Path) -> None:
    wav = sound.read_bytes()
    for file, name, fields, says in (
        (b"not a sound", "a.wav", {"text": "now"}, "upload.wav"),
        (b"", "a.wav", {"text": "now"}, "empty"),
        (wav[:40], "a.wav", {"text": "now"}, ""),
        (wav, "../../../etc/passwd", {"text": "now", "fps": "1e9"}, "fps"),
        (wav, "a.wav", {"text": "now", "voice": "/etc"}, "no voice"),
        (wav, "a.wav", {"text": "now", "face": "/etc"}, "no face"),
        (wav, "a.wav", {"text": "...!"}, ""),
        (wav, "a.wav", {"text": "<speak>now", "text_format": "ssml"}, "SSML, line 1"),
        (wav, "a.wav", {"text": "now", "text_format": "tex"}, "text_format"),
        (None, "", {"text": "now"}, "file"),
    ):
        answer = send(server, "/v1/lips", file, name, **fields)
        assert says in answer.error and "/tmp" not in answer.error, (name, fields)
    for file, name, fields, says in (
        (b"no picture", "a.jpg", {"consent": "true"}, "upload.jpg"),
        (b"no picture", "a.jpg", {}, "consent"),
        (bomb(), "a.png", {"consent": "true"}, ""),
        (b"x", "a.jpg", {"consent": "true", "keep": "true", "name": "../x"}, "name"),
    ):
        answer = send(server, "/v1/faces", file, name, **fields)
        assert says in answer.error and "/tmp" not in answer.error, (name, fields)
    assert server.ask("GET", "/healthz").json == {"status": "ok", "active": 0, "queued": 0}


def zipped() -> bytes:
    """A zip that holds a path out of its folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../face.yaml", b"x" * 10**6)
    return made.getvalue()


def long_video() -> bytes:
    """An mp4 whose index promises pictures that are not there."""
    made = io.BytesIO()
    with Mp4Writer(made, Fraction(25), (64, 64), RATE, scale=1) as video:
        video.write(np.zeros((25, 64, 64, 3), np.uint8), np.zeros(RATE, np.float32))
    return made.getvalue()[:-3000]


def test_hostile_pictures_and_videos_make_no_face(server: Server) -> None:
    scratch = server.app.state.scratch / "faces"
    before = server.ask("GET", "/v1/faces").json
    folders = set(scratch.glob("*"))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    concat = b"ffconcat version 1.0\nfile /etc/passwd\n"
    for file, name in (
        (bomb(), "a.png"),
        (bomb(), "a.mp4"),
        (zipped(), "a.jpg"),
        (long_video(), "a.mp4"),
        (b"GIF89a" + b"\xff" * 500, "a.gif"),
        (b"\0" * 5000, "a.mov"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 5000, "a.jpeg"),
        (svg, "a.svg"),
        (playlist, "a.m3u8"),
        (playlist, "a.mp4"),
        (concat, "a.ffconcat"),
        (b"x", "a.jpg\0.png"),
        (b"x", "/etc/passwd"),
        (b"x", "../../../../tmp/out.png"),
    ):
        answer = send(server, "/v1/faces", file, name, consent="true")
        assert "/tmp" not in answer.error and "root:" not in answer.error, name
    assert server.ask("GET", "/v1/faces").json == before
    assert set(scratch.glob("*")) == folders
    assert server.ask("GET", "/healthz").json == {"status": "ok", "active": 0, "queued": 0}


def test_a_face_is_made_for_whoever_consents_and_within_limits(server: Server) -> None:
    for consent in ({}, {"consent": "false"}, {"consent": ""}, {"consent": "maybe"}):
        assert "consent" in send(server, "/v1/faces", b"x", "a.png", **consent).error
    question = server.ask("GET", "/v1/faces/consent").json["question"]
    assert question in send(server, "/v1/faces", b"x", "a.png").error
    yes = {"consent": "true"}
    for fields, says in (
        ({"name": "n" * 61}, "name"),
        ({"licence": "l" * 201}, "licence"),
        ({"person": "p" * 21}, "person"),
        ({"keep": "true"}, "name"),
        ({"keep": "true", "name": "a/b"}, "name"),
        ({"keep": "true", "name": ".hidden"}, "name"),
    ):
        assert says in send(server, "/v1/faces", b"x", "a.png", **yes, **fields).error
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        size = server.app.state.settings.limits.upload_bytes + 1
        head = f"POST /v1/faces HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
        client.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\nx")
        assert b" 413 " in client.recv(4096).splitlines()[0]


def test_a_video_becomes_a_face_that_speaks(server: Server, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    heads = shifted_heads(np.cumsum(rng.integers(-1, 2, (30, 2)), axis=0).clip(-8, 8))
    face = send(server, "/v1/faces", write_video(tmp_path / "me.mp4", heads).read_bytes(), "me.mp4", consent="true")
    assert face.status == 200 and face.json["people"] == 1, face.body[:300]
    made = server.ask("POST", "/v1/video/speech", {"input": "now", "face": face.json["id"], "scale": 1})
    (tmp_path / "a.mp4").write_bytes(made.body)
    report = inspect(tmp_path / "a.mp4")
    assert made.status == 200 and report.video is not None and report.video.height == heads.shape[1]
    assert report.start_difference_ms == 0 and "face_notice" in report.metadata


def test_broken_forms_are_refused(server: Server) -> None:
    for body in (b"", b"--x", b"--x\r\n\r\n\r\n--x--", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"):
        for path in ("/v1/lips", "/v1/faces"):
            answer = server.ask("POST", path, body, {"content-type": "multipart/form-data; boundary=x"})
            assert answer.status < 500 and answer.error
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        head = b"POST /v1/faces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n"
        client.sendall(head + b"Content-Type: multipart/form-data; boundary=x\r\n\r\nx")
        assert b" 413 " in client.recv(4096).splitlines()[0]


def test_a_photo_becomes_a_face_that_speaks(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("dlib")
    assert "right to use" in server.ask("GET", "/v1/faces/consent").json["question"]
    photo = portrait_file(tmp_path).read_bytes()
    face = send(server, "/v1/faces", photo, "me.png", consent="true").json
    assert face["name"] == "me" and face["people"] == 1
    made = server.ask("POST", "/v1/video/speech", {"input": "now", "face": face["id"]})
    assert made.status == 200, made.body[:300]
    (tmp_path / "a.mp4").write_bytes(made.body)
    report = inspect(tmp_path / "a.mp4")
    assert report.video is not None and report.video.height >= 360 and "face_notice" in report.metadata
    assert face["id"] not in [item["id"] for item in server.ask("GET", "/v1/faces").json["data"]], "nobody else's"
    assert "no face" in server.ask("POST", "/v1/video/speech", {"input": "now", "face": face["id"] + "x"}).error
