"""The *align* stage: phone durations in mel hops for every clip, or a reason."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.aligner import ALIGN_RATE, AcousticAligner, Segment
from avsynth.audio.alignment_faults import alignment_fault
from avsynth.audio.io import read_mono, resample
from avsynth.config.reading import fingerprint, to_dict
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, Source, read_alignments, segments_to_timeline, write_alignments
from avsynth.data.crops import Crops
from avsynth.data.labels import labels_to_timeline
from avsynth.data.manifest import Utterance, WordTime
from avsynth.data.textgrid import read_textgrid
from avsynth.errors import UserError
from avsynth.evaluation.alignments import compare
from avsynth.evaluation.lip_reading import load_reader
from avsynth.files import write_json
from avsynth.lipreading.reader import WEIGHTS
from avsynth.recipe.changes import changed, content
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip
from avsynth.recipe.stages.lip_reader import aligning_reader, lip_segments
from avsynth.synthesis.sentences import timeline_in_letters
from avsynth.text import Word, default_frontend
from avsynth.timeline import Timeline
from vocoder.mel import MelConfig, mel_frames


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
    reader = aligning_reader(context) if context.config.align.source == "lips" else None
    context.alignments.parent.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(clips_in=sum(1 for _ in context.each_utterance()))
    results = context.map(context.shards(context.aligned), align_clip, clips(context, reader), ledger.clips_in, "align")
    distances: list[float] = []
    sources: Counter[str] = Counter()
    without_words = 0

    def kept() -> Iterator[Alignment]:
        nonlocal without_words
        for uid, result in results:
            if result.reason:
                ledger.drop(uid, result.reason)
                continue
            distances.extend(result.distances_ms)
            sources[result.alignment.source] += 1
            without_words += not result.alignment.timeline.words
            yield result.alignment

    write_alignments(context.alignments, kept())
    if not sources:
        first, reason = next(iter(ledger.dropped.items()), ("manifest", "it is empty"))
        context.alignments.unlink()
        raise UserError(f"no clip below {context.corpus} could be aligned; {first}: {reason}")
    ledger.clips_out = sources.total()
    ledger.notes |= {"sources": dict(sources), "without_words": without_words}
    if distances:
        ledger.notes["word_start_distance_ms"] = distance_summary(distances)
    if reader is not None:
        ledger.notes |= compare_with_sound(context, reader)
    return ledger


def clips(context: StageContext, reader: Path | None) -> Iterator[Clip]:
    """The clips to align, with what their alignments depend on."""
    config = context.config
    folder = Path(config.align.textgrid_dir)
    folder = folder if folder.is_absolute() else context.corpus / folder
    by_textgrid = config.align.source == "textgrid"
    judge = reader and content(reader / WEIGHTS)
    settings = fingerprint([to_dict(config.align), to_dict(config.mel), str(config.fps), config.tokens, judge])
    for item in context.each_utterance():
        textgrid = _textgrid(folder, item) if by_textgrid else None
        job = AlignJob(item, context.corpus / item.audio, config, textgrid, reader, context.clip_crops())
        state = (settings, replace(item, split="train"), textgrid and changed(textgrid))
        yield Clip(item.uid, fingerprint(state), job)


def compare_with_sound(context: StageContext, reader: Path) -> dict[str, Any]:
    """Align the same clips by their sound as well, only for comparison; write ``align/acoustic.jsonl`` and
    ``align/comparison.json``, and return the latter's figures: over all clips, and over those that the reader was not
    trained on.
    """
    by_sound = replace(context, config=replace(context.config, align=replace(context.config.align, source="acoustic")))
    utterances = context.utterances()
    shards = context.shards(context.aligned.with_name("acoustic"))
    heard = context.map(shards, align_clip, clips(by_sound, None), len(utterances), "align by sound")
    acoustic = {uid: result.alignment for uid, result in heard if not result.reason}
    write_alignments(context.alignments.with_name("acoustic.jsonl"), acoustic.values())
    learned = set(load_reader(reader).learned)
    words = {item.uid: item.words for item in utterances}
    own = dict(read_alignments(context.alignments))
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


def align_clip(job: AlignJob) -> AlignResult:
    """Align one clip by the route that the config names."""
    utterance, config = job.utterance, job.config
    try:
        by_labels = config.align.source == "labels" or (config.align.source == "given" and utterance.phones)
        timeline, source = labelled(job) if by_labels else found_in_recording(job)
        timeline = timeline if config.tokens == "phones" else timeline_in_letters(timeline)
    except UserError as error:
        return AlignResult(utterance.uid, None, f"not aligned: {error}")
    spoken = timeline.word_times()
    pairs = zip(spoken, utterance.words, strict=True) if len(spoken) == len(utterance.words) else ()
    distances = [(own[1] - other.start_s) * 1000 for own, other in pairs]
    return AlignResult(utterance.uid, Alignment(utterance.uid, source, timeline), distances_ms=tuple(distances))


def found_in_recording(job: AlignJob) -> tuple[Timeline, Source]:
    """Find the phones in the recording: by the acoustic aligner, a TextGrid of another aligner, or the lip reader."""
    config = job.config
    recording = read_mono(job.audio)
    source: Source
    if config.align.source == "lips":
        assert job.reader is not None and job.crops is not None
        segments, words = lip_segments(job.reader, job.crops, job.utterance)
        source = "lips"
    elif job.textgrid is not None:
        segments, words = read_textgrid(job.textgrid)
        source = "textgrid"
    else:
        segments, words, source = acoustic(job, resample(*recording, ALIGN_RATE))
    timeline = segments_to_timeline(
        segments,
        words,
        _total_hops(config.mel, *recording),
        config.mel.sample_rate,
        config.mel.hop_length,
        config.fps,
        config.align.min_silence_ms / 1000,
    )
    return timeline, source


def labelled(job: AlignJob) -> tuple[Timeline, Source]:
    """Take the corpus's own phone times, and assign the words of the text to them; :class:`UserError` where there are
    none."""
    utterance, config = job.utterance, job.config
    if not utterance.phones:
        raise UserError("the corpus gives no phone times: align.source=labels needs them, acoustic does not")
    words: list[Word] = []
    if utterance.text:
        words = default_frontend(config.language).phonemise(utterance.text).spoken
    mel = config.mel
    total = _total_hops(mel, *read_mono(job.audio))
    return labels_to_timeline(utterance.phones, words, total, mel.sample_rate, mel.hop_length, config.fps), "labels"


def _total_hops(mel: MelConfig, sound: NDArray[np.float32], sample_rate: int) -> int:
    return mel_frames(len(resample(sound, sample_rate, mel.sample_rate)), mel)


def acoustic(job: AlignJob, sound: NDArray[np.float32]) -> tuple[list[Segment], list[Word], Source]:
    """Phones of a sound at :data:`ALIGN_RATE` by the acoustic aligner; words that stray from the corpus's own times, if
    it has any, are moved onto them.

    Raises :class:`UserError` where the corpus has no word times and the aligner finds no path, or one that cannot be
    right (:func:`alignment_fault`).
    """
    words = default_frontend(job.config.language).phonemise(job.utterance.text).spoken
    phones = [word.phones for word in words]
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
