"""The options of speaking. Each is declared once, with its name, default, help on the command line and range.

:class:`VoiceOptions` say what speaks, :class:`SpeechOptions` how, :class:`FileOptions` what is written. The command
line makes its arguments from the fields that have a help (:mod:`avsynth.cli.options`), ``say`` and ``lips`` share them,
and :class:`~avsynth.synthesis.synthesizer.AVSynthesizer` is given them as they are. Nothing heavy is imported here.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.errors import UserError
from avsynth.timeline import Timeline, parse_fps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from avsynth.faces.face import Face
    from avsynth.text import Dates, Format
    from vocoder import Vocoder

SCALES = range(1, 13)
STANDARD_OUTPUT = Path("-")
APART = ("harmonic", "hifigan", "griffin_lim")
"""Vocoders that take little of the time, or whose sound is made in stretches at once."""
STRANGERS_OPENING = 1.5
"""Default opening for mouths that a voice was not trained on: three such talkers then move .80 times as far as
recorded, and .59 times with 1. A face that needs more has its own (:mod:`avsynth.synthesis.opening`)."""
WIDEST = 3.0
"""The largest opening."""
SLOWEST_FILM, FASTEST_FILM = 12, 60
"""Frame rates of a video that are taken over with its face."""


def option(default: Any, help: str, **argument: Any) -> Any:
    """A field that is an argument on the command line; ``argument`` is what argparse takes besides (``flags``: its
    names, by default the field's)."""
    return field(default=default, metadata={"help": help, **argument})


@dataclass(frozen=True, kw_only=True)
class VoiceOptions:
    """The voice, its vocoder and language."""

    voice: str | Path = option(DEFAULT_VOICE, f"a voice's name or folder (default {DEFAULT_VOICE})", metavar="NAME|DIR")
    vocoder: str | Vocoder | None = option(
        None,
        "another vocoder than the voice's own; see avsynth vocoders",
        metavar="NAME|MODULE:CLASS",
    )
    vocoder_checkpoint: Path | str | None = option(None, "the vocoder's weights", type=Path, metavar="FILE")
    mel_config: Path | str | None = option(
        None,
        "of an onnx net: how the mel that it takes is measured (default: mel.yaml beside it)",
        type=Path,
        metavar="YAML",
    )
    adapt_mel: bool = option(
        False,
        "convert the mel for a vocoder that wants it in another logarithm or normalised, and say so",
        action="store_true",
    )
    lexicon: Path | str | None = option(
        None,
        "pronunciations of your own, which override the dictionary's: word P H O N E S",
        type=Path,
        metavar="FILE",
    )
    dates: Dates = option(
        "uk",
        "order of dates in digits: uk, the day first (default), or us, the month first",
        choices=("uk", "us"),
    )
    language: str | None = option(
        None,
        "of the text (default: the voice's own); module:Class for one of your own, see docs/extending.md",
        metavar="NAME|MODULE:CLASS",
    )
    device: str = option("auto", "where to compute (default auto)", choices=("auto", "cpu", "cuda"))
    threads: int = 1
    """Threads of the processor that draw at a time, best where torch computes on one itself
    (:func:`~avsynth.device.one_thread_each`)."""

    @property
    def threads_apart(self) -> bool:
        """Whether each thread best makes pictures or a stretch of sound by itself. The layers of a vocoder that makes
        a whole sentence's sound at once are better shared among threads."""
        return self.vocoder in (None, *APART)


@dataclass(frozen=True, kw_only=True)
class SpeechOptions:
    """How to speak. Raises :class:`UserError` for a value out of range."""

    speaker: str | None = option(None, "of a voice that has several (default: its own choice)", metavar="NAME")
    identity: Path | str | NDArray[np.uint8] | None = option(
        None, "picture of the mouth, 160×80, or of a face", type=Path, metavar="IMAGE"
    )
    """Or its pixels ``(80, 160, 3)``; the speaker's own by default."""
    face: Face | Path | str | None = option(
        None,
        "whose face: a name (see avsynth faces), a folder, or a picture or video (default: the speaker's own)",
        metavar="NAME|FOLDER|FILE",
    )
    """None in Python for the mouth alone. Its own mouth is the identity unless another is given."""
    opening: float | None = option(
        None,
        f"factor on the mouth's motion (default 1; for a face that is not the voice's own as measured in it,"
        f" at least {STRANGERS_OPENING:g})",
        type=float,
    )
    speed: float = option(1.0, "above 1 is faster (default 1)", type=float)
    pitch: float = option(0.0, "shift of the pitch (default 0)", type=float, metavar="SEMITONES")
    fps: Fraction | str | float | None = option(
        None, "frames a second, such as 25, 29.97 or 30000/1001 (default: the voice's own)"
    )
    format: Format = option(
        "auto",
        "the text's format (default auto: what it looks like)",
        choices=("auto", "text", "markdown", "ssml"),
    )
    encoding: str | None = option(
        None,
        "of a text file and of standard input (default: as its byte order mark says, else UTF-8)",
        metavar="NAME",
    )
    durations: Timeline | None = None
    """Speak these instead of predicted ones, at this frame rate unless ``fps`` is given."""
    sound: bool = True
    """False for lips alone."""
    lips: bool = True
    """False for sound alone."""
    lips_ahead_s: float = 0.0
    """How far the picture runs ahead of the sound, as it does in a recording whose camera and microphone disagree."""
    rests: bool = True
    """False to leave silences as learned, for holding lips against recordings: talkers close their mouths late and open
    them early."""

    def __post_init__(self) -> None:
        from avsynth.text import FASTEST, MOST_SEMITONES, SLOWEST

        if not SLOWEST <= self.speed <= FASTEST:
            raise UserError(f"speed must lie between {SLOWEST} and {FASTEST}, not {self.speed}")
        if self.durations is not None and self.speed != 1:
            raise UserError(f"speed {self.speed} does not go with given durations: change the durations themselves")
        if not -MOST_SEMITONES <= self.pitch <= MOST_SEMITONES:
            raise UserError(
                f"pitch must lie between {-MOST_SEMITONES:g} and {MOST_SEMITONES:g} semitones, not {self.pitch}"
            )
        if self.opening is not None and not 0 <= self.opening <= WIDEST:
            raise UserError(f"opening must lie between 0 and {WIDEST:g}, not {self.opening}")
        if self.fps is not None:
            object.__setattr__(self, "fps", parse_fps(self.fps))

    def frame_rate(self, native: Fraction) -> Fraction:
        """Frames a second: as asked, else as the durations say, else a face's that is a video, else a voice's own."""
        if self.fps is not None:
            return parse_fps(self.fps)
        if self.durations is not None:
            return self.durations.fps
        filmed = (
            None if self.face is None or isinstance(self.face, str | Path) or not self.face.moves else self.face.fps
        )
        return filmed if filmed is not None and SLOWEST_FILM <= filmed <= FASTEST_FILM else native


@dataclass(frozen=True, kw_only=True)
class FileOptions:
    """The files to write. Raises :class:`UserError` where one cannot be written."""

    output: Path = option(
        Path("out.mp4"),
        "the mp4, - for standard output while it is made (default out.mp4)",
        type=Path,
        metavar="FILE",
        flags=("-o", "--output"),
    )
    timeline: Path | None = option(
        None,
        "phones, words, visemes: .json .srt .vtt .karaoke.vtt .captions.json .TextGrid .microsoft.json .oculus.csv",
        type=Path,
        metavar="FILE",
    )
    wav: Path | None = option(None, "write the sound alone as well", type=Path, metavar="FILE")
    show: str = option("face", "the whole face (default), or the strip of the mouth alone", choices=("face", "mouth"))
    still: bool = option(False, "a face that is a still does not move its head", action="store_true")
    person: str | None = option(
        None,
        "of a picture or video with several people: who talks, a number from the left or a point in pixels",
        metavar="N|X,Y",
    )
    background: str = option(
        "white", "behind a picture that is transparent: white, grey, black, green, blue or #rrggbb", metavar="COLOUR"
    )
    scale: int | None = option(
        None,
        "times to enlarge the picture (default: a face of under 360 rows to that, the mouth alone 4 times)",
        type=int,
        metavar="N",
    )

    @property
    def target(self) -> Path | BinaryIO:
        """Where the mp4 goes: its path, or standard output, which gets it in fragments."""
        return sys.stdout.buffer if self.output == STANDARD_OUTPUT else self.output

    def check(self) -> None:
        """Refuse, before any work, what is known to fail."""
        from avsynth.synthesis.timeline_files import check_timeline_suffix
        from avsynth.video.writing import check_suffix

        if self.output != STANDARD_OUTPUT:
            check_suffix(self.output)
        elif sys.stdout.isatty():
            raise UserError("-o - writes a video to standard output, which is a terminal: pipe it into a player")
        if self.scale is not None and self.scale not in SCALES:
            raise UserError(f"--scale must be a whole number from {SCALES[0]} to {SCALES[-1]}, not {self.scale}")
        if self.timeline is not None:
            check_timeline_suffix(self.timeline)
        if self.wav is not None and self.wav.suffix.lower() != ".wav":
            raise UserError(f"--wav {self.wav} must end in .wav")
        for path in (self.output, self.timeline, self.wav):
            if path is not None and path != STANDARD_OUTPUT:
                check_writable(path)


def check_writable(path: Path) -> None:
    """A file must be one that can be written: :class:`UserError`."""
    if not path.parent.is_dir():
        raise UserError(f"cannot write {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise UserError(f"cannot write {path}: it is a folder")
    if not os.access(path.parent, os.W_OK):
        raise UserError(f"cannot write {path}: no permission in {path.parent}")
