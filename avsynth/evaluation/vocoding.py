"""Copy synthesis: a recording, or a mel, through a vocoder, with the measures of what is lost.

Dimensions: N audio samples, F mel frames, M mel bins.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.audio.io import read_audio, resample, write_wav
from avsynth.audio.pitch import fundamental_hz
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.evaluation.speech import frame_path, mel_cepstral_distortion, pitch_errors
from vocoder import MelConfig, Vocoder, fit_mel, load_vocoder, log_mel
from vocoder.adapting import AdaptedVocoder
from vocoder.mel_file import read_mel_file

Sound = NDArray[np.float32]

YARDSTICK = MelConfig()
"""The mel by which copies are measured, whatever mel their vocoder takes, so that different vocoders can be
compared."""
HIGHEST = 12.0
"""Upper bound of a natural-log mel: no sound in [-1, 1] reaches it."""


@dataclass(frozen=True)
class VocodeJob:
    """The options of ``avsynth vocode``; see its help."""

    input: Path
    output: Path
    vocoder: str
    vocoder_checkpoint: Path | None = None
    mel_config: Path | None = None
    adapt_mel: bool = False
    input_mel: Path | None = None
    measures: bool = False
    device: str = "auto"


@dataclass(frozen=True)
class CopyScores:
    """A copy against what it was made from; NaN where a mel was all there was."""

    mel_l1: float
    """Mean absolute difference of the natural log mels."""
    mcd: float
    """dB, frame by frame."""
    log_f0_rmse: float
    voicing_error: float

    def __str__(self) -> str:
        parts = [f"mel L1 {self.mel_l1:.3f}", f"MCD {self.mcd:.2f} dB"]
        if math.isfinite(self.voicing_error):
            parts.append(f"log-F0 RMSE {self.log_f0_rmse:.4f}, voicing error {self.voicing_error:.1%}")
        return ", ".join(parts)


def vocode(job: VocodeJob) -> list[str]:
    """Write the copy; the lines that tell what was done, and the measures if they were asked for.

    Raises :class:`UserError` and :class:`vocoder.VocoderError`, and nothing is written then.
    """
    if job.output.suffix.lower() != ".wav":
        raise UserError(f"the output {job.output} must end in .wav")
    if job.adapt_mel and job.input_mel is None:
        raise UserError("--adapt-mel needs --input-mel: without it the mel is taken as the vocoder wants it")
    device = choose_device(job.device)
    given = None if job.input_mel is None else read_mel_file(job.input_mel)[0]
    vocoder = load_vocoder(job.vocoder, job.vocoder_checkpoint, device, given, job.mel_config)
    lines = []
    if given is not None:
        vocoder = fit_mel(vocoder, given, job.adapt_mel)
        lines = [vocoder.steps] if isinstance(vocoder, AdaptedVocoder) else []
    config = vocoder.mel_config
    started = time.perf_counter()
    if job.input.suffix.lower() == ".npy":
        mel = read_mel(job.input, config.n_mels)
        started = time.perf_counter()
        sound = _speak(vocoder, mel)
    else:
        recording = read_audio(job.input, config.sample_rate)
        mel = _measure(recording, config)
        started = time.perf_counter()
        sound = _speak(vocoder, mel)[: len(recording)]
    spent = time.perf_counter() - started
    write_wav(job.output, sound, config.sample_rate)
    seconds = len(sound) / config.sample_rate
    lines.append(
        f"{job.output}: {seconds:.2f} s at {config.sample_rate} Hz by {job.vocoder}, {seconds / spent:.1f} × real time"
    )
    if job.measures and job.input.suffix.lower() == ".npy":
        lines.append(str(score_mel(sound, mel, config)))
    elif job.measures:
        lines.append(str(score_copy(sound, recording, config.sample_rate)))
    return lines


def read_mel(path: Path, n_mels: int) -> Sound:
    """A log mel ``(F, M)`` from a NumPy file, which may hold it as ``(F, M)``, ``(M, F)``, or either of one in a batch.

    Where both axes are as long, the last one is taken for the bins. Raises :class:`UserError` for anything else than
    such a mel of finite numbers.
    """
    try:
        content = np.load(path, allow_pickle=False)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # damaged bytes make the reader raise almost anything
        raise UserError(f"{path} is damaged, or no NumPy file of numbers") from error
    if not isinstance(content, np.ndarray) or content.dtype.kind not in "fiu":
        raise UserError(f"{path} holds no array of numbers")
    mel = content[0] if content.ndim == 3 and len(content) == 1 else content
    if mel.ndim != 2 or n_mels not in mel.shape or not mel.size:
        raise UserError(f"{path} has the shape {content.shape}; a mel is (frames, {n_mels}) or ({n_mels}, frames)")
    if not np.isfinite(mel).all():
        raise UserError(f"{path} holds values that are not finite")
    if mel.max() > HIGHEST:
        raise UserError(f"{path} reaches {mel.max():g}, which no logarithm of a mel does: was the logarithm taken?")
    return np.ascontiguousarray(mel if mel.shape[1] == n_mels else mel.T, np.float32)


def score_copy(copy: Sound, recording: Sound, sample_rate: int) -> CopyScores:
    """A copy against its recording, both ``(N,)`` at ``sample_rate``, on the usual mel (22,050 Hz, 80 bands)."""
    sounds = [resample(sound, sample_rate, YARDSTICK.sample_rate) for sound in (copy, recording)]
    mels = [_measure(sound, YARDSTICK) for sound in sounds]
    frames = min(len(mel) for mel in mels)
    tracks = [fundamental_hz(_padded(sound, YARDSTICK), YARDSTICK, frames) for sound in sounds]
    path = frame_path(frames, frames)
    pitch = pitch_errors(tracks[0], tracks[1], path)
    return CopyScores(
        float(np.abs(mels[0][:frames] - mels[1][:frames]).mean()),
        mel_cepstral_distortion(mels[0], mels[1], path),
        pitch.log_f0_rmse,
        pitch.voicing_error,
    )


def score_mel(copy: Sound, mel: Sound, config: MelConfig) -> CopyScores:
    """A copy ``(N,)`` against the log mel ``(F, M)`` of ``config`` that it was made from: mel L1 and MCD alone."""
    unit = 1.0 if config.log_base == "e" else math.log(10.0)
    again = _measure(copy, config)
    frames = min(len(again), len(mel))
    distance = float(np.abs(again[:frames] - mel[:frames]).mean()) * unit
    distortion = mel_cepstral_distortion(again * unit, mel * unit, frame_path(frames, frames))
    return CopyScores(distance, distortion, math.nan, math.nan)


def _speak(vocoder: Vocoder, mel: Sound) -> Sound:
    with torch.inference_mode():
        sound = vocoder(torch.from_numpy(mel)[None])
    made = sound.float().cpu()
    wanted = len(mel) * vocoder.mel_config.hop_length
    if made.shape != (1, wanted) or not bool(torch.isfinite(made).all()):
        raise UserError(
            f"the vocoder gave {tuple(made.shape)} samples, or values that are not finite, for (1, {wanted})"
        )
    return np.asarray(made[0].numpy())


def _measure(sound: Sound, config: MelConfig) -> Sound:
    """The log mel of a sound, its end filled up with silence to whole hops."""
    return np.asarray(log_mel(torch.from_numpy(_padded(sound, config))[None], config)[0].numpy())


def _padded(sound: Sound, config: MelConfig) -> Sound:
    wanted = max(math.ceil(len(sound) / config.hop_length) * config.hop_length, config.min_samples)
    return np.pad(sound, (0, wanted - len(sound)))
