"""Latency: from phones and an identity image to a clip's lip frames, ParaLip beside both autoregressive baselines.

The paper's Table 3 (one clip of its corpus) and Figure 8 (clips of growing length). Batch 1, warm, device synchronised,
random weights: what is drawn costs the same. Models of every size run with the same graph optimisations (norms folded,
identity skips once per clip, channels last) unless they are measured as published.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.build import build_model
from avsynth.models.folding import fold
from avsynth.models.image import channels_last
from avsynth.models.joint import image_floats
from avsynth.models.protocol import FrameGrid, Request, SentenceModel

OURS = "ParaLip"
WARM_UP = 3
PHONES_PER_S = 8
"""Phones per second of a GRID sentence with its silences."""
Key = tuple[str, str]
"""Model and size."""


@dataclass(frozen=True)
class Latency:
    """One model's median time for one length."""

    model: str
    size: str
    video_s: float
    frames: int
    seconds: float

    @property
    def ms_per_frame(self) -> float:
        return 1000 * self.seconds / self.frames


@dataclass(frozen=True)
class Latencies:
    """Every row, and under what conditions it was measured."""

    rows: tuple[Latency, ...]
    conditions: Mapping[str, str | int | bool]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"conditions": dict(self.conditions), "rows": [asdict(row) for row in self.rows]}

    def seconds(self, model: str, size: str, video_s: float) -> float:
        """The median of one cell."""
        return next(row.seconds for row in self.rows if (row.model, row.size, row.video_s) == (model, size, video_s))

    def markdown(self) -> str:
        """A row per model and size: milliseconds for each length, and how many times ParaLip's of that size."""
        lengths = sorted({row.video_s for row in self.rows})
        said = ", ".join(f"{name} {value}" for name, value in self.conditions.items())
        lines = [
            f"Latency in ms, and in brackets how many times longer than {OURS} of that size takes; {said}",
            "",
            "| model | size | " + " | ".join(f"{length:g} s" for length in lengths) + " | ms per frame |",
            "| --- | --- |" + " ---: |" * (len(lengths) + 1),
        ]
        for model, size in dict.fromkeys((row.model, row.size) for row in self.rows):
            own = [row for row in self.rows if (row.model, row.size) == (model, size)]
            cells = [f"{1000 * row.seconds:.0f}{self._ratio(row)}" for row in sorted(own, key=lambda row: row.video_s)]
            longest = max(own, key=lambda row: row.video_s)
            lines.append(f"| {model} | {size} | {' | '.join(cells)} | {longest.ms_per_frame:.2f} |")
        return "\n".join(lines)

    def _ratio(self, row: Latency) -> str:
        keys = {(other.model, other.size) for other in self.rows}
        if row.model == OURS or (OURS, row.size) not in keys:
            return ""
        return f" ({row.seconds / self.seconds(OURS, row.size, row.video_s):.1f})"


def measure_latency(
    configs: Mapping[Key, Config],
    stats: Stats,
    lengths_s: Iterable[float],
    runs: int,
    device: torch.device,
    piece: int,
    published: bool = False,
) -> Latencies:
    """Every model at every length.

    Args:
        configs: Models to measure, by name and size.
        stats: Statistics of a voice; only the vocabulary is used.
        lengths_s: Lengths of video.
        runs: Runs of which the median counts, after the warm-up.
        device: Where.
        piece: Lip frames that ParaLip draws at once; 0 for the whole clip.
        published: Leave the graphs as they are, and draw whole clips.
    """
    lengths = list(lengths_s)
    rows = []
    for (name, size), config in configs.items():
        torch.manual_seed(0)
        model = build_model(config, stats).eval().requires_grad_(False)
        model = channels_last((model if published else fold(model)).to(device))
        for length_s in lengths:
            frames = max(1, round(length_s * config.fps))
            draw = clip_maker(model, config, len(stats.symbols), frames, device, 0 if published else piece)
            rows.append(Latency(name, size, length_s, frames, median_seconds(draw, runs, device)))
    where = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    conditions: dict[str, str | int | bool] = {
        "device": where,
        "threads": torch.get_num_threads(),
        "batch": 1,
        "runs": runs,
        "warm-up": WARM_UP,
        "graphs": "as published" if published else "optimised",
    }
    return Latencies(tuple(rows), conditions)


def clip_maker(
    model: SentenceModel, config: Config, symbols: int, frames: int, device: torch.device, piece: int
) -> Callable[[], NDArray[np.uint8]]:
    """A function that draws a clip of ``frames`` from random phones and pixels: ``(T, H, W, 3)``, ``piece`` at once.

    ParaLip predicts durations, which is part of its time, and is then given others that make this length; a baseline
    does not heed its stop flag.
    """
    generator = torch.Generator().manual_seed(0)
    phones = max(2, round(PHONES_PER_S * frames / float(config.fps)))
    hops = int(frames * model.frame_hops)
    durations = (hops - (phones - 1) * (hops // phones), *((hops // phones,) * (phones - 1)))
    size = (1, 3, config.lips.height, config.lips.width)
    picture_BCHW = image_floats(torch.randint(0, 256, size, generator=generator, dtype=torch.uint8).to(device))
    request = Request(
        phones_BP=torch.randint(1, symbols, (1, phones), generator=generator).to(device),
        speaker_B=torch.zeros(1, dtype=torch.long, device=device),
        grid=lambda hops: FrameGrid(frames, config.fps),
        hops=None if model.speaks else durations,
        pace=lambda predicted: durations,
        sound=False,
        stop_within=1.0,
    )

    def draw() -> NDArray[np.uint8]:
        made = model.infer(replace(request, identity=model.encode_identity(picture_BCHW)))
        starts = range(0, frames, piece or frames)
        return np.concatenate([made.draw(start, min(start + (piece or frames), frames)) for start in starts])

    return draw


@torch.inference_mode()
def median_seconds(work: Callable[[], object], runs: int, device: torch.device) -> float:
    """Median wall time of ``work`` after the warm-up, all that it has started on the device included."""
    spent = []
    for number in range(WARM_UP + runs):
        started = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if number >= WARM_UP:
            spent.append(time.perf_counter() - started)
    return median(spent)
