"""The synthesize stage with a baseline's voice: the files of a clip without sound, which evaluate takes as they are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avsynth.config.executor import ExecutorConfig
from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.errors import UserError
from avsynth.recipe.context import StageContext
from avsynth.recipe.runner import inputs, needs
from avsynth.recipe.stages import evaluate, synthesize
from avsynth.recipe.stages.synthesize import count_stops
from avsynth.recipe.table import STAGES
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, WordSpan
from tests.conftest import baseline_voice

PHONES, HOPS = ("sil", "B", "IH", "N", "IH", "N", "sil"), (9, 4, 3, 8, 4, 4, 9)


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    """Two clips of twelve frames whose voice is a baseline that never stops by itself."""
    voice = baseline_voice("duallip")
    context = StageContext(
        voice.config, tmp_path / "corpus", tmp_path / "exp", executor=ExecutorConfig("inline"), device="cpu"
    )
    voice.save(context.voice)
    voice.stats.save(_made(context.stats))
    timeline = Timeline(PHONES, HOPS, (WordSpan("bin", 1, 4), WordSpan("in", 4, 6)), 22_050, 256, voice.config.fps)
    uids = ("s1_a", "s1_b")
    for number, uid in enumerate(uids):
        crops = np.random.default_rng(number).integers(0, 256, (timeline.lip_frames, 80, 160, 3), dtype=np.uint8)
        context.clip_crops().write(uid, crops)
    utterances = [
        Utterance(uid, "s1", "bin in", f"{uid}.wav", None, (), 0.5, timeline.lip_frames, "25", "validation")
        for uid in uids
    ]
    write_manifest(_made(context.manifest), utterances)
    write_alignments(_made(context.alignments), [Alignment(uid, "acoustic", timeline) for uid in uids])
    return context


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("durations", ["true", "predicted"])
def test_a_baseline_writes_lips_a_timeline_and_its_stop_and_is_scored(context: StageContext, durations: str) -> None:
    ledger = synthesize.run(replace(context, options={"durations": durations}))
    folder = context.synthesized / durations / "s1_a"
    assert sorted(path.name for path in folder.iterdir()) == ["lips.npy", "stop.json", "timeline.json"]
    due = sum(HOPS) // 4 + 2
    assert json.loads((folder / "stop.json").read_text()) == {"flag": None, "due": due}
    assert ledger.notes["stops"]["never"] == 2
    frames = np.load(folder / "lips.npy")
    timeline = json.loads((folder / "timeline.json").read_text())
    assert len(frames) == timeline["lip_frames"]
    assert (len(frames) == due) == (durations == "true")
    scored = evaluate.run(replace(context, options={"landmarks": "no", "durations": durations}))
    assert scored.dropped == {} and scored.clips_out == 2
    metrics = json.loads((context.evaluated / "metrics.json").read_text())
    titles = {table["title"] for section in metrics["sections"] for table in section["tables"]}
    assert titles == ({"Pictures"} if durations == "true" else {"Pictures", "Timing"})
    assert "Sync" not in (context.evaluated / "tables.md").read_text()


def test_clips_that_are_there_are_kept_and_counted(context: StageContext) -> None:
    synthesize.run(replace(context, options={"limit": "1"}))
    first = context.synthesized / "true" / "s1_a" / "lips.npy"
    written = first.stat().st_mtime_ns
    assert synthesize.run(context).notes["stops"]["never"] == 2
    assert first.stat().st_mtime_ns == written


def test_a_voice_from_elsewhere_says_the_clips(context: StageContext, tmp_path: Path) -> None:
    elsewhere = context.voice.rename(tmp_path / "elsewhere")
    other = replace(context, options={"voice": str(elsewhere)})
    assert synthesize.run(other).clips_out == 2
    assert (
        json.loads((context.synthesized / "true" / "info.json").read_text())["voice"]
        == Voice.load(elsewhere).fingerprint
    )
    stage = next(stage for stage in STAGES if stage.name == "synthesize")
    assert [needed.name for needed in needs(stage, other)] == ["data", "lips", "align", "stats"]
    before = inputs(stage, other)["given_voice"]
    (elsewhere / "model.safetensors").write_bytes(b"other weights")
    assert inputs(stage, other)["given_voice"] not in ("missing", before)
    with pytest.raises(UserError, match="no voice named 'grid_s2'; the nearest is 'grid_s1'"):
        synthesize.run(replace(context, options={"voice": "grid_s2"}))


def test_stops_are_counted() -> None:
    assert count_stops([(70, 75), (75, 75), (76, 75), (None, 75)]) == {
        "early": 1, "on_time": 1, "late": 1, "never": 1, "mean_error_frames": 2.0,
    }  # fmt: skip
    assert count_stops([(None, 75)])["mean_error_frames"] == 0


def test_lips_alone_to_given_durations_are_anybodys(context: StageContext) -> None:
    strangers = [replace(item, speaker="s2") for item in context.utterances()]
    write_manifest(context.manifest, strangers)
    assert synthesize.run(context).clips_out == 2
    with pytest.raises(UserError, match="has no speaker 's2'"):
        synthesize.run(replace(context, options={"durations": "predicted"}))
