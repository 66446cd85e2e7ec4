"""One recipe end to end: the real detector and aligner on a corpus that draws and speaks itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from avsynth.cli.main import main
from avsynth.recipe.executors.choice import leave_clusters
from avsynth.recipe.table import STAGES
from avsynth.video.inspection import inspect
from avsynth.video.reading import read_image
from tests.scripts import load_script

pytestmark = pytest.mark.slow  # its recipe runs for a minute and a half

ROOT = Path(__file__).parents[2]
CLIPS = 10


def corpus_maker() -> ModuleType:
    return load_script("tiny/make_corpus.py")


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The corpus and the experiment after every stage."""
    pytest.importorskip("hibari")
    pytest.importorskip("dlib")
    corpus = tmp_path_factory.mktemp("tiny") / "tiny_s1"
    assert corpus_maker().main([str(corpus), "--clips", str(CLIPS)]) == 0
    exp = corpus.parent / "exp"
    assert run(corpus, exp) == 0
    return corpus, exp


def run(corpus: Path, exp: Path, *more: str) -> int:
    config = str(ROOT / "configs" / "tiny.yaml")
    options = ["--data", str(corpus), "--exp", str(exp), "--config", config, "--device", "cpu", "--jobs", "2"]
    return main(["recipe", *options, *more, "vocoder=griffin_lim", "executor.shard=4"])


def test_every_stage_is_complete_and_keeps_every_clip(experiment: tuple[Path, Path]) -> None:
    _, exp = experiment
    for stage in STAGES:
        record = json.loads((exp / stage.name / "stage.json").read_text())
        assert record["complete"], stage.name
        assert record["ledger"]["dropped"] == {}, stage.name
    assert json.loads((exp / "align" / "stage.json").read_text())["ledger"]["clips_out"] == CLIPS


def test_the_aligner_finds_the_words_where_they_are(experiment: tuple[Path, Path]) -> None:
    _, exp = experiment
    notes = json.loads((exp / "align" / "stage.json").read_text())["ledger"]["notes"]
    assert notes["word_start_distance_ms"]["median"] < 40


def test_losses_fall(experiment: tuple[Path, Path]) -> None:
    _, exp = experiment
    lines = [json.loads(line) for line in (exp / "train" / "metrics.jsonl").read_text().splitlines()]
    losses = [line["train"] for line in lines if "train" in line]
    for name in ("mel_l1", "lip_l1", "lip_ssim", "duration"):
        assert losses[-1][name] < 0.8 * losses[0][name], name
    assert any("measures" in line for line in lines)


def test_its_videos_are_in_sync(experiment: tuple[Path, Path]) -> None:
    _, exp = experiment
    videos = sorted((exp / "synthesize").glob("*/*/video.mp4"))
    assert videos
    for video in videos:
        report = inspect(video)
        assert report.start_difference_ms is not None and abs(report.start_difference_ms) <= 1
        assert report.length_difference_ms is not None and abs(report.length_difference_ms) <= 20


def test_its_voice_speaks(experiment: tuple[Path, Path], tmp_path: Path) -> None:
    _, exp = experiment
    out = tmp_path / "out.mp4"
    assert main(["say", "place blue at f two now", "-o", str(out), "--voice", str(exp / "voice")]) == 0
    assert inspect(out).video.duration_s > 0.5


def test_running_again_skips_everything(experiment: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*experiment) == 0
    assert capsys.readouterr().err.count("skipped") == len(STAGES)


def test_pictures_of_another_size_go_through_every_stage(experiment: tuple[Path, Path], tmp_path: Path) -> None:
    """A fifth larger: the face, what is known of it, and the crop."""
    size = ["lips.height=96", "lips.width=192", "lips.mouth_row=43", "lips.face_size=307", "lips.eye_distance=110.4"]
    assert run(experiment[0], tmp_path / "exp", *size, "lips.eye_row=115", "train.steps=6") == 0
    identity = read_image(tmp_path / "exp" / "voice" / "identity.png")
    assert identity.shape == (96, 192, 3)
    usual = read_image(experiment[1] / "voice" / "identity.png")
    shrunk = identity.reshape(96, 192, 3).astype(float).mean(), usual.astype(float).mean()
    assert abs(shrunk[0] - shrunk[1]) < 12  # the same mouth at another size


