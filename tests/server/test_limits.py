"""Limits that hold: places, queue, time, bodies, callers; and that nothing leaks."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from avsynth.errors import UserError
from avsynth.server.jobs import Job
from avsynth.server.settings import Limits, Settings
from avsynth.server.studio import Studio
from avsynth.server.turns import Turns
from tests.server.conftest import Server, running
from vocoder import MelConfig

LONG = "Place blue at f two now. " * 40
KEY = "a key that is long enough"


@pytest.fixture(scope="module")
def narrow(settings: Settings) -> Iterator[Server]:
    """One place, one may wait, and little of anything."""
    limits = Limits(active=1, queued=1, text_chars=2000, json_bytes=20_000, time_s=20, speech_s=100, upload_s=1.0)
    with running(replace(settings, limits=limits)) as made:
        yield made


@pytest.fixture
def held(narrow: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Work that goes on, part by part, until it is let go."""
    going = threading.Event()

    def speak(studio: Studio, job: Job, *_: object) -> None:
        job.write(b"begun")
        while not going.wait(0.02):
            job.check()
        job.write(b"ended")

    monkeypatch.setattr(Studio, "speak", speak)
    yield going
    going.set()
    narrow.until(lambda: load(narrow) == (0, 0))


def load(server: Server) -> tuple[int, int]:
    health = server.ask("GET", "/healthz").json
    return health["active"], health["queued"]


def begin(server: Server) -> socket.socket:
    """A client that has sent its request and does not read."""
    body = json.dumps({"input": "now"}).encode()
    client = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    head = "POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return client


def test_who_finds_place_and_queue_full_is_told_when_to_come_again(narrow: Server, held: threading.Event) -> None:
    one = begin(narrow)
    narrow.until(lambda: load(narrow) == (1, 0))
    two = begin(narrow)
    narrow.until(lambda: load(narrow) == (1, 1))
    answer = narrow.ask("POST", "/v1/audio/speech", {"input": "now"})
    assert answer.status == 429 and int(answer.headers["retry-after"]) >= 1 and "try again" in answer.error
    held.set()
    for client in (one, two):
        got = b""
        while b"ended" not in got:
            block = client.recv(4096)
            assert block
            got += block
        assert got.startswith(b"HTTP/1.1 200") and b"begun" in got
        client.close()


@pytest.mark.parametrize("read_first", [True, False])
def test_a_client_that_goes_frees_its_place_within_a_second(
    narrow: Server, held: threading.Event, read_first: bool
) -> None:
    client = begin(narrow)
    narrow.until(lambda: load(narrow) == (1, 0))
    if read_first:
        assert client.recv(10)
    client.close()
    began = time.monotonic()
    narrow.until(lambda: load(narrow) == (0, 0))
    assert time.monotonic() - began < 1


def test_a_client_that_goes_while_it_waits_leaves_the_queue(narrow: Server, held: threading.Event) -> None:
    working, waiting = begin(narrow), begin(narrow)
    narrow.until(lambda: load(narrow) == (1, 1))
    waiting.close()
    narrow.until(lambda: load(narrow) == (1, 0), seconds=1)
    working.close()


