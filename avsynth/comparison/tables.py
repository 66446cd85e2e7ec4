"""The paper's tables of one set of experiments, each of its rows beside the row that the paper prints.

The folders are those that ``recipes/grid/tables.sh`` fills. A model that is not there has no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from avsynth.comparison import published
from avsynth.comparison.experiment import Experiment, Measures, lip_parameters, parameters
from avsynth.comparison.published import DUALLIP, PARALIP, T2L, PublishedQuality
from avsynth.config.schema import Config
from avsynth.errors import UserError
from avsynth.evaluation.clip_pictures import OURS
from avsynth.evaluation.frechet import FRECHET_COLUMNS, HALVES
from avsynth.evaluation.report import LANDMARK_COLUMNS, LIP_COLUMNS, TIMING_COLUMNS, VIEWS, command
from avsynth.evaluation.statistics import Summary
from avsynth.evaluation.tables import PICTURE_COLUMNS, Table
from avsynth.models.discriminator import Discriminator

CONTROLS = ("real", "late 1", "mean", "frozen")
COLUMNS = (
    *(column for column in PICTURE_COLUMNS[:2]),
    LANDMARK_COLUMNS[0],
    *(column for column in PICTURE_COLUMNS if column.key not in ("psnr", "ssim", "shape_lag", "flicker")),
    LIP_COLUMNS[0],
    *FRECHET_COLUMNS,
    TIMING_COLUMNS[0],
    TIMING_COLUMNS[2],
)
SIZES = ("paper", "small")
BENCHED = {PARALIP: PARALIP, T2L: T2L, "DualLip-style": DUALLIP}
"""The paper's names of what ``avsynth bench`` measures."""
NAN = float("nan")
SYMBOLS = 32
"""Number of symbols for which the paper's parameter counts result: see tests/models/test_paper_sizes.py."""


@dataclass(frozen=True)
class Row:
    """A row: its label, the experiment that fills it, and the paper's row that stands beside it."""

    label: str
    folder: str
    published: str = ""


QUALITY = (
    Row("ParaLip", "paralip", PARALIP),
    Row("TransformerT2L", "transformer_t2l", T2L),
    Row("DualLip-style", "duallip", DUALLIP),
    Row("ParaLip, the shipped voice", "shipped"),
)
ABLATION = (
    Row("base", "base", "base"),
    Row("+SSIM", "paralip", "+SSIM"),
    Row("+ADV", "adv", "+ADV"),
    Row("+SSIM+ADV", "ssim_adv", "+SSIM+ADV"),
    Row("+SSIM, whole lip frames per phone", "round"),
)
WITHOUT_AUDIO = (Row("durations from sound", "paralip"), Row("durations from lips", "lips_aligned", PARALIP))


def quality_table(
    root: Path, title: str, rows: Sequence[Row], view: str, printed: Mapping[str, PublishedQuality]
) -> Table:
    """Controls, one row per model, and the paper's rows; true durations (``true``) or predicted (``unshifted``).

    The control rows are taken from the first model; all models share clips and crops. :class:`UserError` where a model
    was measured on other clips, or none is there.
    """
    own = {row: Experiment(root / row.folder) for row in rows}
    own = {row: item for row, item in own.items() if item.finished and item.tables(view)}
    if not own:
        raise UserError(f"{root} holds none of {', '.join(row.folder for row in rows)}, synthesised and evaluated")
    headings = [item.heading(view) for item in own.values()]
    for item, heading in zip(own.values(), headings, strict=True):
        if (heading.clips, heading.count) != (headings[0].clips, headings[0].count):
            raise UserError(
                f"{item.folder} was measured on other clips ({heading.clips}, {heading.count}) than the rest"
            )
    first = next(iter(own.values())).rows(view)
    lines: dict[str, Measures] = {name: first[name] for name in (*CONTROLS, HALVES) if name in first}
    lines |= {row.label: item.rows(view)[OURS] for row, item in own.items()}
    count = headings[0].count
    for row in own:
        if row.published in printed:
            lines[f"{row.published}, as published"] = _printed(printed[row.published], count)
    used = [column for column in COLUMNS if any(_known(measures.get(column.key)) for measures in lines.values())]
    commits = sorted({heading.commit for heading in headings})
    heading = replace(headings[0], durations=VIEWS[view], commit=", ".join(commits), command=command())
    return Table(title, heading, used, lines)


