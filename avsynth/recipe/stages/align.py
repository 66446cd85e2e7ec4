"""The *align* stage: phone durations in mel hops for every clip, or a reason."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from avsynth.audio.aligner import ALIGN_RATE, AcousticAligner, Segment
from avsynth.audio.alignment_faults import alignment_fault
from avsynth.audio.io import read_audio
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, Source, segments_to_timeline, write_alignments
from avsynth.data.crops import Crops
from avsynth.data.labels import labels_to_timeline
from avsynth.data.manifest import Utterance, WordTime
from avsynth.data.textgrid import read_textgrid
from avsynth.errors import UserError
from avsynth.evaluation.alignments import compare
from avsynth.evaluation.lip_reading import load_reader
from avsynth.files import write_json
from avsynth.recipe.context import Ledger, StageContext, parallel
from avsynth.recipe.stages.lip_reader import aligning_reader, lip_segments
from avsynth.synthesis.sentences import timeline_in_letters
from avsynth.text import G2P, phonemise
from avsynth.timeline import Timeline
from vocoder.mel import mel_frames


@dataclass(frozen=True)
class AlignJob:
    """One clip to align."""

    utterance: Utterance
    audio: Path
    config: Config
    textgrid: Path | None
    reader: Path | None = None
    """The folder of the lip reader, where alignment is from lips alone."""
    crops: Crops | None = None


@dataclass(frozen=True)
class AlignResult:
    """An alignment with its distances to the corpus's word times, or a reason."""

    uid: str
    alignment: Alignment | None
    reason: str = ""
    distances_ms: tuple[float, ...] = ()


def run(context: StageContext) -> Ledger:
    """Write ``align/alignments.jsonl``."""
    config = context.config
    utterances = context.utterances()
    folder = Path(config.align.textgrid_dir)
    folder = folder if folder.is_absolute() else context.corpus / folder
    by_textgrid = config.align.source == "textgrid"
    reader = aligning_reader(context) if config.align.source == "lips" else None
    jobs = [
        AlignJob(
            item,
            context.corpus / item.audio,
            config,
            _textgrid(folder, item) if by_textgrid else None,
            reader,
            context.clip_crops(),
        )
        for item in utterances
    ]
    ledger = Ledger(clips_in=len(jobs))
    alignments: list[Alignment] = []
    distances: list[float] = []
    for result in parallel(align_clip, jobs, context.jobs, "align"):
        if result.alignment is None:
            ledger.drop(result.uid, result.reason)
        else:
            alignments.append(result.alignment)
            distances.extend(result.distances_ms)
    if not alignments:
        first, reason = next(iter(ledger.dropped.items()), ("manifest", "it is empty"))
        raise UserError(f"no clip below {context.corpus} could be aligned; {first}: {reason}")
    context.alignments.parent.mkdir(parents=True, exist_ok=True)
    write_alignments(context.alignments, alignments)
    ledger.clips_out = len(alignments)
    ledger.notes["sources"] = dict(Counter(item.source for item in alignments))
    ledger.notes["without_words"] = sum(not item.timeline.words for item in alignments)
    if distances:
        ledger.notes["word_start_distance_ms"] = distance_summary(distances)
    if reader is not None:
        ledger.notes |= compare_with_sound(context, jobs, alignments, reader)
    return ledger


def compare_with_sound(
    context: StageContext, jobs: Sequence[AlignJob], alignments: Sequence[Alignment], reader: Path
) -> dict[str, Any]:
    """Align the same clips by their sound, which nothing later reads; write ``align/acoustic.jsonl`` and
    ``align/comparison.json``; the latter's figures. Over all clips, and over those that the reader never learned from.
    """
    config = replace(context.config, align=replace(context.config.align, source="acoustic"))
    heard = parallel(align_clip, [replace(job, config=config) for job in jobs], context.jobs, "align by sound")
    acoustic = {item.uid: item.alignment for item in heard if item.alignment is not None}
    write_alignments(context.alignments.with_name("acoustic.jsonl"), list(acoustic.values()))
    learned = set(load_reader(reader).learned)
    words = {job.utterance.uid: job.utterance.words for job in jobs}
    own = {item.uid: item for item in alignments}
    unseen = {uid: item for uid, item in own.items() if uid not in learned}
    report = {
        f"lips_against_sound_ms{name}": {key: asdict(row) for key, row in compare(chosen, acoustic, words).items()}
        for name, chosen in (("", own), ("_unseen", unseen))
    }
    write_json(context.alignments.with_name("comparison.json"), report)
    return report


def distance_summary(distances_ms: Sequence[float]) -> dict[str, Any]:
    """Median, 90th percentile and signed mean of distances to the corpus's own word starts."""
    values = np.asarray(distances_ms)
    return {
        "words": len(values),
        "median": round(float(np.median(np.abs(values))), 1),
        "p90": round(float(np.percentile(np.abs(values), 90)), 1),
        "mean_signed": round(float(values.mean()), 1),
    }


@cache
def _aligner() -> AcousticAligner:
    return AcousticAligner()


@cache
def _g2p() -> G2P:
    return G2P()


