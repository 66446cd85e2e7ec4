"""The pictures of a video: a talking face, or the mouth alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.faces.face import Face
from avsynth.faces.library import face_of_speaker, open_face
from avsynth.faces.talking import AT_ONCE, TalkingFace, enlargement
from avsynth.synthesis.ahead import ahead
from avsynth.synthesis.options import FileOptions, SpeechOptions
from avsynth.video.writing import Mp4Writer, Picture

if TYPE_CHECKING:
    from avsynth.synthesis.voice import Voice

USUAL_SCALE = 4
"""Times that the mouth alone is enlarged."""


def with_face(speech: SpeechOptions, files: FileOptions, voice: Voice) -> SpeechOptions:
    """The options with the face that is to be shown: the one asked for, else the speaker's default face, if any.

    Errors: :class:`UserError` where a face cannot be used, or none is to be shown and one was named.
    """
    if files.show == "mouth":
        if speech.face is not None:
            raise UserError("--face goes with a whole face, not with --show mouth; for a mouth give --identity")
        return speech
    given = speech.face
    if given is None:
        given = face_of_speaker(voice.name, voice.stats.speakers[voice.speaker_index(speech.speaker)])
    if isinstance(given, str | Path):
        _check_kept(Path(given), files.output)
        given = open_face(given, voice.config.lips, still=files.still, person=files.person, background=files.background)
        if (people := getattr(given, "people", 1)) > 1 and files.person is None:
            print(
                f"avsynth: {given.card.name} shows {people} people; the likeliest face talks"
                " (--person N, from the left, for another)",
                file=sys.stderr,
            )
    return replace(speech, face=given)


def _check_kept(face: Path, output: Path) -> None:
    if face.is_file() and output.exists() and face.samefile(output):
        raise UserError(f"--face {face} would be overwritten: name another file with -o")


@dataclass(frozen=True)
class Screen:
    """The pictures' format in a video: size, enlargement, face or mouth alone."""

    size: tuple[int, int]
    """Height and width."""
    scale: int
    """Times that it is enlarged."""
    metadata: dict[str, str]
    """Whose face it is."""
    talking: TalkingFace | None

    @classmethod
    def of(cls, face: Face | None, mouth: tuple[int, int], scale: int | None) -> Screen:
        """For a face, or for the mouth alone, which is so many pixels high and wide.

        ``scale``: times to be enlarged; by default :data:`USUAL_SCALE` for a mouth alone, and a small face to 360 rows.
        Errors: :class:`UserError` where the pictures would be too large.
        """
        if face is None:
            return cls(mouth, USUAL_SCALE if scale is None else scale, {}, None)
        return cls(face.size, enlargement(face.size, scale), face.card.metadata, TalkingFace(face))

    def pictures(self, lips: NDArray[np.uint8], first: int, fps: Fraction) -> Iterator[Picture]:
        """Lip frames as they are shown, the first of them being number ``first`` at ``fps`` a second. While some are
        used the next are pasted, in a thread of their own; calls are to come in order."""
        if self.talking is None:
            return iter(lips)
        paste, starts = self.talking.paste, range(0, len(lips), AT_ONCE)
        pasted = ahead(list(paste(lips[start : start + AT_ONCE], first + start, fps)) for start in starts)
        return chain.from_iterable(pasted)

    def write(self, video: Mp4Writer, lips: NDArray[np.uint8], samples: NDArray[np.float32]) -> None:
        """Append lip frames and their sound to a video of this size."""
        video.write(self.pictures(lips, video.frame_count, video.fps), samples)
