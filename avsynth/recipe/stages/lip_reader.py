"""A lip reader trained on what the data and lips stages made, and durations read off lips."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avsynth.audio.aligner import Segment
from avsynth.data.alignment import read_alignments
from avsynth.data.crops import Crops
from avsynth.data.manifest import Utterance
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.evaluation.lip_reading import LipScores, control_crops, load_reader, rates, score_clip
from avsynth.evaluation.report import command, commit, lip_table
from avsynth.evaluation.tables import Heading, Table
from avsynth.lipreading.clips import learners, load_clips, spoken
from avsynth.lipreading.paths import label_lengths, silences_optional
from avsynth.lipreading.reader import DESCRIPTION, LipReader, ReaderSpec
from avsynth.recipe.context import StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.recipe.stages.stats import widest_mouth
from avsynth.text import SIL, Word
from avsynth.training.lip_reader import train_reader
from avsynth.video.box import Box


def aligning_reader(context: StageContext) -> Path:
    """The folder of the reader that aligns: the one that ``reader.path`` names, or one trained now if need be."""
    if context.config.reader.path:
        folder = Path(context.config.reader.path)
        if LipReader.load(folder).spec.config.timing == "sound":
            raise UserError(
                f"reader.path {folder} learned from sound: align.source=lips wants one that never heard any"
            )
    elif context.config.reader.timing == "sound":
        raise UserError("reader.timing=sound is for readers that judge: align.source=lips wants reader.timing=found")
    else:
        folder = context.reader
        if not (folder / DESCRIPTION).exists():
            train(context, folder)
    return folder


def train(context: StageContext, folder: Path) -> LipReader:
    """Train a reader on the training clips that its config names, and measure it on the validation clips.

    With ``reader.timing=sound`` its targets are the alignments by sound; :class:`UserError` where there are none.
    """
    utterances = context.utterances()
    config, crops = context.config.reader, context.clip_crops()
    chosen = learners(utterances, config.clips)
    spec = ReaderSpec(config, mouth_box(context, chosen), context.config.fps)
    timelines = None
    if config.timing == "sound":
        timelines = {uid: item.timeline for uid, item in read_alignments(context.alignments).items()}
    clips, left_out = load_clips(chosen, crops, spec, timelines)
    for reason, count in Counter(item.split(":")[0] for item in left_out.values()).items():
        print(f"lip reader: {count} of {len(chosen)} clips left out: {reason}", file=sys.stderr, flush=True)
    held_out = [item for item in utterances if item.split == "validation" and item.uid in crops]
    device = choose_device(context.device)
    return train_reader(spec, clips, folder, device, lambda reader: read_all(reader, context, held_out))


def mouth_box(context: StageContext, utterances: list[Utterance]) -> Box:
    """The widest mouth of these clips."""
    box = widest_mouth(context.clip_crops(), [item.uid for item in utterances], context.config.lips)
    if not any(box):
        raise UserError(f"no training clip has crops in {context.crops}: run the lips stage on a corpus with video")
    return box


def read_all(reader: LipReader, context: StageContext, utterances: list[Utterance]) -> Mapping[str, float]:
    """Error rates on the recordings of some clips, by name; none where there are no clips."""
    crops = context.clip_crops()
    scores = [score_clip(reader, crops.frames(item.uid), item.text, spoken(item).phones) for item in utterances]
    return rates(scores) if scores else {}


@dataclass(frozen=True)
class ScoreJob:
    """One recording to be read."""

    reader: Path
    crops: Crops
    utterance: Utterance


def score(context: StageContext, reader: Path, split: str, limit: int | None) -> Table:
    """A reader's errors on a split's recordings: as they are, one frame late, and frozen."""
    LipReader.load(reader)
    crops = context.clip_crops()
    chosen = [item for item in context.utterances() if item.split == split and item.uid in crops]
    jobs = [ScoreJob(reader, crops, item) for item in chosen][:limit]
    if not jobs:
        raise UserError(f"no clip of the {split} split has crops in {context.crops}")
    rows: dict[str, list[LipScores]] = {}
    for scores in parallel(score_recording, jobs, context.jobs, "read-lips"):
        for row, item in scores.items():
            rows.setdefault(row, []).append(item)
    corpus = context.config.voice.corpus or str(context.exp)
    heading = Heading(f"{corpus}, {split} split", len(jobs), "none", "none: recordings", commit(), command())
    return lip_table(rows, heading)


def score_recording(job: ScoreJob) -> dict[str, LipScores]:
    """Read one recording and its controls."""
    phones = spoken(job.utterance).phones
    rows = control_crops(job.crops.frames(job.utterance.uid))
    reader = load_reader(job.reader)
    return {row: score_clip(reader, crops, job.utterance.text, phones) for row, crops in rows.items()}


def lip_segments(folder: Path, crops: Crops, utterance: Utterance) -> tuple[list[Segment], list[Word]]:
    """Phones with their times, by monotonic alignment search over a lip reader's scores; and the words.

    Silences, at the ends and at the text's pauses, may be skipped. Raises :class:`UserError` without crops.
    """
    if utterance.uid not in crops:
        raise UserError("it has no crops, and align.source=lips sees nothing else")
    reader = load_reader(folder)
    sequence = spoken(utterance)
    scores_SL = reader.read(crops.frames(utterance.uid)).timing_SV[:, reader.spec.encode(list(sequence.phones))]
    lengths_L = label_lengths(scores_SL, silences_optional(sequence.phones))
    edges_s = np.concatenate([[0.0], np.cumsum(lengths_L)]) * reader.spec.position_s
    owners = {place: number for number, word in enumerate(sequence.words) for place in range(word.first, word.last)}
    segments = [
        Segment(phone, owners.get(place, -1), float(edges_s[place]), float(edges_s[place + 1]))
        for place, phone in enumerate(sequence.phones)
        if phone != SIL
    ]
    return segments, sequence.spoken
