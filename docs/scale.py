"""What a corpus costs: hours, bytes and the bottleneck. ``python docs/scale.py`` prints the tables of docs/scale.md.

Every figure that was measured says how; every one that was not says what it is assumed from.
"""

from __future__ import annotations

from dataclasses import dataclass

FPS = 25
"""Lip frames a second, of all corpora here."""
CPU_S = {"data": 0.0245, "lips": 0.226, "align": 0.0267, "stats": 0.0375}
"""Seconds of one core for a second of GRID, by stage: medians of eight clips of speaker 1 in one process of one thread,
what is stored included, counted as processor time on a machine whose two cores (Intel Xeon, AVX-512) had ten others to
serve. Idle cores are up to twice as fast."""
CODING_S = {"encode": 0.012, "decode": 0.0073}
"""What coding a second's crops takes of ``lips``; and what reading them back takes, in training and evaluation."""
STORED = 65_700
"""Bytes a second of crops, track, mel, pitch, energy and timeline: 197 kB for GRID's three seconds, over the 45
validation clips of speaker 1."""
RAW = 991_600
"""The same as arrays: 2.975 MB for three seconds."""
DRIVER_S = 0.0035
"""Seconds of the driver for a clip, all four stages, while workers wait: .2 ms for each time that it goes through the
clips, 2 ms where it adds up the statistics (2,000 clips, processor time)."""
STEP_S = 3.05
"""Seconds of one core for a training step of eight clips and 96 lip frames: 1,081 steps in 55 minutes
(recipes/grid/RESULTS.md)."""
STEP_FLOPS = 96 * 0.343e9 * 3
"""Of the image decoder, .343 GFLOP a frame (tests/models/test_paper_sizes.py), forward and twice that backward."""
GPU_FLOPS = 0.05 * 990e12
"""Assumed of one H100: a twentieth of its 990 TFLOP/s in bf16, as small convolutions seldom reach more."""
LOAD_S = 0.026
"""Seconds of one core to read a training clip of three seconds, its pictures decoded, its sound unpacked; as CPU_S."""
LOADERS = 8
"""Processes that read for one GPU (``train.workers``)."""
EPOCHS = 60
"""Passes over the corpus: what grid_s1's trainings made of 689 clips."""
DISK_BYTES_S = 200e6
"""Assumed of the file system that the workers share."""


@dataclass(frozen=True)
class Corpus:
    """How much there is, and how much harder its pictures are than GRID's 360 × 288."""

    name: str
    clips: int
    hours: float
    video_bytes_s: float
    """Of its own files; assumed."""
    pictures: float
    """Factor on finding and cutting the mouth; assumed from the number of pixels that are decoded."""


CORPORA = (
    Corpus("GRID", 33_000, 27.5, 140_000, 1.0),
    Corpus("TCD-TIMIT", 6_913, 7.5, 750_000, 4.0),
    Corpus("LRS3", 151_819, 438.0, 40_000, 0.8),
)
WORKERS = (1, 8, 64)


def stage_hours(corpus: Corpus, stage: str) -> float:
    """Hours of one core."""
    factor = corpus.pictures if stage in ("data", "lips") else 1.0
    return corpus.hours * CPU_S[stage] * factor


def clips_per_hour(stage: str) -> float:
    """Of GRID's clips, by one core."""
    return 3600 / (3 * CPU_S[stage])


@dataclass(frozen=True)
class Run:
    """The four stages on so many workers."""

    work_h: float
    """Of every worker, were there nothing else."""
    driver_h: float
    disk_h: float
    """Reading the videos twice and the sound twice, writing and reading what is stored."""

    @property
    def hours(self) -> float:
        """Whatever takes longest, and the driver's own part, which waits for nobody."""
        return max(self.work_h, self.disk_h) + self.driver_h

    @property
    def bottleneck(self) -> str:
        """What takes longest: as long as it is the workers, more of them help."""
        parts = {"workers, at lips": self.work_h, "driver": self.driver_h, "file system": self.disk_h}
        return max(parts, key=lambda name: parts[name])


def stages(corpus: Corpus, workers: int) -> Run:
    """From videos to statistics."""
    work = sum(stage_hours(corpus, stage) for stage in CPU_S)
    read = corpus.hours * 3600 * (2 * corpus.video_bytes_s + 2 * 32_000 + 2 * STORED)
    return Run(work / workers, corpus.clips * DRIVER_S / 3600, read / DISK_BYTES_S / 3600)


def training_hours(corpus: Corpus, cores: int) -> float:
    """Hours of :data:`EPOCHS` epochs at grid_s1's sizes on so many cores."""
    return EPOCHS * corpus.clips / 8 * STEP_S / cores / 3600


def gpu_hours(corpus: Corpus) -> tuple[float, float]:
    """Hours of the same that one GPU multiplies, and that its loaders read."""
    clips = EPOCHS * corpus.clips
    seconds = corpus.hours * 3600 / corpus.clips
    return clips / 8 * STEP_FLOPS / GPU_FLOPS / 3600, clips * LOAD_S * seconds / 3 / LOADERS / 3600


def tables() -> str:
    """The tables as Markdown."""
    rows = ["| stage | core seconds for a second | clips of 3 s an hour and core |", "|---|---|---|"]
    rows += [f"| {stage} | {CPU_S[stage]:.3f} | {clips_per_hour(stage):,.0f} |" for stage in CPU_S]
    rows += ["", "| corpus | clips | hours | as arrays | stored | share |", "|---|---|---|---|---|---|"]
    for item in CORPORA:
        seconds = item.hours * 3600
        raw, kept = (f"{seconds * each / 1e9:,.0f} GB" for each in (RAW, STORED))
        rows.append(f"| {item.name} | {item.clips:,} | {item.hours:g} | {raw} | {kept} | 1/{RAW / STORED:.1f} |")
    rows += ["", "| corpus | workers | data to stats | of it driver | bottleneck |", "|---|---|---|---|---|"]
    for item in CORPORA:
        for workers in WORKERS:
            run = stages(item, workers)
            rows.append(f"| {item.name} | {workers} | {run.hours:.1f} h | {run.driver_h:.2f} h | {run.bottleneck} |")
    heads = " | ".join(f"{count} cores" for count in WORKERS)
    rows += ["", f"| training, {EPOCHS} epochs | {heads} | one GPU | its {LOADERS} loaders |", "|---" * 6 + "|"]
    for item in CORPORA:
        cores = " | ".join(f"{training_hours(item, count):,.0f} h" for count in WORKERS)
        multiplies, loads = gpu_hours(item)
        rows.append(f"| {item.name} | {cores} | {multiplies:.1f} h | {loads:.1f} h |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(tables(), end="")
