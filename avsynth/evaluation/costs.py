"""Costs of speaking: the time of each part within one process, and the peak memory."""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from avsynth.config.schema import Config
from avsynth.device import one_thread_each
from avsynth.evaluation.latency import clip_maker, median_seconds
from avsynth.evaluation.statistics import single
from avsynth.evaluation.tables import Column, Heading, Table
from avsynth.faces.library import face_of_speaker, open_face
from avsynth.faces.talking import TalkingFace
from avsynth.models.build import build_model
from avsynth.synthesis.ahead import ahead
from avsynth.synthesis.options import FileOptions
from avsynth.synthesis.result import Synthesis
from avsynth.synthesis.say import write_files
from avsynth.synthesis.synthesizer import DRAW_CHUNK, AVSynthesizer
from avsynth.synthesis.voice import OWN_VOCODER, Voice
from avsynth.video.writing import Mp4Writer
from vocoder import MelConfig, load_vocoder

FRAMES = 75
VOCODER, REST, SPEECH, CODING = "HiFi-GAN V1", "all but the vocoder", "- text, durations, mel, lips", "- video coding"
HARMONIC = "harmonic vocoder"
SAID, SHOWN = "text to sound with it", "text to mp4 of the mouth with it"
LONG_S = 10.0
OWN_LIPS, PAPER_LIPS = f"lips of {FRAMES} frames, this voice", f"lips of {FRAMES} frames, paper size"


@dataclass(frozen=True)
class FaceCosts:
    """Times for drawing and coding a face."""

    size: tuple[int, int]
    """Height and width in pixels."""
    shown_s: float
    """Length of what was drawn."""
    drawing_s: float
    coding_s: float


@dataclass(frozen=True)
class Costs:
    """Median seconds by row, and the peak memory of speaking."""

    seconds: Mapping[str, float]
    sound_s: float
    """Length of the sentence."""
    peak_mb: float
    face: FaceCosts | None = None
    """None where the voice's first speaker has no face."""

    def tables(self, heading: Heading) -> tuple[Table, Table]:
        """Each part's time as a ratio to the slowest, and the ratios that matter."""
        slowest = max(self.seconds.values())
        parts = {row: {"share": single(value / slowest)} for row, value in self.seconds.items()}
        ratios = {row: {"figure": single(value)} for row, value in self.ratios().items()}
        return (
            Table("Time of each part", heading, (Column("share", "time, of the slowest row", 3),), parts),
            Table("Speed and memory", heading, (Column("figure", "figure"),), ratios),
        )

    def ratios(self) -> dict[str, float]:
        """Ratios and figures that matter to users, by a description with the unit."""
        found = {}
        if HARMONIC in self.seconds:
            found["the voice's harmonic vocoder, × faster than HiFi-GAN V1"] = (
                self.seconds[VOCODER] / self.seconds[HARMONIC]
            )
            found |= {f"{row}, × real time": self.sound_s / self.seconds[row] for row in (HARMONIC, SAID, SHOWN)}
        found["lips, × faster than the paper-size decoder"] = self.seconds[PAPER_LIPS] / self.seconds[OWN_LIPS]
        found["all but the vocoder, × the time of HiFi-GAN V1"] = self.seconds[REST] / self.seconds[VOCODER]
        found["peak memory of speaking, MB"] = self.peak_mb
        if self.face is not None:
            size = f"{self.face.size[1]} × {self.face.size[0]}"
            found[f"drawing lips and setting them into a face of {size}, × real time"] = (
                self.face.shown_s / self.face.drawing_s
            )
            found["coding that face, × real time"] = self.face.shown_s / self.face.coding_s
        return found


class Replay:
    """A vocoder that costs nothing: it returns what another one made of the same sentence."""

    def __init__(self, waveform_BN: Tensor, mel_config: MelConfig) -> None:
        self._waveform_BN = waveform_BN
        self.mel_config = mel_config

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """The stored waveform ``(B, F * hop_length)``; another length is a ``ValueError``."""
        wanted = mel_BFM.shape[1] * self.mel_config.hop_length
        if self._waveform_BN.shape[1] != wanted:
            raise ValueError(f"{wanted} samples are asked for, {self._waveform_BN.shape[1]} were made before")
        return self._waveform_BN


class Recorder:
    """A vocoder that keeps the last mel and what was made of it."""

    def __init__(self, inner: Callable[[Tensor], Tensor], mel_config: MelConfig) -> None:
        self._inner = inner
        self.mel_config = mel_config
        self.mel_BFM: Tensor | None = None
        self.waveform_BN: Tensor | None = None

    def __call__(self, mel_BFM: Tensor) -> Tensor:
        """The inner vocoder's waveform."""
        self.mel_BFM, self.waveform_BN = mel_BFM, self._inner(mel_BFM)
        return self.waveform_BN