def test_a_finished_voice_is_measured_on_a_corpus_without_training_clips(
    experiment: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, trained = experiment
    exp, voice = tmp_path / "exp", str(trained / "voice")
    assert run(corpus, exp, "--stop-stage", "stats", "data.test_share=1") == 2
    assert "name a finished voice with --voice" in capsys.readouterr().err
    steps = ("--stop-stage", "stats"), ("--stage", "synthesize", "--split", "test", "--limit", "2")
    for step in steps:
        assert run(corpus, exp, *step, "--voice", voice, "data.test_share=1") == 0
    assert (exp / "stats" / "stats.json").read_bytes() == (trained / "voice" / "stats.json").read_bytes()
    assert "missing" in json.dumps(json.loads((exp / "stats" / "stage.json").read_text())["ledger"]["notes"])
    assert list((exp / "evaluate").rglob("*.md")), "a table"


def same_ledger(one: Path, other: Path) -> None:
    """Two records of a stage tell the same, but for how long it took."""
    records = [json.loads(path.read_text()) for path in (one, other)]
    for record in records:
        del record["seconds"]
        record["ledger"]["notes"].pop("clips_per_minute", None)
    assert records[0] == records[1]


def made_by(exp: Path) -> dict[str, bytes]:
    """What the stages before training leave, by name."""
    files = [
        path for stage in ("data", "lips", "align", "stats") for path in (exp / stage).rglob("*") if path.is_file()
    ]
    return {str(path.relative_to(exp)): path.read_bytes() for path in files if path.name != "stage.json"}


def test_a_cluster_in_this_process_makes_the_same(experiment: tuple[Path, Path], tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    corpus, exp = experiment
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=None) as cluster:
        assert run(corpus, tmp_path / "exp", "--stop-stage", "stats", "--executor", cluster.scheduler_address) == 0
        leave_clusters()
    assert made_by(tmp_path / "exp") == made_by(exp)
    for stage in ("data", "lips", "align", "stats"):
        same_ledger(exp / stage / "stage.json", tmp_path / "exp" / stage / "stage.json")


def test_a_scheduler_and_workers_started_apart_make_the_same(experiment: tuple[Path, Path], tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    corpus, exp = experiment
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    file = tmp_path / "scheduler.json"
    dask, where = [sys.executable, "-m", "dask"], ["--scheduler-file", str(file)]
    apart = tmp_path / "elsewhere"  # whence relative paths would not lead anywhere
    apart.mkdir()
    commands = [[*dask, "scheduler", "--port", "0", "--no-dashboard", *where]]
    commands += [[*dask, "worker", "--nthreads", "1", "--no-dashboard", *where]] * 2
    started = [subprocess.Popen(command, cwd=apart, env=environment) for command in commands]
    try:
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        shutil.copytree(exp, tmp_path / "exp", ignore=shutil.ignore_patterns("synthesize", "evaluate", "stats"))
        for first, last in (("stats", "stats"), ("synthesize", "evaluate")):
            more = ("--stage", first, "--stop-stage", last, "--executor", address)
            assert run(corpus, tmp_path / "exp", *more) == 0
    finally:
        leave_clusters()
        for process in started[::-1]:
            process.terminate()
            process.wait()
    assert made_by(tmp_path / "exp") == made_by(exp)
    for path in (exp / "synthesize").rglob("*"):
        if (path.suffix in (".npy", ".wav") and "index" not in path.name) or path.name == "timeline.json":
            assert path.read_bytes() == (tmp_path / "exp" / path.relative_to(exp)).read_bytes(), path
    tables = [json.loads((folder / "evaluate" / "metrics.json").read_text()) for folder in (exp, tmp_path / "exp")]
    for table in tables:
        for item in [item for section in table["sections"] for item in section["tables"]]:
            del item["heading"]["command"]
    assert json.dumps(tables[0]) == json.dumps(tables[1])
    same_ledger(exp / "synthesize" / "stage.json", tmp_path / "exp" / "synthesize" / "stage.json")
