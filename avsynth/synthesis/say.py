"""A text into files: mp4, wav and timeline, sentence by sentence."""

from __future__ import annotations

import os
import sys
import time
import warnings
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError
from avsynth.files import atomic_path
from avsynth.synthesis.result import Synthesis, check_suffix, provenance
from avsynth.synthesis.synthesizer import AVSynthesizer, UnseenPhoneWarning
from avsynth.synthesis.timeline_files import check_timeline_suffix, read_timeline, write_timeline
from avsynth.synthesis.voice import Voice
from avsynth.timeline import join_timelines, parse_fps
from avsynth.video.writing import Mp4Writer

if TYPE_CHECKING:
    from avsynth.faces.paste_back import PasteBack

SCALES = range(1, 13)
USUAL_SCALE = 4
"""Times that the mouth alone is enlarged."""
TELL_EVERY_S = 30.0
"""How often a long text's progress is told where stderr is no terminal."""

WriteSound = Callable[[NDArray[np.float32]], None]


@dataclass(frozen=True)
class SayJob:
    """What ``avsynth say`` was asked for; see its help."""

    text: str
    output: Path
    voice: str = DEFAULT_VOICE
    speaker: str | None = None
    identity: Path | None = None
    paste_back: Path | None = None
    vocoder: str | None = None
    vocoder_checkpoint: Path | None = None
    mel_config: Path | None = None
    adapt_mel: bool = False
    speed: float = 1.0
    pitch: float = 0.0
    fps: str | None = None
    durations: Path | None = None
    timeline: Path | None = None
    wav: Path | None = None
    lexicon: Path | None = None
    scale: int | None = None
    device: str = "auto"

    def check(self) -> None:
        """What can be known to fail is refused before any work: :class:`UserError`."""
        check_video(self.output, self.scale, self.fps, self.timeline, self.wav)
        if self.durations is None and not self.text.strip():
            raise UserError("nothing to say: the text is empty; give words, or - to read standard input")


def check_video(output: Path, scale: int | None, fps: str | None, timeline: Path | None, wav: Path | None) -> None:
    """What is asked of a video and the files beside it must be possible: :class:`UserError`."""
    check_suffix(output)
    if scale is not None and scale not in SCALES:
        raise UserError(f"--scale must be a whole number from {SCALES[0]} to {SCALES[-1]}, not {scale}")
    if fps is not None:
        parse_fps(fps)
    if timeline is not None:
        check_timeline_suffix(timeline)
    if wav is not None and wav.suffix.lower() != ".wav":
        raise UserError(f"--wav {wav} must end in .wav")
    for path in (output, timeline, wav):
        if path is not None:
            _check_writable(path)


def _check_writable(path: Path) -> None:
    if not path.parent.is_dir():
        raise UserError(f"cannot write {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise UserError(f"cannot write {path}: it is a folder")
    if not os.access(path.parent, os.W_OK):
        raise UserError(f"cannot write {path}: no permission in {path.parent}")


def say_to_files(job: SayJob) -> str:
    """Say it, in memory that does not grow with the text; one line that tells what was written.

    Files appear whole, and only once all that was asked for could be made. Raises :class:`UserError` and
    :class:`vocoder.VocoderError`.
    """
    job.check()
    asked = read_timeline(job.durations) if job.durations is not None else None
    synthesizer = AVSynthesizer.from_pretrained(
        job.voice,
        device=job.device,
        vocoder=job.vocoder,
        vocoder_checkpoint=job.vocoder_checkpoint,
        vocoder_mel=job.mel_config,
        adapt_mel=job.adapt_mel,
        lexicon=job.lexicon,
    )
    if synthesizer.adaptation:
        print(f"avsynth: {synthesizer.adaptation}", file=sys.stderr)
    face = None if job.paste_back is None else open_face(job.paste_back, synthesizer.voice)
    identity = face.identity if face is not None and job.identity is None else job.identity
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UnseenPhoneWarning)
        pieces = synthesizer.stream(
            job.text,
            speed=job.speed,
            pitch=job.pitch,
            fps=job.fps,
            identity=identity,
            timeline=asked,
            speaker=job.speaker,
        )
    for item in caught:
        if item.category is UnseenPhoneWarning:
            print(f"avsynth: warning: {item.message}", file=sys.stderr)
    return _write(job, next(pieces), pieces, face)


def open_face(path: Path, voice: Voice) -> PasteBack:
    """The face that ``--paste-back`` names; errors as :class:`~avsynth.faces.paste_back.PasteBack`."""
    from avsynth.faces.paste_back import PasteBack

    return PasteBack(path, voice.config.lips)


def picture_of(first: Synthesis, face: PasteBack | None, scale: int | None) -> tuple[tuple[int, int], int]:
    """Height and width of a video's pictures, and how many times they are enlarged; :class:`UserError` if too large."""
    if face is not None:
        return face.size, face.enlargement(scale)
    return (first.lip_frames.shape[1], first.lip_frames.shape[2]), USUAL_SCALE if scale is None else scale


def _write(job: SayJob, first: Synthesis, rest: Iterator[Synthesis], face: PasteBack | None) -> str:
    size, scale = picture_of(first, face, job.scale)
    with ExitStack() as files:
        write_sound = files.enter_context(wav_writer(job.wav, first.sample_rate)) if job.wav else None
        video = Mp4Writer(job.output, first.fps, size, first.sample_rate, scale, provenance(first.voice))
        files.enter_context(video)
        write = video.write if face is None else partial(face.write, video)
        timelines = []
        for piece in with_progress(first, rest):
            write(piece.lip_frames, piece.waveform)
            if write_sound is not None:
                write_sound(piece.waveform)
            timelines.append(piece.timeline)
        if job.timeline is not None:
            write_timeline(join_timelines(timelines), job.timeline)
    seconds = float(Fraction(video.frame_count) / first.fps)
    return f"{job.output}: {seconds:.2f} s, {video.frame_count} frames at {float(first.fps):g} a second"


def with_progress(first: Synthesis, rest: Iterator[Synthesis], done: str = "said") -> Iterator[Synthesis]:
    """Pass pieces on, telling stderr how many seconds are done: live on a terminal, now and then elsewhere."""
    terminal = sys.stderr.isatty()
    yield first
    said, told = float(first.timeline.duration_s), time.monotonic()
    shown = False
    for piece in rest:
        yield piece
        said += float(piece.timeline.duration_s)
        if terminal or time.monotonic() - told > TELL_EVERY_S:
            print(f"avsynth: {said:.0f} s {done}", end="\r" if terminal else "\n", file=sys.stderr, flush=True)
            told, shown = time.monotonic(), terminal
    if shown:
        print(file=sys.stderr)


@contextmanager
def wav_writer(path: Path, sample_rate: int) -> Iterator[WriteSound]:
    """Write mono 16-bit sound piece by piece, the file whole or not at all: yields what takes ``(N,)`` in [-1, 1]."""
    with atomic_path(path) as temporary, temporary.open("wb") as file, wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(sample_rate)

        def write(waveform: NDArray[np.float32]) -> None:
            wav.writeframes(
                np.clip(np.rint(waveform.astype(np.float64) * 32768), -32768, 32767).astype("<i2").tobytes()
            )

        yield write
