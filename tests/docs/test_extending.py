"""The examples of docs/extending.md, run as they stand on the page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from avsynth.config.reading import load_config
from avsynth.data.clips import ClipMeasure
from avsynth.data.corpora import load_corpus
from avsynth.models.build import build_model
from avsynth.synthesis import timeline_files
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.timeline_files import write_timeline
from avsynth.synthesis.voice import Voice
from avsynth.text import load_frontend
from avsynth.video.writing import write_clip
from tests.conftest import tiny_stats

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```\w+ file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files, from where they are imported."""
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    for name, text in BLOCK.findall((ROOT / "docs" / "extending.md").read_text(encoding="utf-8")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "mine"]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


def test_a_corpus(here: Path) -> None:
    folder = here / "news" / "ann"
    folder.mkdir(parents=True)
    pictures = np.random.default_rng(0).integers(0, 255, (10, 32, 48, 3), dtype=np.uint8)
    for code in ("one", "two"):
        write_clip(folder / f"{code}.mp4", pictures, np.zeros(6_400, np.float32), 25, 16_000)
    (folder / "one.txt").write_text("Good evening.")
    config = load_config(here / "mine" / "news.yaml")
    corpus = load_corpus(config.data.corpus)
    measures: list[ClipMeasure] = [corpus.measure(clip, config.data) for clip in corpus.find(here / "news", None)]
    assert [(item.uid, item.reason) for item in measures] == [("ann_one", ""), ("ann_two", "no text beside it")]
    assert measures[0].text == "Good evening." and measures[0].lip_frames == 10
    assert measures[0].audio_s == pytest.approx(0.4, abs=0.05)


def test_a_vocoder(here: Path, voice: Voice) -> None:
    made = AVSynthesizer(voice, vocoder="mine.whistle:Whistle")("now please", lips=False)
    assert np.abs(made.waveform).max() > 0.1 and len(made.waveform) >= made.timeline.total_hops * 256


def test_an_output_format(here: Path, voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_files, "FORMATS", dict(timeline_files.FORMATS))
    import mine.lyrics  # type: ignore[import-not-found]  # noqa: F401

    timeline = AVSynthesizer(voice)("now please", lips=False, sound=False).timeline
    write_timeline(timeline, here / "now.lrc")
    lines = (here / "now.lrc").read_text().splitlines()
    assert [line[10:] for line in lines] == ["now", "please"] and lines[0].startswith("[00:0")


def test_a_language(here: Path, voice: Voice) -> None:
    frontend = load_frontend(language="mine.toki:TokiPona")
    said = frontend.phonemise(frontend.sentences("toki pona. mi moku ala")[1])
    assert said.phones == ("sil", *["M", "IY", "M", "OW", "K", "UW", "AA", "L", "AA"], "sil")
    made = AVSynthesizer(voice, language="mine.toki:TokiPona")("toki pona. mi moku ala", lips=False, sound=False)
    assert [word.text for word in made.timeline.words] == ["toki", "pona", "mi", "moku", "ala"]
    assert frontend.viseme("M", "oculus") == "PP"


def test_another_picture_size(here: Path) -> None:
    config = load_config(here / "mine" / "large.yaml")
    model = build_model(config, tiny_stats())
    assert (config.lips.height, config.lips.width) == (96, 192)
    assert sum(item.numel() for item in model.parameters()) > 0
