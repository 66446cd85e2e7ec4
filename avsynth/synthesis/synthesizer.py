"""Text to sound and lips: :class:`AVSynthesizer`, sentence by sentence, on one clock."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.models.baselines.autoregressive import AutoregressiveModel, Face
from avsynth.models.baselines.sentence import draw_sentence
from avsynth.models.joint import JointModel
from avsynth.models.lips import Identity, resample_motion, to_uint8
from avsynth.synthesis.rests import SHOWN_S, resting, shown, silences
from avsynth.synthesis.result import Synthesis, join
from avsynth.synthesis.sentences import (
    Line,
    known_lines,
    lines_of_text,
    lines_of_timeline,
    mark_last,
    paced,
    timeline_in_letters,
)
from avsynth.synthesis.voice import Voice
from avsynth.text import FASTEST, G2P, SIL, SLOWEST, load_user_lexicon
from avsynth.timeline import Timeline, frame_span, parse_fps, round_durations, sample_at
from avsynth.video.reading import read_image
from vocoder import Vocoder, fit_mel, load_vocoder
from vocoder.adapting import AdaptedVocoder
from vocoder.errors import VocoderError

KEPT_KERNELS = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
"""oneDNN, with which torch convolves on processors, keeps what it made for each shape, 1,024 of them by default; every
sentence is of another length, and a long text would take half a gigabyte of what is never used again."""
DRAW_CHUNK = 15
"""Lip frames drawn at once: large enough for the processor, small enough for its caches."""
PITCH_RANGE = 24.0
REST_S = 0.6
"""So long before speech recordings show their talkers at rest, as their first frames do."""
LONGEST_PHONE_S = 3.0
"""No predicted duration is longer, at speed 1: it bounds the memory that a strange voice can ask for."""


class UnseenPhoneWarning(UserWarning):
    """The text holds phones that the voice never heard; others stand in for them."""


class SpeechOptions(TypedDict, total=False):
    """The options of :meth:`AVSynthesizer.stream`."""

    speed: float
    pitch: float
    fps: Fraction | str | float | None
    identity: Path | str | NDArray[np.uint8] | None
    timeline: Timeline | None
    speaker: str | None
    sound: bool
    lips: bool
    lips_ahead_s: float


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
    lips_ahead_s: float
    """How far the picture runs ahead of the sound."""


class AVSynthesizer:
    """Speaks with one voice and one vocoder.

    Args:
        voice: The voice.
        device: ``auto``, ``cpu`` or ``cuda``.
        vocoder: A name (see :func:`vocoder.load_vocoder`), a vocoder, or None for the voice's own.
        vocoder_checkpoint: The vocoder's weights.
        vocoder_mel: The YAML file of the mel that an ONNX net takes.
        adapt_mel: Convert the mel for a vocoder that takes another logarithm or floor.
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
        vocoder_checkpoint: Path | str | None = None,
        vocoder_mel: Path | str | None = None,
        adapt_mel: bool = False,
        lexicon: Path | str | None = None,
    ) -> None:
        os.environ.setdefault(*KEPT_KERNELS)
        self.voice = voice
        self.device = choose_device(device)
        self._model = voice.model.to(self.device)
        self._g2p = G2P(load_user_lexicon(lexicon) if lexicon else None, z=voice.config.voice.z)
        self.adaptation = ""
        """What is done to the mel for the vocoder, in a line; empty where it takes the voice's own."""
        if not voice.speaks:
            return
        mel = voice.config.mel
        if vocoder is None:
            vocoder = voice.config.vocoder
            if ":" in vocoder:
                raise UserError(f"voice {voice.name} asks for the vocoder {vocoder}: name it yourself to run its code")
        if isinstance(vocoder, str):
            checkpoint = None if vocoder_checkpoint is None else Path(vocoder_checkpoint)
            mel_file = None if vocoder_mel is None else Path(vocoder_mel)
            vocoder = load_vocoder(vocoder, checkpoint, self.device, mel, mel_file)
        self._vocoder = fit_mel(vocoder, mel, adapt_mel)
        if isinstance(self._vocoder, AdaptedVocoder):
            self.adaptation = self._vocoder.steps

    @classmethod
    def from_pretrained(
        cls,
        voice: str | Path = DEFAULT_VOICE,
        device: str = "auto",
        vocoder: str | Vocoder | None = None,
        vocoder_checkpoint: Path | str | None = None,
        vocoder_mel: Path | str | None = None,
        adapt_mel: bool = False,
        lexicon: Path | str | None = None,
    ) -> AVSynthesizer:
        """A synthesizer for a voice's name or folder; the rest as for the class."""
        return cls(
            Voice.load(voice),
            device=device,
            vocoder=vocoder,
            vocoder_checkpoint=vocoder_checkpoint,
            vocoder_mel=vocoder_mel,
            adapt_mel=adapt_mel,
            lexicon=lexicon,
        )

    def __call__(self, text: str, **options: Unpack[SpeechOptions]) -> Synthesis:
        """Say a whole text; ``options`` as for :meth:`stream`."""
        return join(self.stream(text, **options))

    def stream(self, text: str, **options: Unpack[SpeechOptions]) -> Iterator[Synthesis]:
        """Say a text sentence by sentence, in memory that does not grow with its length.

        The pieces follow one another without gap or overlap: a lip frame belongs to the sentence on which its middle
        falls, sound is cut at whole hops, and the last piece is padded to the end of its last frame.

        Args:
            text: English, plain with pronunciations of one's own as ``[word](/W ER D/)``, or SSML (``<speak>…``).
            speed: Above 1 is faster.
            pitch: Semitones by which the predicted pitch is shifted.
            fps: Frames a second; the voice's own by default.
            identity: An image of the mouth (or of a face), or its pixels ``(80, 160, 3)``; the speaker's by default.
            timeline: Speak these durations instead of predicted ones, at this frame rate unless ``fps`` is given;
                ``text`` is then not read.
            speaker: One of the voice's speakers; by default the one whom it names, or its first.
            sound: False for lips alone.
            lips: False for sound alone.
            lips_ahead_s: How far the picture runs ahead of the sound, as it does in a recording whose camera and
                microphone disagree; 0 is in sync.

        Raises:
            UserError: Nothing to say, or an option out of range.

        Warns:
            UnseenPhoneWarning: Once for the whole text.
        """
        manner, timeline, identity = self._manner(options), options.get("timeline"), options.get("identity")
        lines = lines_of_text(text, self._g2p, self.voice.config.tokens) if timeline is None else self._given(timeline)
        lines, replaced = known_lines(lines, self.voice.stats.seen)
        if not self.voice.speaks and any(line.paces for line in lines):
            raise UserError(f"voice {self.voice.name} is a baseline's, which takes no <break> and no <prosody>")
        if replaced:
            message = f"the text holds phones that voice {self.voice.name} never heard; it says {listed(replaced)}"
            warnings.warn(message, UnseenPhoneWarning, stacklevel=2)
        face = self.voice.identity_of(manner.speaker) if identity is None else identity
        return self._pieces(lines, manner, self._identity(face) if manner.lips else None)

    def follow(
        self,
        timelines: Iterable[Timeline],
        fps: Fraction | str | float | None = None,
        identity: Path | str | NDArray[np.uint8] | None = None,
    ) -> Iterator[Synthesis]:
        """Lips alone to phones' durations that come piece by piece, as those of :meth:`stream` do; errors as there.

        Each piece is drawn once the next one is known. Phones that the voice never heard are replaced without a word.
        """
        manner = self._manner({"fps": fps, "sound": False})
        if self.voice.config.tokens == "characters":
            timelines = map(timeline_in_letters, timelines)
        lines = (line for each in timelines for line in known_lines(self._given(each), self.voice.stats.seen)[0])
        return self._pieces(lines, manner, self._identity(self.voice.identity if identity is None else identity))

    def _pieces(self, lines: Iterable[Line], manner: Manner, face: Identity | None) -> Iterator[Synthesis]:
        done_hops = 0
        for line, last in mark_last(lines):
            piece = self._say(line, manner, face, done_hops, last)
            done_hops += piece.timeline.total_hops
            yield piece

    @torch.inference_mode()
    def _say(self, line: Line, manner: Manner, face: Identity | None, done_hops: int, last: bool) -> Synthesis:
        """One piece that begins ``done_hops`` into the whole."""
        config = self.voice.config
        rate, hop = config.mel.sample_rate, config.mel.hop_length
        phones_BP = torch.tensor([self.voice.stats.symbol_table.encode(line.phones)], device=self.device)
        speaker_B = torch.tensor([manner.speaker], device=self.device)
        if isinstance(self._model, AutoregressiveModel) and isinstance(face, Face):
            any_hops = line.hops or (1,) * len(line.phones)
            spoken = Timeline(line.phones, any_hops, line.words, rate, hop, manner.fps)
            text, place = (phones_BP, speaker_B, face), (done_hops, last)
            drawn = draw_sentence(self._model, text, spoken, line.hops is not None, place, config.fps)
            frames, spoken, flag = drawn
            return Synthesis(np.zeros(0, np.float32), rate, frames, manner.fps, spoken, self.voice.name, (flag,))
        mask_BP = torch.ones_like(phones_BP, dtype=torch.bool)
        encoded_BPD = self._joint.encoder(phones_BP, mask_BP)
        voiced_BPD = self._joint.voiced(encoded_BPD, mask_BP, speaker_B)
        hops = line.hops or self._predicted(voiced_BPD, mask_BP, manner, line)
        spoken = Timeline(line.phones, hops, line.words, rate, hop, manner.fps)
        durations_BP = torch.tensor([hops], device=self.device)
        first, end = frame_span(spoken, done_hops, last)
        waveform = np.zeros(0, dtype=np.float32)
        if manner.sound:
            waveform = self._sound(encoded_BPD, voiced_BPD, mask_BP, durations_BP, manner)
            if last:
                missing = sample_at(end, manner.fps, rate) - done_hops * hop - len(waveform)
                waveform = np.concatenate([waveform, np.zeros(max(0, missing), dtype=np.float32)])
        frames = np.zeros((0, config.lips.height, config.lips.width, 3), dtype=np.uint8)
        if face is not None and end > first:
            ahead_hops = manner.lips_ahead_s / float(spoken.hop_s)
            offset = float(first / manner.fps / spoken.hop_s - done_hops) + ahead_hops
            frames = self._lips(encoded_BPD, spoken, face, end - first, offset)
        return Synthesis(waveform, rate, frames, manner.fps, spoken, self.voice.name)

    @property
    def _joint(self) -> JointModel:
        assert isinstance(self._model, JointModel)
        return self._model

    def _predicted(self, voiced_BPD: Tensor, mask_BP: Tensor, manner: Manner, line: Line) -> tuple[int, ...]:
        mel = self.voice.config.mel
        longest = LONGEST_PHONE_S * mel.sample_rate / mel.hop_length
        fractional = self._joint.duration(voiced_BPD, mask_BP)[0].double().expm1().clamp(0, longest) / manner.speed
        return round_durations(paced(fractional.tolist(), line.paces, Fraction(mel.hop_length, mel.sample_rate)))

    def _sound(
        self, encoded_BPD: Tensor, voiced_BPD: Tensor, mask_BP: Tensor, durations_BP: Tensor, manner: Manner
    ) -> NDArray[np.float32]:
        model = self._joint
        shift = manner.pitch * log(2) / 12 / self.voice.stats.pitch_std[manner.speaker]
        pitch_BP, energy_BP = model.prosody(encoded_BPD, voiced_BPD, mask_BP)
        mask_BF = torch.ones(1, int(durations_BP.sum()), dtype=torch.bool, device=self.device)
        _, mel_BFM = model.mel_decoder(voiced_BPD, mask_BP, durations_BP, pitch_BP + shift, energy_BP, mask_BF)
        sound_BN = self._vocoder(model.denormalise_mel(mel_BFM)).float().cpu()
        wanted = (1, mel_BFM.shape[1] * self.voice.config.mel.hop_length)
        if sound_BN.shape != wanted or not torch.isfinite(sound_BN).all():
            fault = "values that are not finite" if sound_BN.shape == wanted else f"the shape {tuple(sound_BN.shape)}"
            raise VocoderError(f"vocoder {type(self._vocoder).__name__} made a waveform of {fault}, for {wanted}")
        waveform: NDArray[np.float32] = sound_BN[0].numpy()
        return waveform

    def _lips(
        self, encoded_BPD: Tensor, spoken: Timeline, face: Identity, frames: int, offset_hops: float
    ) -> NDArray[np.uint8]:
        """Frames ``(frames, H, W, 3)``, the first of which begins at ``offset_hops`` of the piece."""
        decoder, native = self._joint.lip_decoder, self.voice.config.fps
        step, hop_s = self._joint.frame_hops, float(spoken.hop_s)
        # The decoder is only shown frames on which phones fall; the frames asked for may reach a little beyond.
        before = max(0, floor(-offset_hops / step))
        covered = ceil((spoken.total_hops - offset_hops) / step)
        native_frames = max(1, min(ceil(frames * native / spoken.fps), covered) - before)
        runs = silences(spoken.phones, spoken.hops)
        seen = shown(spoken.hops, runs, SHOWN_S / hop_s, step, offset_hops + before * step, native_frames)
        motion_BTD = self._move(encoded_BPD, seen.hops, int(seen.place[-1]) + 1, face, seen.offset_hops)
        place_T = torch.from_numpy(np.pad(seen.place, (before, 0))).to(self.device)
        motion_BTD = resample_motion(motion_BTD[:, place_T], float(native), float(spoken.fps), frames)
        middles = offset_hops + np.arange(0.5, frames) / (float(spoken.fps) * hop_s)
        rest_T = torch.from_numpy(resting(middles, runs, spoken.total_hops, hop_s)).to(self.device)
        motion_BTD = torch.lerp(motion_BTD, self._rest(face), rest_T[None, :, None])
        distinct_BTD, number_T = torch.unique_consecutive(motion_BTD, dim=1, return_inverse=True)
        drawn = [decoder.draw(part, face)[0] for part in torch.split(distinct_BTD, DRAW_CHUNK, dim=1)]
        pictures = np.concatenate([to_uint8(part).cpu().numpy() for part in drawn])
        return np.asarray(pictures[number_T.cpu().numpy()])

    def _move(
        self, encoded_BPD: Tensor, hops: Sequence[float], frames: int, face: Identity, offset_hops: float = 0.0
    ) -> Tensor:
        """Motion latents ``(1, frames, D)`` at the voice's own rate."""
        durations_BP = torch.tensor([list(hops)], dtype=torch.float64, device=self.device)
        mask_BT = torch.ones(1, frames, dtype=torch.bool, device=self.device)
        return self._joint.lip_decoder.move(
            encoded_BPD, durations_BP, self._joint.frame_hops, mask_BT, face, offset_hops
        )

    def _rest(self, face: Identity) -> Tensor:
        """The motion latent ``(1, 1, D)`` of the mouth at rest: that of the beginning, where nothing is said."""
        phones_BP = torch.tensor([self.voice.stats.symbol_table.encode([SIL])], device=self.device)
        encoded_BPD = self._joint.encoder(phones_BP, torch.ones_like(phones_BP, dtype=torch.bool))
        mel = self.voice.config.mel
        hops = round(REST_S * mel.sample_rate / mel.hop_length)
        return self._move(encoded_BPD, [hops], max(1, floor(hops / self._joint.frame_hops)), face)[:, :1]

    @torch.inference_mode()
    def _identity(self, given: Path | str | NDArray[np.uint8]) -> Identity:
        config = self.voice.config.lips
        picture = given if isinstance(given, np.ndarray) else read_image(given)
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise UserError(f"an identity is uint8 (height, width, 3), not {picture.dtype} {picture.shape}")
        if picture.shape[:2] != (config.height, config.width):
            from avsynth.video.mouth import find_mouth

            try:
                picture = find_mouth(picture, config)
            except UserError as error:
                whose = "identity" if isinstance(given, np.ndarray) else f"identity {given}"
                raise UserError(f"{whose} is no {config.width}×{config.height} crop, and {error}") from error
        floats = torch.from_numpy(picture.copy()).to(self.device).permute(2, 0, 1)[None].float() / 255
        maker = self._model.lip_decoder if isinstance(self._model, JointModel) else self._model
        return maker.encode_identity(floats.contiguous(memory_format=torch.channels_last))

    def _given(self, timeline: Timeline) -> list[Line]:
        voice = self.voice
        return lines_of_timeline(timeline, voice.name, voice.stats.symbols, voice.config.mel)

    def _manner(self, options: SpeechOptions) -> Manner:
        speed, pitch = options.get("speed", 1.0), options.get("pitch", 0.0)
        timeline, fps = options.get("timeline"), options.get("fps")
        if not SLOWEST <= speed <= FASTEST:
            raise UserError(f"speed must lie between {SLOWEST} and {FASTEST}, not {speed}")
        if timeline is not None and speed != 1:
            raise UserError(f"speed {speed} does not go with given durations: change the durations themselves")
        if not -PITCH_RANGE <= pitch <= PITCH_RANGE:
            raise UserError(f"pitch must lie between {-PITCH_RANGE:g} and {PITCH_RANGE:g} semitones, not {pitch}")
        if not self.voice.speaks and (options.get("sound", True) or not options.get("lips", True) or speed != 1):
            raise UserError(
                f"voice {self.voice.name} is a baseline's, which draws lips alone and at its own speed:"
                " say sound=False, or use the synthesize stage"
            )
        rate = self.voice.config.fps if timeline is None else timeline.fps
        return Manner(
            speed=speed,
            pitch=pitch,
            fps=rate if fps is None else parse_fps(fps),
            speaker=self.voice.speaker_index(options.get("speaker")),
            lips_ahead_s=options.get("lips_ahead_s", 0.0),
            sound=options.get("sound", True),
            lips=options.get("lips", True),
        )


def listed(replaced: Mapping[str, str]) -> str:
    """Which phone stands for which, in words."""
    return ", ".join(f"{phone} as {kin}" for phone, kin in sorted(replaced.items()))
