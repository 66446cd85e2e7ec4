"""What every stage gets: config, paths, options, executor; and the ledger in which it reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, aligned
from avsynth.data.manifest import Utterance, iterate_manifest, read_manifest
from avsynth.data.shards import Shards
from avsynth.recipe.executors.choice import make_executor
from avsynth.recipe.executors.mapping import Executor, Results, map_clips
from avsynth.recipe.executors.tasks import Clip

if TYPE_CHECKING:
    from avsynth.data.crops import Crops


@dataclass(frozen=True)
class StageContext:
    """The context of a stage. Every path that a stage reads or writes is a property."""

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
    executor: ExecutorConfig = field(default_factory=ExecutorConfig)
    """Where stages that map over clips run that work."""
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
    def aligned(self) -> Path:
        return self.exp / "align" / "clips"

    @property
    def measured(self) -> Path:
        return self.exp / "data" / "clips"

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
        return self.exp / "stats" / "offsets.npy"

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
        from avsynth.data.crops import Crops  # which decodes, and so takes time to import

        return Crops(self.crops)

    def shards(self, folder: Path) -> Shards:
        """Where a stage stores clips: in a folder of the experiment; crops and features at ``data.store``, if set."""
        store = self.config.data.store if folder in (self.crops, self.features) else ""
        return Shards(folder.absolute(), f"{store.rstrip('/')}/{self.exp.name}/{folder.name}" if store else "")

    def map(self, shards: Shards, work: Callable[[Any], Any], clips: Iterable[Clip], total: int, label: str) -> Results:
        """Run ``work`` on each clip with the executor; clips that are stored in ``shards`` are skipped."""
        return map_clips(self._executor, self.executor, shards, work, clips, total, label)

    @cached_property
    def _executor(self) -> Executor:
        return make_executor(self.executor, self.jobs)

    def utterances(self) -> list[Utterance]:
        """The whole manifest at once."""
        return read_manifest(self.manifest)

    def each_utterance(self) -> Iterator[Utterance]:
        """The manifest, an utterance at a time."""
        return iterate_manifest(self.manifest)

    def each_aligned(self) -> Iterator[tuple[Utterance, Alignment | None]]:
        """The manifest with each utterance's alignment, an utterance at a time."""
        return aligned(self.manifest, self.alignments)


@dataclass
class Ledger:
    """A stage's counts of clips in, out and dropped, with reasons, and other figures of the stage."""

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
