"""The script that tells what strangers' lips lack, drawing or motion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.evaluation.results import tables_in
from avsynth.recipe.context import StageContext
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, WordSpan
from tests.scripts import load_script

CODE = 8
PHONES, HOPS = ("sil", "B", "IH", "N", "sil"), (9, 8, 9, 8, 9)
TALKERS = ("s7",) * 5 + ("s8", "s9", "s9")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("faces/codes.py")


@pytest.fixture
def exp(voice: Voice, tmp_path: Path) -> Path:
    """Five clips of one talker, one of another and two of a third, who alone says "ban", each a line that opens."""
    context = StageContext(Config(), tmp_path / "corpus", tmp_path / "exp")
    timeline = Timeline(PHONES, HOPS, (WordSpan("bin", 1, 4),), 22_050, 256, voice.config.fps)
    utterances = []
    for number, talker in enumerate(TALKERS):
        uid = f"{talker}_{number}"
        crops = np.random.default_rng(number).integers(90, 110, (timeline.lip_frames, 80, 160, 3), dtype=np.uint8)
        for frame, crop in enumerate(crops):
            crop[36 - frame % 5 : 37 + frame % 5, 60:100] = 30
        context.clip_crops().write(uid, crops)
        utterances.append(Utterance(uid, talker, "bin", "a.wav", None, (), 0.5, timeline.lip_frames, "25", "train"))
    for path in (context.manifest, context.alignments, context.stats):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_manifest(context.manifest, utterances)
    other = replace(timeline, phones=("sil", "B", "AE", "N", "sil"))
    timelines = [other if item.speaker == "s9" else timeline for item in utterances]
    write_alignments(
        context.alignments,
        [Alignment(item.uid, "acoustic", said) for item, said in zip(utterances, timelines, strict=True)],
    )
    voice.stats.save(context.stats)
    return context.exp


@pytest.mark.slow
def test_each_talker_of_a_fold_is_drawn_by_a_training_without_him(
    script: ModuleType, exp: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learned_from: list[set[str]] = []
    seen: list[object] = []
    learn, measure = script.learn_painter, script.measure

    def watched(clips: list[object], *rest: object) -> object:
        learned_from.append({clip.talker for clip in clips})  # type: ignore[attr-defined]
        seen[:] = clips
        return learn(clips, *rest)

    def measured(clip: object, *rest: object) -> object:
        assert all(clip is not each for each in seen), "only clips that were not learned from are measured"
        return measure(clip, *rest)

    monkeypatch.setattr(script, "learn_painter", watched)
    monkeypatch.setattr(script, "measure", measured)
    out = tmp_path / "codes.json"
    assert script.main(["--exp", str(exp), "--folds", "s7,s8/s9", "--steps", "1", "--out", str(out)]) == 0
    assert learned_from == [{"s9"}, {"s7", "s8"}]
    (table,) = tables_in(out)
    assert table.markdown() == capsys.readouterr().out
    own = ["recorded: s7, 5", "recorded: s8, 1", "recorded: s9, 2", "recorded: mean over 3 talkers"]
    assert list(table.rows)[:4] == own
    assert [row for row in table.rows if row.startswith("corrected")] == [
        "corrected: s7, 5",
        "corrected: s9, 2",
        "corrected: mean over 2 talkers",
    ], "a talker's other clips are wanted"
    assert [row for row in table.rows if row.startswith("known")] == [
        f"known, {code}: {whose}"
        for code in ("recorded", "phones", "own style")
        for whose in ("s7, 1", "mean over 1 talkers")
    ], "of s7 one clip is kept back where he is learned from"
    shape = [table.rows[row]["shape_correlation"].mean for row in own]
    assert shape[3] == pytest.approx(np.mean(shape[:3]))


def test_an_unmoved_mouth_is_the_identity_s(script: ModuleType, exp: Path) -> None:
    (clip,) = (clip for clip in script.read_clips(StageContext(Config(), exp, exp), 1) if clip.talker == "s8")
    torch.manual_seed(0)
    painter = script.Painter()
    identity = script.floats(clip.frames_THWC[:1])
    differences = painter.differences(identity.repeat(2, 1, 1, 1), identity)
    assert differences.shape == (2, CODE)
    torch.testing.assert_close(differences, torch.zeros_like(differences), atol=1e-5, rtol=0)
    _, _, moved = painter(differences, identity)
    assert float((moved - identity).abs().mean().detach()) < 0.02, "before training pixels hardly move"


def test_a_correction_is_found_in_other_clips(script: ModuleType) -> None:
    rng = torch.Generator().manual_seed(0)
    hidden = [torch.randn(70, 96, generator=rng) for _ in range(40)]
    true = torch.randn(96, CODE, generator=rng)
    found = script.correction(hidden, [each @ true for each in hidden])
    torch.testing.assert_close(found, true / (1 + script.RIDGE), atol=0.1, rtol=0.1)


def test_every_fifth_clip_of_a_talker_with_several_is_kept_back(script: ModuleType, exp: Path) -> None:
    clips = script.read_clips(StageContext(Config(), exp, exp), 120)
    learned, kept = script.parted(clips, ["s9"])
    assert [clip.talker for clip in learned] == ["s7"] * 4 + ["s8"]
    assert len(kept) == 1 and kept[0] is clips[2]


def test_a_code_s_scaled_length_is_what_changes_in_the_picture(script: ModuleType, exp: Path) -> None:
    clips = [clip for clip in script.read_clips(StageContext(Config(), exp, exp), 120) if clip.talker == "s7"][:1]
    torch.manual_seed(0)
    painter = script.Painter().eval()
    codes = script.read_codes(clips, painter, np.random.default_rng(0))
    (code_TC,) = codes.of_clip.values()
    torch.testing.assert_close(code_TC.mean(dim=0), torch.zeros(CODE), atol=1e-5, rtol=0)
    identity = script.floats(clips[0].frames_THWC[:1])
    with torch.inference_mode():
        changed = [painter(step, identity)[0] - painter(0 * step, identity)[0] for step in torch.eye(CODE)[:, None]]
    sizes = torch.stack([change.square().mean() for change in changed])
    scaled = codes.scales_CC.square().sum(dim=1)
    assert np.corrcoef(sizes, scaled)[0, 1] > 0.95


def test_a_talker_s_style_counts_from_the_mean_of_all(script: ModuleType, exp: Path) -> None:
    (clip, *_) = script.read_clips(StageContext(Config(), exp, exp), 120)
    torch.manual_seed(0)
    speaker = script.Speaker(sorted(set(PHONES)), ["s7", "s9"], 3.4, torch.ones(CODE)).eval()
    state, frames = torch.zeros(CODE), len(clip.frames_THWC)
    with torch.inference_mode():
        speaker.style[:] = 1.0
        unknown, own = (speaker(clip.timeline, frames, state, talker) for talker in (None, "s7"))
        torch.testing.assert_close(own, unknown)
        speaker.style[0, 0] = 5.0
        assert float((speaker(clip.timeline, frames, state, "s7") - unknown).abs().max()) > 0.01
        torch.testing.assert_close(speaker(clip.timeline, frames, state, None), unknown)


@pytest.mark.parametrize(
    ("folds", "said"), [("s7,s10", "no aligned clip with crops of talker 's10'"), ("s7,s8,s9", "nobody is left")]
)
def test_folds_that_cannot_be_are_refused(
    script: ModuleType, exp: Path, capsys: pytest.CaptureFixture[str], folds: str, said: str
) -> None:
    assert script.main(["--exp", str(exp), "--folds", folds]) == 2
    assert said in capsys.readouterr().err