def measure(voice: Voice, paper: Config, text: str, runs: int) -> Costs:
    """Every row, speaking first: its peak memory is read before the paper-size model, of random weights, is made.

    Args:
        voice: One that speaks.
        paper: The config of the paper's sizes.
        text: What is said.
        runs: Runs of which the median counts, after the warm-up.
    """
    cpu, symbols = torch.device("cpu"), len(voice.stats.symbols)
    mel = voice.config.mel
    hifigan = load_vocoder("hifigan", mel_config=mel)
    recorder = Recorder(hifigan, mel)
    made = AVSynthesizer(voice, device="cpu", vocoder=recorder)(text)
    mel_BFM, waveform_BN = recorder.mel_BFM, recorder.waveform_BN
    assert mel_BFM is not None and waveform_BN is not None
    silent = AVSynthesizer(voice, device="cpu", vocoder=Replay(waveform_BN, mel))
    seconds = {}
    with torch.inference_mode(), tempfile.TemporaryDirectory(prefix="avsynth-") as folder:
        target = Path(folder) / "bench.mp4"
        files = FileOptions(output=target)
        seconds[VOCODER] = median_seconds(lambda: hifigan(mel_BFM), runs, cpu)
        if (weights := voice.weights_for(OWN_VOCODER)) is not None:
            harmonic = load_vocoder(OWN_VOCODER, weights)
            speak = AVSynthesizer(voice, device="cpu", vocoder=harmonic)
            seconds[HARMONIC] = median_seconds(lambda: harmonic(mel_BFM), runs, cpu)
            seconds[SAID] = median_seconds(lambda: speak(text, lips=False), runs, cpu)
            with one_thread_each() as threads:
                show = AVSynthesizer(voice, device="cpu", vocoder=harmonic, threads=threads)
                seconds[SHOWN] = median_seconds(lambda: write_files(files, *begun(show.stream(text))), runs, cpu)
        seconds[REST] = median_seconds(lambda: silent(text).save(target), runs, cpu)
        seconds[SPEECH] = median_seconds(lambda: silent(text), runs, cpu)
        seconds[CODING] = median_seconds(lambda: made.save(target), runs, cpu)
        peak = peak_megabytes()
        own = clip_maker(voice.model, voice.config, symbols, FRAMES, cpu, DRAW_CHUNK)
        seconds[OWN_LIPS] = median_seconds(own, runs, cpu)
        published = build_model(paper, voice.stats).eval()
        seconds[PAPER_LIPS] = median_seconds(clip_maker(published, paper, symbols, FRAMES, cpu, 0), runs, cpu)
    return Costs(seconds, len(made.waveform) / made.sample_rate, peak, face_costs(voice, text, runs))


def face_costs(voice: Voice, text: str, runs: int) -> FaceCosts | None:
    """How fast the face of the voice's first speaker is drawn and coded; None where the speaker has none.

    The text is said again and again for :data:`LONG_S`, without a vocoder.
    """
    name = face_of_speaker(voice.name, voice.stats.speakers[voice.speaker_index(None)])
    if name is None:
        return None
    face, cpu = open_face(name, voice.config.lips), torch.device("cpu")
    speak = AVSynthesizer(voice, device="cpu", vocoder="griffin_lim", threads=torch.get_num_threads())
    once = speak(text, sound=False)
    spoken = " ".join([f"{text}."] * ceil(LONG_S * once.fps / len(once.lip_frames)))

    def draw() -> None:
        talking, count = TalkingFace(face), 0
        for piece in ahead(speak.stream(spoken, sound=False, face=face)):
            count += sum(1 for _ in talking.paste(piece.lip_frames, count, piece.fps))

    made = speak(spoken, sound=False, face=face)
    pictures, shown_s = list(made.pictures()), float(len(made.lip_frames) / made.fps)
    silence = np.zeros(round(shown_s * made.sample_rate), np.float32)

    def code() -> None:
        with Mp4Writer(target, made.fps, face.size, made.sample_rate, 1) as video:
            video.write(iter(pictures), silence)

    with tempfile.TemporaryDirectory(prefix="avsynth-") as folder:
        target = Path(folder) / "face.mp4"
        with one_thread_each():
            drawing = median_seconds(draw, runs, cpu)
        coding = median_seconds(code, runs, cpu)
    return FaceCosts(face.size, shown_s, drawing, coding)


def begun(pieces: Iterator[Synthesis]) -> tuple[Synthesis, Iterator[Synthesis]]:
    """The first of a speech's pieces, and the rest."""
    return next(pieces), pieces


def peak_megabytes() -> float:
    """The most memory that this process has held so far, by the operating system."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
