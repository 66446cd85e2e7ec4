"""Voices and faces that requests share, and the work of speaking with them, part by part."""

from __future__ import annotations

import contextlib
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_pre_hook

from avsynth.audio.coding import SoundEncoder
from avsynth.errors import UserError
from avsynth.faces.face import Face
from avsynth.faces.library import face_folders, face_of_speaker, open_face
from avsynth.server.jobs import Job, Stopped
from avsynth.server.kept import Kept
from avsynth.server.settings import Settings
from avsynth.server.turns import Turns
from avsynth.synthesis.options import SpeechOptions, VoiceOptions
from avsynth.synthesis.result import Synthesis, provenance
from avsynth.synthesis.screen import Screen
from avsynth.synthesis.synthesizer import AVSynthesizer, StaleOpeningWarning, UnseenPhoneWarning
from avsynth.synthesis.voice import available_voices, describe_voice
from avsynth.timeline import Timeline, join_timelines, sample_at
from avsynth.video.writing import Mp4Writer

Keep = Callable[[Timeline], None]
AT_ONCE = 8
"""Pictures drawn between two checks of whether the request is still wanted."""
REHEARSED = "Good morning, everybody. How are you today?"
_at_work: ContextVar[Job | None] = ContextVar("at_work", default=None)


@dataclass(frozen=True)
class Speaker:
    """A speaker of a voice."""

    voice: str
    speaker: str

    def __str__(self) -> str:
        return f"{self.voice}/{self.speaker}"


