"""The sound of one synthesised clip compared with its recording: words heard, cepstra, pitch, timing and phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from avsynth.audio.io import resample
from avsynth.data.manifest import WordTime
from avsynth.evaluation.durations import length_error_frames, spoken, word_duration_error_ms
from avsynth.evaluation.speech import (
    SLOTS,
    GridRecogniser,
    WordErrors,
    dtw_path,
    frame_path,
    mel_cepstra,
    mel_cepstral_distortion,
    pitch_errors,
    word_errors,
)
from avsynth.text import PHONES, SIL
from avsynth.timeline import Timeline
from vocoder.mel import MelConfig
from vocoder.protocol import Vocoder

OURS, REAL, VOCODED = "ours", "real", "vocoded"
MOS_RATE = 16_000
MOS_STEP = 640
"""Samples over which DNSMOS repeats itself. It repeats a short clip until it lasts nine seconds; where the clip's
length is a multiple of this, all repetitions look alike to its network, which costs .1 to .3 of P.808. A picture
lasts as long at 25 frames a second, so that what ends with a picture would be marked down against what does not.
Every clip is brought to half of a step beyond a multiple."""


@dataclass(frozen=True)
class SoundScores:
    """One row of one clip; NaN or None where it was not measured."""

    heard: tuple[str, ...] | None = None
    """What the recogniser of GRID sentences heard."""
    words: WordErrors | None = None
    mcd: float = float("nan")
    """dB, "DCT of the 80-band log-mel"; along a DTW path unless the durations are true."""
    log_f0_rmse: float = float("nan")
    voicing_error: float = float("nan")
    mos: float = float("nan")
    """What DNSMOS predicts of the whole, 1 to 5."""


@dataclass(frozen=True)
class TimingScores:
    """How a clip with predicted durations is timed."""

    word_duration_ms: float
    """Mean absolute error of a word's duration, against the recording's alignment."""
    word_duration_corpus_ms: float
    """The same against the corpus's own word times; NaN without them."""
    length_frames: float


@dataclass(frozen=True)
class ClipSound:
    """Everything measured of one clip's sound."""

    reference: tuple[str, ...]
    rows: Mapping[str, SoundScores]
    found_s: NDArray[np.float64] | None = None
    """Phone boundaries that the aligner found in the synthesised sound; None where it found no path."""
    made_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """The same boundaries of the timeline that made it."""


@dataclass(frozen=True)
class SoundTools:
    """Which of the heavier measures to make."""

    words: bool = True
    phones: bool = True
    pitch: bool = True
    vocoder: str | None = None
    """The vocoder of the row *vocoded*, or None to leave it out."""
    vocoder_weights: Path | None = None
    """The weights that the voice's folder holds for that vocoder."""
    mos: bool = False


@dataclass(frozen=True)
class SoundClip:
    """A synthesised clip's sound and its recording's, mono at the mel's rate, and what is said."""

    ours: NDArray[np.float32]
    real: NDArray[np.float32]
    text: str
    said: Timeline
    mel: MelConfig
    true_durations: bool


def is_grid(words: Sequence[str]) -> bool:
    """Whether the recogniser of GRID sentences can say these words."""
    return len(words) == len(SLOTS) and all(word in SLOTS[slot] for slot, word in zip(SLOTS, words, strict=True))


@cache
def recogniser() -> GridRecogniser:
    """This process's recogniser."""
    return GridRecogniser()


@cache
def _aligner() -> Any:
    from avsynth.audio.aligner import AcousticAligner

    return AcousticAligner()


@cache
def _vocoder(name: str, weights: Path | None, mel: MelConfig) -> Vocoder:
    from vocoder import load_vocoder

    return load_vocoder(name, weights, mel_config=mel)


def score_sound(clip: SoundClip, tools: SoundTools) -> ClipSound:
    """Measure one clip's sound; the rows are real, vocoded (if asked for) and ours."""
    reference = tuple(clip.text.lower().split())
    sounds = {REAL: clip.real}
    if tools.vocoder is not None:
        sounds[VOCODED] = copy_synthesis(clip.real, clip.mel, _vocoder(tools.vocoder, tools.vocoder_weights, clip.mel))
    sounds[OURS] = clip.ours
    listen = tools.words and is_grid(reference)
    real_mel = measure_mel(clip.real, clip.mel)
    real_pitch = _pitch(clip.real, clip.mel, len(real_mel)) if tools.pitch else None
    rows = {}
    for row, sound in sounds.items():
        heard = tuple(recogniser().recognise(sound, clip.mel.sample_rate)) if listen else None
        distances = {} if row == REAL else _distances(sound, real_mel, real_pitch, clip, row == OURS)
        if tools.mos:
            distances["mos"] = predicted_mos(sound, clip.mel.sample_rate).overall
        rows[row] = SoundScores(heard, word_errors(reference, heard) if heard is not None else None, **distances)
    found, made = phone_boundaries(clip.ours, clip.mel.sample_rate, clip.said) if tools.phones else (None, np.zeros(0))
    return ClipSound(reference, rows, found, made)


