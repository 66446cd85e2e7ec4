"""The *evaluate* stage: synthesised clips against their recordings: tables with control rows, sheets, plots."""

from __future__ import annotations

import filecmp
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from avsynth.audio.io import read_audio
from avsynth.config.reading import fingerprint
from avsynth.config.schema import Config
from avsynth.data.crops import read_frames
from avsynth.data.shards import Shards
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.evaluation.clip import ClipJob, ClipResult, evaluate_clip
from avsynth.evaluation.clip_pictures import OURS
from avsynth.evaluation.clip_sound import SoundTools, measure_mel
from avsynth.evaluation.figures import SheetClip, comparison_sheet, mel_comparison, plot_over_time
from avsynth.evaluation.frechet import load_inception
from avsynth.evaluation.pictures import ShapeProjection, shape_agreement
from avsynth.evaluation.report import Section, command, commit, make_section
from avsynth.evaluation.sheets import even_instants, write_png
from avsynth.evaluation.tables import Heading
from avsynth.files import read_json, write_json, write_text
from avsynth.lipreading.reader import WEIGHTS, LipReader
from avsynth.recipe.changes import changed
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip
from avsynth.synthesis.clip_files import LIPS, SOUND, TIMELINE
from avsynth.training.validation import roi_of

MODES = ("true", "recorded", "predicted")
WRONG_TEXT = "wrong_text"
SHEET_CLIPS = 5
_OFF = ("no", "false", "0", "off")


@dataclass(frozen=True)
class EvaluationPlan:
    """What is to be measured, and what is left out because a package is missing."""

    modes: tuple[str, ...]
    limit: int
    landmarks: bool
    tools: SoundTools
    vocoded: bool
    lip_reader: Path | None = None
    inception: Path | None = None
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, context: StageContext) -> EvaluationPlan:
        """Read the options ``durations`` (by default whichever are there), ``limit``, ``landmarks``, ``pitch``,
        ``vocoded``, ``mos``, ``lip-reader`` and ``inception-weights``, and look for the packages."""
        options = context.options
        asked = [options["durations"]] if options.get("durations") in MODES else MODES
        modes = tuple(mode for mode in asked if (context.synthesized / mode).is_dir())
        if not modes:
            raise UserError(
                f"nothing with {' or '.join(asked)} durations is synthesised below {context.synthesized}: "
                "run the synthesize stage first"
            )
        limit = options.get("limit", "0")
        if not limit.isdigit():
            raise UserError(f"--limit must be a whole number, not {limit!r}")
        left_out: list[str] = []

        def wanted(option: str, default: bool, what: str, *packages: str) -> bool:
            if option and options.get(option, "yes" if default else "no").lower() in _OFF:
                return False
            missing = [package for package in packages if find_spec(package) is None]
            if missing:
                left_out.append(f"{what} left out: {', '.join(missing)} is not installed")
            return not missing

        landmarks = wanted("landmarks", True, "landmark measures", "dlib", "face_recognition_models")
        recognise = wanted("", True, "word errors and phone errors", "pocketsphinx")
        mos = wanted("mos", False, "predicted MOS", "speechmos")
        tools = SoundTools(recognise, recognise, wanted("pitch", True, "pitch errors", "librosa"), mos=mos)
        vocoded = wanted("vocoded", False, "the row vocoded")
        lip_reader = judging_reader(context)
        if lip_reader is None:
            left_out.append("lip reading left out: no --lip-reader is given")
        inception = Path(options["inception-weights"]) if "inception-weights" in options else None
        if inception is None:
            left_out.append("FID left out: no --inception-weights is given")
        else:
            load_inception(inception)
        return cls(modes, int(limit), landmarks, tools, vocoded, lip_reader, inception, left_out)


