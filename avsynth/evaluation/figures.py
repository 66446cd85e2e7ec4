"""Pictures of an evaluation: truth beside ours at telling instants, mels, and measures over the clips' time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.evaluation.landmarks import Moments
from avsynth.evaluation.pictures import Clip
from avsynth.evaluation.sheets import Picture, SheetRow, contact_sheet, even_instants, mel_picture
from avsynth.files import atomic_path
from avsynth.timeline import Timeline

COLUMNS = 12
_CLOSURES, _RESTS = 4, 2
_WHITE = 255
WINDOW = 9
"""Lip frames over which each moment's part in the shape correlation is averaged."""
_TRAINED = ("psnr", "ssim", "shape_correlation", "motion_ratio")


@dataclass(frozen=True)
class SheetClip:
    """A clip to be shown: its recording, what was made, and the recording's timeline."""

    uid: str
    real: Clip
    generated: Clip
    true: Timeline


def telling_instants(timeline: Timeline, frames: int, count: int = COLUMNS) -> list[int]:
    """Frame numbers, in order: frames within P, B, M, frames in long silence, the rest spread evenly."""
    moments = Moments.of(timeline, frames)
    chosen: list[int] = []
    for mask, most in ((moments.bilabial, _CLOSURES), (moments.long_silence, _RESTS)):
        places = np.flatnonzero(mask)
        chosen += [int(places[index]) for index in even_instants(len(places), most)]
    count = min(count, frames)
    for spread in range(count, frames + 1):
        fill = [instant for instant in even_instants(frames, spread) if instant not in chosen]
        if len(chosen) + len(fill) >= count:
            kept = [fill[index] for index in even_instants(len(fill), count - len(chosen))]
            return sorted([*chosen, *kept])[:count]
    return sorted(chosen)[:count]


def phone_at(timeline: Timeline, frame: int) -> str:
    """The phone that sounds at the middle of a lip frame; empty past the end."""
    middle = (frame + 0.5) / float(timeline.fps)
    edges = [float(edge) for edge in timeline.boundaries_s]
    place = int(np.searchsorted(edges, middle, side="right")) - 1
    return timeline.phones[place] if place < len(timeline.phones) else ""


def comparison_sheet(clips: Sequence[SheetClip]) -> Picture:
    """Truth above ours, clip by clip, at the same instants; the captions are frame numbers and the truth's phones."""
    sheets = []
    for clip in clips:
        instants = telling_instants(clip.true, len(clip.real))
        captions = [f"{instant} {phone_at(clip.true, instant)}" for instant in instants]
        rows = [SheetRow(f"truth\n{clip.uid}", clip.real), SheetRow("ours", clip.generated)]
        sheets.append(contact_sheet(rows, instants, captions))
    return np.concatenate(_same_width(sheets), axis=0)


def models_sheet(real: Clip, models: Mapping[str, Clip], true: Timeline, count: int = COLUMNS) -> Picture:
    """The recording above, each model below, at instants spread evenly over the clip; captions as above."""
    instants = even_instants(len(real), count)
    captions = [f"{instant} {phone_at(true, instant)}" for instant in instants]
    return contact_sheet([SheetRow("truth", real), *(SheetRow(*item) for item in models.items())], instants, captions)


def mel_comparison(real_FM: NDArray[np.float32], generated_FM: NDArray[np.float32]) -> Picture:
    """The recording's mel above, ours below, on one scale of colour and time."""
    low = float(min(real_FM.min(), generated_FM.min()))
    high = float(max(real_FM.max(), generated_FM.max()))
    pictures = [mel_picture(mel, low, high) for mel in (real_FM, generated_FM)]
    gap = np.full((4, 1, 3), _WHITE, np.uint8)
    return np.concatenate(_same_width([pictures[0], gap, pictures[1]]), axis=0)


