"""The *synthesize* stage: every clip of a split said by the voice: mp4, wav, ``lips.npy`` and ``timeline.json``.

A baseline's voice has no sound: of its clips there are ``lips.npy`` and ``timeline.json``, and ``stop.json`` tells
after how many frames it took each to be over, and how many are due.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import write_wav
from avsynth.data.alignment import read_alignments
from avsynth.data.crops import write_frames
from avsynth.data.manifest import Split, Utterance
from avsynth.data.offsets import read_offsets
from avsynth.errors import UserError
from avsynth.files import read_json, write_json
from avsynth.recipe.context import Ledger, StageContext, progress
from avsynth.synthesis.clip_files import LIPS, SOUND, STOP, TIMELINE, VIDEO
from avsynth.synthesis.result import Synthesis
from avsynth.synthesis.synthesizer import AVSynthesizer
from avsynth.synthesis.voice import Voice
from avsynth.timeline import Timeline
from avsynth.video.reading import read_image

Durations = Literal["true", "recorded", "predicted", "wrong_text"]


@dataclass(frozen=True)
class SynthesisPlan:
    """What the options ask for."""

    durations: Durations
    """``true``: the recording's own; ``recorded``: these, and its picture's offset against its sound; ``predicted``;
    ``wrong_text``: another clip's text and durations, stretched to
    this clip's length (a control: lips alone)."""
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


def run(context: StageContext) -> Ledger:
    """Write ``synthesize/<durations>/<uid>/`` for every clip of the split; clips that are there already are kept."""
    plan = SynthesisPlan.of(context)
    alignments = read_alignments(context.alignments)
    wanted = [item for item in context.utterances() if item.split == plan.split]
    clips = [item for item in wanted if item.uid in alignments]
    textless = {item.uid for item in clips if plan.durations == "predicted" and not item.text}
    clips = [item for item in clips if item.uid not in textless]
    clips = clips[: plan.limit] if plan.limit else clips
    if not clips:
        raise UserError(f"the manifest has no aligned clip of split {plan.split}")
    ledger = Ledger(clips_in=len(wanted), clips_out=len(clips))
    for uid in textless:
        ledger.drop(uid, "no text: the corpus gives phones alone, and durations are predicted from text")
    voice = Voice.load(context.options.get("voice", context.voice))
    folder = context.synthesized / plan.durations
    info = {
        "split": plan.split,
        "identity": plan.identity,
        "vocoder": context.config.vocoder,
        "voice": voice.fingerprint,
        "sound": "yes" if plan.sound else "no",
    }
    _clear_if_stale(folder, info)
    synthesizer = AVSynthesizer(voice, device=context.device, vocoder=context.config.vocoder)
    offsets_s = read_offsets(context.offsets) if plan.durations == "recorded" else {}
    timelines = {item.uid: alignments[item.uid].timeline for item in clips}
    for number, item in enumerate(progress(clips, len(clips), f"synthesize {plan.durations}")):
        target = folder / item.uid
        if (target / TIMELINE).exists():
            continue
        timeline: Timeline | None = timelines[item.uid]
        if plan.durations == "wrong_text":
            timeline = stretched(timelines[clips[(number + 1) % len(clips)].uid], timelines[item.uid].total_hops)
        elif plan.durations == "predicted":
            timeline = None
        sound = voice.speaks and plan.sound
        # Lips alone, to given durations, are anybody's: they know from the identity image whose they are.
        heard = sound or timeline is None
        made = synthesizer(
            item.text if timeline is None else "",
            durations=timeline,
            identity=identity_image(context, plan, item),
            speaker=item.speaker if heard else None,
            sound=sound,
            lips_ahead_s=offsets_s.get(item.uid, 0.0),
            rests=False,  # what is made here is held against recordings
        )
        if made.stop_flags:
            target.mkdir(parents=True, exist_ok=True)
            write_json(target / STOP, {"flag": made.stop_flags[-1], "due": timelines[item.uid].lip_frames})
        _write(target, made, plan)
    stops = [read_json(path) for path in (folder / item.uid / STOP for item in clips) if path.exists()]
    if stops:
        ledger.notes["stops"] = count_stops([(stop["flag"], stop["due"]) for stop in stops])
    return ledger


def count_stops(stops: list[tuple[int | None, int]]) -> dict[str, float]:
    """From frames after which the stop flag rose and frames of the recording: how many clips end early, late, on time
    or never, and by how many frames those that end are wrong."""
    errors = [flag - due for flag, due in stops if flag is not None]
    return {
        "early": sum(error < 0 for error in errors),
        "on_time": sum(error == 0 for error in errors),
        "late": sum(error > 0 for error in errors),
        "never": len(stops) - len(errors),
        "mean_error_frames": round(sum(map(abs, errors)) / max(len(errors), 1), 2),
    }


def identity_image(context: StageContext, plan: SynthesisPlan, utterance: Utterance) -> NDArray[np.uint8] | None:
    """The identity of one clip ``(80, 160, 3)``; None for the voice's own."""
    if plan.identity == "neutral":
        return None
    if plan.identity != "first-frame":
        return read_image(Path(plan.identity))
    crops = context.clip_crops()
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