def test_what_takes_too_long_is_ended(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def speak(studio: Studio, job: Job, *rest: object) -> None:
        if late:
            job.write(b"begun")
        while True:
            time.sleep(0.02)
            job.check()

    monkeypatch.setattr(Studio, "speak", speak)
    with running(replace(settings, limits=Limits(time_s=1.0))) as server:
        late = False
        assert "longer than 1 s" in server.ask("POST", "/v1/audio/speech", {"input": "now"}).error
        late = True
        with pytest.raises(Exception, match="IncompleteRead"):
            server.ask("POST", "/v1/audio/speech", {"input": "now"})
        server.until(lambda: server.ask("GET", "/healthz").json["active"] == 0)


def test_a_part_is_ended_at_its_next_layer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = []

    class Slow(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            passed.append(len(passed))
            time.sleep(0.05)
            return x

    class Vocoder:
        mel_config = MelConfig()
        layers = torch.nn.Sequential(*(Slow() for _ in range(400)))

        def __call__(self, mel_BFM: torch.Tensor) -> torch.Tensor:
            self.layers(mel_BFM)
            return torch.zeros(1, mel_BFM.shape[1] * 256)

    with running(replace(settings, limits=Limits(time_s=1.0))) as server:
        studio: Studio = server.app.state.studio
        monkeypatch.setattr(studio.synthesizer(studio.speaker(None).voice), "vocoder", Vocoder())
        began = time.monotonic()
        assert "longer than 1 s" in server.ask("POST", "/v1/audio/speech", {"input": "now"}).error
        server.until(lambda: load(server) == (0, 0), seconds=2)
        assert passed and time.monotonic() - began < 4 and len(passed) < 60


@pytest.mark.parametrize("begun", [False, True], ids=["its client gets the error", "its stream ends"])
def test_a_worker_that_hangs_is_left_behind(settings: Settings, monkeypatch: pytest.MonkeyPatch, begun: bool) -> None:
    speak, let_go = Studio.speak, threading.Event()

    def hang(studio: Studio, job: Job, *_: object) -> None:
        with studio.turns.turn(job):
            if begun:
                job.write(b"begun")
            let_go.wait(60)  # as in code that asks nobody
            job.write(b"too late")

    with running(replace(settings, limits=Limits(time_s=1.0, active=1))) as server:
        monkeypatch.setattr(Studio, "speak", hang)
        began = time.monotonic()
        if begun:
            with pytest.raises(http.client.IncompleteRead) as caught:
                server.ask("POST", "/v1/audio/speech", {"input": "now"})
            assert caught.value.partial == b"begun"
        else:
            assert "longer than 1 s" in server.ask("POST", "/v1/audio/speech", {"input": "now"}).error
        server.until(lambda: load(server) == (0, 0), seconds=2)
        assert time.monotonic() - began < 4
        monkeypatch.setattr(Studio, "speak", speak)
        monkeypatch.setattr(server.app.state.pool, "_limits", Limits(active=1))
        assert server.ask("POST", "/v1/audio/speech", {"input": "now"}).status == 200, "place and turn are free again"
        let_go.set()


def test_texts_and_bodies_have_a_length(narrow: Server) -> None:
    assert narrow.ask("POST", "/v1/audio/speech", {"input": "a" * 2001}).status == 413
    assert narrow.ask("POST", "/v1/audio/speech", {"input": "a" * 30_000}).status == 413
    assert "100 s of speech" in narrow.ask("POST", "/v1/timeline", {"input": LONG, "speed": 0.25}).error
    pauses = "<speak>now" + '<break time="9s"/> now' * 20 + "</speak>"
    assert "100 s of speech" in narrow.ask("POST", "/v1/audio/speech", {"input": pauses}).error


def test_a_body_without_a_length_is_counted_and_a_slow_one_ended(narrow: Server) -> None:
    for _ in range(10):
        connection, chunks = narrow.connect(), (b"x" * 10_000 for _ in range(500))
        connection.request(
            "POST", "/v1/audio/speech", chunks, {"content-type": "application/json"}, encode_chunked=True
        )
        assert connection.getresponse().status == 413
        connection.close()
    with socket.create_connection(("127.0.0.1", narrow.port), timeout=20) as client:
        client.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        assert b" 408 " in client.recv(4096).splitlines()[0]


def test_whoever_is_still_sending_too_much_gets_the_answer(narrow: Server) -> None:
    for _ in range(10):
        assert narrow.ask("POST", "/v1/audio/speech", b"x" * 8_000_000).status == 413


def test_whoever_waits_for_leave_to_send_too_much_is_refused_at_once(narrow: Server) -> None:
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", narrow.port), timeout=20) as client:
        lines = "POST /v1/audio/speech HTTP/1.1", "Host: localhost", "Content-Length: 900000000", "Expect: 100-continue"
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        assert b" 413 " in client.recv(4096).splitlines()[0]
    assert time.monotonic() - began < 1


def test_turns_go_round() -> None:
    turns, order = Turns(), []
    barrier = threading.Barrier(3)

    def work(name: str) -> None:
        barrier.wait()
        for _ in range(5):
            with turns.turn(name):
                order.append(name)
                time.sleep(0.02)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(set(order[place : place + 3]) == set("abc") for place in range(0, 15, 3)), order


def begin_turn(turns: Turns, name: str, order: list[str], kept: ExitStack) -> None:
    """Have a turn that does not end."""
    kept.enter_context(turns.turn(name))
    order.append(name)


def test_a_turn_that_is_forfeited_goes_to_the_next() -> None:
    turns, order, kept = Turns(), [], ExitStack()
    with turns.turn("hangs"):
        after = threading.Thread(target=begin_turn, args=(turns, "b", order, kept))
        after.start()
        turns.forfeit("somebody else")
        assert after.is_alive()
        turns.forfeit("hangs")
        after.join(5)
    assert order == ["b"]
    waits = threading.Thread(target=begin_turn, args=(turns, "c", order, kept), daemon=True)
    waits.start()
    waits.join(0.1)
    assert waits.is_alive(), "who had it before gives nobody a turn by leaving"
    turns.forfeit("b")
    waits.join(5)
    assert order == ["b", "c"]


def test_elsewhere_a_key_is_asked_for(settings: Settings) -> None:
    with pytest.raises(UserError, match="AVSYNTH_API_KEY"):
        Settings(host="0.0.0.0")
    with pytest.raises(UserError, match="8 characters"):
        Settings(host="0.0.0.0", api_key="short")
    with running(replace(settings, host="0.0.0.0", api_key=KEY)) as server:
        assert server.ask("GET", "/healthz").status == server.ask("GET", "/").status == 200
        for headers in ({}, {"authorization": "Bearer wrong"}, {"cookie": "avsynth_key=wrong"}):
            refused = server.ask("GET", "/v1/voices", headers=headers)
            assert refused.status == 401 and "API key" in refused.error
        for headers in ({"authorization": f"Bearer {KEY}"}, {"cookie": f'avsynth_key="{KEY}"'}):
            assert server.ask("GET", "/v1/voices", headers=headers).status == 200


def test_pages_of_other_hosts_get_nothing(server: Server) -> None:
    """A page elsewhere must not speak through a server that trusts its machine, even under a name of its own."""
    assert server.ask("GET", "/v1/voices", headers={"host": "evil.example"}).status == 403
    elsewhere = {"origin": "https://evil.example"}
    assert server.ask("POST", "/v1/timeline", {"input": "now"}, elsewhere).status == 403
    here = {"origin": server.url}
    assert server.ask("POST", "/v1/timeline", {"input": "now"}, here).status == 200


def test_answers_carry_the_callers_id_and_the_log_no_text(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    answer = server.ask("POST", "/v1/timeline", {"input": "secret"}, {"x-request-id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert server.ask("GET", "/healthz", headers={"x-request-id": "no good"}).headers["x-request-id"] != "no good"
    server.until(lambda: True)
    log = capfd.readouterr().err
    line = next(json.loads(line) for line in log.splitlines() if "mine-1" in line)
    assert (line["route"], line["status"], line["method"]) == ("/v1/timeline", 200, "POST")
    assert "secret" not in log


def test_errors_tell_no_folder_of_the_server(server: Server, voice_folder: Path) -> None:
    for voice in (str(voice_folder), "../tiny", "/etc", "tiny/../s1"):
        answer = server.ask("POST", "/v1/timeline", {"input": "now", "voice": voice})
        assert answer.error.startswith("no voice") and str(voice_folder) not in answer.error.replace(voice, "")


def test_metrics_count(server: Server) -> None:
    server.ask("POST", "/v1/audio/speech", {"input": "now"})
    text = server.ask("GET", "/metrics").body.decode()
    assert 'avsynth_requests_total{route="/v1/audio/speech",status="200"}' in text
    seconds = next(line for line in text.splitlines() if line.startswith("avsynth_speech_seconds_total"))
    assert float(seconds.split()[1]) > 0


def test_the_routes_describe_themselves(server: Server) -> None:
    schema = server.ask("GET", "/openapi.json").json
    assert {"/v1/audio/speech", "/v1/video/speech", "/say.mp4", "/v1/timeline", "/v1/voices"} <= schema["paths"].keys()
    page = server.ask("GET", "/docs").body.decode()
    assert "POST /v1/audio/speech" in page and "response_format" in page and "://" not in page.replace(server.url, "")