def align_clip(job: AlignJob) -> AlignResult:
    """Align one clip by the route that the config names."""
    utterance, config = job.utterance, job.config
    try:
        timeline, source = labelled(job) if config.align.source == "labels" else found_in_recording(job)
        timeline = timeline if config.tokens == "phones" else timeline_in_letters(timeline)
    except UserError as error:
        return AlignResult(utterance.uid, None, f"not aligned: {error}")
    spoken = timeline.word_times()
    pairs = zip(spoken, utterance.words, strict=True) if len(spoken) == len(utterance.words) else ()
    distances = [(own[1] - other.start_s) * 1000 for own, other in pairs]
    return AlignResult(utterance.uid, Alignment(utterance.uid, source, timeline), distances_ms=tuple(distances))


def found_in_recording(job: AlignJob) -> tuple[Timeline, Source]:
    """By the acoustic aligner, by a TextGrid that another one wrote, or by the lip reader."""
    config = job.config
    source: Source
    if config.align.source == "lips":
        assert job.reader is not None and job.crops is not None
        segments, words = lip_segments(job.reader, job.crops, job.utterance)
        source = "lips"
    elif job.textgrid is not None:
        segments, words = read_textgrid(job.textgrid)
        source = "textgrid"
    else:
        segments, words, source = acoustic(job)
    timeline = segments_to_timeline(
        segments,
        words,
        _total_hops(job),
        config.mel.sample_rate,
        config.mel.hop_length,
        config.fps,
        config.align.min_silence_ms / 1000,
    )
    return timeline, source


def labelled(job: AlignJob) -> tuple[Timeline, Source]:
    """By the corpus's own phone times, the words of its text laid over them; :class:`UserError` where it has none."""
    utterance, config = job.utterance, job.config
    if not utterance.phones:
        raise UserError("the corpus gives no phone times: align.source=labels needs them, acoustic does not")
    words: list[tuple[str, Sequence[str]]] = []
    if utterance.text:
        sequence = phonemise(utterance.text, _g2p())
        words = [(span.text, sequence.phones[span.first : span.last]) for span in sequence.words]
    mel = config.mel
    total = _total_hops(job)
    return labels_to_timeline(utterance.phones, words, total, mel.sample_rate, mel.hop_length, config.fps), "labels"


def _total_hops(job: AlignJob) -> int:
    mel = job.config.mel
    return mel_frames(len(read_audio(job.audio, mel.sample_rate)), mel)


def acoustic(job: AlignJob) -> tuple[list[Segment], list[str], Source]:
    """Phones by the acoustic aligner, held to the corpus's word times where those exist and it strays.

    Raises :class:`UserError` where the corpus has no word times and the aligner finds no path, or one that cannot be
    right (:func:`alignment_fault`).
    """
    sequence = phonemise(job.utterance.text, _g2p())
    words = [span.text for span in sequence.words]
    phones = [sequence.phones[span.first : span.last] for span in sequence.words]
    sound = read_audio(job.audio, ALIGN_RATE)
    segments = _aligner()(sound, phones)
    times = job.utterance.words
    if len(times) != len(words):
        times = ()
    if segments is None:
        if not times:
            raise UserError(f"the aligner found no path for {job.utterance.text!r}")
        return evenly(phones, times), words, "held"
    if not times:
        fault = alignment_fault(segments, sound, ALIGN_RATE)
        if fault:
            raise UserError(f"what the aligner found cannot be right: {fault}")
        return segments, words, "acoustic"
    held, strayed = hold(segments, times, job.config.align.max_stray_ms / 1000)
    return held, words, "held" if strayed else "acoustic"


def evenly(phones: Sequence[Sequence[str]], times: Sequence[WordTime]) -> list[Segment]:
    """Each word's phones spread evenly over the corpus's time for it."""
    segments = []
    for number, (own, time) in enumerate(zip(phones, times, strict=True)):
        edges = np.linspace(time.start_s, time.end_s, len(own) + 1)
        segments += [
            Segment(phone, number, float(start), float(end))
            for phone, start, end in zip(own, edges, edges[1:], strict=False)
        ]
    return segments


def hold(segments: list[Segment], times: Sequence[WordTime], max_stray_s: float) -> tuple[list[Segment], bool]:
    """Word edges that stray further than ``max_stray_s`` from ``times`` are set to them, phones scaled in between."""
    spans = []
    strayed = False
    for number, time in enumerate(times):
        own = [segment for segment in segments if segment.word == number]
        edges = []
        for found, given in ((own[0].start_s, time.start_s), (own[-1].end_s, time.end_s)):
            far = abs(found - given) > max_stray_s
            strayed |= far
            edges.append(given if far else found)
        spans.append((own, edges))
    for (_, left), (_, right) in itertools.pairwise(spans):
        if left[1] > right[0]:
            left[1] = right[0] = (left[1] + right[0]) / 2
    held = []
    for own, (start, end) in spans:
        first, length = own[0].start_s, max(own[-1].end_s - own[0].start_s, 1e-6)
        scale = max(end - start, 1e-3) / length
        held += [
            replace(item, start_s=start + (item.start_s - first) * scale, end_s=start + (item.end_s - first) * scale)
            for item in own
        ]
    return held, strayed


def _textgrid(folder: Path, utterance: Utterance) -> Path:
    return folder / f"{Path(utterance.audio).stem}.TextGrid"
