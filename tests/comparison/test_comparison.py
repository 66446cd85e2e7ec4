"""Tables and figures of experiments whose figures are made up: what stands where, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avsynth.comparison import published
from avsynth.comparison.document import write_comparison
from avsynth.comparison.experiment import Experiment, lip_parameters
from avsynth.comparison.tables import ABLATION, QUALITY, latency_table, quality_table
from avsynth.config.reading import load_config
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.crops import Crops, write_frames
from avsynth.data.manifest import Utterance, write_manifest
from avsynth.errors import UserError
from avsynth.evaluation.report import VIEWS
from avsynth.evaluation.statistics import Summary
from avsynth.evaluation.tables import Column, Heading, Table
from avsynth.files import write_json
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline, WordSpan
from tests.conftest import baseline_voice

CONFIGS = Path(__file__).parents[2] / "configs"
UIDS = ("s1_a", "s1_b")
FRAMES = 12
HEADING = Heading("drawn, validation split", 2, "true", "first frame", "abc", "avsynth evaluate")
LATENCIES = [
    {"model": model, "size": size, "video_s": video_s, "seconds": seconds * video_s, "frames": 75}
    for (model, size, seconds) in (
        ("ParaLip", "small", 0.01), ("ParaLip", "paper", 0.1),
        ("TransformerT2L", "paper", 0.5), ("DualLip-style", "paper", 0.4),
    )
    for video_s in (1.0, 3.0)
]  # fmt: skip


def psnr_table(title: str, durations: str, ours: float, count: int = 2) -> Table:
    rows = {"frozen": 27.0, "ours": ours}
    return Table(
        title,
        replace(HEADING, durations=durations, count=count),
        (Column("psnr", "PSNR (dB)"),),
        {row: {"psnr": Summary(value, value - 1, value + 1, count)} for row, value in rows.items()},
    )


def experiment(root: Path, name: str, psnr: float, voice: Voice, count: int = 2) -> Path:
    """An evaluated model: its true durations give ``psnr``, predicted ones 1 dB less."""
    folder = root / name
    reading = Table(
        "Lip reading",
        replace(HEADING, durations="predicted"),
        (Column("lip_reading_wer", "WER"),),
        {"ours": {"lip_reading_wer": Summary(0.25, 0.2, 0.3, 2)}},
    )
    sections = [
        {"durations": "true", "tables": [psnr_table("Pictures", "true", psnr, count).to_json()], "sync": {}},
        {
            "durations": "predicted",
            "tables": [psnr_table("Pictures", VIEWS["unshifted"], psnr - 1, count).to_json(), reading.to_json()],
            "sync": {},
        },
    ]
    (folder / "evaluate").mkdir(parents=True)
    write_json(folder / "evaluate" / "metrics.json", {"left_out": [], "sections": sections})
    voice.save(folder / "voice")
    timeline = Timeline(
        ("sil", "B", "IH", "sil"), (9, 13, 13, 9), (WordSpan("b", 1, 3),), 22_050, 256, voice.config.fps
    )
    rng = np.random.default_rng(len(name))
    for uid in UIDS:
        made, real = rng.integers(0, 256, (2, FRAMES, 80, 160, 3), dtype=np.uint8)
        (folder / "synthesize/true" / uid).mkdir(parents=True)
        write_frames(folder / "synthesize/true" / uid / "lips.npy", made)
        Crops(folder / "lips/crops").write(uid, real)
    for stage in ("align", "data", "train"):
        (folder / stage).mkdir()
    write_alignments(folder / "align/alignments.jsonl", [Alignment(uid, "acoustic", timeline) for uid in UIDS])
    utterances = [Utterance(uid, "s1", "b", f"{uid}.wav", None, (), 0.5, FRAMES, "25", "validation") for uid in UIDS]
    write_manifest(folder / "data/manifest.jsonl", utterances)
    measures = {
        row: {"psnr": 27.0, "ssim": 0.8, "shape_correlation": 0.5, "motion_ratio": 0.4} for row in ("ours", "frozen")
    }
    lines = [{"minutes": 1.0, "step": 50, "train": {}}, {"minutes": 9.0, "step": 70, "measures": measures}]
    (folder / "train/metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture(scope="module")
def voice() -> Voice:
    return baseline_voice("duallip")


@pytest.fixture
def root(tmp_path: Path, voice: Voice) -> Path:
    for name, psnr in (("paralip", 30.0), ("duallip", 29.0), ("ssim_adv", 28.0)):
        experiment(tmp_path, name, psnr, voice)
    return tmp_path


@pytest.fixture(scope="module")
def sizes() -> dict[tuple[str, str], Config]:
    files = {"ParaLip": "grid", "TransformerT2L": "transformer_t2l", "DualLip": "duallip"}
    small = {(name, "small"): load_config(CONFIGS / f"{file}.yaml") for name, file in files.items()}
    files = {"ParaLip": "paper", "TransformerT2L": "paper_transformer_t2l", "DualLip": "paper_duallip"}
    return small | {(name, "paper"): load_config(CONFIGS / f"{file}.yaml") for name, file in files.items()}


def test_a_model_stands_between_the_controls_and_its_printed_row(root: Path) -> None:
    table = quality_table(root, "Table 1", QUALITY, "true", published.QUALITY["grid"])
    assert list(table.rows) == [
        "frozen", "ParaLip", "DualLip-style", "ParaLip, as published", "DualLip, as published",
    ]  # fmt: skip
    assert table.rows["ParaLip"]["psnr"] == Summary(30.0, 29.0, 31.0, 2)
    assert table.rows["DualLip, as published"]["psnr"].mean == 29.13
    assert "| DualLip, as published | 29.13 | 0.872 | 1.81 |" in table.markdown()


def test_predicted_durations_take_the_tables_without_pictures_too(root: Path) -> None:
    table = quality_table(root, "Table 1", QUALITY, "unshifted", {})
    assert table.rows["ParaLip"]["psnr"].mean == 29.0
    assert table.rows["ParaLip"]["lip_reading_wer"].mean == 0.25
    assert table.heading.durations == "predicted, as they stand"


def test_models_measured_on_other_clips_are_not_put_side_by_side(root: Path, voice: Voice) -> None:
    experiment(root, "transformer_t2l", 26.0, voice, count=1)
    with pytest.raises(UserError, match=r"transformer_t2l was measured on other clips"):
        quality_table(root, "Table 1", QUALITY, "true", {})
    with pytest.raises(UserError, match=r"holds none of base, paralip"):
        quality_table(root / "nowhere", "Table 4", ABLATION, "true", {})


def test_latency_is_told_as_ratios_beside_the_printed_ones() -> None:
    text = latency_table(LATENCIES, "grid", 3.0)
    assert "| DualLip-style | paper | 1200 | 4.0 × | 299 | 13.6 × |" in text
    assert "| ParaLip | small | 30 | 1.0 × |  |  |" in text
    assert "Small ParaLip is 40.0 times faster than DualLip-style at the paper's size." in text
    with pytest.raises(UserError, match=r"--lengths 7"):
        latency_table(LATENCIES, "grid", 7.0)


def test_the_paper_s_sizes_come_out(sizes: dict[tuple[str, str], Config]) -> None:
    found = {name: lip_parameters(config, 32) / 1e6 for (name, size), config in sizes.items() if size == "paper"}
    assert found["ParaLip"] == pytest.approx(published.PARAMETERS_M["ParaLip"], rel=0.003)
    assert found["TransformerT2L"] == pytest.approx(published.PARAMETERS_M["TransformerT2L"], rel=0.003)
    assert found["DualLip"] == pytest.approx(published.PARAMETERS_M["DualLip"], rel=0.05)


@pytest.mark.slow
def test_the_document_has_what_there_is_and_says_what_is_missing(
    root: Path, sizes: dict[tuple[str, str], Config]
) -> None:
    write_json(root / "latency.json", {"conditions": {}, "rows": LATENCIES})
    written = write_comparison(root, root / "out", "grid", sizes)
    assert {path.name for path in written} == {path.name for path in (root / "out").iterdir()} == {
        "tables.md", "tables.json", "figure_7.png", "figure_8.png", "figure_9.png", "over_time.png", "training.png",
    }  # fmt: skip
    text = (root / "out" / "tables.md").read_text()
    for title in ("Table 1: quality, true", "Table 1: quality, predicted", "Table 3", "Table 4", "Table 5", "How each"):
        assert f"### {title}" in text
    assert "Section 6: boundaries from lips (own) and from sound (other): left out: " in text
    assert "| DualLip-style | phones |" in text and "| 70 of 8 clips |" in text
    tables = [Table.from_json(tree) for tree in json.loads((root / "out" / "tables.json").read_text())]
    assert [table.title.split(":")[0] for table in tables] == ["Table 1", "Table 1", "Table 4", "Section 6"]


def test_damaged_experiments_are_user_errors(root: Path) -> None:
    (root / "paralip/voice/voice.yaml").write_text("config: [")
    with pytest.raises(UserError, match=r"paralip/voice/voice.yaml tells no voice's config"):
        _ = Experiment(root / "paralip").config