def run(context: StageContext) -> Ledger:
    """Write ``evaluate/metrics.json``, ``tables.md``, sheets, mels and plots from what is synthesised."""
    plan = EvaluationPlan.of(context)
    for line in plan.left_out:
        print(f"evaluate: {line}", file=sys.stderr)
    ledger = Ledger()
    ledger.notes["left_out"] = plan.left_out
    context.evaluated.mkdir(parents=True, exist_ok=True)
    sections, code = [], commit()
    for mode in plan.modes:
        info = read_info(context, mode)
        jobs = clip_jobs(context, plan, mode, info)
        ledger.clips_in += len(jobs)
        results = []
        clips = (Clip(job.utterance.uid, state_of(job), job) for job in jobs)
        shards = context.shards(context.evaluated / "clips" / mode)
        for uid, result in context.map(shards, evaluate_clip, clips, len(jobs), f"evaluate {mode}"):
            if result.reason:
                ledger.drop(f"{mode}/{uid}", result.reason)
            else:
                results.append(result)
        if not results:
            raise UserError(f"no clip of {context.synthesized / mode} could be measured: {_first_reason(ledger)}")
        ledger.clips_out += len(results)
        section = make_section(mode, results, heading(context, info, code))
        sections.append(section)
        draw(context, mode, jobs, results)
    write_report(context.evaluated, sections, plan.left_out)
    return ledger


def judging_reader(context: StageContext) -> Path | None:
    """The folder of the lip reader that ``--lip-reader`` names; :class:`UserError` if it is the one that aligned, reads
    at another frame rate, or is none."""
    if "lip-reader" not in context.options:
        return None
    folder = Path(context.options["lip-reader"])
    reader = LipReader.load(folder)
    if reader.spec.fps != context.config.fps:
        raise UserError(f"--lip-reader {folder} reads {reader.spec.fps} frames a second, not {context.config.fps}")
    for aligned in (context.reader, Path(context.config.reader.path)):
        if (aligned / WEIGHTS).exists() and filecmp.cmp(aligned / WEIGHTS, folder / WEIGHTS, shallow=False):
            raise UserError(f"--lip-reader {folder} is the reader that aligned: judge with another (avsynth read-lips)")
    return folder


def read_info(context: StageContext, mode: str) -> Mapping[str, Any]:
    """What the synthesize stage recorded about its clips; :class:`UserError` if another split is asked for."""
    path = context.synthesized / mode / "info.json"
    info: Mapping[str, Any] = read_json(path)
    split = context.options.get("split")
    if split is not None and split != info.get("split"):
        raise UserError(f"--split {split}, but {path.parent} holds clips of the {info.get('split')} split")
    return info


def clip_jobs(context: StageContext, plan: EvaluationPlan, mode: str, info: Mapping[str, Any]) -> list[ClipJob]:
    """A job for every clip that was synthesised with these durations and is in the manifest and aligned."""
    stats = Stats.load(context.stats)
    folder, crops = context.synthesized / mode, context.clip_crops()
    clips = [
        (item, alignment.timeline)
        for item, alignment in context.each_aligned()
        if alignment is not None and (folder / item.uid / TIMELINE).exists()
    ]
    clips = clips[: plan.limit] if plan.limit else clips
    if not clips:
        raise UserError(f"{folder} holds no clip of the manifest: run the synthesize stage again")
    vocoder = str(info.get("vocoder", context.config.vocoder)) if plan.vocoded and mode == plan.modes[0] else None
    weights = Path(info["vocoder_weights"]) if info.get("vocoder_weights") else None
    tools = replace(plan.tools, vocoder=vocoder, vocoder_weights=weights)

    def existing(path: Path) -> Path | None:
        return path if path.is_file() else None

    return [
        ClipJob(
            utterance=item,
            true=timeline,
            folder=folder / item.uid,
            corpus=context.corpus,
            crops=crops if item.uid in crops else None,
            wrong_text=existing(context.synthesized / WRONG_TEXT / item.uid / LIPS),
            config=context.config,
            roi=roi_of(stats, context.config),
            predicted=mode == "predicted",
            identity_first=info.get("identity") == "first-frame",
            landmarks=plan.landmarks,
            tools=tools,
            lip_reader=plan.lip_reader,
            inception=plan.inception,
        )
        for item, timeline in clips
    ]


