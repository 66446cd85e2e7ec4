"""A text into files: mp4, wav and timeline, sentence by sentence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from avsynth.audio.io import write_wav
from avsynth.errors import UserError
from avsynth.synthesis import AVSynthesizer, Synthesis, provenance
from avsynth.timeline import Timeline, parse_fps
from avsynth.timeline_formats import formatter, read_timeline, write_timeline
from avsynth.video.writing import Mp4Writer

SCALES = range(1, 13)
VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov")


@dataclass(frozen=True)
class SayJob:
    """What ``avsynth say`` was asked for; see its help."""

    text: str
    output: Path
    voice: str = "grid_s1"
    identity: Path | None = None
    vocoder: str | None = None
    vocoder_checkpoint: Path | None = None
    speed: float = 1.0
    pitch: float = 0.0
    fps: str | None = None
    durations: Path | None = None
    timeline: Path | None = None
    wav: Path | None = None
    lexicon: Path | None = None
    scale: int = 4
    device: str = "auto"

    def check(self) -> None:
        """What can be known to fail is refused before any work: :class:`UserError`."""
        if self.output.suffix.lower() not in VIDEO_SUFFIXES:
            raise UserError(f"--output {self.output} must end in .mp4")
        if self.scale not in SCALES:
            raise UserError(f"--scale must be a whole number from {SCALES[0]} to {SCALES[-1]}, not {self.scale}")
        if self.durations is None and not self.text.strip():
            raise UserError("nothing to say: the text is empty")
        if self.fps is not None:
            parse_fps(self.fps)
        if self.timeline is not None and self.timeline.suffix != ".json":
            formatter(self.timeline)
        for path in (self.output, self.timeline, self.wav):
            if path is not None and not path.parent.is_dir():
                raise UserError(f"cannot write {path}: there is no folder {path.parent}")


def say_to_files(job: SayJob) -> str:
    """Say it, in memory that does not grow with the text; one line that tells what was written."""
    job.check()
    asked = read_timeline(job.durations) if job.durations is not None else None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        synthesizer = AVSynthesizer.from_pretrained(
            job.voice,
            device=job.device,
            vocoder=job.vocoder,
            vocoder_checkpoint=job.vocoder_checkpoint,
            lexicon=job.lexicon,
        )
        pieces = synthesizer.stream(
            job.text,
            speed=job.speed,
            pitch=job.pitch,
            fps=job.fps,
            identity=job.identity,
            timeline=asked,
        )
        first = next(pieces)
    _tell({str(item.message) for item in caught if item.category is UserWarning})
    timeline, sound = _write_video(job, first, pieces)
    if job.wav is not None:
        write_wav(job.wav, sound, timeline.sample_rate)
    if job.timeline is not None:
        write_timeline(timeline, job.timeline)
    seconds = float(Fraction(timeline.lip_frames) / timeline.fps)
    return f"{job.output}: {seconds:.2f} s, {timeline.lip_frames} frames at {float(timeline.fps):g} a second"


def _write_video(job: SayJob, first: Synthesis, rest: Iterator[Synthesis]) -> tuple[Timeline, np.ndarray]:
    """The whole timeline, and the sound where a wav is wanted (else nothing)."""
    timeline = first.timeline
    sound = []
    size = (first.lip_frames.shape[1], first.lip_frames.shape[2])
    with Mp4Writer(job.output, first.fps, size, first.sample_rate, job.scale, provenance(first.voice)) as writer:
        piece: Synthesis | None = first
        while piece is not None:
            writer.write(piece.lip_frames, piece.waveform)
            if job.wav is not None:
                sound.append(piece.waveform)
            piece = next(rest, None)
            if piece is not None:
                timeline = timeline + piece.timeline
    return timeline, np.concatenate(sound) if sound else np.zeros(0, dtype=np.float32)


def _tell(messages: set[str]) -> None:
    import sys

    for message in sorted(messages):
        print(f"avsynth: warning: {message}", file=sys.stderr)
