"""The *data* stage: find the clips, measure them, check word times against the sound, split, write the manifest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from avsynth.config.reading import fingerprint
from avsynth.config.schema import DataConfig, PartConfig
from avsynth.data.clips import ClipMeasure, SourceClip
from avsynth.data.corpora import load_corpus
from avsynth.data.manifest import Split, Utterance, write_manifest
from avsynth.data.splits import split_clips
from avsynth.errors import UserError
from avsynth.files import write_json
from avsynth.recipe.changes import changed
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.mapping import Results
from avsynth.recipe.executors.tasks import Clip

MAX_ONSET_MS = 200.0
MIN_CONTRAST_DB = 6.0

Fit = tuple[float | None, float | None]
"""A clip's ``contrast_db`` and ``onset_ms``."""


def run(context: StageContext) -> Ledger:
    """Write ``data/manifest.jsonl`` and ``data/speakers.json``."""
    config = context.config.data
    whole = (PartConfig(".", config.corpus, context.options.get("speaker", "")),)
    context.manifest.parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger()
    parts = [measure_part(context, number, part, ledger) for number, part in enumerate(config.parts or whole)]
    owners: dict[str, str] = {}
    for part in parts:
        for speaker in sorted({clip.speaker for clip in part.clips}):
            if speaker in owners:
                raise UserError(f"data.parts: {owners[speaker]} and {part.folder} both have a speaker {speaker!r}")
            owners[speaker] = part.folder
    tally = Tally()
    write_manifest(context.manifest, (item for part in parts for item in part.utterances(context, tally)))
    ledger.clips_out = tally.splits.total()
    fits = {speaker: fit_of(rows) for speaker, rows in tally.fits.items()}
    write_json(context.manifest.parent / "speakers.json", fits)
    ledger.notes |= {"short": tally.short, "times": fits, **tally.notes()}
    for name in ("train", "validation", "test"):
        ledger.notes[name] = tally.splits[name]
    return ledger


@dataclass(frozen=True)
class MeasuredPart:
    """The clips of one corpus that can be used, and what was measured of each."""

    folder: str
    clips: Sequence[SourceClip]
    results: Results
    splits: Mapping[str, Split]
    whole_frames: int

    def utterances(self, context: StageContext, tally: Tally) -> Iterator[Utterance]:
        """The corpus's lines of the manifest; ``tally`` is updated on the way."""
        clips = iter(self.clips)
        for _, measure in self.results:
            if not measure.reason:
                item = _utterance(context.corpus, next(clips), measure, self.splits)
                tally.add(measure, item.split, self.whole_frames)
                yield item


def measure_part(context: StageContext, number: int, part: PartConfig, ledger: Ledger) -> MeasuredPart:
    """Find, measure and split one corpus; what is left out goes to the ledger."""
    corpus, folder = load_corpus(part.corpus), context.corpus / part.folder
    config = context.config.data
    clips = outside(context, corpus.find(folder, part.speaker or None))
    ledger.clips_in += len(clips)
    settings = fingerprint(config)
    work = partial(_measure, corpus.measure, config)
    shards = context.shards(context.measured / str(number))
    jobs = (Clip(clip.uid, f"{settings} {_files(clip)}", clip) for clip in clips)
    results = context.map(shards, work, jobs, len(clips), "data")
    kept = []
    for clip, (uid, measure) in zip(clips, results, strict=True):
        if measure.reason:
            ledger.drop(uid, measure.reason)
        else:
            kept.append(clip)
    if not kept:
        first, reason = next(iter(ledger.dropped.items()))
        raise UserError(f"none of the {len(clips)} clips below {folder} can be used; {first}: {reason}")
    splits = split_clips(kept, config, context.config_dir, corpus.whole_speaker)
    return MeasuredPart(part.folder, kept, results, splits, corpus.whole_frames)


def _files(clip: SourceClip) -> str:
    """A text that changes when one of a clip's files does."""
    values = [getattr(clip, item.name) for item in fields(clip)]
    return " ".join(f"{value} {changed(value)}" if isinstance(value, Path) else str(value) for value in values)


def outside(context: StageContext, clips: Sequence[SourceClip]) -> list[SourceClip]:
    """The clips that do not lie in the experiment's folder, which may be inside the corpus and hold videos itself."""
    exp = context.exp.resolve()
    if not exp.is_relative_to(context.corpus.resolve()):
        return list(clips)
    return [clip for clip in clips if not (clip.video or clip.audio).resolve().is_relative_to(exp)]


def _measure(measure: Callable[[Any, DataConfig], ClipMeasure], config: DataConfig, clip: SourceClip) -> ClipMeasure:
    return measure(clip, config)


class Tally:
    """Totals over the clips that are kept, for the ledger."""

    def __init__(self) -> None:
        self.splits: Counter[str] = Counter()
        self.short: dict[str, int] = {}
        """Frames of each clip that has fewer frames than its corpus's clips usually have."""
        self.fits: dict[str, list[Fit]] = defaultdict(list)
        self._damaged: list[str] = []
        self._fps: Counter[str] = Counter()
        self._repairs: Counter[str] = Counter()
        self._without_text = self._repaired = 0

    def add(self, measure: ClipMeasure, split: str, whole_frames: int) -> None:
        """Count one more clip."""
        self.splits[split] += 1
        if measure.lip_frames < whole_frames:
            self.short[measure.uid] = measure.lip_frames
        self.fits[measure.speaker].append((measure.contrast_db, measure.onset_ms))
        if measure.damaged:
            self._damaged.append(measure.uid)
        self._fps[measure.fps] += 1
        self._repairs.update(measure.repairs)
        self._without_text += not measure.text
        self._repaired += bool(measure.repairs)

    def notes(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "damaged": sorted(self._damaged),
            "fps": dict(self._fps),
            "without_text": self._without_text,
            "label_repairs": dict(self._repairs.most_common()),
            "clips_repaired": self._repaired,
        }


def fit_of(rows: Sequence[Fit]) -> dict[str, float | int | str]:
    """Whether the word or phone times of a speaker's folder belong to the speaker's sound."""
    contrasts = [contrast_db for contrast_db, _ in rows if contrast_db is not None]
    onsets = [abs(onset_ms) for _, onset_ms in rows if onset_ms is not None]
    if not contrasts or not onsets:
        return {"clips": len(rows), "verdict": "the corpus gives no times"}
    contrast, onset = median(contrasts), median(onsets)
    fits = contrast >= MIN_CONTRAST_DB and onset <= MAX_ONSET_MS
    verdict = "fits" if fits else "DOES NOT FIT: are two talkers' alignments swapped?"
    return {
        "clips": len(rows),
        "contrast_db": round(contrast, 1),
        "onset_ms": round(onset, 1),
        "verdict": verdict,
    }


def _utterance(corpus: Path, clip: SourceClip, measure: ClipMeasure, splits: Mapping[str, Split]) -> Utterance:
    return Utterance(
        uid=clip.uid,
        speaker=clip.speaker,
        text=measure.text,
        audio=clip.audio.relative_to(corpus).as_posix(),
        video=None if clip.video is None else clip.video.relative_to(corpus).as_posix(),
        words=measure.words,
        audio_s=measure.audio_s,
        lip_frames=measure.lip_frames,
        fps=str(Fraction(measure.fps)),
        split=splits[clip.uid],
        phones=measure.phones,
    )
