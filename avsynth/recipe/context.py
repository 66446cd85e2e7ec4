"""What every stage is given, where it writes, and the ledger it keeps."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from avsynth.config.schema import Config
from avsynth.data.crops import Crops
from avsynth.data.manifest import Utterance, read_manifest

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class StageContext:
    """A stage's surroundings. Every path a stage reads or writes is a property here."""

    config: Config
    corpus: Path
    """The corpus's folder."""
    exp: Path
    """The experiment's folder, which holds all that the stages write."""
    config_dir: Path = Path("configs")
    """Where files named in the config lie."""
    jobs: int = 2
    devices: int = 1
    num_nodes: int = 1
    device: str = "auto"
    options: Mapping[str, str] = field(default_factory=dict)
    """A stage's own switches, such as ``durations`` and ``identity`` of synthesize."""

    @property
    def manifest(self) -> Path:
        return self.exp / "data" / "manifest.jsonl"

    @property
    def lips(self) -> Path:
        return self.exp / "lips"

    @property
    def crops(self) -> Path:
        return self.lips / "crops"

    @property
    def alignments(self) -> Path:
        return self.exp / "align" / "alignments.jsonl"

    @property
    def reader(self) -> Path:
        return self.exp / "align" / "reader"

    @property
    def given_reader(self) -> Path:
        return Path(self.config.reader.path) / "reader.safetensors"

    @property
    def features(self) -> Path:
        return self.exp / "stats" / "features"

    @property
    def stats(self) -> Path:
        return self.exp / "stats" / "stats.json"

    @property
    def offsets(self) -> Path:
        return self.exp / "stats" / "offsets.json"

    @property
    def train(self) -> Path:
        return self.exp / "train"

    @property
    def voice(self) -> Path:
        return self.exp / "voice"

    @property
    def given_voice(self) -> Path:
        """The weights of the voice that the option ``voice`` names."""
        from avsynth.synthesis.voice import find_voice

        return find_voice(self.options["voice"]) / "model.safetensors"

    @property
    def synthesized(self) -> Path:
        return self.exp / "synthesize"

    @property
    def evaluated(self) -> Path:
        return self.exp / "evaluate"

    def clip_crops(self) -> Crops:
        """The crops that the lips stage wrote."""
        return Crops(self.crops)

    def utterances(self) -> list[Utterance]:
        """The manifest."""
        return read_manifest(self.manifest)


@dataclass
class Ledger:
    """Clips in, out and dropped with reasons, and what else the stage measured."""

    clips_in: int = 0
    clips_out: int = 0
    dropped: dict[str, str] = field(default_factory=dict)
    """Clip to reason."""
    notes: dict[str, Any] = field(default_factory=dict)

    def drop(self, clip: str, reason: str) -> None:
        """Leave a clip out, for a reason."""
        self.dropped[clip] = reason

    def to_dict(self) -> dict[str, Any]:
        """Plain values for ``stage.json``."""
        reasons = Counter(reason.split(":")[0] for reason in self.dropped.values())
        return {
            "clips_in": self.clips_in,
            "clips_out": self.clips_out,
            "dropped": self.dropped,
            "reasons": dict(reasons.most_common()),
            "notes": self.notes,
        }


def progress(items: Iterable[Item], total: int, label: str) -> Iterator[Item]:
    """Pass items on, telling stderr how far it is: a live line on a terminal, a line now and then elsewhere."""
    terminal = sys.stderr.isatty()
    started = told = time.monotonic()
    for count, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - told >= (0.5 if terminal else 30.0) or count == total:
            rate = count / max(now - started, 1e-6) * 60
            end = "\r" if terminal and count < total else "\n"
            print(f"{label}: {count}/{total}, {rate:.0f} per minute", end=end, file=sys.stderr, flush=True)
            told = now


def parallel(work: Callable[[Item], Result], items: list[Item], jobs: int, label: str) -> Iterator[Result]:
    """Results of ``work`` on each item, in order, by ``jobs`` worker processes of one thread each."""
    if jobs <= 1 or len(items) <= 1:
        yield from progress(map(work, items), len(items), label)
        return
    import multiprocessing

    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_one_thread) as pool:
        yield from progress(pool.map(work, items, chunksize=1), len(items), label)


def _one_thread() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    import torch

    torch.set_num_threads(1)