def state_of(job: ClipJob) -> str:
    """A text that changes when a clip's files, the settings or the recording change, so that it has to be measured
    again."""
    files = (job.folder / LIPS, job.folder / SOUND, job.folder / TIMELINE, job.wrong_text)
    row = None if job.crops is None else Shards(job.crops.folder).row(job.utterance.uid)
    plain = replace(job, crops=None, config=Config())
    settings = fingerprint(job.config)
    return fingerprint(
        [repr(plain), settings, [item and changed(item) for item in files], row is not None and row.tolist()]
    )


def heading(context: StageContext, info: Mapping[str, Any], code: str) -> Heading:
    """The facts above every table; ``code`` is the commit. Each table fills in its own count."""
    identity = str(info.get("identity", "unknown"))
    if identity == "first-frame":
        identity = "the clip's own first frame, left out of every mean"
    elif identity == "neutral":
        identity = "neutral: the voice's own picture"
    corpus = context.config.voice.corpus or context.corpus.name
    return Heading(
        clips=f"{corpus}, {info.get('split', 'unknown')} split",
        count=0,
        durations="",
        identity=identity,
        commit=code,
        command=command(),
        roi=roi_of(Stats.load(context.stats), context.config),
    )


def write_report(folder: Path, sections: Sequence[Section], left_out: Sequence[str]) -> None:
    """``metrics.json`` and ``tables.md``."""
    write_json(folder / "metrics.json", {"left_out": list(left_out), "sections": [item.to_json() for item in sections]})
    notes = [f"- {line}" for line in left_out]
    text = "\n".join([item.markdown() for item in sections] + ([*notes, ""] if notes else []))
    write_text(folder / "tables.md", text)


def draw(context: StageContext, mode: str, jobs: Sequence[ClipJob], results: Sequence[ClipResult]) -> None:
    """The contact sheet, the mels of one clip and the curves over time; what a clip lacks is not drawn."""
    by_uid = {job.utterance.uid: job for job in jobs}
    seen = [item for item in results if item.pictures is not None]
    shown = [by_uid[seen[index].uid] for index in even_instants(len(seen), SHEET_CLIPS)]
    if shown:
        clips = [
            SheetClip(job.utterance.uid, job.crops.frames(job.utterance.uid), read_frames(job.folder / LIPS), job.true)
            for job in shown
            if job.crops is not None
        ]
        write_png(comparison_sheet(clips), context.evaluated / f"sheet_{mode}.png")
        _draw_curves(context, mode, seen, by_uid)
    heard = [by_uid[item.uid] for item in results if item.sound is not None]
    if heard:
        mel = context.config.mel
        sounds = (context.corpus / heard[0].utterance.audio, heard[0].folder / SOUND)
        mels = [measure_mel(read_audio(path, mel.sample_rate), mel) for path in sounds]
        write_png(mel_comparison(mels[0], mels[1]), context.evaluated / f"mel_{mode}.png")


def _draw_curves(context: StageContext, mode: str, results: Sequence[ClipResult], jobs: Mapping[str, ClipJob]) -> None:
    if find_spec("matplotlib") is None:
        print("evaluate: curves over time left out: matplotlib is not installed", file=sys.stderr)
        return
    pictures = [item.pictures for item in results if item.pictures is not None]
    psnr = {row: [item.psnr_T[row] for item in pictures if row in item.psnr_T] for row in pictures[0].psnr_T}
    shapes = [ShapeProjection(item.shape_generated_T, item.shape_real_T) for item in pictures]
    agreement = {OURS: [shape_agreement(item) for item in shapes]}
    first = results[0].uid, shapes[0].generated, shapes[0].real
    fps = float(jobs[results[0].uid].true.fps)
    plot_over_time(context.evaluated / f"over_time_{mode}.png", psnr, agreement, fps, first)


def _first_reason(ledger: Ledger) -> str:
    return next(iter(ledger.dropped.values()), "none is finished")
