"""The *data* stage: find the clips, measure them, check word times against the sound, split, write the manifest."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.config import DataConfig
from avsynth.data.grid import GridClip, find_clips, read_align, sentence
from avsynth.data.manifest import Split, Utterance, WordTime, write_manifest
from avsynth.errors import UserError
from avsynth.files import write_json
from avsynth.stages.context import Ledger, StageContext, parallel
from avsynth.video.reading import read_frames

WHOLE_SPEAKER = 900
"""A speaker with at least this many clips counts as wholly there (GRID has 1,000 each)."""
CHECK_RATE = 16_000
MIN_AUDIO_S = 1.0
MIN_FRAMES = 25
MIN_CONTENT = 4.0
"""Standard deviation of a picture below which it shows nothing, in grey levels."""
MAX_ONSET_MS = 200.0
MIN_CONTRAST_DB = 6.0


@dataclass(frozen=True)
class ClipMeasure:
    """What was measured of one clip, or why it is left out."""

    speaker: str
    code: str
    reason: str = ""
    words: tuple[WordTime, ...] = ()
    audio_s: float = 0.0
    lip_frames: int = 0
    fps: str = "25"
    damaged: bool = False
    contrast_db: float = 0.0
    onset_ms: float = 0.0


def run(context: StageContext) -> Ledger:
    """Write ``data/manifest.jsonl`` and ``data/speakers.json``."""
    clips = find_clips(context.corpus, context.options.get("speaker"))
    context.manifest.parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(clips_in=len(clips))
    measured = {}
    for clip, measure in zip(clips, parallel(measure_clip, clips, context.jobs, "data"), strict=True):
        if measure.reason:
            ledger.drop(uid(clip), measure.reason)
        else:
            measured[clip.speaker, clip.code] = measure
    if not measured:
        first, reason = next(iter(ledger.dropped.items()))
        raise UserError(f"none of the {len(clips)} clips below {context.corpus} can be used; {first}: {reason}")
    kept = [clip for clip in clips if (clip.speaker, clip.code) in measured]
    splits = split_clips(kept, context.config.data, context.config_dir)
    utterances = [_utterance(context.corpus, clip, measured[clip.speaker, clip.code], splits) for clip in kept]
    write_manifest(context.manifest, utterances)
    ledger.clips_out = len(utterances)
    fits = {speaker: fit_of(rows) for speaker, rows in _by_speaker(list(measured.values())).items()}
    write_json(context.manifest.parent / "speakers.json", fits)
    ledger.notes["word_times"] = fits
    ledger.notes["damaged"] = sorted(f"{m.speaker}_{m.code}" for m in measured.values() if m.damaged)
    ledger.notes["short"] = {f"{m.speaker}_{m.code}": m.lip_frames for m in measured.values() if m.lip_frames < 75}
    for name in ("train", "validation", "test"):
        ledger.notes[name] = sum(item.split == name for item in utterances)
    return ledger


def uid(clip: GridClip) -> str:
    """The clip's name in manifest and files."""
    return f"{clip.speaker}_{clip.code}"


