"""Sound alone, laid out as LJSpeech is, from the folder to statistics, with faults that such a folder may have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avsynth.audio.io import write_wav
from avsynth.cli.main import main
from avsynth.data.alignment import read_alignments
from avsynth.data.features import FeatureStore
from avsynth.data.manifest import read_manifest
from avsynth.data.stats import Stats

pytest.importorskip("librosa")
textgrid = pytest.importorskip("praatio.textgrid")
CONFIG = Path(__file__).parents[3] / "configs" / "ljspeech.yaml"
RATE, SECONDS = 24_000, 1.2
GOOD = tuple(f"LJ-{number:02d}" for number in range(12))
WORDS = [(0.25, 0.55, "be"), (0.70, 0.90, "so")]
PHONES = [(0.25, 0.35, "B"), (0.35, 0.55, "IY1"), (0.70, 0.80, "S"), (0.80, 0.90, "OW1")]


def write_textgrid(path: Path) -> None:
    grid = textgrid.Textgrid()
    for name, entries in (("words", WORDS), ("phones", PHONES)):
        grid.addTier(textgrid.IntervalTier(name, entries, 0, SECONDS))
    grid.save(str(path), format="long_textgrid", includeBlankSpaces=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The corpus and the experiment after data, lips, align and stats."""
    corpus = tmp_path_factory.mktemp("lj") / "reader"
    (corpus / "wavs").mkdir(parents=True)
    (corpus / "TextGrid").mkdir()
    time = np.arange(round(SECONDS * RATE)) / RATE
    spoken = np.zeros(len(time), dtype=bool)
    for start, end, _ in WORDS:
        spoken |= (time >= start) & (time < end)
    hum = np.where(spoken, 0.2, 0.0005) * np.sign(np.sin(2 * np.pi * 200 * time))
    for code in (*GOOD, "LJ-mute", "LJ-loose"):
        write_wav(corpus / "wavs" / f"{code}.wav", hum, RATE)
    for code in GOOD:
        write_textgrid(corpus / "TextGrid" / f"{code}.TextGrid")
    lines = [f"{code}|Be so.|Be so." for code in (*GOOD, "LJ-loose", "LJ-gone")]
    (corpus / "metadata.csv").write_text("\n".join([*lines, "LJ-mute|Be so.|"]) + "\n", encoding="utf-8")
    exp = corpus.parent / "exp"
    folders = ["--data", str(corpus), "--exp", str(exp)]
    options = [*folders, "--config", str(CONFIG), "--executor", "inline", "--speaker", "linda"]
    assert (
        main(["recipe", *options, "--stop-stage", "stats", "--aligner", "textgrid", "align.textgrid_dir=TextGrid"]) == 0
    )
    return corpus, exp


def ledger(exp: Path, stage: str) -> Any:
    return json.loads((exp / stage / "stage.json").read_text())["ledger"]


def test_what_is_left_out_has_a_reason(run: tuple[Path, Path]) -> None:
    _, exp = run
    dropped = ledger(exp, "data")["dropped"]
    assert dropped.keys() == {"linda_LJ-gone", "linda_LJ-mute"}
    assert dropped["linda_LJ-gone"].startswith("unreadable: ") and dropped["linda_LJ-mute"].startswith("no text: ")
    assert ledger(exp, "align")["dropped"].keys() == {"linda_LJ-loose"}


def test_the_manifest_is_of_sound_alone_and_split(run: tuple[Path, Path]) -> None:
    corpus, exp = run
    rows = read_manifest(exp / "data" / "manifest.jsonl")
    assert {row.uid for row in rows} == {f"linda_{code}" for code in (*GOOD, "LJ-loose")}
    assert {(row.video, row.lip_frames, row.words) for row in rows} == {(None, 0, ())}
    assert all((corpus / row.audio).is_file() for row in rows)
    assert sum(row.split == "validation" for row in rows) == 1 and sum(row.split == "train" for row in rows) >= 11


def test_the_lips_stage_says_that_there_is_no_video(run: tuple[Path, Path]) -> None:
    _, exp = run
    found = ledger(exp, "lips")
    assert (found["clips_in"], found["clips_out"], found["dropped"]) == (0, 0, {})
    assert found["notes"]["without_video"] == 13


def test_statistics_are_of_what_the_textgrids_say(run: tuple[Path, Path]) -> None:
    _, exp = run
    alignments = read_alignments(exp / "align" / "alignments.jsonl")
    assert {item.source for item in alignments.values()} == {"textgrid"}
    timeline = alignments["linda_LJ-00"].timeline
    assert timeline.phones == ("sil", "B", "IY", "sil", "S", "OW", "sil")
    assert [time for _, *edges in timeline.word_times() for time in edges] == pytest.approx(
        [0.25, 0.55, 0.70, 0.90], abs=256 / 22_050 / 2 + 1e-6
    )
    features, own = FeatureStore(exp / "stats" / "features").read("linda_LJ-00")
    assert own == timeline and features.hops_P.tolist() == list(timeline.hops)
    assert np.exp(features.pitch_P[2]) == pytest.approx(200, rel=0.02)
    stats = Stats.load(exp / "stats" / "stats.json")
    assert stats.speakers == ("linda",) and set(stats.seen) == {"sil", "B", "IY", "S", "OW"}
    assert stats.mouth_box == (0, 0, 0, 0)
