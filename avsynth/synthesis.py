"""Text to sound and lips: :class:`AVSynthesizer`, sentence by sentence, on one clock."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, log
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth import __version__
from avsynth.errors import UserError
from avsynth.models.lips import Identity, resample_motion, to_uint8
from avsynth.text import G2P, PhoneSequence, phonemise, replace_unseen, split_sentences
from avsynth.text.lexicon import load_user_lexicon
from avsynth.timeline import Timeline, parse_fps
from avsynth.training.distributed import choose_device
from avsynth.video.reading import read_image
from avsynth.video.writing import write_clip
from avsynth.voice import DEFAULT_VOICE, Voice
from vocoder import Vocoder, check_mel, load_vocoder

DRAW_CHUNK = 15
"""Lip frames drawn at once: large enough for the processor, small enough for its caches."""
SLOWEST, FASTEST = 0.25, 4.0
PITCH_RANGE = 24.0


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

    def save(self, path: Path | str, scale: int = 4) -> None:
        """Write an mp4, the picture enlarged ``scale`` times; the shorter of sound and picture is filled to the other.

        Raises :class:`UserError` where the file cannot be written.
        """
        frames = max(len(self.lip_frames), ceil(Fraction(len(self.waveform), self.sample_rate) * self.fps))
        held = np.repeat(self.lip_frames[-1:], frames - len(self.lip_frames), axis=0)
        samples = round(frames / self.fps * self.sample_rate)
        silence = np.zeros(max(0, samples - len(self.waveform)), dtype=np.float32)
        write_clip(
            path,
            np.concatenate([self.lip_frames, held]),
            np.concatenate([self.waveform, silence]),
            self.fps,
            self.sample_rate,
            scale,
            provenance(self.voice),
        )

    def to_moviepy(self) -> Any:
        """A moviepy ``VideoClip`` with its sound, for people who edit with moviepy (extra ``moviepy``)."""
        try:
            from moviepy import ImageSequenceClip
            from moviepy.audio.AudioClip import AudioArrayClip
        except ImportError as error:
            raise UserError("to_moviepy needs moviepy: pip install 'avsynth[moviepy]'") from error
        sound = AudioArrayClip(np.repeat(self.waveform[:, None], 2, axis=1), fps=self.sample_rate)
        return ImageSequenceClip(list(self.lip_frames), fps=float(self.fps)).with_audio(sound)


def provenance(voice: str) -> dict[str, str]:
    """What is written into a video beside the comment that it is synthetic."""
    return {"synthetic": "true", "voice": voice, "software": f"avsynth {__version__}"}


@dataclass(frozen=True)
class Manner:
    """How to speak."""

    speed: float
    pitch: float
    """Semitones."""
    fps: Fraction
    speaker: int
    sound: bool
    lips: bool


class AVSynthesizer:
    """Speaks with one voice and one vocoder.

    Args:
        voice: The voice.
        device: ``auto``, ``cpu`` or ``cuda``.
        vocoder: A name (see :func:`vocoder.load_vocoder`), a vocoder, or None for the voice's own.
        vocoder_checkpoint: The vocoder's weights.
        lexicon: A user's pronunciations, which go before the dictionary's.

    Raises:
        UserError, vocoder.VocoderError: Something named does not exist, cannot be read, or does not fit the voice.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        device: str = "auto",
        vocoder: str | Vocoder | None = None,
        vocoder_checkpoint: Path | None = None,
        lexicon: Path | None = None,
    ) -> None:
        self.voice = voice
        self.device = choose_device(device)
        self._model = voice.model.to(self.device)
        mel = voice.config.mel
        if vocoder is None:
            vocoder = voice.config.vocoder
            if ":" in vocoder:
                raise UserError(f"voice {voice.name} asks for the vocoder {vocoder}: name it yourself to run its code")
        if isinstance(vocoder, str):
            vocoder = load_vocoder(vocoder, vocoder_checkpoint, self.device, mel)
        check_mel(vocoder, mel)
        self._vocoder = vocoder
        self._g2p = G2P(load_user_lexicon(lexicon) if lexicon else None, z=voice.config.voice.z)

    @classmethod
    def from_pretrained(cls, voice: str | Path = DEFAULT_VOICE, **options: Any) -> AVSynthesizer:
        """A synthesizer for a voice's name or folder; ``options`` as for the class."""
        return cls(Voice.load(voice), **options)

    def __call__(self, text: str, **options: Any) -> Synthesis:
        """Say a whole text; ``options`` as for :meth:`stream`."""
        return join(self.stream(text, **options))

    def stream(
        self,
        text: str,
        *,
        speed: float = 1.0,
        pitch: float = 0.0,
        fps: Fraction | str | float | None = None,
        identity: Path | str | NDArray[np.uint8] | None = None,
        timeline: Timeline | None = None,
        speaker: str | None = None,
        sound: bool = True,
        lips: bool = True,
    ) -> Iterator[Synthesis]:
        """Say a text sentence by sentence, in memory that does not grow with its length.

        The pieces follow one another without gap or overlap: a lip frame belongs to the sentence on which its middle
        falls, sound is cut at whole hops, and the last piece is padded to the end of its last frame.

        Args:
            text: English.
            speed: Above 1 is faster.
            pitch: Semitones by which the predicted pitch is shifted.
            fps: Frames a second; the voice's own by default.
            identity: An image of the mouth (or of a face), or its pixels ``(80, 160, 3)``; the voice's own by default.
            timeline: Speak these durations instead of predicted ones; ``text`` is then not read.
            speaker: One of the voice's speakers; the first by default.
            sound: False for lips alone.
            lips: False for sound alone.

        Raises:
            UserError: Nothing to say, or an option out of range.
        """
        manner = self._manner(speed, pitch, fps, speaker, sound, lips)
        sequences = [self._spoken(timeline)] if timeline is not None else self._sequences(text)
        with torch.inference_mode():
            face = self._identity(identity) if lips else None
            done_hops = 0
            for number, sequence in enumerate(sequences):
                last = number == len(sequences) - 1
                piece = self._say(sequence, timeline, manner, face, done_hops, last)
                done_hops += piece.timeline.total_hops
                yield piece

    def _say(
        self,
        sequence: PhoneSequence,
        timeline: Timeline | None,
        manner: Manner,
        face: Identity | None,
        done_hops: int,
        last: bool,
    ) -> Synthesis:
        """One sentence that begins ``done_hops`` into the whole."""
        model, config = self._model, self.voice.config
        phones_BP = torch.tensor([self.voice.stats.symbol_table.encode(sequence.phones)], device=self.device)
        mask_BP = torch.ones_like(phones_BP, dtype=torch.bool)
        encoded_BPD = model.encoder(phones_BP, mask_BP, torch.tensor([manner.speaker], device=self.device))
        if timeline is None:
            fractional = model.duration(encoded_BPD, mask_BP)[0].expm1().double().cpu().numpy() / manner.speed
            hops: tuple[int, ...] = whole_hops(fractional)
        else:
            hops = timeline.hops
        spoken = Timeline(
            sequence.phones, hops, sequence.words, config.mel.sample_rate, config.mel.hop_length, manner.fps
        )
        durations_BP = torch.tensor([hops], device=self.device)
        waveform = np.zeros(0, dtype=np.float32)
        first, end = frame_span(spoken, done_hops, last)
        if manner.sound:
            waveform = self._sound(encoded_BPD, mask_BP, durations_BP, manner)
            if last:
                total = Fraction(end) / manner.fps * config.mel.sample_rate
                missing = round(total) - done_hops * config.mel.hop_length - len(waveform)
                waveform = np.concatenate([waveform, np.zeros(max(0, missing), dtype=np.float32)])
        frames = np.zeros((0, config.lips.height, config.lips.width, 3), dtype=np.uint8)
        if face is not None and end > first:
            offset = float(first / manner.fps / spoken.hop_s - done_hops)
            frames = self._lips(encoded_BPD, durations_BP, face, manner, end - first, offset)
        return Synthesis(waveform, config.mel.sample_rate, frames, manner.fps, spoken, self.voice.name)

    def _sound(self, encoded_BPD: Tensor, mask_BP: Tensor, durations_BP: Tensor, manner: Manner) -> NDArray[np.float32]:
        model = self._model
        pitch_BP = model.pitch(encoded_BPD, mask_BP) + manner.pitch * log(2) / 12 / self.voice.stats.pitch_std
        energy_BP = model.energy(encoded_BPD, mask_BP)
        mask_BF = torch.ones(1, int(durations_BP.sum()), dtype=torch.bool, device=self.device)
        _, mel_BFM = model.mel_decoder(encoded_BPD, mask_BP, durations_BP, pitch_BP, energy_BP, mask_BF)
        waveform: NDArray[np.float32] = self._vocoder(model.denormalise_mel(mel_BFM))[0].float().cpu().numpy()
        return waveform

    def _lips(
        self,
        encoded_BPD: Tensor,
        durations_BP: Tensor,
        face: Identity,
        manner: Manner,
        frames: int,
        offset_hops: float,
    ) -> NDArray[np.uint8]:
        decoder, native = self._model.lip_decoder, self.voice.config.fps
        native_frames = max(1, ceil(frames * native / manner.fps))
        mask_BT = torch.ones(1, native_frames, dtype=torch.bool, device=self.device)
        motion_BTD = decoder.move(encoded_BPD, durations_BP, self._model.frame_hops, mask_BT, face, offset_hops)
        motion_BTD = resample_motion(motion_BTD, float(native), float(manner.fps), frames)
        drawn = [decoder.draw(part, face)[0] for part in torch.split(motion_BTD, DRAW_CHUNK, dim=1)]
        return np.concatenate([to_uint8(part).cpu().numpy() for part in drawn])

    def _identity(self, identity: Path | str | NDArray[np.uint8] | None) -> Identity:
        config = self.voice.config.lips
        picture = self.voice.identity if identity is None else identity
        if not isinstance(picture, np.ndarray):
            picture = read_image(picture)
        if picture.shape != (config.height, config.width, 3):
            from avsynth.video.mouth import find_mouth

            picture = find_mouth(picture, config)
        floats = torch.from_numpy(picture.copy()).to(self.device).permute(2, 0, 1)[None].float() / 255
        return self._model.lip_decoder.encode_identity(floats.contiguous(memory_format=torch.channels_last))

    def _sequences(self, text: str) -> list[PhoneSequence]:
        """The sentences as phones that the voice knows; one warning for all that it does not."""
        sequences, replaced = [], {}
        for sentence in split_sentences(text):
            sequence = phonemise(sentence, self._g2p)
            known = replace_unseen(sequence.phones, self.voice.stats.seen)
            replaced.update(known.replaced)
            sequences.append(PhoneSequence(tuple(known.phones), sequence.words))
        if replaced:
            listed = ", ".join(f"{phone} as {kin}" for phone, kin in sorted(replaced.items()))
            warnings.warn(f"voice {self.voice.name} never heard some of these phones; it says {listed}", stacklevel=4)
        return sequences

    def _spoken(self, timeline: Timeline) -> PhoneSequence:
        unknown = sorted(set(timeline.phones) - set(self.voice.stats.symbols))
        if unknown:
            raise UserError(f"the timeline holds {unknown[0]!r}, which is no phone of voice {self.voice.name}")
        mel = self.voice.config.mel
        if (timeline.sample_rate, timeline.hop_length) != (mel.sample_rate, mel.hop_length):
            raise UserError(
                f"the timeline counts hops of {timeline.hop_length} samples at {timeline.sample_rate} Hz, voice"
                f" {self.voice.name} of {mel.hop_length} at {mel.sample_rate} Hz"
            )
        return PhoneSequence(timeline.phones, timeline.words)

    def _manner(
        self,
        speed: float,
        pitch: float,
        fps: Fraction | str | float | None,
        speaker: str | None,
        sound: bool,
        lips: bool,
    ) -> Manner:
        if not SLOWEST <= speed <= FASTEST:
            raise UserError(f"speed must lie between {SLOWEST} and {FASTEST}, not {speed}")
        if not -PITCH_RANGE <= pitch <= PITCH_RANGE:
            raise UserError(f"pitch must lie between {-PITCH_RANGE:g} and {PITCH_RANGE:g} semitones, not {pitch}")
        speakers = self.voice.stats.speakers
        if speaker is not None and speaker not in speakers:
            raise UserError(f"voice {self.voice.name} has no speaker {speaker!r}; it has {', '.join(speakers)}")
        rate = self.voice.config.fps if fps is None else parse_fps(fps)
        return Manner(speed, pitch, rate, speakers.index(speaker) if speaker else 0, sound, lips)