def measure_clip(clip: GridClip) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason."""
    try:
        text = sentence(clip.code)
        sound = read_audio(clip.audio, CHECK_RATE)
        video = read_frames(clip.video)
        words = read_align(clip.align) if clip.align else ()
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"unreadable: {error}")
    audio_s = len(sound) / CHECK_RATE
    if not words:
        return ClipMeasure(clip.speaker, clip.code, "no alignment: the corpus gives no word times")
    if [word.text for word in words] != text.split():
        spoken = " ".join(word.text for word in words)
        return ClipMeasure(
            clip.speaker, clip.code, f"wrong words: the file name says {text!r}, the alignment {spoken!r}"
        )
    if audio_s < MIN_AUDIO_S or len(video.frames) < MIN_FRAMES:
        return ClipMeasure(clip.speaker, clip.code, f"too short: {audio_s:.2f} s, {len(video.frames)} frames")
    if words[-1].end_s > audio_s + 0.1:
        return ClipMeasure(clip.speaker, clip.code, f"sound ends early: at {audio_s:.2f} s, inside the words")
    if float(video.frames[0].std(axis=(0, 1)).max()) < MIN_CONTENT:
        return ClipMeasure(clip.speaker, clip.code, "blank first picture: it serves as the identity")
    if _grey(video.frames):
        return ClipMeasure(clip.speaker, clip.code, "grey picture: no colour")
    contrast, onset = word_fit(sound, CHECK_RATE, words)
    return ClipMeasure(
        clip.speaker,
        clip.code,
        words=words,
        audio_s=round(audio_s, 4),
        lip_frames=len(video.frames),
        fps=str(video.fps),
        damaged=video.damaged,
        contrast_db=contrast,
        onset_ms=onset,
    )


def _grey(frames: NDArray[np.uint8]) -> bool:
    middle = frames[len(frames) // 2].astype(np.int16)
    return int(np.abs(middle - middle.mean(axis=2, keepdims=True)).max()) < 4


def word_fit(sound: NDArray[np.float32], sample_rate: int, words: Sequence[WordTime]) -> tuple[float, float]:
    """How well word times fit the sound.

    Returns:
        The level inside words minus that outside, in dB, and the start of the first word minus the moment at which the
        sound first rises to within 25 dB of its loudest 10 ms, in ms.
    """
    frame = sample_rate // 100
    power = np.square(sound[: len(sound) // frame * frame].reshape(-1, frame)).mean(axis=1) + 1e-10
    level = 10 * np.log10(power)
    times = (np.arange(len(level)) + 0.5) / 100
    inside = np.zeros(len(level), dtype=bool)
    for word in words:
        inside |= (times >= word.start_s) & (times < word.end_s)
    loud = np.flatnonzero(level > np.percentile(level, 99) - 25)
    contrast = float(level[inside].mean() - level[~inside].mean()) if inside.any() and (~inside).any() else 0.0
    return round(contrast, 2), round((words[0].start_s - float(times[loud[0]])) * 1000, 1)


def fit_of(rows: list[ClipMeasure]) -> dict[str, float | int | str]:
    """A speaker's verdict: do the word times of his folder belong to his sound?"""
    contrast = median(row.contrast_db for row in rows)
    onset = median(abs(row.onset_ms) for row in rows)
    fits = contrast >= MIN_CONTRAST_DB and onset <= MAX_ONSET_MS
    verdict = "fits" if fits else "DOES NOT FIT: are two talkers' alignment folders swapped?"
    return {
        "clips": len(rows),
        "contrast_db": round(contrast, 1),
        "onset_ms": round(onset, 1),
        "verdict": verdict,
    }


def split_clips(clips: list[GridClip], config: DataConfig, config_dir: Path) -> dict[str, Split]:
    """Each uid's split, by sentence and per speaker.

    Where the config lists a speaker's training ids, every other id of his is test. Else ``config.test`` sentences of a
    speaker who is wholly there are, drawn with the seed; a speaker in part has none. Of the training ids
    ``config.validation``, at most a tenth, are for validation.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for clip in clips:
        codes[clip.speaker].append(clip.code)
    splits: dict[str, Split] = {}
    for speaker, own in codes.items():
        own = sorted(own)
        rng = random.Random(f"{config.seed} {speaker}")
        if speaker in config.train_ids:
            listed = read_ids(config_dir / config.train_ids[speaker])
            pool = sorted(listed)
            train = [code for code in own if code in listed]
        else:
            test = set(rng.sample(own, config.test)) if len(own) >= WHOLE_SPEAKER else set()
            pool = train = [code for code in own if code not in test]
        validation = set(rng.sample(pool, min(config.validation, max(1, len(pool) // 10))))
        for code in own:
            name: Split = "test" if code not in set(train) else "validation" if code in validation else "train"
            splits[f"{speaker}_{code}"] = name
    return splits


def read_ids(path: Path) -> set[str]:
    """The ids of a list, one a line."""
    try:
        return set(path.read_text(encoding="utf-8").split())
    except OSError as error:
        raise UserError(f"cannot read the list of training ids {path}: {error.strerror or error}") from error


def _by_speaker(measures: list[ClipMeasure]) -> dict[str, list[ClipMeasure]]:
    rows: dict[str, list[ClipMeasure]] = defaultdict(list)
    for measure in measures:
        rows[measure.speaker].append(measure)
    return dict(rows)


def _utterance(corpus: Path, clip: GridClip, measure: ClipMeasure, splits: dict[str, Split]) -> Utterance:
    return Utterance(
        uid=uid(clip),
        speaker=clip.speaker,
        text=sentence(clip.code),
        audio=clip.audio.relative_to(corpus).as_posix(),
        video=clip.video.relative_to(corpus).as_posix(),
        words=measure.words,
        audio_s=measure.audio_s,
        lip_frames=measure.lip_frames,
        fps=str(Fraction(measure.fps)),
        split=splits[uid(clip)],
    )
