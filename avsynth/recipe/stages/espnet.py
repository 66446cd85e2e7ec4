"""Data folders for ESPnet written from an experiment, and read in place of the *data* and *align* stages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

from avsynth.audio.io import open_media, read_audio, write_wav
from avsynth.config.schema import Config
from avsynth.data.alignment import Alignment, read_alignments, write_alignments
from avsynth.data.clips import CHECK_RATE, look
from avsynth.data.espnet.folders import kaldi_ids, own_id, to_durations, to_timeline, word_times
from avsynth.data.espnet.kaldi import Entry, Timed, read_folder, write_folder
from avsynth.data.manifest import PhoneTime, Split, Utterance, WordTime, read_manifest, write_manifest
from avsynth.errors import UserError
from avsynth.files import atomic_path
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.parallel import parallel
from avsynth.timeline import Timeline

SOUND_FILES = {".wav", ".flac"}
"""Kinds of sound files that ESPnet certainly reads."""


SET_OPTIONS: dict[Split, str] = {"train": "train-set", "validation": "valid-set", "test": "test-sets"}
"""The options that name the folders of a split, after ESPnet's own."""


@dataclass(frozen=True)
class Export:
    """What to write, and where."""

    corpus: Path
    exp: Path
    out: Path
    """A new folder: one data folder per split, and ``wav`` for sounds that ESPnet could not read where they lie."""
    root: Path | None = None
    """The folder where ESPnet's recipe is run, from which relative paths count; None for absolute ones."""
    jobs: int = 2


@dataclass(frozen=True)
class SoundJob:
    """The sound of one clip, and where to write it if need be."""

    uid: str
    audio: Path
    written: Path
    """To be written to; it becomes ``final`` when all is done."""
    final: Path
    timeline: Timeline


@dataclass(frozen=True)
class Sound:
    """A clip's sound file and durations, or why it is left out."""

    uid: str
    path: Path
    durations: tuple[int, ...] = ()
    reason: str = ""


def export(plan: Export) -> Ledger:
    """Write a data folder for each split that has aligned clips."""
    if plan.out.exists() and (not plan.out.is_dir() or any(plan.out.iterdir())):
        raise UserError(f"--out {plan.out} is there already: name a new folder")
    manifest, alignments = plan.exp / "data" / "manifest.jsonl", plan.exp / "align" / "alignments.jsonl"
    utterances, aligned = read_manifest(manifest), read_alignments(alignments)
    ledger = Ledger(clips_in=len(utterances))
    for item in utterances:
        if item.uid not in aligned:
            ledger.drop(item.uid, "not aligned")
    kept = [item for item in utterances if item.uid in aligned]
    if not kept:
        raise UserError(f"{alignments} has no clip of {manifest}")
    ids = kaldi_ids(kept)
    out = plan.out.absolute()
    with atomic_path(out) as temporary:
        temporary.mkdir(parents=True)
        jobs = [
            SoundJob(
                item.uid,
                plan.corpus.absolute() / item.audio,
                temporary / "wav" / f"{ids[item.uid]}.wav",
                out / "wav" / f"{ids[item.uid]}.wav",
                aligned[item.uid].timeline,
            )
            for item in kept
        ]
        sounds = {sound.uid: sound for sound in parallel(place_sound, jobs, plan.jobs, "espnet export")}
        for sound in sounds.values():
            if sound.reason:
                ledger.drop(sound.uid, sound.reason)
        for split in get_args(Split):
            entries = [
                to_entry(item, aligned[item.uid], sounds[item.uid], ids[item.uid], plan)
                for item in kept
                if item.split == split and not sounds[item.uid].reason
            ]
            if entries:
                write_folder(temporary / split, entries)
                ledger.notes[split] = len(entries)
        if not ledger.notes:
            raise UserError(f"no clip could be exported; {kept[0].uid}: {ledger.dropped[kept[0].uid]}")
    ledger.clips_out = sum(ledger.notes.values())
    return ledger


