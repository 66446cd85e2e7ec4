"""What every corpus provides for a clip: its files, measures of them, and the reason where it is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import read_audio
from avsynth.config.schema import DataConfig
from avsynth.data.manifest import PhoneTime, WordTime
from avsynth.errors import UserError
from avsynth.video.reading import iterate_frames

CHECK_RATE = 16_000
MIN_CONTENT = 4.0
"""A picture whose standard deviation is below this, in grey levels, counts as blank."""
_COLOUR_EVERY = 10
MIN_S = 0.5
MAX_APART_S = 0.5
"""The picture may begin this much after the sound, and end this much before it."""


@dataclass(frozen=True)
class SourceClip:
    """One clip's files as the corpus lays them out."""

    speaker: str
    code: str
    """The sentence's code; speaker and code together are unique."""
    video: Path | None
    """None where there is sound alone."""
    audio: Path

    @property
    def uid(self) -> str:
        """The clip's name in manifest and files."""
        return f"{self.speaker}_{self.code}"


@dataclass(frozen=True)
class FilmedClip(SourceClip):
    """A clip with video."""

    video: Path


@dataclass(frozen=True)
class Corpus:
    """How one kind of corpus is found and measured: ``CORPUS`` of each module of :mod:`avsynth.data.corpora`."""

    find: Callable[[Path, str | None], Sequence[SourceClip]]
    """The clips below a folder; the second is the speaker's name where the folder does not tell it. Raises
    :class:`UserError` where nothing is found."""
    measure: Callable[[Any, DataConfig], ClipMeasure]
    """One clip, decoded; in a process of its own."""
    whole_frames: int = 0
    """Frames of a complete clip, where all have the same number; else 0."""
    whole_speaker: int = 0
    """Least number of clips of a complete speaker, in corpora where ``data.test`` sentences of each complete speaker
    are for testing; 0 where ``data.test_share`` of every speaker's are."""


@dataclass(frozen=True)
class ClipMeasure:
    """Measures of one clip, or the reason why it is left out."""

    speaker: str
    code: str
    reason: str = ""
    text: str = ""
    words: tuple[WordTime, ...] = ()
    phones: tuple[PhoneTime, ...] = ()
    audio_s: float = 0.0
    lip_frames: int = 0
    """Pictures of the video that can be decoded."""
    fps: str = "25"
    damaged: bool = False
    contrast_db: float | None = None
    onset_ms: float | None = None
    """How the corpus's times fit the sound (:func:`word_fit`); None where it gives none."""
    repairs: Mapping[str, int] = field(default_factory=dict)
    """Repairs of its labels, with counts."""

    @property
    def uid(self) -> str:
        """The clip's name in manifest and files."""
        return f"{self.speaker}_{self.code}"


@dataclass(frozen=True)
class Pictures:
    """Facts about a video's pictures."""

    count: int
    """How many pictures can be decoded; counting stops at one more than were asked for."""
    fps: Fraction
    start_s: float
    damaged: bool
    blank: bool
    """Whether the first picture, which serves as the identity, shows nothing."""
    grey: bool
    """Whether most pictures have no colour."""

    @property
    def end_s(self) -> float:
        """When the last picture ends."""
        return self.start_s + float(self.count / self.fps)


def look(path: Path, longest_s: float = float("inf")) -> Pictures:
    """Decode a video, in constant memory, and no further than ``longest_s``.

    Raises :class:`UserError` for a file that cannot be read or has no picture.
    """
    frames = iterate_frames(path)
    most = ceil(longest_s * frames.fps) if longest_s < float("inf") else None
    blank = False
    coloured = []
    count = 0
    for count, picture in enumerate(frames, start=1):
        if count == 1:
            blank = float(picture.std(axis=(0, 1)).max()) < MIN_CONTENT
        if count % _COLOUR_EVERY == 1:
            coloured.append(_has_colour(picture))
        if most is not None and count > most:
            break
    return Pictures(count, frames.fps, frames.start_s, frames.damaged, blank, sum(coloured) * 2 < len(coloured))


def _has_colour(picture: NDArray[np.uint8]) -> bool:
    """Whether a channel differs from the mean of the three by four or more anywhere."""
    red, green, blue = (picture[..., channel].astype(np.int16) for channel in range(3))
    total = red + green + blue
    return any(int(np.abs(3 * channel - total).max()) >= 12 for channel in (red, green, blue))


def word_fit(sound: NDArray[np.float32], sample_rate: int, words: Sequence[WordTime]) -> tuple[float, float]:
    """How well given times of speech fit the sound.

    Returns:
        The level inside words minus that outside, in dB, and the start of the first word minus the moment at which the
        sound first rises to within 25 dB of its loudest 10 ms, in ms.
    """
    frame = sample_rate // 100
    power = np.square(sound[: len(sound) // frame * frame].reshape(-1, frame)).mean(axis=1) + 1e-10
    level = 10 * np.log10(power)
    times = (np.arange(len(level)) + 0.5) / 100
    inside = np.zeros(len(level), dtype=bool)
    for word in words:
        inside |= (times >= word.start_s) & (times < word.end_s)
    loud = np.flatnonzero(level > np.percentile(level, 99) - 25)
    contrast = float(level[inside].mean() - level[~inside].mean()) if inside.any() and (~inside).any() else 0.0
    return round(contrast, 2), round((words[0].start_s - float(times[loud[0]])) * 1000, 1)


def measure_filmed(clip: FilmedClip, text: str, words: Sequence[WordTime], longest_s: float) -> ClipMeasure:
    """Decode a clip wholly and measure it; what makes it unusable becomes its reason.

    Args:
        text: What is said.
        words: The corpus's word times, if it has any.
        longest_s: Longer clips are left out.
    """
    try:
        sound = read_audio(clip.audio, CHECK_RATE)
        pictures = look(clip.video, longest_s)
    except UserError as error:
        return ClipMeasure(clip.speaker, clip.code, f"unreadable: {error}")
    audio_s = len(sound) / CHECK_RATE
    reason = ""
    if audio_s > longest_s or pictures.count > longest_s * pictures.fps:
        reason = f"too long: over {longest_s:g} s (data.longest_s)"
    elif min(audio_s, pictures.end_s) < MIN_S:
        reason = f"too short: {audio_s:.2f} s of sound, {pictures.count} pictures"
    elif pictures.start_s > MAX_APART_S:
        reason = f"picture starts late: {pictures.start_s:.2f} s after the sound"
    elif audio_s - pictures.end_s > MAX_APART_S:
        reason = f"picture ends early: {audio_s - pictures.end_s:.2f} s before the sound"
    elif words and words[-1].end_s > audio_s + 0.1:
        reason = f"sound ends early: at {audio_s:.2f} s, inside the words"
    elif pictures.blank:
        reason = "blank first picture: it serves as the identity"
    if reason:
        return ClipMeasure(clip.speaker, clip.code, reason)
    contrast, onset = word_fit(sound, CHECK_RATE, words) if words else (None, None)
    return ClipMeasure(
        clip.speaker,
        clip.code,
        text=text,
        words=tuple(words),
        audio_s=round(audio_s, 4),
        lip_frames=pictures.count,
        fps=str(pictures.fps),
        damaged=pictures.damaged,
        contrast_db=contrast,
        onset_ms=onset,
    )
