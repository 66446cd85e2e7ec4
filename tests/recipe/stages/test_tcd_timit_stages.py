"""TCD-TIMIT from its folders to statistics, on a small corpus of its shape with the faults of the real one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avsynth.audio.io import read_audio
from avsynth.cli.main import main
from avsynth.data.alignment import read_alignments
from avsynth.data.features import FeatureStore
from avsynth.data.manifest import read_manifest
from avsynth.data.stats import Stats
from avsynth.video.writing import write_clip
from vocoder.mel import MelConfig, mel_frames

pytest.importorskip("dlib")
pytest.importorskip("librosa")
CONFIG = Path(__file__).parents[3] / "configs" / "tcd_timit.yaml"
FPS, RATE = Fraction(30000, 1001), 16_000
FRAMES = 30
SPEECH = (0.30, 0.80)
"""Seconds in which all clips are loud."""
GOOD = (
    "0 3000000 sil\n3000000 4000000 sh\n4000000 5500000 iy\n"
    "5500000 6500000 hh\n6500000 8000000 ae\n8000000 10000000 sil\n"
)
LABELS = {
    "01M/sa1": GOOD,
    "01M/sa2": GOOD.replace("4000000 5500000 iy", "4000001 5500000 iy").replace("\n8000000", "\n7999999"),
    "01M/si3": GOOD.replace("5500000 6500000 hh", "5800000 6500000 hh"),
    "01M/si4": GOOD.replace("3000000 4000000 sh", "4000000 3000000 sh"),
    "01M/si5": GOOD.replace("6500000 8000000 ae", "6500000 7000000 ae\n7000000 8000000 ae"),
    "01M/si6": GOOD.replace("0 3000000 sil\n3000000", "0"),
    "01M/sx7": GOOD.replace("4000000 5500000 iy", "2000000 2500000 iy"),
    "01M/sx8": GOOD.replace("iy", "dx"),
    "02F/sa1": GOOD,
    "02F/sx9": GOOD.replace("8000000", "28000000").replace("8000000 10", "8000000 30"),
}
UNLABELLED = "02F/sx10"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The corpus, in a folder with a space in its name, and the experiment after data, lips, align and stats."""
    corpus = tmp_path_factory.mktemp("tcd") / "TCD TIMIT"
    rng = np.random.default_rng(0)
    time = np.arange(round(FRAMES / FPS * RATE)) / RATE
    loud = np.where((time >= SPEECH[0]) & (time < SPEECH[1]), 0.1, 0.0005)
    mlf = "#!MLF!#\n"
    for key in [*LABELS, UNLABELLED]:
        speaker, code = key.split("/")
        folder = corpus / "volunteers" / speaker / "Clips" / "straightcam"
        folder.mkdir(parents=True, exist_ok=True)
        pictures = rng.integers(0, 256, (FRAMES, 32, 48, 3), dtype=np.uint8)
        sound = (loud * rng.standard_normal(len(time))).astype(np.float32)
        write_clip(folder / f"{code}.mp4", pictures, sound, FPS, RATE, scale=1)
        if key in LABELS:
            path = f"/media/some one/TOSHIBA EXT/TCDTIMIT/volunteers/{speaker}/Clips/straightcam/{code}.rec"
            mlf += f'"{path}"\n{LABELS[key]}.\n'
    (corpus / "volunteers" / "01M" / "Clips" / "straightcam" / "SA1.txt").write_text("0 16000 She ha\n")
    (corpus / "volunteer_labelfiles.mlf").write_text(mlf)
    exp = corpus.parent / "exp"
    options = ["--data", str(corpus), "--exp", str(exp), "--config", str(CONFIG), "--jobs", "1", "--executor", "inline"]
    assert main(["recipe", *options, "--stop-stage", "stats"]) == 0
    return corpus, exp


def ledger(exp: Path, stage: str) -> Any:
    return json.loads((exp / stage / "stage.json").read_text())["ledger"]


