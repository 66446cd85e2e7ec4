"""The page in a real browser, on a desk and on a phone; skipped where there is no Chromium."""

from __future__ import annotations

import importlib.util
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Server
from tests.video.faces import portrait_file

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (on Debian: apt install chromium)")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--autoplay-policy=no-user-gesture-required",
]
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
LONG = "Place blue at f two now. Set white with p four again. " * 3

WORDS_SEEN = """() => {
    window.wordsSeen = [];
    const look = () => document.querySelectorAll("#caption b").forEach((word) => wordsSeen.push(word.innerText.trim()));
    new MutationObserver(look).observe(document.querySelector("#caption"), { subtree: true, childList: true });
}"""
"""Keeps each word that is marked as being said: for a quarter of a second, which may pass between two questions."""


class Window:
    """A page in a window, and all that it asked for or complained of."""

    def __init__(self, page: Any, server: Server) -> None:
        self.page, self.server = page, server
        self.complaints: list[str] = []
        self.asked: list[Any] = []
        page.on("console", self.read)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self.note)
        page.goto(server.url)
        self.until("document.querySelectorAll('#voice option').length > 0")

    def read(self, message: Any) -> None:
        """A line on the console."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def note(self, request: Any) -> None:
        """A request that goes out."""
        self.asked.append(request)

    def until(self, script: str, seconds: float = 60) -> None:
        """Wait for a script to be true."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(script):
            assert time.monotonic() < end, (script, self.page.inner_text("#status"), self.complaints)
            self.page.wait_for_timeout(20)

    def bodies(self, path: str) -> list[Any]:
        """What was sent to a route."""
        return [json.loads(item.post_data) for item in self.asked if item.url == self.server.url + path]

    def serious_faults(self) -> list[str]:
        """Of axe-core, in words."""
        spec = importlib.util.find_spec("axe_playwright_python")
        if spec is None or spec.origin is None:
            pytest.skip("needs axe-playwright-python")
        self.page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text("utf-8"))
        found = self.page.evaluate("axe.run()")["violations"]
        return [
            f"{item['id']}: {item['nodes'][0]['html']}" for item in found if item["impact"] in ("serious", "critical")
        ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["desk", pytest.param("phone", marks=pytest.mark.slow)])
def window(request: pytest.FixtureRequest, browser: Any, server: Server) -> Iterator[Window]:
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=request.param == "phone")
    made = Window(context.new_page(), server)
    yield made
    assert made.complaints == []
    strange = [item.url for item in made.asked if not item.url.startswith((server.url, "blob:", "data:"))]
    assert strange == [], "no request leaves the host"
    context.close()


@pytest.mark.slow
def test_it_speaks_while_the_rest_is_being_made_and_captions_follow(window: Window) -> None:
    page = window.page
    assert "ynthetic" in page.inner_text("footer")
    page.fill("#text", LONG * 6)
    page.click("#say")
    window.until("document.querySelector('video').currentTime > 0.1")
    assert window.server.ask("GET", "/healthz").json["active"] == 1, "the request is still open"
    assert page.evaluate("document.querySelector('video').videoWidth") == 640
    window.until("document.querySelector('#caption b')?.innerText.startsWith('blue')")
    lines = page.evaluate("[...document.querySelectorAll('#caption div')].map((line) => line.innerText.trim())")
    assert (
        1 <= len(lines) <= 2 and max(map(len, lines)) <= 42 and " ".join(lines).startswith("Place blue at f two now.")
    )
    window.until("document.querySelector('#caption b')?.innerText.startsWith('now')")
    window.until("document.querySelector('#status').innerText === 'Done.'")
    assert abs(page.evaluate("document.querySelector('video').duration - state.timeline.phones.at(-1).end_s")) < 0.1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"
    assert window.serious_faults() == []


