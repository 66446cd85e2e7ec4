"""One recipe end to end: the real detector and aligner on a corpus that draws and speaks itself."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from avsynth.cli.main import main
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
    return main(["recipe", *options, *more, "vocoder=griffin_lim"])


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