def place_sound(job: SoundJob) -> Sound:
    """Refer to a sound in place if ESPnet can read it as it is, else write a wav at the timeline's rate."""
    try:
        samples = read_audio(job.audio, job.timeline.sample_rate)
        durations = to_durations(job.timeline, len(samples))
        if readable(job.audio, job.timeline.sample_rate):
            return Sound(job.uid, job.audio, durations)
        job.written.parent.mkdir(exist_ok=True)
        write_wav(job.written, samples, job.timeline.sample_rate)
    except UserError as error:
        return Sound(job.uid, job.audio, reason=f"not exported: {error}")
    return Sound(job.uid, job.final, durations)


def readable(path: Path, sample_rate: int) -> bool:
    """Whether this is a mono wav or flac at that rate, its path without blanks."""
    if path.suffix.lower() not in SOUND_FILES or str(path).split() != [str(path)]:
        return False
    with open_media(path) as container:
        streams = container.streams
        if len(streams) != 1 or not streams.audio:
            return False
        return streams.audio[0].rate == sample_rate and streams.audio[0].channels == 1


def to_entry(item: Utterance, alignment: Alignment, sound: Sound, uid: str, plan: Export) -> Entry:
    """An utterance as an entry of a data folder."""
    return Entry(
        uid=uid,
        speaker=item.speaker,
        audio=_path(sound.path, plan.root),
        video=_path(plan.corpus.absolute() / item.video, plan.root) if item.video else None,
        text=item.text,
        tokens=alignment.timeline.phones,
        durations=sound.durations,
        words=word_times(alignment.timeline),
        corpus_words=tuple(Timed(word.text, word.start_s, word.end_s) for word in item.words),
        corpus_phones=tuple(Timed(phone.phone, phone.start_s, phone.end_s) for phone in item.phones),
    )


def _path(path: Path, root: Path | None) -> str:
    inside = root is not None and path.is_relative_to(root.absolute())
    return str(path.relative_to(root.absolute()) if root is not None and inside else path)


@dataclass(frozen=True)
class MeasureJob:
    """One utterance of a data folder, to be measured for the manifest."""

    entry: Entry
    uid: str
    split: Split
    audio: Path
    video: Path | None
    corpus: Path
    config: Config
    sample_rate: int = 0
    hop_length: int = 0
    """Hop length of ``durations`` in samples."""


@dataclass(frozen=True)
class Measured:
    """The result: an utterance or an alignment, or the reason why there is none."""

    uid: str
    utterance: Utterance | None = None
    alignment: Alignment | None = None
    reason: str = ""


def read_sets(context: StageContext) -> Mapping[Split, Sequence[Entry]]:
    """The data folders that the options name, by split.

    Raises :class:`UserError` for a folder that does not exist, sets that overlap, or durations in only some of them.
    """
    sets: dict[Split, list[Entry]] = {}
    for split, option in SET_OPTIONS.items():
        folders = [context.corpus / name for name in context.options.get(option, split).split()]
        missing = [folder.name for folder in folders if not folder.is_dir()]
        if missing and (split == "train" or option in context.options):
            there = " ".join(sorted(path.parent.name for path in context.corpus.glob("*/wav.scp"))) or "none"
            raise UserError(
                f"--data {context.corpus} has no data folder {missing[0]!r}: name yours with --train-set, --valid-set"
                f" and --test-sets (there: {there})"
            )
        sets[split] = [entry for folder in folders if folder.is_dir() for entry in read_folder(folder)]
    entries = [entry for own in sets.values() for entry in own]
    uid, count = Counter(own_id(entry.uid, entry.speaker) for entry in entries).most_common(1)[0]
    if count > 1:
        raise UserError(f"--data {context.corpus}: {uid} is in two sets: name sets that do not overlap")
    if len({bool(entry.durations) for entry in entries}) > 1:
        raise UserError(
            f"--data {context.corpus}: some sets have durations and some have none: give all of them or none"
        )
    return sets


def has_durations(sets: Mapping[Split, Sequence[Entry]]) -> bool:
    """Whether the folders say how long each phone is."""
    return any(entry.durations for own in sets.values() for entry in own)


