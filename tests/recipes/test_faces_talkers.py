"""The script that measures a voice's lips on chosen talkers."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.evaluation.results import tables_in
from avsynth.recipe.context import StageContext
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, WordSpan
from avsynth.video.reading import read_image
from tests.scripts import load_script

PHONES, HOPS = ("sil", "B", "IH", "N", "sil"), (9, 8, 9, 8, 9)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return load_script("faces/talkers.py")


@pytest.fixture
def exp(voice: Voice, tmp_path: Path) -> Path:
    """Two clips of one talker and one of another."""
    context = StageContext(voice.config, tmp_path / "corpus", tmp_path / "exp")
    timeline = Timeline(PHONES, HOPS, (WordSpan("bin", 1, 4),), 22_050, 256, voice.config.fps)
    utterances = []
    for number, (talker, uid) in enumerate((("s7", "s7_a"), ("s7", "s7_b"), ("s8", "s8_a"))):
        crops = np.random.default_rng(number).integers(0, 256, (timeline.lip_frames, 80, 160, 3), dtype=np.uint8)
        context.clip_crops().write(uid, crops)
        utterances.append(Utterance(uid, talker, "bin", "a.wav", None, (), 0.5, timeline.lip_frames, "25", "train"))
    for path in (context.manifest, context.alignments, context.stats):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_manifest(context.manifest, utterances)
    write_alignments(context.alignments, [Alignment(item.uid, "acoustic", timeline) for item in utterances])
    voice.stats.save(context.stats)
    return context.exp


def test_each_talker_counts_once(
    script: ModuleType, exp: Path, voice_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.png"
    out = tmp_path / "talkers.json"
    given = ["--exp", str(exp), "--voice", str(voice_folder), "--talkers", "s7,s8", "--sheet", str(sheet)]
    assert script.main([*given, "--out", str(out)]) == 0
    (table,) = tables_in(out)
    assert table.markdown() == capsys.readouterr().out
    assert list(table.rows) == ["s7, 2", "s8, 1", "mean over talkers"]
    first, second, mean = (np.array([cell.mean for cell in row.values()]) for row in table.rows.values())
    np.testing.assert_allclose(mean, (first + second) / 2)
    assert abs(table.rows["s7, 2"]["psnr_gain"].mean) > 0.01, "a drawn mouth is not a frozen one"
    assert read_image(sheet).shape == (4 * 80, (1 + script.SHEET_FRAMES) * 160, 3)


def test_a_talker_who_is_not_there_is_named(
    script: ModuleType, exp: Path, voice_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["--exp", str(exp), "--voice", str(voice_folder), "--talkers", "s9"]) == 2
    assert "no aligned clip with crops of talker 's9'" in capsys.readouterr().err
