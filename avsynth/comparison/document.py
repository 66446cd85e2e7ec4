"""One document with all tables and figures of the paper, made from finished experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from avsynth.comparison import published
from avsynth.comparison.experiment import Experiment
from avsynth.comparison.tables import (
    ABLATION,
    QUALITY,
    WITHOUT_AUDIO,
    Row,
    latency_table,
    quality_table,
    size_table,
    training_table,
)
from avsynth.config.schema import Config
from avsynth.data.alignment import read_alignments
from avsynth.data.crops import read_frames
from avsynth.data.manifest import read_manifest
from avsynth.errors import UserError
from avsynth.evaluation import alignments
from avsynth.evaluation.figures import models_sheet, plot_latency, plot_over_time, plot_training
from avsynth.evaluation.pictures import ShapeProjection, luma, psnr, shape_agreement
from avsynth.evaluation.sheets import write_png
from avsynth.evaluation.tables import Table
from avsynth.files import read_json, write_json, write_text

LATENCY, READER = "latency.json", "judge.json"
"""What ``avsynth bench --latency`` and ``avsynth read-lips score`` wrote beside the experiments."""
CLIP_S = 3.0
"""A clip of GRID, as Table 3 counts latency."""


def write_comparison(root: Path, out: Path, corpus: str, configs: Mapping[tuple[str, str], Config]) -> list[Path]:
    """Write ``tables.md``, ``tables.json`` and pictures into ``out``; experiments that are missing are left out and
    named.

    Args:
        root: Holds the experiments, in folders of the names that :mod:`avsynth.comparison.tables` gives.
        out: Where to write.
        corpus: For which corpus the paper's figures are shown: ``grid`` or ``tcd_timit``.
        configs: Configs of which sizes are counted, by the paper's name of the model and ``paper`` or ``small``.
    """
    number = "1" if corpus == "grid" else "2"
    printed = published.QUALITY[corpus]
    tables: list[Table] = []
    parts = ["\n".join(f"- {line}" for line in published.DIFFERENCES) + "\n"]

    def add(make: Callable[[], Table | str], title: str = "") -> None:
        try:
            made = make()
        except UserError as error:
            parts.append(f"{title}: left out: {error}\n")
            return
        if isinstance(made, Table):
            tables.append(made)
            parts.append(made.markdown())
        else:
            parts.append(f"### {title}\n\n{made}")

    for view, said in (("true", "true durations"), ("unshifted", "predicted durations")):
        title = f"Table {number}: quality, {said}"
        add(partial(quality_table, root, title, QUALITY, view, printed), title)
    add(lambda: latency_table(_latencies(root), corpus, CLIP_S), "Table 3: latency")
    title = "Table 4: ablation, true durations"
    ablation = published.ABLATION if corpus == "grid" else {}
    add(partial(quality_table, root, title, ABLATION, "true", ablation), title)
    add(lambda: size_table(configs), "Table 5: sizes")
    title = "Section 6: alignment without audio, true durations"
    add(partial(quality_table, root, title, WITHOUT_AUDIO, "true", published.WITHOUT_AUDIO[corpus]), title)
    add(lambda: _boundaries(root), "Section 6: boundaries from lips (own) and from sound (other)")
    add(lambda: Table.from_json(read_json(root / READER)), "The lip reader that judges, on recordings")
    rows = list({row.folder: row for row in (*ABLATION, WITHOUT_AUDIO[1], *QUALITY)}.values())
    add(lambda: training_table(root, rows), "How each was trained")
    out.mkdir(parents=True, exist_ok=True)
    write_text(out / "tables.md", "\n".join(parts))
    write_json(out / "tables.json", [table.to_json() for table in tables])
    return [out / "tables.md", out / "tables.json", *_draw(root, out, rows)]


def _draw(root: Path, out: Path, rows: Sequence[Row]) -> list[Path]:
    """Figures 7, 8 and 9, the measures over clips' time and over training."""
    drawn = []
    for name, chosen in (("figure_7.png", QUALITY[:3]), ("figure_9.png", ABLATION[:4])):
        models = {row.label: Experiment(root / row.folder) for row in chosen}
        models = {label: item for label, item in models.items() if item.generated("true")}
        if models:
            _sheet(models, out / name)
            drawn.append(out / name)
            if chosen == QUALITY[:3]:
                _over_time(models, out / "over_time.png")
                drawn.append(out / "over_time.png")
    journals = {row.label: Experiment(root / row.folder).journal for row in rows}
    journals = {label: journal for label, journal in journals.items() if journal}
    if journals:
        plot_training(out / "training.png", journals)
        drawn.append(out / "training.png")
    if (root / LATENCY).is_file():
        plot_latency(out / "figure_8.png", _latencies(root))
        drawn.append(out / "figure_8.png")
    return drawn


def _sheet(models: Mapping[str, Experiment], path: Path) -> None:
    """The first clip that all of them drew."""
    first = next(iter(models.values()))
    common = set.intersection(*(set(item.generated("true")) for item in models.values()))
    uid = min(common, default=None)
    if uid is None:
        raise UserError(f"{', '.join(models)} have no clip in common: synthesise the same split for all")
    real = first.crops.frames(uid)
    true = read_alignments(first.folder / "align" / "alignments.jsonl")[uid].timeline
    clips = {label: read_frames(item.generated("true")[uid]) for label, item in models.items()}
    write_png(models_sheet(real, clips, true), path)


def _over_time(models: Mapping[str, Experiment], path: Path) -> None:
    """All clips of each, true durations, the identity's frame left out."""
    psnrs: dict[str, list[Any]] = {}
    agreements: dict[str, list[Any]] = {}
    roi = fps = None
    for label, item in models.items():
        roi, fps = item.heading("true").roi, item.config.fps
        for uid, lips in item.generated("true").items():
            real, made = item.crops.frames(uid)[1:], read_frames(lips)[1:]
            frames = min(len(real), len(made))
            psnrs.setdefault(label, []).append(psnr(made[:frames], real[:frames]))
            pair = [clip[:frames] if roi is None else roi.crop(clip[:frames]) for clip in (made, real)]
            agreements.setdefault(label, []).append(shape_agreement(ShapeProjection.of(*map(luma, pair))))
    assert fps is not None
    plot_over_time(path, psnrs, agreements, float(fps))


def _latencies(root: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_json(root / LATENCY)["rows"]
    return rows


def _boundaries(root: Path) -> str:
    files = [root / name / "align" / "alignments.jsonl" for name in ("lips_aligned", "paralip")]
    own, other = (read_alignments(path) for path in files)
    words = {item.uid: item.words for item in read_manifest(root / "paralip" / "data" / "manifest.jsonl")}
    return alignments.markdown(alignments.compare(own, other, words))