def whole_hops(fractional: Iterable[float]) -> tuple[int, ...]:
    """Whole durations of at least one hop, each boundary rounded once, so that no error builds up."""
    hops = []
    exact, given = 0.0, 0
    for value in fractional:
        exact += max(float(value), 0.0)
        hops.append(max(1, round(exact) - given))
        given += hops[-1]
    return tuple(hops)


def frame_span(timeline: Timeline, done_hops: int, last: bool) -> tuple[int, int]:
    """First and end of the lip frames, counted over the whole, whose middles fall on a piece from ``done_hops`` on.

    The last piece goes on to the frame that covers its end.
    """
    half = Fraction(1, 2)
    frames_per_hop = timeline.hop_s * timeline.fps
    end_hops = done_hops + timeline.total_hops
    first = max(0, ceil(done_hops * frames_per_hop - half)) if done_hops else 0
    return first, ceil(end_hops * frames_per_hop) if last else ceil(end_hops * frames_per_hop - half)


def join(pieces: Iterable[Synthesis]) -> Synthesis:
    """Pieces of one stream as one."""
    parts = list(pieces)
    timeline = parts[0].timeline
    for part in parts[1:]:
        timeline = timeline + part.timeline
    return replace(
        parts[0],
        waveform=np.concatenate([part.waveform for part in parts]),
        lip_frames=np.concatenate([part.lip_frames for part in parts]),
        timeline=timeline,
    )
