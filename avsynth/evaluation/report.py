"""From the clips' measures to tables: means with intervals, the facts of synchrony, JSON and Markdown."""

from __future__ import annotations

import math
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from avsynth.evaluation.clip import ClipResult
from avsynth.evaluation.clip_pictures import FROZEN, NOISE, OURS, REAL
from avsynth.evaluation.clip_sound import SoundScores
from avsynth.evaluation.frechet import FRECHET_COLUMNS, HALVES, frechet_rows
from avsynth.evaluation.lip_reading import LipScores
from avsynth.evaluation.lip_reading import summaries as lip_summaries
from avsynth.evaluation.pictures import PictureScores
from avsynth.evaluation.speech import SLOTS, slot_error_rates
from avsynth.evaluation.statistics import Summary, summarise, summarise_fields, summarise_ratio
from avsynth.evaluation.sync import AvOffset, av_offset, phone_error_ms
from avsynth.evaluation.tables import GAIN_COLUMNS, PICTURE_COLUMNS, Column, Heading, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LANDMARK_COLUMNS = (
    Column("lmd", "LMD (px)"),
    Column("no_face", "no face", 3),
    Column("aperture_correlation", "aperture correlation"),
    Column("closure_rate", "closure rate"),
    Column("closure_rate_speech", "closure rate, of speech frames"),
    Column("rest_motion", "rest: motion"),
    Column("rest_closed", "rest: closed"),
)
SOUND_COLUMNS = (
    Column("wer", "WER-grid", 3),
    Column("mcd", "MCD (dB), DCT of the 80-band log-mel"),
    Column("log_f0_rmse", "log-F0 RMSE", 3),
    Column("voicing_error", "voicing error", 3),
    Column("mos", "predicted MOS (DNSMOS, overall)"),
)
SLOT_COLUMNS = tuple(Column(slot, slot, 3) for slot in SLOTS)
LIP_COLUMNS = (
    Column("lip_reading_wer", "lip-reading WER, held to the GRID grammar", 3),
    Column("lip_reading_per", "lip-reading phone error rate, no grammar", 3),
    *SLOT_COLUMNS,
)
TIMING_COLUMNS = (
    Column("word_duration_ms", "word duration error (ms)", 1),
    Column("word_duration_corpus_ms", "against the corpus's own word times (ms)", 1),
    Column("length_frames", "length error (frames)"),
)
VIEWS = {
    "true": "true",
    "unshifted": "predicted, as they stand",
    "shifted": "predicted, shifted to the true onset",
}
RECORDED = "recorded"
RECORDED_VIEW = "true, and each clip's own A/V offset: how far its picture runs ahead of its sound"
_ROW_ORDER = (REAL, HALVES, NOISE, "coded", "vocoded", "late 1", "late 2", "mean", FROZEN, "wrong text", OURS)


@dataclass(frozen=True)
class SyncFacts:
    """Measures of synchrony over a set of clips; None where nothing could be measured."""

    mp4s: int
    length_ms: float | None
    """Largest |sound - picture| of an mp4 as decoded."""
    start_ms: float | None
    offset: AvOffset | None
    offset_real: AvOffset | None
    phone_error_ms: float | None
    """Median over all boundaries."""
    phone_error_clips: Summary | None
    """Mean over clips of their medians, with its interval."""
    not_aligned: int
    """Clips whose sound the aligner could not align."""

    def lines(self) -> list[str]:
        """One line of text per fact."""
        lines = []
        if self.length_ms is not None and self.start_ms is not None:
            lines.append(
                f"A/V length and start, largest of {self.mp4s} mp4s: {self.length_ms:.2f} ms and {self.start_ms:.2f} ms"
            )
        offsets = [("ours", self.offset), ("real", self.offset_real)]
        known = [f"{name} {item.frames:+d} (r = {item.correlation:.2f})" for name, item in offsets if item is not None]
        if known:
            lines.append(f"A/V offset in frames (positive: sound late; only the difference counts): {', '.join(known)}")
        if self.phone_error_ms is not None and self.phone_error_clips is not None:
            clips = self.phone_error_clips
            lines.append(
                f"phone error: median {self.phone_error_ms:.1f} ms; mean of the clips' medians {clips.mean:.1f} "
                f"[{clips.low:.1f}, {clips.high:.1f}] ms over {clips.count} clips, {self.not_aligned} not aligned"
            )
        return lines


