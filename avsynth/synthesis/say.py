"""A text into files: mp4, wav and timeline, sentence by sentence."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction

from avsynth.audio.io import wav_writer
from avsynth.device import one_thread_each
from avsynth.synthesis.ahead import ahead
from avsynth.synthesis.options import FileOptions, SpeechOptions, VoiceOptions
from avsynth.synthesis.result import Synthesis, provenance
from avsynth.synthesis.screen import Screen, with_face
from avsynth.synthesis.synthesizer import AVSynthesizer, StaleOpeningWarning, UnreadWarning, UnseenPhoneWarning
from avsynth.synthesis.timeline_files import write_timeline
from avsynth.timeline import join_timelines
from avsynth.video.writing import Mp4Writer

TELL_EVERY_S = 30.0
"""How often a long text's progress is told where stderr is no terminal."""


def say_to_files(text: str, voice: VoiceOptions, speech: SpeechOptions, files: FileOptions) -> str:
    """Say it, in memory that does not grow with the text; one line that tells what was written.

    Files appear whole, and only once all that was asked for could be made. Raises :class:`UserError` and
    :class:`vocoder.VocoderError`.
    """
    files.check()
    with one_thread_each(voice.threads_apart) as threads:
        synthesizer = AVSynthesizer.of(replace(voice, threads=threads))
        if synthesizer.adaptation:
            print(f"avsynth: {synthesizer.adaptation}", file=sys.stderr)
        speech = with_face(speech, files, synthesizer.voice)
        with warnings.catch_warnings():
            for told_below in (UnseenPhoneWarning, UnreadWarning, StaleOpeningWarning):
                warnings.simplefilter("ignore", told_below)
            pieces = synthesizer.stream(text, speech)
        first = next(pieces)
        for line in first.warnings:
            print(f"avsynth: warning: {line}", file=sys.stderr)
        return write_files(files, first, pieces)


def write_files(files: FileOptions, first: Synthesis, rest: Iterator[Synthesis]) -> str:
    """Write a speech that begins so, each piece while the next is made; one line that tells what was written."""
    screen = Screen.of(first.face, first.mouth_size, files.scale)
    metadata = provenance(first.voice) | screen.metadata
    with ExitStack() as written:
        write_sound = written.enter_context(wav_writer(files.wav, first.sample_rate)) if files.wav else None
        video = Mp4Writer(files.target, first.fps, screen.size, first.sample_rate, screen.scale, metadata)
        written.enter_context(video)
        timelines = []
        for piece in with_progress(first, ahead(rest)):
            screen.write(video, piece.lip_frames, piece.waveform)
            video.flush()
            if write_sound is not None:
                write_sound(piece.waveform)
            timelines.append(piece.timeline)
        if files.timeline is not None:
            write_timeline(join_timelines(timelines), files.timeline)
    seconds = float(Fraction(video.frame_count) / first.fps)
    return f"{files.output}: {seconds:.2f} s, {video.frame_count} frames at {float(first.fps):g} a second"


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
