"""The *synthesize* stage: every clip of a split said by the voice: mp4, wav, ``lips.npy`` and ``timeline.json``.

A baseline's voice has no sound: its clips have ``lips.npy`` and ``timeline.json``, and ``stop.json`` holds after how
many frames the stop flag rose in each clip, and how many frames the recording has.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import write_wav
from avsynth.config.reading import fingerprint
from avsynth.data.crops import Crops, write_frames
from avsynth.data.manifest import Split, Utterance
from avsynth.data.offsets import Offsets
from avsynth.data.shards import hash64
from avsynth.errors import UserError
from avsynth.files import read_json, write_json
from avsynth.recipe.context import Ledger, StageContext
from avsynth.recipe.executors.tasks import Clip, Failure
from avsynth.synthesis.clip_files import LIPS, SOUND, STOP, TIMELINE, VIDEO
from avsynth.synthesis.result import Synthesis
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline
from avsynth.video.reading import read_image

Durations = Literal["true", "recorded", "predicted", "wrong_text"]
LEDGERS = ".clips"
"""The folder of the ledgers of finished clips."""


@dataclass(frozen=True)
class SynthesisPlan:
    """What the options ask for."""

    durations: Durations
    """``true``: the recording's own durations. ``recorded``: the same, and the lips are also shifted by the recording's
    own A/V offset. ``predicted``: the model's. ``wrong_text``: another clip's text and durations, stretched to this
    clip's length (a control row, lips only)."""
    identity: str
    """``first-frame`` of the clip itself, ``neutral`` (the voice's own), or an image file."""
    split: Split
    limit: int
    video: bool
    sound: bool

    @classmethod
    def of(cls, context: StageContext) -> SynthesisPlan:
        """Read and check the options."""
        options = context.options
        durations, split = options.get("durations", "true"), options.get("split", "validation")
        if durations not in get_args(Durations):
            raise UserError(f"--durations must be one of {', '.join(get_args(Durations))}, not {durations!r}")
        if split not in get_args(Split):
            raise UserError(f"--split must be one of {', '.join(get_args(Split))}, not {split!r}")
        limit = options.get("limit", "0")
        if not limit.isdigit():
            raise UserError(f"--limit must be a whole number, not {limit!r}")
        video, sound = (options.get(name, "yes") != "no" for name in ("video", "sound"))
        identity = options.get("identity", "first-frame")
        return cls(durations, identity, split, int(limit), video, sound and durations != "wrong_text")  # type: ignore[arg-type]


@dataclass(frozen=True)
class SayJob:
    """One clip to be synthesised."""

    utterance: Utterance
    timeline: Timeline | None
    """None where the durations are predicted."""
    due: int
    """Number of lip frames of the recording."""
    target: Path
    plan: SynthesisPlan
    voice: str
    vocoder: str
    device: str
    crops: Crops
    lips_ahead_s: float


def run(context: StageContext) -> Ledger:
    """Write ``synthesize/<durations>/<uid>/`` for every clip of the split; clips that are there already are kept."""
    plan = SynthesisPlan.of(context)
    ledger = Ledger()
    wanted: list[tuple[Utterance, Timeline]] = []
    for item, alignment in context.each_aligned():
        if item.split != plan.split:
            continue
        ledger.clips_in += 1
        if alignment is not None and plan.durations == "predicted" and not item.text:
            ledger.drop(item.uid, "no text: the corpus gives phones alone, and durations are predicted from text")
        elif alignment is not None and not (plan.limit and len(wanted) == plan.limit):
            wanted.append((item, alignment.timeline))
    if not wanted:
        raise UserError(f"the manifest has no aligned clip of split {plan.split}")
    voice_path = context.options.get("voice", str(context.voice))
    voice = Voice.load(voice_path)
    folder = context.synthesized / plan.durations
    info = {
        "split": plan.split,
        "identity": plan.identity,
        "vocoder": context.config.vocoder,
        "vocoder_weights": str(voice.weights_for(context.config.vocoder) or ""),
        "voice": voice.fingerprint,
        "sound": "yes" if plan.sound else "no",
    }
    _clear_if_stale(folder, info)
    offsets = Offsets(context.offsets) if plan.durations == "recorded" else None
    if offsets is not None and not len(offsets):
        raise UserError(
            "--durations recorded needs each picture's offset against its sound, which is learned from training clips,"
            " and this corpus has none: --durations true takes pictures as they are"
        )

    def clips() -> Iterator[Clip]:
        for number, (item, timeline) in enumerate(wanted):
            said: Timeline | None = timeline
            if plan.durations == "wrong_text":
                said = stretched(wanted[(number + 1) % len(wanted)][1], timeline.total_hops)
            elif plan.durations == "predicted":
                said = None
            target, ahead_s = folder / item.uid, 0.0 if offsets is None else offsets.find(hash64(item.uid))
            job = SayJob(
                item,
                said,
                timeline.lip_frames,
                target,
                plan,
                str(voice_path),
                context.config.vocoder,
                context.device,
                context.clip_crops(),
                ahead_s,
            )
            yield Clip(item.uid, f"{fingerprint(info)} {(target / TIMELINE).exists()}", job)

    shards = context.shards(folder / LEDGERS)
    stops = []
    for uid, made in context.map(shards, say, clips(), len(wanted), f"synthesize {plan.durations}"):
        if isinstance(made, Failure):
            ledger.drop(uid, made.reason)
        elif made:
            stops.append(made)
    ledger.clips_out = len(wanted) - sum(item.uid in ledger.dropped for item, _ in wanted)
    if stops:
        ledger.notes["stops"] = count_stops(stops)
    return ledger