def plot_over_time(
    path: Path,
    psnr: Mapping[str, Sequence[NDArray[np.float64]]],
    agreement: Mapping[str, Sequence[NDArray[np.float64]]],
    fps: float,
    shape: tuple[str, NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> None:
    """PSNR and each moment's part in the shape correlation, means over clips for each row; one clip's mouth shape too.

    :param psnr: row to one series per clip; infinite values are left out.
    :param agreement: row to one series per clip of :func:`avsynth.evaluation.pictures.shape_agreement`.
    :param shape: the clip's name, its generated and its real shape projection.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6 if shape is None else 8), layout="constrained")
    panels = figure.subplots(2 if shape is None else 3, 1, sharex=True)
    rows = (("PSNR (dB)", psnr, 1), ("part in the shape correlation", agreement, WINDOW))
    for panel, (title, measured, window) in zip(panels, rows, strict=False):
        for row, series in measured.items():
            values = _smoothed(_mean_over_clips(series), window)
            panel.plot(np.arange(len(values)) / fps, values, label=row)
        panel.set_ylabel(title)
        panel.legend(loc="lower left", ncols=4)
    if shape is not None:
        uid, generated, real = shape
        for label, projection in (("real", real), ("ours", generated)):
            panels[2].plot(np.arange(len(projection)) / fps, projection, label=label)
        panels[2].set_ylabel(f"mouth shape, {uid}")
        panels[2].legend(loc="lower left", ncols=4)
    panels[-1].set_xlabel("s")
    _save(figure, path)


def plot_training(path: Path, journals: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """How far each model was over its training: PSNR and SSIM above frozen, shape correlation, motion, by step.

    :param journals: model to the lines of its ``metrics.jsonl``; those without measures are passed over.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 7), layout="constrained")
    panels = figure.subplots(2, 2).flat
    titles = ("PSNR above frozen (dB)", "SSIM above frozen", "shape correlation", "motion ratio")
    for panel, (title, key) in zip(panels, zip(titles, _TRAINED, strict=True), strict=True):
        for label, journal in journals.items():
            told = [line for line in journal if "ours" in line.get("measures", {})]
            above = key in ("psnr", "ssim")
            values = [
                line["measures"]["ours"][key] - (line["measures"]["frozen"][key] if above else 0) for line in told
            ]
            panel.plot([line["step"] for line in told], values, marker=".", label=label)
        panel.set_title(title, fontsize="medium")
        panel.axhline(0, color="grey", linewidth=0.5)
        panel.set_xlabel("step")
    figure.legend(*panel.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    _save(figure, path)


def plot_latency(path: Path, measured: Sequence[Mapping[str, Any]]) -> None:
    """Latency against the length of video, a line per model and size (the paper's Figure 8), both scales logarithmic.

    :param measured: the rows that ``avsynth bench --latency --json`` writes.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.subplots()
    for model, size in dict.fromkeys((row["model"], row["size"]) for row in measured):
        own = [row for row in measured if (row["model"], row["size"]) == (model, size)]
        style = "-" if size == "paper" else "--"
        axes.loglog(
            [row["video_s"] for row in own],
            [row["seconds"] for row in own],
            style,
            marker=".",
            label=f"{model}, {size}",
        )
    axes.set_xlabel("length of the video (s)")
    axes.set_ylabel("latency (s)")
    axes.grid(visible=True, which="both", linewidth=0.3)
    axes.legend()
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)


def _mean_over_clips(series: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    longest = max(len(item) for item in series)
    padded = np.full((len(series), longest), np.nan)
    for row, item in zip(padded, series, strict=True):
        row[: len(item)] = np.where(np.isfinite(item), item, np.nan)
    known = ~np.isnan(padded)
    return np.asarray(np.where(known.any(axis=0), np.nansum(padded, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan))


def _smoothed(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Means over so many neighbours, fewer at the ends."""
    ones = np.ones(min(window, len(values)))
    return np.asarray(np.convolve(values, ones, "same") / np.convolve(np.ones(len(values)), ones, "same"))


def _same_width(pictures: Sequence[Picture]) -> list[Picture]:
    width = max(picture.shape[1] for picture in pictures)
    return [
        np.pad(picture, ((0, 0), (0, width - picture.shape[1]), (0, 0)), constant_values=_WHITE) for picture in pictures
    ]