def test_a_boundary_is_moved_and_a_word_changed_and_it_is_said_again(window: Window) -> None:
    page = window.page
    page.fill("#text", "bin blue now")
    page.press("#text", "Control+Enter")
    window.until("document.querySelector('#status').innerText === 'Done.'")
    before = window.bodies("/v1/video/speech")[-1]["timeline"]["phones"]
    assert page.is_disabled("#again")

    edge = page.locator('.edge[data-place="2"]')
    edge.scroll_into_view_if_needed()
    box = edge.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 11, box["y"] + 5, steps=4)
    page.mouse.up()
    page.locator('.edge[data-place="1"]').focus()
    page.keyboard.press("ArrowLeft")
    page.click("#again")
    window.until("document.querySelector('#status').innerText === 'Done.'")
    dragged = window.bodies("/v1/video/speech")[-1]["timeline"]["phones"]
    changes = [after["hops"] - old["hops"] for old, after in zip(before, dragged, strict=True)]
    assert changes[1] == -1 and changes[2] > 1 and changes[3] == -(changes[2] - 1) and sum(changes) == 0

    page.click(".item.w >> text=blue")
    assert page.input_value("#phones") == "B L UW"
    page.fill("#phones", "g r iy n")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    window.until("document.querySelector('#status').innerText === 'Done.'")
    said = window.bodies("/v1/video/speech")[-1]["timeline"]["phones"]
    assert [item["phone"] for item in said if item["phone"] in ("G", "R", "IY")] == ["G", "R", "IY"]
    assert sum(item["hops"] for item in said) == sum(item["hops"] for item in before)
    window.until("document.querySelector('video').currentTime > 0.1")


def test_what_was_said_can_be_downloaded(window: Window, tmp_path: Path) -> None:
    page = window.page
    page.fill("#text", "bin now")
    page.click("#say")
    window.until("document.querySelector('#status').innerText === 'Done.'")
    begins = {"mp4": b"\0\0\0", "wav": b"RIFF", "srt": b"1\n00:", "json": b'{"sample_rate"'}
    for kind, begin in begins.items():
        with page.expect_download() as download:
            page.click(f"[data-kind={kind}]")
        download.value.save_as(tmp_path / download.value.suggested_filename)
        assert (tmp_path / f"speech.{kind}").read_bytes().startswith(begin)


@pytest.mark.slow
def test_a_photo_talks(window: Window, tmp_path: Path) -> None:
    pytest.importorskip("dlib")
    page = window.page
    page.set_input_files("#photo", portrait_file(tmp_path))
    page.wait_for_selector("#consent[open]")
    assert "right to use" in page.inner_text("#consent-text") and window.serious_faults() == []
    page.click("#consent .main")
    window.until("document.querySelector('#status').innerText.startsWith('The face is ready')")
    page.fill("#text", "bin now")
    page.click("#say")
    window.until("document.querySelector('video').currentTime > 0.1")
    assert window.bodies("/v1/video/speech")[-1]["face"]
    assert page.evaluate("document.querySelector('video').videoHeight") >= 360


def test_a_refusal_is_shown_in_its_own_words(window: Window) -> None:
    window.page.fill("#text", "...!")
    window.page.click("#say")
    window.until("document.querySelector('#status').classList.contains('bad')")
    assert "nothing to say" in window.page.inner_text("#status")
    window.complaints.clear()  # Chromium itself tells of a status of 400


def test_it_can_be_stopped(window: Window) -> None:
    window.page.fill("#text", LONG * 3)
    window.page.click("#say")
    window.until("document.querySelector('video').currentTime > 0.1")
    window.page.click("#stop")
    window.until("document.querySelector('#status').innerText === 'Stopped.'")
    window.server.until(lambda: window.server.ask("GET", "/healthz").json["active"] == 0, seconds=5)


def test_without_media_source_the_whole_answer_plays(browser: Any, server: Server) -> None:
    context = browser.new_context()
    context.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource")
    window = Window(context.new_page(), server)
    page = window.page
    assert page.evaluate("typeof MediaSource") == "undefined"
    page.evaluate(WORDS_SEEN)
    page.fill("#text", "Place blue at f two now.")
    page.click("#say")
    window.until("document.querySelector('video').currentTime > 0.1")
    assert page.evaluate("document.querySelector('video').videoWidth") == 640
    window.until("wordsSeen.length > 0")
    lines = page.evaluate("[...document.querySelectorAll('#caption div')].map((line) => line.innerText.trim())")
    assert (
        1 <= len(lines) <= 2 and max(map(len, lines)) <= 42 and " ".join(lines).startswith("Place blue at f two now.")
    )
    window.until("document.querySelector('#status').innerText === 'Done.'")
    assert set(page.evaluate("wordsSeen")) <= {"Place", "blue", "at", "f", "two", "now."}
    assert abs(page.evaluate("document.querySelector('video').duration - state.timeline.phones.at(-1).end_s")) < 0.1
    assert window.complaints == []
    context.close()