def training_table(root: Path, rows: Sequence[Row]) -> str:
    """How each model was trained, in Markdown."""
    lines = []
    for row in rows:
        item = Experiment(root / row.folder)
        if not item.finished or not item.journal:
            continue
        config, weights = item.config, item.config.weights
        losses = weights.lip_l1, weights.lip_ssim, weights.lip_motion, weights.lip_texture, weights.lip_adv
        lines.append(
            (
                row.label,
                config.tokens,
                _millions(lip_parameters(config, SYMBOLS)),
                f"{item.steps} of {config.train.batch} clips",
                f"{config.train.seed}",
                *(f"{value:g}" for value in losses),
            )
        )
    heads = "model", "symbols", "parameters from text to lips (M)", "steps", "seed"
    return grid((*heads, "L1", "SSIM", "motion", "texture", "ADV"), lines)


def size_table(configs: Mapping[tuple[str, str], Config]) -> str:
    """Table 5 in Markdown: parameters with a table of 32 symbols, by model (its published name) and size."""
    lines = []
    for name, printed in published.PARAMETERS_M.items():
        own = (_millions(lip_parameters(configs[name, size], SYMBOLS)) for size in SIZES)
        lines.append((name, f"{printed:.3f}", *own))
    judges = (_millions(parameters(Discriminator(configs[PARALIP, size].model.discriminator))) for size in SIZES)
    lines.append(("discriminator", f"{published.DISCRIMINATOR_M:.3f}", *judges))
    return grid(("model", "paper prints (M)", "paper size here (M)", "small (M)"), lines)


def latency_table(measured: Sequence[Mapping[str, float | str]], corpus: str, video_s: float) -> str:
    """Table 3 in Markdown: latency of clips of ``video_s``, and how many times faster ParaLip of the same size is.

    ``measured``: the rows that ``avsynth bench --latency --json`` writes. :class:`UserError` without that length.
    """
    clips = {
        (str(row["model"]), str(row["size"])): float(row["seconds"]) for row in measured if row["video_s"] == video_s
    }
    if not clips:
        raise UserError(f"no clip of {video_s:g} s was measured: bench --latency --lengths {video_s:g},…")
    printed = published.LATENCY_S[corpus]
    lines = []
    for (model, size), seconds in clips.items():
        theirs = printed[BENCHED[model]]
        ratio = seconds / clips[PARALIP, size]
        beside = (f"{1000 * theirs:.0f}", f"{theirs / printed[PARALIP]:.1f} ×") if size == "paper" else ("", "")
        lines.append((model, size, f"{1000 * seconds:.0f}", f"{ratio:.1f} ×", *beside))
    heads = "model", "size", f"{video_s:g} s of video (ms)", "× ParaLip's", "paper, on a GPU (ms)", "× ParaLip's"
    table = grid(heads, lines)
    small, large = clips.get((PARALIP, "small")), clips.get(("DualLip-style", "paper"))
    if small is None or large is None:
        return table
    return f"{table}\nSmall ParaLip is {large / small:.1f} times faster than DualLip-style at the paper's size.\n"


def grid(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown with right-aligned figures."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, rule, *lines))


def _printed(quality: PublishedQuality, count: int) -> Measures:
    """As a row of our columns, without intervals."""
    values = {"psnr": quality.psnr, "ssim": quality.ssim, "lmd": quality.lmd, "fid": quality.fid}
    return {name: Summary(value, NAN, NAN, count) for name, value in values.items() if value is not None}


def _known(summary: Summary | None) -> bool:
    return summary is not None and summary.count > 0


def _millions(count: int) -> str:
    return f"{count / 1e6:.3f}"