def test_what_cannot_be_put_right_is_dropped_with_a_reason(run: tuple[Path, Path]) -> None:
    told = ledger(run[1], "data")
    assert (told["clips_in"], told["clips_out"]) == (11, 7)
    assert told["dropped"] == {
        "01M_sx7": "labels: the labels are out of order at 0.20 s, sh before iy",
        "01M_sx8": "labels: 'dx' is none of the corpus's phones",
        "02F_sx9": "sound ends early: at 1.00 s, inside the labelled speech",
        "02F_sx10": "labels: no label file tells of this clip",
    }
    assert told["reasons"] == {"labels": 3, "sound ends early": 1}


def test_what_was_put_right_is_counted(run: tuple[Path, Path]) -> None:
    notes = ledger(run[1], "data")["notes"]
    assert notes["label_repairs"] == {"slips": 2, "moved": 1, "reversed": 1, "twice": 1, "speech_first": 1}
    assert notes["clips_repaired"] == 5
    assert notes["fps"] == {"30000/1001": 7} and notes["without_text"] == 6
    assert {who: fit["verdict"] for who, fit in notes["times"].items()} == {"01M": "fits", "02F": "fits"}


def test_a_third_of_each_speaker_s_sentences_is_for_testing(run: tuple[Path, Path]) -> None:
    rows = read_manifest(run[1] / "data" / "manifest.jsonl")
    by_split = {name: {row.uid for row in rows if row.split == name} for name in ("train", "validation", "test")}
    assert sum(uid.startswith("01M") for uid in by_split["test"]) == 2  # 30 % of 6
    assert sum(uid.startswith("01M") for uid in by_split["validation"]) == 1
    assert by_split["train"] and "02F_sa1" in by_split["train"]  # 30 % of 1


def test_durations_are_the_labels_and_sum_to_the_mel(run: tuple[Path, Path]) -> None:
    corpus, exp = run
    alignments = read_alignments(exp / "align" / "alignments.jsonl")
    assert len(alignments) == 7 and ledger(exp, "align")["notes"]["sources"] == {"labels": 7}
    for row in read_manifest(exp / "data" / "manifest.jsonl"):
        timeline = alignments[row.uid].timeline
        assert timeline.fps == FPS
        assert timeline.total_hops == mel_frames(len(read_audio(corpus / row.audio, 22050)), MelConfig())
        assert timeline.phones == ("sil", "SH", "IY", "HH", "AE", "sil")
        features, own = FeatureStore(exp / "stats" / "features").read(row.uid)
        assert own == timeline and features.hops_P.tolist() == list(timeline.hops)
    edges = [float(edge) for edge in alignments["01M_sa1"].timeline.boundaries_s]
    assert edges[1:5] == pytest.approx([0.3, 0.4, 0.55, 0.65], abs=0.0059)
    moved = [float(edge) for edge in alignments["01M_si3"].timeline.boundaries_s]
    assert moved[3] == pytest.approx(0.565, abs=0.0059)
    assert alignments["01M_si6"].timeline.hops[0] == 1
    assert Stats.load(exp / "stats" / "stats.json").speakers == ("01M", "02F")


def test_words_come_of_the_text_where_there_is_one(run: tuple[Path, Path]) -> None:
    alignments = read_alignments(run[1] / "align" / "alignments.jsonl")
    timeline = alignments["01M_sa1"].timeline
    assert [(word.text, word.first, word.last) for word in timeline.words] == [("she", 1, 3), ("ha", 3, 5)]
    assert alignments["02F_sa1"].timeline.words == ()
    assert ledger(run[1], "align")["notes"]["without_words"] == 6


def test_labels_are_asked_for_where_there_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "own"
    corpus.mkdir()
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) / 10
    pictures = np.random.default_rng(0).integers(0, 256, (25, 32, 48, 3), dtype=np.uint8)
    write_clip(corpus / "a.mp4", pictures, noise, Fraction(25), RATE, scale=1)
    (corpus / "a.txt").write_text("hello")
    config = str(CONFIG.with_name("own.yaml"))
    options = ["--data", str(corpus), "--exp", str(tmp_path / "exp"), "--config", config, "--executor", "inline"]
    assert main(["data", *options]) == 0
    assert main(["align", *options, "align.source=labels"]) == 2
    assert "own_a: not aligned: the corpus gives no phone times: align.source=labels" in capsys.readouterr().err
