"""Latency: every clip has its length, ratios are to ParaLip of the same size, nothing is measured cold."""

from __future__ import annotations

import pytest
import torch

from avsynth.evaluation import latency
from avsynth.evaluation.latency import OURS, WARM_UP, Latencies, Latency, clip_maker, measure_latency, median_seconds
from avsynth.models.build import build_model
from tests.conftest import baseline_config, tiny_stats

CPU = torch.device("cpu")


@pytest.mark.parametrize("architecture", ["joint", "transformer_t2l", "duallip"])
@pytest.mark.parametrize("frames", [1, 7])
def test_a_clip_has_its_length(architecture: str, frames: int) -> None:
    config, stats = baseline_config(architecture), tiny_stats()
    model = build_model(config, stats).eval()
    with torch.inference_mode():
        assert clip_maker(model, config, len(stats.symbols), frames, CPU, 3)().shape == (frames, 80, 160, 3)


def test_the_median_is_of_warm_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter([100.0] * WARM_UP + [1.0, 5.0, 2.0])
    now = [0.0]

    def work() -> None:
        now[0] += next(spent)

    monkeypatch.setattr(latency.time, "perf_counter", lambda: now[0])
    assert median_seconds(work, 3, CPU) == 2.0


def test_every_model_is_measured_at_every_length() -> None:
    configs = {(OURS, "small"): baseline_config("joint"), ("DualLip-style", "small"): baseline_config("duallip")}
    found = measure_latency(configs, tiny_stats(), (0.04, 0.2), 1, CPU, 3)
    assert [(row.model, row.frames) for row in found.rows] == [
        (OURS, 1), (OURS, 5), ("DualLip-style", 1), ("DualLip-style", 5),
    ]  # fmt: skip
    assert all(row.seconds > 0 for row in found.rows)
    assert found.to_json()["conditions"]["graphs"] == "optimised" and len(found.to_json()["rows"]) == 4


def test_the_table_gives_ratios_within_a_size() -> None:
    rows = [
        Latency(OURS, "small", 3.0, 75, 0.1),
        Latency("T", "small", 3.0, 75, 0.25),
        Latency("T", "paper", 3.0, 75, 1.5),
    ]
    lines = Latencies(tuple(rows), {"threads": 1}).markdown().splitlines()
    assert lines[0].endswith("threads 1") and lines[2] == "| model | size | 3 s | ms per frame |"
    assert lines[4:] == [
        f"| {OURS} | small | 100 | 1.33 |",
        "| T | small | 250 (2.5) | 3.33 |",
        "| T | paper | 1500 | 20.00 |",
    ]
