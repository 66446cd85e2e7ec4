"""The evaluate stage on drawn clips whose faults are known: one frame late, quiet, shifted, broken."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from avsynth.audio.io import write_wav
from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.controls import late
from avsynth.evaluation.figures import COLUMNS, phone_at, telling_instants
from avsynth.files import write_json
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages import evaluate
from avsynth.timeline import Timeline, WordSpan
from avsynth.video.box import Box
from avsynth.video.writing import write_clip

RATE, HOP, FPS = 22_050, 256, Fraction(25)
HEIGHT, WIDTH, FRAMES = 20, 40, 40
ROI = Box(4, 16, 8, 32)
HOPS = (40, 8, 30, 8, 20, 31)
NO_EXTRAS = {"landmarks": "no", "pitch": "no"}


def clock(hops: tuple[int, ...] = HOPS) -> Timeline:
    phones = ("sil", "B", "IY", "M", "AA", "sil")
    return Timeline(phones, hops, (WordSpan("be", 1, 3), WordSpan("ma", 3, 5)), RATE, HOP, FPS)


def draw(seed: int) -> NDArray[np.uint8]:
    """A dark mouth that opens and closes at random over a textured skin."""
    rng = np.random.default_rng(seed)
    height = np.convolve(rng.uniform(0, 12, FRAMES + 4), np.ones(5) / 5, "valid")
    skin = rng.uniform(140, 200, (HEIGHT, WIDTH, 1)) + np.array([30.0, 0.0, -20.0])
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot((x - 20) / 10, (y - 10) / np.maximum(height, 0.5)[:, None, None] * 2)
    inside = (1 / (1 + np.exp(6 * (distance - 1))))[..., None]
    return np.rint(skin * (1 - inside) + 30 * inside).astype(np.uint8)


def tone(hz: float, gain: float) -> NDArray[np.float32]:
    time = np.arange(clock().padded_samples) / RATE
    return np.asarray(gain * np.sin(2 * np.pi * hz * time), np.float32)


@dataclass(frozen=True)
class Bench:
    """A finished experiment of three clips, and the means to synthesise into it."""

    context: StageContext
    uids: tuple[str, ...]

    def said(
        self, mode: str, uid: str, lips: NDArray[np.uint8], sound: NDArray[np.float32], timeline: Timeline
    ) -> None:
        folder = self.context.synthesized / mode / uid
        folder.mkdir(parents=True)
        np.save(folder / "lips.npy", lips)
        write_wav(folder / "audio.wav", sound, RATE)
        write_json(folder / "timeline.json", timeline.to_dict())
        self.info(mode)

    def info(self, mode: str, **changes: str) -> None:
        values = {"split": "validation", "identity": "first-frame", "vocoder": "griffin_lim"} | changes
        write_json(self.context.synthesized / mode / "info.json", values)

    def with_options(self, **options: str) -> StageContext:
        return replace(self.context, options=NO_EXTRAS | options)

    def metrics(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((self.context.evaluated / "metrics.json").read_text())
        return value


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(evaluate, "find_spec", lambda name: None if name == "pocketsphinx" else object())
    config = Config()
    image = replace(config.model.image, identity_channels=(4, 4, 8))  # of the sizes that pictures of this size allow
    model, lips = replace(config.model, image=image), replace(config.lips, height=HEIGHT, width=WIDTH)
    config = replace(config, model=model, lips=lips)
    context = StageContext(
        config, tmp_path / "corpus", tmp_path / "exp", executor=ExecutorConfig("inline"), options=NO_EXTRAS
    )
    uids = ("s7_a", "s7_b", "s7_c")
    for path in (context.manifest, context.alignments, context.stats, context.crops / "x", context.corpus / "x"):
        path.parent.mkdir(parents=True)
    utterances = []
    for number, uid in enumerate(uids):
        context.clip_crops().write(uid, draw(number))
        write_wav(context.corpus / f"{uid}.wav", tone(150 + 20 * number, 0.3), RATE)
        utterances.append(Utterance(uid, "s7", "be ma", f"{uid}.wav", None, (), 1.6, FRAMES, "25", "validation"))
    write_manifest(context.manifest, utterances)
    write_alignments(context.alignments, [Alignment(uid, "acoustic", clock()) for uid in uids])
    zeros = (0.0,) * 80
    Stats(("<pad>", "sil"), ("sil",), ("s7",), zeros, zeros, (5,), (1,), (0,), (1,), ROI).save(context.stats)
    return Bench(context, uids)


def table(metrics: dict[str, Any], title: str, durations: str) -> dict[str, Any]:
    """The rows of one table."""
    tables = [item for section in metrics["sections"] for item in section["tables"]]
    found = [item for item in tables if item["title"] == title and item["heading"]["durations"] == durations]
    assert len(found) == 1
    rows: dict[str, Any] = found[0]["rows"]
    return rows


@pytest.mark.slow
def test_clips_a_frame_late_score_like_the_control_and_are_drawn(bench: Bench) -> None:
    for number, uid in enumerate(bench.uids):
        bench.said("true", uid, late(draw(number), 1), tone(150 + 20 * number, 0.3), clock())
        (bench.context.synthesized / "wrong_text" / uid).mkdir(parents=True)
        np.save(bench.context.synthesized / "wrong_text" / uid / "lips.npy", draw(number + 10))
    ledger = evaluate.run(bench.with_options())
    assert (ledger.clips_in, ledger.clips_out, ledger.dropped) == (3, 3, {})
    rows = table(bench.metrics(), "Pictures", "true")
    assert list(rows) == ["real", "coded", "late 1", "late 2", "mean", "frozen", "wrong text", "ours"]
    assert rows["ours"] == rows["late 1"]
    assert rows["ours"]["shape_lag"]["mean"] == 1.0
    assert rows["ours"]["psnr"]["count"] == 3
    assert rows["ours"]["psnr"]["low"] < rows["ours"]["psnr"]["mean"] < rows["ours"]["psnr"]["high"]
    assert rows["real"]["psnr"]["mean"] == "inf"
    assert 30 < rows["coded"]["psnr"]["mean"] < 60
    assert rows["ours"]["shape_correlation"]["mean"] > rows["wrong text"]["shape_correlation"]["mean"]
    text = (bench.context.evaluated / "tables.md").read_text()
    assert "the clip's own first frame, left out of every mean" in text
    assert "mouth box in the crop: y 4-16, x 8-32" in text
    for name in ("sheet_true", "mel_true", "over_time_true"):
        assert (bench.context.evaluated / f"{name}.png").stat().st_size > 1000


def test_sound_is_measured_against_the_recording(bench: Bench) -> None:
    bench.said("true", "s7_a", draw(0), tone(150, 0.3), clock())
    bench.said("true", "s7_b", draw(1), tone(400, 0.3), clock())
    evaluate.run(bench.with_options(vocoded="yes"))
    rows = table(bench.metrics(), "Sound", "true")
    assert list(rows) == ["real", "vocoded", "ours"]
    assert rows["real"] == {}
    assert rows["ours"]["mcd"]["low"] == pytest.approx(0, abs=1e-3)
    assert rows["ours"]["mcd"]["high"] > 5
    assert 0 < rows["vocoded"]["mcd"]["mean"] < rows["ours"]["mcd"]["high"]


def test_predicted_durations_are_scored_as_they_stand_and_shifted(bench: Bench) -> None:
    # two frames of leading silence are missing, and the first word is two hops too long
    early = clock((40 - 7, 10, 30, 8, 20, 31))
    for number, uid in enumerate(bench.uids):
        bench.said("predicted", uid, draw(number)[2:], tone(150, 0.3), early)
    evaluate.run(bench.with_options())
    metrics = bench.metrics()
    plain = table(metrics, "Pictures", "predicted, as they stand")
    shifted = table(metrics, "Pictures", "predicted, shifted to the true onset")
    assert shifted["ours"]["psnr"]["mean"] == "inf"
    assert plain["ours"]["psnr"]["mean"] < 40
    assert plain["ours"]["shape_lag"]["mean"] == -2.0
    assert "coded" not in plain and "frozen" in plain
    timing = table(metrics, "Timing", "predicted")["ours"]
    assert timing["word_duration_ms"]["mean"] == pytest.approx(1000 * HOP / RATE, abs=0.01)
    assert timing["length_frames"]["mean"] == 2.0
    assert "word_duration_corpus_ms" not in [item["key"] for item in metrics["sections"][0]["tables"][-1]["columns"]]


def test_the_mp4s_own_lengths_are_measured(bench: Bench) -> None:
    bench.said("true", "s7_a", draw(0), tone(150, 0.3), clock())
    write_clip(bench.context.synthesized / "true" / "s7_a" / "video.mp4", draw(0), tone(150, 0.3), FPS, RATE)
    evaluate.run(bench.with_options())
    sync = bench.metrics()["sections"][0]["sync"]
    assert sync["mp4s"] == 1
    assert 0 <= sync["length_ms"] < 1 and 0 <= sync["start_ms"] < 1
    assert sync["offset"] is None and sync["phone_error_ms"] is None
    assert "A/V length and start, largest of 1 mp4s" in (bench.context.evaluated / "tables.md").read_text()


def test_broken_clips_are_dropped_with_their_reason_and_missing_packages_are_told(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.said("true", "s7_a", draw(0), tone(150, 0.3), clock())
    bench.said("true", "s7_b", np.zeros((3, 4), np.uint8), tone(150, 0.3), clock())
    bench.said("true", "s7_c", draw(2)[:2], tone(150, 0.3), clock())
    ledger = evaluate.run(bench.with_options())
    assert ledger.clips_out == 1
    assert ledger.dropped["true/s7_b"].startswith("unreadable: ")
    assert ledger.dropped["true/s7_c"].startswith("not comparable: ")
    line = "word errors and phone errors left out: pocketsphinx is not installed"
    given = "lip reading left out: no --lip-reader is given", "FID left out: no --inception-weights is given"
    assert ledger.notes["left_out"] == [line, *given]
    assert line in capsys.readouterr().err
    assert line in (bench.context.evaluated / "tables.md").read_text()


def test_options_choose_and_are_checked(bench: Bench) -> None:
    with pytest.raises(UserError, match="run the synthesize stage first"):
        evaluate.run(bench.with_options())
    for mode in ("true", "predicted"):
        for number, uid in enumerate(bench.uids):
            bench.said(mode, uid, draw(number), tone(150, 0.3), clock())
    assert evaluate.run(bench.with_options(limit="1", durations="predicted")).clips_in == 1
    assert [item["durations"] for item in bench.metrics()["sections"]] == ["predicted"]
    with pytest.raises(UserError, match="--limit must be a whole number, not 'few'"):
        evaluate.run(bench.with_options(limit="few"))
    with pytest.raises(UserError, match=r"--split test, but .*true holds clips of the validation split"):
        evaluate.run(bench.with_options(split="test"))


def test_the_sheet_shows_closures_and_rest() -> None:
    timeline = clock((60, 14, 30, 14, 20, 70))
    instants = telling_instants(timeline, 60)
    assert len(instants) == COLUMNS == len(set(instants))
    assert instants == sorted(instants)
    assert {"B", "M", "sil"} <= {phone_at(timeline, instant) for instant in instants}
    assert [phone_at(timeline, frame) for frame in (0, 17, 59, 99)] == ["sil", "B", "sil", ""]
    assert telling_instants(timeline, 5) == [0, 1, 2, 3, 4]
