"""Tables of measures: rows are models and controls, columns are measures, every cell a mean with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from avsynth.evaluation.statistics import Summary
from avsynth.files import write_json
from avsynth.video.box import Box

MEANS = "means over clips unless a cell says less, 95 % bootstrap intervals"


@dataclass(frozen=True)
class Heading:
    """The facts that every table must state."""

    clips: str
    """Which clips, e.g. ``GRID speaker 1, test set``."""
    count: int
    durations: str
    """``true``, ``predicted``, ``predicted, shifted to the true onset``; empty where nothing is said."""
    identity: str
    """The identity image, and whether its frame is left out; empty where nothing is drawn."""
    commit: str
    command: str
    roi: Box | None = None
    """The mouth box; None for tables without pictures."""
    figures: str = MEANS
    """What the figures in the cells are."""
    conditions: str = ""
    """Other conditions of measurement, e.g. the machine; empty without any."""

    def lines(self) -> list[str]:
        """One line of text per fact."""
        facts = {
            "clips": f"{self.clips} ({self.count})",
            "durations": self.durations,
            "identity": self.identity,
            "conditions": self.conditions,
            "commit": self.commit,
            "command": f"`{self.command}`",
            "mouth box in the crop": str(self.roi or ""),
            "figures": self.figures,
        }
        return [f"{name}: {fact}" for name, fact in facts.items() if fact]


@dataclass(frozen=True)
class Column:
    """One measure of a table."""

    key: str
    """The measure's name among a row's summaries."""
    title: str
    """With the unit, e.g. ``PSNR (dB)``."""
    decimals: int = 2


PICTURE_COLUMNS = (
    Column("psnr", "PSNR (dB)"),
    Column("ssim", "SSIM", 3),
    Column("shape_correlation", "shape correlation"),
    Column("amplitude", "amplitude"),
    Column("shape_lag", "shape lag (frames)"),
    Column("shape_lag_zero", "share at lag 0"),
    Column("motion_ratio", "motion ratio"),
    Column("motion_ratio_speech", "motion ratio, speech"),
    Column("motion_ratio_silence", "motion ratio, silence"),
    Column("motion_correlation", "motion correlation"),
    Column("sharpness", "sharpness"),
    Column("flicker", "flicker"),
)
"""A column for each field of :class:`avsynth.evaluation.pictures.PictureScores`."""
GAIN_COLUMNS = (Column("psnr_gain", "PSNR − frozen (dB)"), Column("ssim_gain", "SSIM − frozen", 3))
"""How much nearer to the recording than a frozen mouth is, clip by clip."""


@dataclass(frozen=True)
class Table:
    """Summaries by row and measure; a row may lack a measure."""

    title: str
    heading: Heading
    columns: Sequence[Column]
    rows: Mapping[str, Mapping[str, Summary]]

    def markdown(self, brief: bool = False) -> str:
        """The table in Markdown, heading first. A cell: ``mean [low, high]``, with ``n=`` if clips were left out.

        ``brief``: the heading's facts in one line instead of a list.
        """
        facts = self.heading.lines()
        if brief:
            lines = [f"**{self.title}.** {'; '.join(facts)}", ""]
        else:
            lines = [f"### {self.title}", "", *(f"- {fact}" for fact in facts), ""]
        lines.append(_row("row", [column.title for column in self.columns]))
        lines.append(_row("---", ["---:"] * len(self.columns)))
        for name, measures in self.rows.items():
            cells = [_cell(measures.get(column.key), column.decimals, self.heading.count) for column in self.columns]
            lines.append(_row(name, cells))
        return "\n".join(lines) + "\n"

    def narrowed(self, columns: Sequence[str] = (), rows: Sequence[str] = ()) -> Table:
        """These columns and rows alone, in this order, or all; :class:`KeyError` names one that is not there."""
        by_key = {column.key: column for column in self.columns}
        return replace(
            self,
            columns=[by_key[key] for key in columns] if columns else self.columns,
            rows={name: self.rows[name] for name in rows} if rows else self.rows,
        )

    def to_json(self) -> dict[str, Any]:
        """The same for a JSON file, unrounded; strict JSON has no infinity or NaN, which become ``"inf"`` and None."""
        rows = {
            name: {column.key: _plain(measures[column.key]) for column in self.columns if column.key in measures}
            for name, measures in self.rows.items()
        }
        columns = [asdict(column) for column in self.columns]
        return {
            "title": self.title,
            "heading": asdict(self.heading),
            "columns": columns,
            "rows": rows,
        }

    @classmethod
    def from_json(cls, tree: Mapping[str, Any]) -> Table:
        """What :meth:`to_json` gave."""
        heading = dict(tree["heading"])
        roi = heading.pop("roi")
        return cls(
            tree["title"],
            Heading(**heading, roi=None if roi is None else Box(*roi)),
            [Column(**column) for column in tree["columns"]],
            {
                name: {
                    key: Summary(**{part: _number_in(value) for part, value in cell.items()})
                    for key, cell in row.items()
                }
                for name, row in tree["rows"].items()
            },
        )


def write_tables(path: Path, *tables: Table) -> None:
    """A file that a page of results takes its tables from (:mod:`avsynth.evaluation.results`)."""
    write_json(path, {"tables": [table.to_json() for table in tables]})


def _row(name: str, cells: Sequence[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in (name, *cells)) + " |"


def _cell(summary: Summary | None, decimals: int, clips: int) -> str:
    if summary is None or summary.count == 0:
        return "-"
    mean, low, high = (_number(value, decimals) for value in (summary.mean, summary.low, summary.high))
    count = f" n={summary.count}" if summary.count != clips else ""
    alone = math.isinf(summary.mean) or math.isnan(summary.low)
    return (mean if alone else f"{mean} [{low}, {high}]") + count


def _number(value: float, decimals: int) -> str:
    return ("∞" if value > 0 else "-∞") if math.isinf(value) else f"{value:.{decimals}f}"


def _plain(summary: Summary) -> dict[str, float | str | None]:
    return {name: _json_number(value) for name, value in asdict(summary).items()}


def _number_in(value: float | str | None) -> Any:
    return math.nan if value is None else float(value) if isinstance(value, str) else value


def _json_number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return str(value) if math.isinf(value) else value