class PredictedMos(NamedTuple):
    """Listeners' scores as DNSMOS predicts them, from 1 to 5. It was made for noise suppression, so that only rows of
    one table can be compared."""

    overall: float
    """Overall quality on the scale of ITU-T P.835 (Reddy et al. 2022)."""
    p808: float
    """Quality on the scale of ITU-T P.808 (Reddy et al. 2021)."""


def predicted_mos(sound: NDArray[np.float32], sample_rate: int) -> PredictedMos:
    """DNSMOS of mono sound, with up to 40 ms of silence after it (:data:`MOS_STEP`)."""
    from speechmos import dnsmos  # type: ignore[import-untyped,unused-ignore]

    resampled = np.clip(resample(sound, sample_rate, MOS_RATE), -1, 1).astype(np.float32)
    silence = (MOS_STEP // 2 - len(resampled)) % MOS_STEP
    found = dnsmos.run(np.pad(resampled, (0, silence)), MOS_RATE)
    return PredictedMos(float(found["ovrl_mos"]), float(found["p808_mos"]))


def copy_synthesis(sound: NDArray[np.float32], mel: MelConfig, vocoder: Vocoder) -> NDArray[np.float32]:
    """The recording's own mel through the vocoder: an upper bound for a voice that uses that vocoder."""
    import torch

    from vocoder.mel import log_mel

    with torch.inference_mode():
        made = vocoder(log_mel(torch.from_numpy(sound)[None], mel))[0]
    return np.asarray(made.cpu().numpy(), np.float32)


def measure_mel(sound: NDArray[np.float32], mel: MelConfig) -> NDArray[np.float32]:
    """``(F, M)``: the log mel of mono sound ``(N,)``."""
    import torch

    from vocoder.mel import log_mel

    return np.asarray(log_mel(torch.from_numpy(np.ascontiguousarray(sound))[None], mel)[0].numpy())


def _pitch(sound: NDArray[np.float32], mel: MelConfig, frames: int) -> NDArray[np.float64]:
    from avsynth.audio.pitch import fundamental_hz

    return fundamental_hz(sound, mel, frames)


def _distances(
    sound: NDArray[np.float32],
    real_mel: NDArray[np.float32],
    real_pitch: NDArray[np.float64] | None,
    clip: SoundClip,
    ours: bool,
) -> dict[str, float]:
    mel = measure_mel(sound, clip.mel)
    if clip.true_durations or not ours:
        path = frame_path(len(mel), len(real_mel))
    else:
        path = dtw_path(mel_cepstra(mel), mel_cepstra(real_mel))
    values = {"mcd": mel_cepstral_distortion(mel, real_mel, path)}
    if real_pitch is not None:
        errors = pitch_errors(_pitch(sound, clip.mel, len(mel)), real_pitch, path)
        values |= {"log_f0_rmse": errors.log_f0_rmse, "voicing_error": errors.voicing_error}
    return values


def phone_boundaries(
    sound: NDArray[np.float32], sample_rate: int, said: Timeline
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64]]:
    """Start of every spoken phone and end of the last, in seconds: as the aligner finds them, and as the timeline has
    them.

    Phones of no hops were never said and are not looked for. The first is None where the aligner finds no path; there
    are no phones where the model read characters.
    """

    from avsynth.audio.aligner import ALIGN_RATE

    spans = [[place for place in range(word.first, word.last) if said.hops[place] > 0] for word in said.words]
    spans = [span for span in spans if span]
    edges = [float(edge) for edge in said.boundaries_s]
    places = [place for span in spans for place in span]
    if not places or not {*said.phones} <= {*PHONES, SIL}:
        return None, np.zeros(0)
    made = np.array([edges[place] for place in places] + [edges[places[-1] + 1]])
    resampled = resample(sound, sample_rate, ALIGN_RATE)
    segments = _aligner()(resampled, [[said.phones[place] for place in span] for span in spans])
    if segments is None or len(segments) != len(places):
        return None, made
    return np.array([item.start_s for item in segments] + [segments[-1].end_s]), made


def score_timing(
    said: Sequence[WordTime], true: Sequence[WordTime], corpus: Sequence[WordTime], frames: tuple[int, int]
) -> TimingScores:
    """Word durations in ms against both truths, and the lengths' difference; ``frames`` are generated and real."""
    return TimingScores(_duration_error(said, true), _duration_error(said, corpus), float(length_error_frames(*frames)))


def _duration_error(said: Sequence[WordTime], true: Sequence[WordTime]) -> float:
    if [word.text for word in spoken(said)] != [word.text for word in spoken(true)] or not spoken(true):
        return float("nan")
    return word_duration_error_ms(said, true)