@dataclass(frozen=True)
class Section:
    """The tables and measures of synchrony for one kind of durations (true, recorded or predicted)."""

    durations: str
    tables: Sequence[Table]
    sync: SyncFacts

    def markdown(self) -> str:
        """The tables under one another, then the facts."""
        facts = [f"- {line}" for line in self.sync.lines()]
        sync = [f"### Sync, {self.durations} durations\n\n" + "\n".join(facts) + "\n"] if facts else []
        return "\n".join([table.markdown() for table in self.tables] + sync)

    def to_json(self) -> dict[str, Any]:
        """Plain values; NaN and infinity become None and text."""
        return {
            "durations": self.durations,
            "tables": [table.to_json() for table in self.tables],
            "sync": _strict(asdict(self.sync)),
        }


def make_section(durations: str, results: Sequence[ClipResult], heading: Heading) -> Section:
    """Every table that the results can fill."""
    tables = [
        *_view_tables(results, heading, durations),
        *_sound_tables(results, replace(heading, roi=None, durations=durations)),
        *_lip_tables(results, replace(heading, roi=None, durations=durations)),
        *_frechet_tables(results, replace(heading, roi=None, durations=durations)),
    ]
    timings = [item.timing for item in results if item.timing is not None]
    if timings:
        rows = {OURS: _summaries(timings)}
        tables.append(
            _table("Timing", replace(heading, roi=None, durations=durations), TIMING_COLUMNS, rows, len(timings))
        )
    return Section(durations, tables, sync_facts(results))


def sync_facts(results: Sequence[ClipResult]) -> SyncFacts:
    """Lengths and starts of the mp4s, A/V offsets, phone error."""
    lengths = [abs(item.length_ms) for item in results if item.length_ms is not None]
    starts = [abs(item.start_ms) for item in results if item.start_ms is not None]
    pairs: list[tuple[Any, Any]] = []
    for side, row in enumerate((OURS, REAL)):
        both = [
            (item.pictures.openings[row], item.loudness[side])
            for item in results
            if item.pictures is not None and row in item.pictures.openings and item.loudness is not None
        ]
        pairs.append(([opening for opening, _ in both], [level[: len(opening)] for opening, level in both]))
    offsets = [_offset(openings, envelopes) for openings, envelopes in pairs]
    sounds = [item.sound for item in results if item.sound is not None and len(item.sound.made_s)]
    found = [(item.found_s, item.made_s) for item in sounds if item.found_s is not None]
    return SyncFacts(
        mp4s=len(lengths),
        length_ms=max(lengths, default=None),
        start_ms=max(starts, default=None),
        offset=offsets[0],
        offset_real=offsets[1],
        phone_error_ms=phone_error_ms([a for a, _ in found], [b for _, b in found]) if found else None,
        phone_error_clips=summarise([phone_error_ms([a], [b]) for a, b in found]) if found else None,
        not_aligned=len(sounds) - len(found),
    )


def sound_summaries(
    pairs: Sequence[tuple[Sequence[str], SoundScores]],
) -> dict[str, Summary]:
    """One row of a sound table from (reference, scores) per clip: every measure, the slots' errors with it."""
    heard = [(reference, item.heard, item.words) for reference, item in pairs]
    counted = [(words.errors, words.words) for _, _, words in heard if words is not None]
    measures = {}
    if counted:
        measures["wer"] = summarise_ratio(*np.array(counted, np.float64).T)
        slots = [slot_error_rates([(reference, said)]) for reference, said, _ in heard if said is not None]
        measures |= {slot: summarise([item[slot] for item in slots]) for slot in SLOTS}
    for name in ("mcd", "log_f0_rmse", "voicing_error", "mos"):
        measures[name] = summarise([getattr(item, name) for _, item in pairs])
    return {name: summary for name, summary in measures.items() if summary.count}


def gain_summaries(clips: Sequence[Mapping[str, PictureScores]], row: str) -> dict[str, Summary]:
    """PSNR and SSIM less those of a frozen mouth, clip by clip; empty for the recording, the frozen mouth itself, and
    where there is none."""
    if row in (REAL, FROZEN) or not all(FROZEN in clip for clip in clips):
        return {}
    return {
        f"{name}_gain": summarise([getattr(clip[row], name) - getattr(clip[FROZEN], name) for clip in clips])
        for name in ("psnr", "ssim")
    }


WITHOUT_RESULTS = ("--", ".", ":(exclude)*/results/*")


def commit() -> str:
    """The commit of the code that runs, with ``+`` where files other than results differ from it; ``unknown`` outside a
    repository."""
    folder = Path(__file__).resolve().parents[2]

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=20)
        return done.stdout.strip()

    try:
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", *WITHOUT_RESULTS) else "")
    except (OSError, subprocess.SubprocessError):
        return "unknown"


