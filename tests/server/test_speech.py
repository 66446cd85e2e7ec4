"""Speech over HTTP: OpenAI's own client unchanged, every format, streamed and whole."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import openai
import pytest

from avsynth.audio.coding import FORMATS
from avsynth.audio.io import read_audio
from avsynth.synthesis.synthesizer import AVSynthesizer
from tests.server.conftest import Server

TEXT = "Place blue at f two now. Again!"


@pytest.fixture
def client(server: Server) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none needed", max_retries=0)


@pytest.fixture(scope="module")
def said(voice_folder: Path) -> np.ndarray:
    return AVSynthesizer.from_pretrained(voice_folder)(TEXT, lips=False).waveform


@pytest.mark.parametrize("name", FORMATS)
def test_openais_client_gets_each_format_whole_and_streamed(
    client: openai.OpenAI, tmp_path: Path, name: str, said: np.ndarray
) -> None:
    path = tmp_path / f"a.{name}"
    client.audio.speech.create(model="tts-1", voice="tiny", input=TEXT, response_format=name).write_to_file(path)
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="tiny", input=TEXT, response_format=name
    ) as response:
        assert response.headers["content-type"] == FORMATS[name].media_type
        streamed = b"".join(response.iter_bytes(1000))
    assert streamed == path.read_bytes() or name == "opus", "an Ogg has a number drawn by lot"
    seconds = len(said) / 22050
    if name == "pcm":
        assert abs(len(streamed) / 2 / 24_000 - seconds) < 0.01
    else:
        heard = read_audio(path, 22050)
        assert abs(len(heard) / 22050 - seconds) < 0.15
    if name in ("wav", "flac"):
        np.testing.assert_allclose(heard, said, atol=1 / 32768)


def test_server_sent_events_hold_the_same_sound(server: Server, client: openai.OpenAI) -> None:
    body = {"model": "tts-1", "voice": "tiny", "input": TEXT, "response_format": "wav"}
    events = server.ask("POST", "/v1/audio/speech", {**body, "stream_format": "sse"})
    assert events.headers["content-type"].startswith("text/event-stream")
    told = [json.loads(line[6:]) for line in events.body.decode().split("\n\n") if line]
    assert [item["type"] for item in told[-2:]] == ["speech.audio.delta", "speech.audio.done"]
    sound = b"".join(base64.b64decode(item["audio"]) for item in told[:-1])
    assert sound == server.ask("POST", "/v1/audio/speech", body).body


def test_speed_and_pitch_are_heard(server: Server) -> None:
    def size(**changes: float) -> bytes:
        return server.ask("POST", "/v1/audio/speech", {"input": TEXT, "response_format": "wav", **changes}).body

    plain = size()
    assert len(size(speed=2.0)) < 0.7 * len(plain)
    assert len(size(pitch=3.0)) == len(plain) and size(pitch=3.0) != plain


def test_models_and_voices_are_listed(client: openai.OpenAI, server: Server) -> None:
    assert {"avsynth", "tts-1"} <= {model.id for model in client.models.list()}
    assert client.models.retrieve("avsynth").owned_by == "avsynth"
    listed = server.ask("GET", "/v1/voices").json["data"]
    assert listed[0]["id"] == "tiny/s1" and listed[0]["usual"] and {item["voice"] for item in listed} >= {"english"}
    assert not any("/" in item["voice"] for item in listed), "no folder"


@pytest.mark.parametrize("name", [None, "tiny", "s1", "tiny/s1"])
def test_a_voice_has_several_names(server: Server, name: str | None) -> None:
    answer = server.ask("POST", "/v1/timeline", {"input": "now", "voice": name})
    assert answer.status == 200 and answer.json["words"][0]["word"] == "now"


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 1.0), ("<speak></speak>", 1.0), ('<speak><break time="400ms"/></speak>', 0.4)]
)
def test_without_words_there_is_sound_all_the_same(server: Server, tmp_path: Path, text: str, seconds: float) -> None:
    answer = server.ask("POST", "/v1/audio/speech", {"input": text, "response_format": "flac"})
    assert answer.status == 200, answer.body
    (tmp_path / "a.flac").write_bytes(answer.body)
    heard = read_audio(tmp_path / "a.flac", 22050)
    assert len(heard) / 22050 == pytest.approx(seconds, abs=0.05)


def test_what_a_text_is_written_in_can_be_said(server: Server) -> None:
    def words(**body: str) -> list[str]:
        answer = server.ask("POST", "/v1/timeline", {"input": "# now\n\nred", **body})
        assert answer.status == 200, answer.body
        return [word["word"] for word in answer.json["words"]]

    assert words() == words(text_format="markdown") == ["now", "red"]
    assert len(words(text_format="text")) > 2, "the mark is read as well"
    for path in ("/v1/audio/speech", "/v1/video/speech", "/v1/timeline"):
        refused = server.ask("POST", path, {"input": "<speak>now", "text_format": "ssml"})
        assert "SSML, line 1" in refused.error
        assert "text_format" in server.ask("POST", path, {"input": "now", "text_format": "tex"}).error


def test_errors_reach_openais_client_as_its_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="no voice 'alloy'; there are tiny/s1"):
        client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT)
    with pytest.raises(openai.NotFoundError, match="no model"):
        client.audio.speech.create(model="whisper-1", voice="tiny", input=TEXT)
    with pytest.raises(openai.BadRequestError, match="speed"):
        client.audio.speech.create(model="tts-1", voice="tiny", input=TEXT, speed=9)
    with pytest.raises(openai.BadRequestError, match="nothing to say"):
        client.audio.speech.create(model="tts-1", voice="tiny", input="...!")
