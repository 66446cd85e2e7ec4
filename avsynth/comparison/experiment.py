"""Finished experiments that lie side by side in one folder, read back for tables that compare them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import nn

from avsynth.config.reading import from_dict
from avsynth.config.schema import Config
from avsynth.data.crops import Crops
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.report import VIEWS
from avsynth.evaluation.statistics import Summary
from avsynth.evaluation.tables import Heading, Table
from avsynth.files import read_json
from avsynth.models.build import build_model
from avsynth.synthesis.clip_files import LIPS
from avsynth.video.box import Box

Measures = Mapping[str, Summary]
_WITHOUT_PICTURES = {"true": "true", "unshifted": "predicted"}
"""View to the durations that tables without pictures name."""


@dataclass(frozen=True)
class Experiment:
    """One model's folder, as the recipe leaves it."""

    folder: Path

    @property
    def finished(self) -> bool:
        """Whether its evaluation is there."""
        return (self.folder / "evaluate" / "metrics.json").is_file()

    @cached_property
    def config(self) -> Config:
        """What its voice was trained with."""
        path = self.folder / "voice" / "voice.yaml"
        try:
            tree = yaml.safe_load(path.read_text(encoding="utf-8"))
            return from_dict(tree["config"], str(path))
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise UserError(f"{path} tells no voice's config: {error}") from error

    @cached_property
    def journal(self) -> list[dict[str, Any]]:
        """The lines of training's ``metrics.jsonl``; empty for a voice that was trained elsewhere."""
        path = self.folder / "train" / "metrics.jsonl"
        if not path.is_file():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]

    @property
    def steps(self) -> int:
        """Steps that training made."""
        return max((int(line["step"]) for line in self.journal), default=0)

    def tables(self, view: str) -> list[Table]:
        """Every table of one view of the durations: ``true``, ``unshifted`` or ``shifted`` (see ``report.VIEWS``).

        Tables without a view of their own (lip reading, Fréchet distances) count for the first view of their durations.
        """
        report = read_json(self.folder / "evaluate" / "metrics.json")
        wanted = {VIEWS[view], _WITHOUT_PICTURES.get(view)}
        tables = [Table.from_json(tree) for section in report["sections"] for tree in section["tables"]]
        return [table for table in tables if table.heading.durations in wanted]

    def rows(self, view: str) -> dict[str, dict[str, Summary]]:
        """Row (ours and the controls) to measures, all tables of the view together."""
        merged: dict[str, dict[str, Summary]] = {}
        for table in self.tables(view):
            for row, measures in table.rows.items():
                merged.setdefault(row, {}).update(measures)
        return merged

    def heading(self, view: str) -> Heading:
        """What was said with its first table; :class:`UserError` where nothing of the view was measured."""
        tables = self.tables(view)
        if not tables:
            raise UserError(
                f"{self.folder / 'evaluate'} has no table of {VIEWS[view]} durations: synthesise these first"
            )
        return tables[0].heading

    @property
    def crops(self) -> Crops:
        """The crops of the recordings."""
        return Crops(self.folder / "lips" / "crops")

    def generated(self, durations: str) -> dict[str, Path]:
        """The crops that it drew, by clip."""
        folder = self.folder / "synthesize" / durations
        return {path.parent.name: path for path in sorted(folder.glob(f"*/{LIPS}"))}


def parameters(*parts: nn.Module) -> int:
    """Number of trainable parameters."""
    return sum(item.numel() for part in parts for item in part.parameters())


def lip_parameters(config: Config, symbols: int) -> int:
    """Parameters between a table of ``symbols`` and the lips: what the paper counts. The sound's are not among them."""
    names = ("<pad>", *(f"symbol{number}" for number in range(symbols - 1)))
    zeros, ones = (0.0,) * config.mel.n_mels, (1.0,) * config.mel.n_mels
    stats = Stats(names, names[1:], ("one",), zeros, ones, (0.0,), (1.0,), (0.0,), (1.0,), Box(20, 60, 40, 120))
    with torch.device("meta"):  # shapes alone
        model = build_model(config, stats)
    return parameters(*model.lip_parts)