def command() -> str:
    """The command line of this process; a script as it was named, an installed command without its folder."""
    program = Path(sys.argv[0])
    name = "avsynth" if program.name == "__main__.py" else program.name if program.is_absolute() else str(program)
    return shlex.join([name, *sys.argv[1:]])


def _view_tables(results: Sequence[ClipResult], heading: Heading, durations: str) -> list[Table]:
    clips = [item.pictures for item in results if item.pictures is not None]
    tables = []
    for view, spelt in VIEWS.items():
        own = replace(heading, durations=RECORDED_VIEW if durations == RECORDED else spelt)
        scored = [item.pictures[view] for item in clips if view in item.pictures]
        pictures = _by_row(scored)
        if pictures:
            gains = {row: gain_summaries([clip for clip in scored if row in clip], row) for row in pictures}
            rows = {row: measures | gains[row] for row, measures in _rows(pictures).items()}
            tables.append(_table("Pictures", own, (*GAIN_COLUMNS, *PICTURE_COLUMNS), rows, len(pictures[OURS])))
        landmarks = _by_row([item.landmarks[view] for item in clips if view in item.landmarks])
        if landmarks:
            tables.append(_table("Landmarks", own, LANDMARK_COLUMNS, _rows(landmarks), len(landmarks[OURS])))
    return tables


def _sound_tables(results: Sequence[ClipResult], heading: Heading) -> list[Table]:
    rows: dict[str, list[tuple[Sequence[str], SoundScores]]] = {}
    for item in results:
        if item.sound is not None:
            for row, scores in item.sound.rows.items():
                rows.setdefault(row, []).append((item.sound.reference, scores))
    if not rows:
        return []
    summaries = {row: sound_summaries(pairs) for row, pairs in rows.items()}
    count = len(rows[OURS])
    tables = [_table("Sound", heading, SOUND_COLUMNS, summaries, count)]
    if "wer" in summaries[OURS]:
        tables.append(_table("Word errors by place in the sentence", heading, SLOT_COLUMNS, summaries, count))
    return tables


def lip_table(rows: Mapping[str, Sequence[LipScores]], heading: Heading) -> Table:
    """What a lip reader read in each row."""
    summaries = {row: lip_summaries(scores) for row, scores in rows.items()}
    return _table("Lip reading", heading, LIP_COLUMNS, summaries, max(map(len, rows.values())))


def _lip_tables(results: Sequence[ClipResult], heading: Heading) -> list[Table]:
    rows: dict[str, list[LipScores]] = {}
    for item in results:
        for row, scores in item.lips_read.items():
            rows.setdefault(row, []).append(scores)
    return [lip_table(rows, heading)] if rows else []


def _frechet_tables(results: Sequence[ClipResult], heading: Heading) -> list[Table]:
    seen = [item.features for item in results if item.features]
    return [_table("Fréchet distances", heading, FRECHET_COLUMNS, frechet_rows(seen), len(seen))] if seen else []


def _table(
    title: str, heading: Heading, columns: Sequence[Column], rows: Mapping[str, Mapping[str, Summary]], count: int
) -> Table:
    """Columns of which no row has anything are left out."""
    used = [column for column in columns if any(_known(row.get(column.key)) for row in rows.values())]
    ordered = {row: rows[row] for row in sorted(rows, key=_place)}
    return Table(title, replace(heading, count=count), used, ordered)


def _known(summary: Summary | None) -> bool:
    return summary is not None and summary.count > 0


def _place(row: str) -> int:
    return _ROW_ORDER.index(row) if row in _ROW_ORDER else len(_ROW_ORDER) - 1


def _by_row(clips: Sequence[Mapping[str, DataclassInstance]]) -> dict[str, list[DataclassInstance]]:
    rows: dict[str, list[DataclassInstance]] = {}
    for clip in clips:
        for row, scores in clip.items():
            rows.setdefault(row, []).append(scores)
    return rows


def _rows(scores: Mapping[str, Sequence[DataclassInstance]]) -> dict[str, dict[str, Summary]]:
    return {row: _summaries(items) for row, items in scores.items()}


def _summaries(scores: Sequence[DataclassInstance]) -> dict[str, Summary]:
    assert fields(scores[0])
    return summarise_fields(scores)


def _offset(openings: Sequence[Any], envelopes: Sequence[Any]) -> AvOffset | None:
    return _or_none(lambda: av_offset(openings, envelopes)) if openings else None


def _or_none(measure: Callable[[], AvOffset]) -> AvOffset | None:
    try:
        return measure()
    except ValueError:  # nothing moves, or no face anywhere
        return None


def _strict(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value