def import_data(context: StageContext) -> Ledger:
    """Write ``data/manifest.jsonl``, as the *data* stage does."""
    ledger = Ledger()
    utterances = []
    for measured in parallel(measure, list(_jobs(context)), context.jobs, "data"):
        ledger.clips_in += 1
        if measured.utterance is None:
            ledger.drop(measured.uid, measured.reason)
        else:
            utterances.append(measured.utterance)
    if not utterances:
        uid, reason = next(iter(ledger.dropped.items()))
        raise UserError(f"none of the {ledger.clips_in} utterances of {context.corpus} can be used; {uid}: {reason}")
    write_manifest(context.manifest, utterances)
    ledger.clips_out = len(utterances)
    ledger.notes |= Counter(item.split for item in utterances)
    ledger.notes["without_text"] = sum(not item.text for item in utterances)
    return ledger


def import_alignments(context: StageContext) -> Ledger:
    """Write ``align/alignments.jsonl`` from ``durations``, as the *align* stage does."""
    known = {item.uid for item in context.utterances()}
    jobs = [job for job in _jobs(context) if job.uid in known]
    ledger = Ledger(clips_in=len(jobs))
    alignments = []
    for aligned in parallel(align, jobs, context.jobs, "align"):
        if aligned.alignment is None:
            ledger.drop(aligned.uid, aligned.reason)
        else:
            alignments.append(aligned.alignment)
    if not alignments:
        uid, reason = next(iter(ledger.dropped.items()))
        raise UserError(f"no durations of {context.corpus} can be used; {uid}: {reason}")
    write_alignments(context.alignments, alignments)
    ledger.clips_out = len(alignments)
    ledger.notes["sources"] = {"espnet": len(alignments)}
    ledger.notes["without_words"] = sum(not item.timeline.words for item in alignments)
    return ledger


def measure(job: MeasureJob) -> Measured:
    """Read an utterance's sound, and its video if it has one."""
    entry = job.entry
    try:
        sound = read_audio(job.audio, CHECK_RATE)
        pictures = look(job.video) if job.video else None
    except UserError as error:
        return Measured(job.uid, reason=f"unreadable: {error}")
    utterance = Utterance(
        uid=job.uid,
        speaker=entry.speaker,
        text=entry.text,
        audio=_inside(job.audio, job.corpus),
        video=_inside(job.video, job.corpus) if job.video else None,
        words=tuple(WordTime(*word) for word in entry.corpus_words),
        audio_s=round(len(sound) / CHECK_RATE, 4),
        lip_frames=pictures.count if pictures else 0,
        fps=str(pictures.fps if pictures else job.config.fps),
        split=job.split,
        phones=tuple(PhoneTime(*phone) for phone in entry.corpus_phones),
    )
    return Measured(job.uid, utterance=utterance)


def align(job: MeasureJob) -> Measured:
    """Turn an utterance's durations into a timeline of the config's clock."""
    mel = job.config.mel
    try:
        sound_s = Fraction(len(read_audio(job.audio, mel.sample_rate)), mel.sample_rate)
        timeline = to_timeline(job.entry, sound_s, job.sample_rate, job.hop_length, mel, job.config.fps)
    except UserError as error:
        return Measured(job.uid, reason=f"not aligned: {error}")
    return Measured(job.uid, alignment=Alignment(job.uid, "espnet", timeline))


def _jobs(context: StageContext) -> Iterator[MeasureJob]:
    mel = context.config.mel
    root = Path(context.options["root"]).absolute()
    for split, entries in read_sets(context).items():
        for entry in entries:
            audio = _existing(root, entry.audio, entry.uid)
            video = _existing(root, entry.video, entry.uid) if entry.video else None
            uid = own_id(entry.uid, entry.speaker)
            rate = int(context.options.get("durations-rate", mel.sample_rate))
            hop = int(context.options.get("durations-hop", mel.hop_length))
            yield MeasureJob(entry, uid, split, audio, video, context.corpus.absolute(), context.config, rate, hop)


def _existing(root: Path, name: str, uid: str) -> Path:
    path = root / name
    if not path.is_file():
        raise UserError(f"{uid}: there is no file {path}; --root names the folder from which relative paths count")
    return path


def _inside(path: Path, corpus: Path) -> str:
    return path.relative_to(corpus).as_posix() if path.is_relative_to(corpus) else str(path)
