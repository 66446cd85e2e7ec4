"""The *data* stage: find the clips, measure them, check word times against the sound, split, write the manifest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from avsynth.config.schema import DataConfig, PartConfig
from avsynth.data.clips import ClipMeasure, SourceClip
from avsynth.data.corpora import load_corpus
from avsynth.data.manifest import Split, Utterance, write_manifest
from avsynth.data.splits import split_clips
from avsynth.errors import UserError
from avsynth.files import write_json
from avsynth.recipe.context import Ledger, StageContext, parallel

MAX_ONSET_MS = 200.0
MIN_CONTRAST_DB = 6.0


def run(context: StageContext) -> Ledger:
    """Write ``data/manifest.jsonl`` and ``data/speakers.json``."""
    config = context.config.data
    whole = (PartConfig(".", config.corpus, context.options.get("speaker", "")),)
    context.manifest.parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger()
    utterances: list[Utterance] = []
    measures: list[ClipMeasure] = []
    owners: dict[str, str] = {}
    for part in config.parts or whole:
        found = read_part(context, part, ledger)
        for speaker in sorted({item.speaker for item, _ in found}):
            if speaker in owners:
                raise UserError(f"data.parts: {owners[speaker]} and {part.folder} both have a speaker {speaker!r}")
            owners[speaker] = part.folder
        utterances += [item for item, _ in found]
        measures += [measure for _, measure in found]
    write_manifest(context.manifest, utterances)
    ledger.clips_out = len(utterances)
    fits = {speaker: fit_of(rows) for speaker, rows in _by_speaker(measures).items()}
    write_json(context.manifest.parent / "speakers.json", fits)
    ledger.notes |= {"times": fits, **counts(measures)}
    for name in ("train", "validation", "test"):
        ledger.notes[name] = sum(item.split == name for item in utterances)
    return ledger


def read_part(context: StageContext, part: PartConfig, ledger: Ledger) -> list[tuple[Utterance, ClipMeasure]]:
    """Find, measure and split one corpus; what is left out, and clips shorter than they should be, go to the ledger."""
    corpus, folder = load_corpus(part.corpus), context.corpus / part.folder
    config = context.config.data
    clips = outside(context, corpus.find(folder, part.speaker or None))
    ledger.clips_in += len(clips)
    kept = []
    measured = parallel(partial(_measure, corpus.measure, config), clips, context.jobs, "data")
    for clip, measure in zip(clips, measured, strict=True):
        if measure.reason:
            ledger.drop(clip.uid, measure.reason)
        else:
            kept.append((clip, measure))
    if not kept:
        first, reason = next(iter(ledger.dropped.items()))
        raise UserError(f"none of the {len(clips)} clips below {folder} can be used; {first}: {reason}")
    short = {measure.uid: measure.lip_frames for _, measure in kept if measure.lip_frames < corpus.whole_frames}
    ledger.notes["short"] = ledger.notes.get("short", {}) | short
    splits = split_clips([clip for clip, _ in kept], config, context.config_dir, corpus.whole_speaker)
    return [(_utterance(context.corpus, clip, measure, splits), measure) for clip, measure in kept]


def outside(context: StageContext, clips: Sequence[SourceClip]) -> list[SourceClip]:
    """The clips that do not lie in the experiment's folder, which may be inside the corpus and hold videos itself."""
    exp = context.exp.resolve()
    if not exp.is_relative_to(context.corpus.resolve()):
        return list(clips)
    return [clip for clip in clips if not (clip.video or clip.audio).resolve().is_relative_to(exp)]


def _measure(measure: Callable[[Any, DataConfig], ClipMeasure], config: DataConfig, clip: SourceClip) -> ClipMeasure:
    return measure(clip, config)


def counts(measures: Sequence[ClipMeasure]) -> dict[str, Any]:
    """What the ledger notes of the clips that are kept."""
    repairs: Counter[str] = Counter()
    for item in measures:
        repairs.update(item.repairs)
    return {
        "damaged": sorted(item.uid for item in measures if item.damaged),
        "fps": dict(Counter(item.fps for item in measures)),
        "without_text": sum(not item.text for item in measures),
        "label_repairs": dict(repairs.most_common()),
        "clips_repaired": sum(bool(item.repairs) for item in measures),
    }


def fit_of(rows: list[ClipMeasure]) -> dict[str, float | int | str]:
    """A speaker's verdict: do the word or phone times of his folder belong to his sound?"""
    contrasts = [row.contrast_db for row in rows if row.contrast_db is not None]
    onsets = [abs(row.onset_ms) for row in rows if row.onset_ms is not None]
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


def _by_speaker(measures: list[ClipMeasure]) -> dict[str, list[ClipMeasure]]:
    rows: dict[str, list[ClipMeasure]] = defaultdict(list)
    for measure in measures:
        rows[measure.speaker].append(measure)
    return dict(rows)


def _utterance(corpus: Path, clip: SourceClip, measure: ClipMeasure, splits: dict[str, Split]) -> Utterance:
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
