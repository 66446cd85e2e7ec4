"""The result of synthesis: sound, lips and timeline; how it is saved, joined, and marked as synthetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth import __version__
from avsynth.errors import UserError
from avsynth.faces.face import Face
from avsynth.faces.talking import TalkingFace
from avsynth.synthesis.screen import Screen
from avsynth.timeline import Timeline, join_timelines, sample_at
from avsynth.video.planes import Planes
from avsynth.video.writing import Mp4Writer, check_suffix


@dataclass(frozen=True)
class Synthesis:
    """A piece of speech with its lips."""

    waveform: NDArray[np.float32]
    """``(N,)`` in [-1, 1]; empty where no sound was asked for."""
    sample_rate: int
    lip_frames: NDArray[np.uint8]
    """``(T, 80, 160, 3)``; frame *i* shows the time from ``i / fps`` to ``(i + 1) / fps``."""
    fps: Fraction
    timeline: Timeline
    """Phones and words of this piece, from 0."""
    voice: str
    stop_flags: tuple[int | None, ...] = ()
    """For a baseline's voice: after how many of its own frames the stop flag rose in each sentence; None for never."""
    face: Face | None = None
    """Whose face is shown."""
    first_frame: int = 0
    """How many lip frames came before this piece, which tells at which of the face's own pictures it begins."""
    warnings: tuple[str, ...] = ()
    """Warnings about the text, one line each; in a stream, the first piece has those of the whole text."""

    @property
    def mouth_size(self) -> tuple[int, int]:
        """Height and width of the lip frames."""
        return self.lip_frames.shape[1], self.lip_frames.shape[2]

    @property
    def frames(self) -> NDArray[np.uint8]:
        """``(T, H, W, 3)``: the face with the mouth of ``lip_frames`` pasted in. Computed on every access, and large.

        Raises ``ValueError`` where no face was asked for.
        """
        if self.face is None:
            raise ValueError("no face was asked for: say face='heart', or the name or file of another")
        made = np.empty((len(self.lip_frames), *self.face.size, 3), dtype=np.uint8)
        for place, picture in enumerate(self.pictures()):
            made[place] = picture.rgb()
        return made

    def pictures(self) -> Iterator[Planes]:
        """The same one by one, as they go into a video: in luma and chroma."""
        if self.face is None:
            raise ValueError("no face was asked for: say face='heart', or the name or file of another")
        return TalkingFace(self.face).paste(self.lip_frames, self.first_frame, self.fps)

    def save(self, path: Path | str, scale: int | None = None) -> None:
        """Write an mp4: the face, or the mouth alone where there is none; the shorter of sound and picture is filled to
        the other.

        ``scale``: times that the picture is enlarged; by default 4 for the mouth alone, and a small face to 360 rows.

        Raises :class:`UserError` where the file cannot be written or is not to be an mp4, ``ValueError`` where there
        are no lips.
        """
        check_suffix(path)
        if not len(self.lip_frames):
            raise ValueError("a synthesis without lips makes no video")
        frames = max(len(self.lip_frames), ceil(Fraction(len(self.waveform), self.sample_rate) * self.fps))
        held = np.repeat(self.lip_frames[-1:], frames - len(self.lip_frames), axis=0)
        samples = sample_at(frames, self.fps, self.sample_rate)
        silence = np.zeros(max(0, samples - len(self.waveform)), dtype=np.float32)
        screen = Screen.of(self.face, self.mouth_size, scale)
        metadata = provenance(self.voice) | screen.metadata
        with Mp4Writer(path, self.fps, screen.size, self.sample_rate, screen.scale, metadata) as video:
            screen.write(video, np.concatenate([self.lip_frames, held]), np.concatenate([self.waveform, silence]))

    def to_moviepy(self) -> Any:
        """A moviepy ``VideoClip`` with its sound, for people who edit with moviepy (extra ``moviepy``)."""
        try:
            from moviepy import ImageSequenceClip
            from moviepy.audio.AudioClip import AudioArrayClip
        except ImportError as error:
            raise UserError("to_moviepy needs moviepy: pip install 'avsynth[moviepy]'") from error
        sound = AudioArrayClip(np.repeat(self.waveform[:, None], 2, axis=1), fps=self.sample_rate)
        shown = self.lip_frames if self.face is None else self.frames
        return ImageSequenceClip(list(shown), fps=float(self.fps)).with_audio(sound)


def provenance(voice: str) -> dict[str, str]:
    """A video's metadata besides the comment that it is synthetic."""
    return {"synthetic": "true", "voice": voice, "software": f"avsynth {__version__}"}


def join(pieces: Iterable[Synthesis]) -> Synthesis:
    """Pieces of one stream as one."""
    parts = list(pieces)
    return replace(
        parts[0],
        waveform=np.concatenate([part.waveform for part in parts]),
        lip_frames=np.concatenate([part.lip_frames for part in parts]),
        timeline=join_timelines([part.timeline for part in parts]),
        warnings=tuple(line for part in parts for line in part.warnings),
        stop_flags=tuple(flag for part in parts for flag in part.stop_flags),
    )