@lru_cache(maxsize=1)
def _synthesizer(voice: str, device: str, vocoder: str) -> AVSynthesizer:
    return AVSynthesizer(Voice.load(voice), device=device, vocoder=vocoder)


def say(job: SayJob) -> tuple[int | None, int] | None:
    """Say one clip, unless it is there; when a baseline stopped, and when it should have."""
    if not (job.target / TIMELINE).exists():
        _say(job)
    if not (job.target / STOP).exists():
        return None
    stop = read_json(job.target / STOP)
    return stop["flag"], stop["due"]


def _say(job: SayJob) -> None:
    synthesizer = _synthesizer(job.voice, job.device, job.vocoder)
    sound = synthesizer.voice.speaks and job.plan.sound
    # Lips alone, with given durations, need no known speaker: the identity image tells whose mouth to draw.
    heard = sound or job.timeline is None
    made = synthesizer(
        job.utterance.text if job.timeline is None else "",
        durations=job.timeline,
        identity=identity_image(job.crops, job.plan, job.utterance),
        speaker=job.utterance.speaker if heard else None,
        sound=sound,
        lips_ahead_s=job.lips_ahead_s,
        rests=False,  # what is made here is held against recordings
        opening=1.0,
    )
    if made.stop_flags:
        job.target.mkdir(parents=True, exist_ok=True)
        write_json(job.target / STOP, {"flag": made.stop_flags[-1], "due": job.due})
    _write(job.target, made, job.plan)


def count_stops(stops: list[tuple[int | None, int]]) -> dict[str, float]:
    """From pairs (frames after which the stop flag rose, frames of the recording): how many clips end early, late, on
    time or never, and the mean error in frames of those that end."""
    errors = [flag - due for flag, due in stops if flag is not None]
    return {
        "early": sum(error < 0 for error in errors),
        "on_time": sum(error == 0 for error in errors),
        "late": sum(error > 0 for error in errors),
        "never": len(stops) - len(errors),
        "mean_error_frames": round(sum(map(abs, errors)) / max(len(errors), 1), 2),
    }


def identity_image(crops: Crops, plan: SynthesisPlan, utterance: Utterance) -> NDArray[np.uint8] | None:
    """The identity of one clip ``(80, 160, 3)``; None for the voice's own."""
    if plan.identity == "neutral":
        return None
    if plan.identity != "first-frame":
        return read_image(Path(plan.identity))
    return crops.first(utterance.uid) if utterance.uid in crops else None


def stretched(timeline: Timeline, total_hops: int) -> Timeline:
    """A timeline scaled to a total, each boundary rounded once; a phone may shrink to nothing."""
    edges = np.concatenate([[0], np.cumsum(timeline.hops)]) * (total_hops / timeline.total_hops)
    hops = np.diff(np.rint(edges).astype(int))
    return replace(timeline, hops=tuple(int(value) for value in hops))


def _write(target: Path, made: Synthesis, plan: SynthesisPlan) -> None:
    target.mkdir(parents=True, exist_ok=True)
    write_frames(target / LIPS, made.lip_frames)
    if len(made.waveform):
        write_wav(target / SOUND, made.waveform, made.sample_rate)
        if plan.video:
            made.save(target / VIDEO)
    write_json(target / TIMELINE, made.timeline.to_dict())


def _clear_if_stale(folder: Path, info: dict[str, str]) -> None:
    """Clips made by another voice, for another split or with another identity are removed."""
    path = folder / "info.json"
    if folder.exists() and (not path.exists() or read_json(path) != info):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(path, info)