class Studio:
    """A synthesizer for each voice, made when it is first asked for and then only read: nothing that changes is shared
    between requests."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._usual = VoiceOptions(device=settings.device, vocoder=settings.vocoder)
        # As one_thread_each does for a while, for good.
        torch.set_num_threads(1 if self._usual.threads_apart else settings.threads)
        warnings.simplefilter("ignore", UnseenPhoneWarning)
        warnings.simplefilter("ignore", StaleOpeningWarning)
        self.turns = Turns()
        usual = describe_voice(settings.voice)
        if usual.fault:
            raise UserError(usual.fault)
        others = (info for info in available_voices() if not info.fault and info.name != usual.name)
        self.voices = {info.name: info for info in (usual, *others)}
        """The voices by name, the default one first. Requests can name only these, never a path."""
        self.own_faces: Kept[Path] = Kept(settings.limits.faces, shutil.rmtree)
        """Folders of the faces that callers have made, by their ids."""
        self._guard = threading.Lock()
        self._made: dict[str, AVSynthesizer] = {}

    def synthesizer(self, voice: str) -> AVSynthesizer:
        """The synthesizer of a voice by its name."""
        with self._guard:
            if voice not in self._made:
                threads = self.settings.threads if self._usual.threads_apart else 1
                options = replace(self._usual, voice=self.voices[voice].path, threads=threads)
                self._made[voice] = AVSynthesizer.of(options)
            return self._made[voice]

    def speaker(self, wanted: str | None) -> Speaker:
        """The speaker meant by ``voice``, ``voice/speaker`` or a speaker's name alone, the default one for None;
        :class:`UserError` lists the speakers there are."""
        voice, _, speaker = (wanted or next(iter(self.voices))).partition("/")
        if voice not in self.voices and not speaker:
            speaker, voice = voice, next((name for name, info in self.voices.items() if voice in info.speakers), "")
        if voice not in self.voices or (speaker and speaker not in self.voices[voice].speakers):
            raise UserError(f"no voice {wanted!r}; there are {', '.join(map(str, self.speakers()))}")
        loaded = self.synthesizer(voice).voice
        return Speaker(voice, loaded.stats.speakers[loaded.speaker_index(speaker or None)])

    def speakers(self) -> list[Speaker]:
        """Every speaker of every voice."""
        return [Speaker(name, speaker) for name, info in self.voices.items() for speaker in info.speakers]

    def face_folder(self, who: Speaker, name: str | None, show: str) -> Path | None:
        """The folder of the face that is to be shown: the one named, else the speaker's own; None for the mouth alone.

        Raises :class:`UserError`, which lists the faces there are. ``name`` is never taken for a path.
        """
        if show == "mouth":
            if name is not None:
                raise UserError("face goes with a whole face, not with the mouth alone")
            return None
        if name is None:
            return face_of_speaker(who.voice, who.speaker)
        installed = face_folders()
        folder = self.own_faces.get(name) or installed.get(name)
        if folder is None:
            raise UserError(f"no face {name!r}; there are {', '.join(installed) or 'none'}, and those that you made")
        return folder

    def face(self, who: Speaker, name: str | None, show: str) -> Face | None:
        """The face itself, for one request; errors as for :meth:`face_folder`."""
        folder = self.face_folder(who, name, show)
        return None if folder is None else open_face(folder, self.synthesizer(who.voice).voice.config.lips)

    def timeline(self, who: Speaker, text: str, options: SpeechOptions) -> Timeline:
        """The timeline of a text, without making sound or pictures; :class:`UserError` where it would be too long."""
        parts, total = [], Fraction(0)
        for part in self._stream(who, text, options, sound=False, lips=False):
            parts.append(part.timeline)
            total += part.timeline.duration_s
            if total > self.settings.limits.speech_s:
                raise UserError(f"this would be more than {self.settings.limits.speech_s:g} s of speech: ask for less")
        return join_timelines(parts)

    def speak(self, job: Job, who: Speaker, text: str, options: SpeechOptions, kind: str, keep: Keep) -> None:
        """Sound alone, coded as ``kind``."""
        encoder = None
        parts = self._parts(job, who, text, options, keep, lips=False)
        while (part := self._next(job, parts)) is not None:
            if encoder is None:
                encoder = SoundEncoder(job.write, kind, part.sample_rate)
            encoder.encode(part.waveform)
        assert encoder is not None
        encoder.close()

    def film(
        self, job: Job, who: Speaker, text: str, options: SpeechOptions, scale: int | None, to: Path | None, keep: Keep
    ) -> None:
        """Sound and picture: in fragments as they are made, or as a whole file at ``to`` that is then sent.

        While one part's pictures are coded, the next part is made in another thread.
        """
        parts = self._parts(job, who, text, options, keep)
        first = self._next(job, parts)
        assert first is not None
        screen = Screen.of(first.face, first.mouth_size, scale)
        metadata = provenance(first.voice) | screen.metadata
        with (
            Mp4Writer(to or job, first.fps, screen.size, first.sample_rate, screen.scale, metadata) as video,
            ThreadPoolExecutor(1, thread_name_prefix="pictures") as pictures,
        ):
            part: Synthesis | None = first
            while part is not None:
                with self.turns.turn(job), watched(job):
                    shown = pictures.submit(show, job, screen, video, part)
                    part = next(parts, None)
                    shown.result()
        if to is not None:
            hand_on(job, to)

    def rehearse(self, job: Job) -> None:
        """Synthesize a sentence for nobody, so that the first request is answered as fast as later ones. In every place
        at once, so that the server has from the start the memory that it will need."""
        who = self.speaker(None)
        options = SpeechOptions(face=self.face(who, None, "face"))
        with contextlib.suppress(Stopped, UserError):
            self.film(job, who, REHEARSED, options, None, None, lambda timeline: None)

    def _next(self, job: Job, parts: Iterator[Synthesis]) -> Synthesis | None:
        """The next part, made in a turn; None where there is none."""
        with self.turns.turn(job), watched(job):
            return next(parts, None)

    def _parts(
        self, job: Job, who: Speaker, text: str, options: SpeechOptions, keep: Keep, **changes: Any
    ) -> Iterator[Synthesis]:
        """Parts as they are asked for; the timeline is kept when all are there."""
        self.timeline(who, text, options)  # what would last too long is refused before anything is answered
        timelines = []
        for part in self._stream(who, text, options, **changes):
            timelines.append(part.timeline)
            job.made(float(part.timeline.duration_s))
            yield part
        keep(join_timelines(timelines))

    def _stream(self, who: Speaker, text: str, options: SpeechOptions, **changes: Any) -> Iterator[Synthesis]:
        return self.synthesizer(who.voice).stream(text, options, speaker=who.speaker, **changes)


def show(job: Job, screen: Screen, video: Mp4Writer, part: Synthesis) -> None:
    """A part's sound and pictures as a fragment."""
    sound, done = part.waveform, 0
    pictures = screen.pictures(part.lip_frames, video.frame_count, part.fps)
    for start in range(0, len(part.lip_frames), AT_ONCE):
        job.check()
        until = sample_at(start + AT_ONCE, part.fps, part.sample_rate)
        video.write(islice(pictures, AT_ONCE), sound[done:until])
        done = until
    video.write(np.empty((0, *video.size, 3), np.uint8), sound[done:])
    video.flush()


@contextmanager
def watched(job: Job) -> Iterator[None]:
    """Within this context, every network layer first checks whether the job is still wanted."""
    watch_layers()
    before = _at_work.set(job)
    try:
        yield
    finally:
        _at_work.reset(before)


@cache
def watch_layers() -> None:
    """Have torch call :func:`_still_wanted` before every layer, from now on."""
    register_module_forward_pre_hook(_still_wanted)


def _still_wanted(*_: object) -> None:
    job = _at_work.get()
    if job is not None:
        job.check()


def hand_on(job: Job, path: Path) -> None:
    """A file's bytes to the client; the file is removed."""
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 16):
                job.write(block)
    finally:
        path.unlink(missing_ok=True)
