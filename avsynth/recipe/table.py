"""The recipe's stages, declared once in :data:`STAGES`: what each reads, writes and depends on."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avsynth.config.reading import to_dict
from avsynth.recipe.changes import flat, within
from avsynth.recipe.context import Ledger, StageContext

Run = Callable[[StageContext], Ledger]


@dataclass(frozen=True)
class Conditional:
    """Further dependencies of a stage that hold when one setting has a certain value; named as in :class:`Stage`."""

    setting: str
    value: str
    reads: tuple[str, ...] = ()
    config: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """One stage. Paths are named by :class:`StageContext`'s properties, settings by dotted keys or groups of them."""

    name: str
    purpose: str
    reads: tuple[str, ...]
    """``corpus`` and ``train_ids`` (the lists that ``data.train_ids`` names), or what other stages write."""
    writes: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    clear_on_change: tuple[str, ...] = ()
    """Folders of per-clip files that are kept when the stage resumes, and removed when settings have changed."""
    restart_on_change: tuple[str, ...] = ()
    """Files in the stage's folder from which it resumes; renamed, so that it starts anew, when settings or inputs have
    changed."""
    resumes_over: tuple[str, ...] = ()
    """Settings that may change without affecting the two above."""
    where: Conditional | None = None
    target: str = ""
    """``module:function``; by default ``avsynth.recipe.stages.<name>:run``."""

    def load(self) -> Run:
        """The function that does the work, imported only now."""
        module, _, function = (self.target or f"avsynth.recipe.stages.{self.name}:run").partition(":")
        run: Run = getattr(importlib.import_module(module), function)
        return run

    def folder(self, context: StageContext) -> Path:
        """The stage's own folder, which holds its ``stage.json``."""
        return context.exp / self.name

    def settings(self, context: StageContext) -> dict[str, Any]:
        """Every setting that the stage depends on, by its dotted key."""
        everything = dict(flat(to_dict(context.config)))
        groups = self.config + self._more(context).config
        chosen = {key: value for key, value in everything.items() if within(key, groups)}
        return chosen | {f"--{name}": context.options[name] for name in self.options if name in context.options}

    def inputs(self, context: StageContext) -> tuple[str, ...]:
        """Everything that it reads with these settings; a voice named by an option replaces the experiment's."""
        given = {"voice": "given_voice"} if "voice" in self.options and "voice" in context.options else {}
        return tuple(given.get(name, name) for name in self.reads + self._more(context).reads)

    def _more(self, context: StageContext) -> Conditional:
        everything = dict(flat(to_dict(context.config)))
        holds = self.where is not None and everything[self.where.setting] == self.where.value
        return self.where if self.where is not None and holds else Conditional("", "")


STAGES: tuple[Stage, ...] = (
    Stage(
        "data",
        "find the clips, measure them, split them; write the manifest",
        reads=("corpus", "train_ids"),
        writes=("manifest",),
        config=("data",),
        options=("speaker",),
    ),
    Stage(
        "lips",
        "find, steady and crop the mouth",
        reads=("manifest",),
        writes=("crops",),
        config=("lips", "fps", "data.store"),
        clear_on_change=("crops",),
    ),
    Stage(
        "align",
        "phone durations in mel hops",
        reads=("manifest",),
        writes=("alignments",),
        config=("align", "mel", "fps", "language", "tokens"),
        restart_on_change=("reader",),
        resumes_over=("align", "mel", "reader.path", "reader.log_every", "reader.checkpoint_minutes"),
        where=Conditional("align.source", "lips", reads=("crops", "given_reader"), config=("reader",)),
    ),
    Stage(
        "stats",
        "mel, pitch and energy, their normalisation, the symbols; how far each picture runs ahead of its sound",
        reads=("manifest", "crops", "alignments"),
        writes=("features", "stats", "offsets"),
        config=("mel", "fps", "language", "tokens", "lips.height", "lips.width", "data.speakers_of", "data.store"),
        options=("voice",),
        clear_on_change=("features",),
        resumes_over=("data.speakers_of",),
    ),
    Stage(
        "train",
        "train the joint model and write the voice",
        reads=("manifest", "crops", "alignments", "features", "stats", "offsets"),
        writes=("train", "voice"),
        config=("fps", "mel", "tokens", "lips.height", "lips.width", "model", "weights", "train", "voice", "vocoder"),
        restart_on_change=("checkpoints", "metrics.jsonl", "tensorboard"),
        resumes_over=(
            "train.steps",
            "train.workers",
            "train.accumulate",
            "train.checkpoint_minutes",
            "train.validate_minutes",
            "train.log_every",
            "train.keep_checkpoints",
            "voice",
            "vocoder",
        ),
    ),
    Stage(
        "copy_synthesis",
        "recordings through the vocoder: whether it takes the mel, and what it costs",
        reads=("manifest",),
        config=("mel", "vocoder"),
    ),
    Stage(
        "synthesize",
        "say every clip of a split: mp4, wav, crops, timeline",
        reads=("manifest", "crops", "alignments", "offsets", "voice"),
        writes=("synthesized",),
        config=("vocoder",),
        options=("voice", "durations", "identity", "split", "limit", "video", "sound"),
    ),
    Stage(
        "evaluate",
        "measure what was synthesised beside the real clips and the controls",
        reads=("manifest", "crops", "alignments", "stats", "synthesized"),
        writes=("evaluated",),
        config=("mel", "lips", "vocoder"),
        options=("limit", "landmarks", "pitch", "vocoded", "mos", "lip-reader", "inception-weights"),
    ),
)
