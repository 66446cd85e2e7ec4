"""Text to sound and lips: :class:`AVSynthesizer`, part by part, on one clock."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import accumulate
from math import ceil, log
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from avsynth.config.schema import DEFAULT_VOICE
from avsynth.device import choose_device
from avsynth.errors import UserError
from avsynth.faces.colours import ColourLimit
from avsynth.faces.face import Face, Teeth
from avsynth.faces.library import open_face
from avsynth.models.lips import Identity
from avsynth.models.protocol import Draw, FrameGrid, Hops, Inferred, Request, SentenceModel
from avsynth.synthesis.ahead import at_once
from avsynth.synthesis.opening import opening_in
from avsynth.synthesis.options import STRANGERS_OPENING, SpeechOptions, VoiceOptions
from avsynth.synthesis.parts import VoicedMel, amplified, growing, parts_of
from avsynth.synthesis.result import Synthesis, join
from avsynth.synthesis.sentences import (
    Sentence,
    gains,
    in_known_phones,
    mark_last,
    paced,
    sentences_of_text,
    sentences_of_timeline,
    timeline_in_letters,
)
from avsynth.synthesis.voice import Voice
from avsynth.text import Pace, TextFrontend, load_frontend, unread_line
from avsynth.text.accents import accents
from avsynth.timeline import Timeline, frame_span, round_durations, sample_at
from avsynth.video.reading import read_image
from vocoder import Vocoder, fit_mel, load_vocoder
from vocoder.adapting import AdaptedVocoder

KERNELS = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
"""Environment variable that limits oneDNN's cache of kernels. By default it keeps 1,024 of them, one for each shape;
since every sentence has another length, a long text would fill half a gigabyte with kernels that are never used
again."""
KEPT_KERNELS, HIFIGAN_KERNELS = "64", "256"
"""How many are kept; and with HiFi-GAN, whose 54 convolutions read three lengths."""
DRAW_CHUNK = 15
"""Lip frames drawn at once: large enough for the processor, small enough for its caches."""
LONGEST_PHONE_S = 3.0
"""No predicted duration is longer, at speed 1: it bounds the memory that a strange voice can ask for."""


@dataclass(frozen=True)
class Mouth:
    """Whose mouth is drawn."""

    identity: Identity
    limit: ColourLimit | None
    """None for the voice's own, whose colours it was trained on."""


def limited(draw: Draw, limit: ColourLimit) -> Draw:
    """The same frames within the limits of their colours."""
    return lambda first, end: limit(draw(first, end))


class UnseenPhoneWarning(UserWarning):
    """The text holds phones that the voice never heard; others stand in for them."""


class UnreadWarning(UserWarning):
    """The text holds characters for which nothing is said."""


class StaleOpeningWarning(UserWarning):
    """How far a face's mouth opens was measured with other weights of the voice, and cannot be measured here."""


class AVSynthesizer:
    """Speaks with one voice and one vocoder.

    Args:
        voice: The voice.
        options: The device, the vocoder (a name, see :func:`vocoder.load_vocoder`, a vocoder, or None for the voice's
            own), the lexicon and the order of dates; ``options.voice`` is not read.
        changes: Options by name, which override ``options``.

    Raises:
        UserError, vocoder.VocoderError: Something named does not exist, cannot be read, or does not fit the voice.
    """

    def __init__(self, voice: Voice, options: VoiceOptions | None = None, **changes: Any) -> None:
        options = replace(options or VoiceOptions(), **changes)
        os.environ.setdefault(KERNELS, HIFIGAN_KERNELS if options.vocoder == "hifigan" else KEPT_KERNELS)
        self.voice = voice
        self.device = choose_device(options.device)
        self._threads = options.threads if self.device == "cpu" else 1
        self._model: SentenceModel = voice.model.to(self.device)
        self._frontend = frontend_of(voice, options)
        self.adaptation = ""
        """How the mel is converted for the vocoder, in a line; empty where that takes the voice's mel as it is."""
        if voice.speaks:
            self.vocoder = self._load_vocoder(options)

    @classmethod
    def from_pretrained(cls, voice: str | Path = DEFAULT_VOICE, **options: Any) -> AVSynthesizer:
        """A synthesizer for a voice's name or folder, with the other :class:`VoiceOptions` by name."""
        return cls.of(VoiceOptions(voice=voice, **options))

    @classmethod
    def of(cls, options: VoiceOptions) -> AVSynthesizer:
        """A synthesizer for the voice that the options name."""
        return cls(Voice.load(options.voice), options)

    def _load_vocoder(self, options: VoiceOptions) -> Vocoder:
        mel, vocoder = self.voice.config.mel, options.vocoder
        if vocoder is None:
            vocoder = self.voice.config.vocoder
            if ":" in vocoder:
                raise UserError(
                    f"voice {self.voice.name} asks for the vocoder {vocoder}: name it yourself to run its code"
                )
        if isinstance(vocoder, str):
            given = options.vocoder_checkpoint
            checkpoint = self.voice.weights_for(vocoder) if given is None else Path(given)
            mel_file = None if options.mel_config is None else Path(options.mel_config)
            vocoder = load_vocoder(vocoder, checkpoint, self.device, mel, mel_file)
        vocoder = fit_mel(vocoder, mel, options.adapt_mel)
        if isinstance(vocoder, AdaptedVocoder):
            self.adaptation = vocoder.steps
        return vocoder

    def __call__(self, text: str = "", options: SpeechOptions | None = None, **changes: Any) -> Synthesis:
        """Say a whole text; arguments as for :meth:`stream`."""
        return join(self.stream(text, options, **changes))

    def stream(self, text: str = "", options: SpeechOptions | None = None, **changes: Any) -> Iterator[Synthesis]:
        """Say a text part by part, in constant memory; parts are made only when they are asked for.

        A part is some words, the first after a third of a second, so that one can listen while the rest is being made
        (:mod:`avsynth.synthesis.parts`). Parts follow one another without gap or overlap and are, joined, what
        :meth:`__call__` gives: a lip frame belongs to the part on which its middle falls, sound is cut at whole hops,
        and the last part is padded to the end of its last frame; sound alone ends with its last hop.

        Args:
            text: English, plain, Markdown or SSML (``options.format``), with pronunciations of one's own as
                ``[word](/W ER D/)``; empty where ``durations`` are given.
            options: How to speak.
            changes: Options by name, such as ``speed=1.1``, which override ``options``.

        Raises:
            UserError: Nothing to say, an option out of range, or a text beside given durations.

        Warns:
            UnreadWarning, UnseenPhoneWarning, StaleOpeningWarning: Once for the whole text; the first part's
                ``warnings`` hold them as well.
        """
        options = self._checked(replace(options or SpeechOptions(), **changes))
        if options.durations is None:
            sentences = sentences_of_text(text, self._frontend, self.voice.config.tokens, options.format)
        elif text.strip():
            raise UserError("a text and durations were given: durations say their own words, so give one of the two")
        else:
            sentences = self._given(options.durations)
        sentences, replaced = in_known_phones(sentences, self.voice.stats.seen)
        asked = (pace for sentence in sentences for pace in sentence.paces.values())
        if not self.voice.speaks and any(pace != Pace(breaths=pace.breaths) for pace in asked):
            raise UserError(f"voice {self.voice.name} is a baseline's, which takes no <break> and no <prosody>")
        notes = []
        if passed_over := unread_line(character for sentence in sentences for character in sentence.unread):
            notes.append(passed_over)
            warnings.warn(passed_over, UnreadWarning, stacklevel=2)
        if replaced:
            notes.append(f"the text holds phones that voice {self.voice.name} never heard; it says {listed(replaced)}")
            warnings.warn(notes[-1], UnseenPhoneWarning, stacklevel=2)
        for sentence in sentences:
            self.voice.speaker_index(sentence.speaker or options.speaker)
        return _with_warnings(self._pieces(sentences, options), tuple(notes))

    def follow(
        self, timelines: Iterable[Timeline], options: SpeechOptions | None = None, **changes: Any
    ) -> Iterator[Synthesis]:
        """Lips alone for given phone durations, which arrive piece by piece; results and errors as of :meth:`stream`.

        Each piece is drawn once the next one is known. Phones that the voice never heard are replaced without a
        warning.
        """
        options = self._checked(replace(options or SpeechOptions(), **changes, sound=False))
        if self.voice.config.tokens == "characters":
            timelines = map(timeline_in_letters, timelines)
        sentences = (
            sentence for each in timelines for sentence in in_known_phones(self._given(each), self.voice.stats.seen)[0]
        )
        return self._pieces(sentences, options, self.voice.identity)

    def _checked(self, options: SpeechOptions) -> SpeechOptions:
        """The options with their face opened, if the voice can do what they say."""
        if isinstance(options.face, str | Path):
            options = replace(options, face=open_face(options.face, self.voice.config.lips))
        self.voice.speaker_index(options.speaker)
        if not self.voice.speaks and (options.sound or not options.lips or options.speed != 1):
            raise UserError(
                f"voice {self.voice.name} is a baseline's, which draws lips alone and at its own speed:"
                " say sound=False, or use the synthesize stage"
            )
        return options

    def _pieces(
        self, sentences: Iterable[Sentence], options: SpeechOptions, default: NDArray[np.uint8] | None = None
    ) -> Iterator[Synthesis]:
        """Sound and lips of sentences, with the identity that is asked for, else ``default``, else the speaker's."""
        face = None if isinstance(options.face, str | Path) else options.face
        default = default if face is None else face.identity
        given = default if options.identity is None else options.identity
        picture = self._picture(given) if options.lips and given is not None else None
        own = self._is_own(picture, face)
        stale = ""
        if options.opening is None:
            opening, stale = (1.0, "") if own else self._opening(picture, face)
            options = replace(options, opening=opening)
        fixed = None if picture is None else self._mouth(picture, own, self._teeth(picture, face))
        mouths: dict[int, Mouth] = {}

        def mouth(sentence: Sentence) -> Mouth | None:
            if fixed is not None or not options.lips:
                return fixed
            speaker = self.voice.speaker_index(sentence.speaker or options.speaker)
            if speaker not in mouths:
                mouths[speaker] = self._mouth(self.voice.identity_of(speaker), own=True)
            return mouths[speaker]

        def said() -> Iterator[Synthesis]:
            done_hops, lengths = 0, growing()
            for sentence, last in mark_last(sentences):
                timeline, made = self._infer(sentence, options, mouth(sentence), done_hops, last)
                parts = parts_of(timeline, lengths) if self.voice.speaks else [timeline]
                yield from self._made(parts, made, sentence, done_hops, last, options.lips, face)
                done_hops += timeline.total_hops

        if stale:
            warnings.warn(stale, StaleOpeningWarning, stacklevel=3)
        return _with_warnings(said(), (stale,) if stale else ())

    def _made(
        self,
        parts: list[Timeline],
        made: Inferred,
        sentence: Sentence,
        done_hops: int,
        last: bool,
        shown: bool,
        face: Face | None,
    ) -> Iterator[Synthesis]:
        """Sound and pictures of a sentence's parts, which begins ``done_hops`` into the whole; where pictures are
        ``shown``, the last sound ends with the last of them."""
        lips = self.voice.config.lips
        sound = None if made.mel_BFM is None else VoicedMel(self.vocoder, made.mel_BFM)
        gains_H = gains(sentence, made.hops)
        begun, drawn = 0, 0
        edges = list(accumulate((part.total_hops for part in parts), initial=0))
        with at_once(self._threads) as begin:
            voiced = iter(()) if sound is None else sound.waits(begin, edges)
            for part, ends in mark_last(parts):
                first, end = frame_span(part, done_hops + begun, last and ends)
                upto = made.frames if ends else min(drawn + end - first, made.frames)
                step = max(1, min(DRAW_CHUNK, ceil((upto - drawn) / self._threads)))
                starts = range(drawn, upto, step)
                drawing = [begin(partial(made.draw, start, min(start + step, upto))) for start in starts]
                waveform = np.zeros(0, dtype=np.float32)
                if sound is not None:
                    waveform = next(voiced)()
                    if gains_H is not None:
                        waveform = amplified(waveform, gains_H, begun, part.hop_length)
                    if shown and last and ends:
                        until = sample_at(end, part.fps, part.sample_rate)
                        missing = until - (done_hops + begun) * part.hop_length - len(waveform)
                        waveform = np.concatenate([waveform, np.zeros(max(0, missing), dtype=np.float32)])
                chunks = [chunk() for chunk in drawing]
                frames = np.concatenate([np.zeros((0, lips.height, lips.width, 3), dtype=np.uint8), *chunks])
                name, flags = self.voice.name, made.stop_flags
                yield Synthesis(waveform, part.sample_rate, frames, part.fps, part, name, flags, face, first)
                begun, drawn = begun + part.total_hops, upto

    @torch.inference_mode()
    def _infer(
        self, sentence: Sentence, options: SpeechOptions, mouth: Mouth | None, done_hops: int, last: bool
    ) -> tuple[Timeline, Inferred]:
        """One sentence that begins ``done_hops`` into the whole, before it is voiced and drawn."""
        config, stats = self.voice.config, self.voice.stats
        rate, hop, fps = config.mel.sample_rate, config.mel.hop_length, options.frame_rate(config.fps)
        hop_s = Fraction(hop, rate)
        speaker = self.voice.speaker_index(sentence.speaker or options.speaker)
        pitch_P = [options.pitch + sentence.paces.get(place, Pace()).semitones for place in range(len(sentence.phones))]

        def spoken(hops: Hops) -> Timeline:
            return Timeline(sentence.phones, hops, sentence.words, rate, hop, fps, sentence.bookmarks)

        def grid(hops: Hops) -> FrameGrid:
            first, end = frame_span(spoken(hops), done_hops, last)
            offset = float(first / fps / hop_s - done_hops) + options.lips_ahead_s / float(hop_s)
            return FrameGrid(max(0, end - first), fps, offset)

        def pace(predicted: list[float]) -> Hops:
            longest = LONGEST_PHONE_S * rate / hop
            return round_durations(
                paced((min(item, longest) / options.speed for item in predicted), sentence.paces, hop_s)
            )

        made = self._model.infer(
            Request(
                phones_BP=torch.tensor([stats.symbol_table.encode(sentence.phones)], device=self.device),
                speaker_B=torch.tensor([speaker], device=self.device),
                grid=grid,
                hops=sentence.hops,
                pace=pace,
                accents_BPA=torch.from_numpy(accents(sentence.phones, sentence.words))[None].to(self.device),
                pitch_shift_BP=torch.tensor([pitch_P], device=self.device) * (log(2) / 12 / stats.pitch_std[speaker]),
                identity=None if mouth is None else mouth.identity,
                sound=options.sound,
                rests=options.rests,
                opening=options.opening if options.opening is not None else 1.0,
            )
        )
        if mouth is not None and mouth.limit is not None:
            made = replace(made, draw=limited(made.draw, mouth.limit))
        return spoken(made.hops), made

    def _is_own(self, identity: NDArray[np.uint8] | None, face: Face | None) -> bool:
        """Whether an identity belongs to the voice, which was trained on it."""
        mouths = [self.voice.identity, *self.voice.faces.values()]
        if face is not None and any(name.startswith(f"{self.voice.name}/") for name in face.card.speaks_for):
            mouths.append(face.identity)
        return identity is None or any(np.array_equal(identity, own) for own in mouths)

    def _opening(self, identity: NDArray[np.uint8] | None, face: Face | None) -> tuple[float, str]:
        """The default opening for a mouth that is not the voice's own, as measured with its face, if any; and a line
        where a measured one is of no use any more."""
        if face is None or identity is None or not np.array_equal(identity, face.identity):
            return STRANGERS_OPENING, ""
        return opening_in(self, face)

    def _teeth(self, identity: NDArray[np.uint8], face: Face | None) -> Teeth | None:
        """The teeth of a mouth, if it is that of a face which is known to have shown them."""
        return face.teeth if face is not None and np.array_equal(identity, face.identity) else None

    def _picture(self, given: Path | str | NDArray[np.uint8]) -> NDArray[np.uint8]:
        """An identity's pixels, of the crops' size: found in a picture of another."""
        config = self.voice.config.lips
        picture = given if isinstance(given, np.ndarray) else read_image(given)
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise UserError(f"an identity is uint8 (height, width, 3), not {picture.dtype} {picture.shape}")
        if picture.shape[:2] == (config.height, config.width):
            return picture
        from avsynth.video.mouth import find_mouth

        try:
            return find_mouth(picture, config)
        except UserError as error:
            whose = "identity" if isinstance(given, np.ndarray) else f"identity {given}"
            raise UserError(f"{whose} is no {config.width}×{config.height} crop, and {error}") from error

    @torch.inference_mode()
    def _mouth(self, picture: NDArray[np.uint8], own: bool, teeth: Teeth | None = None) -> Mouth:
        floats = torch.from_numpy(picture.copy()).to(self.device).permute(2, 0, 1)[None].float() / 255
        identity = self._model.encode_identity(floats.contiguous(memory_format=torch.channels_last))
        return Mouth(identity, None if own else ColourLimit(picture, self.voice.config.lips, teeth))

    def _given(self, timeline: Timeline) -> list[Sentence]:
        voice = self.voice
        return sentences_of_timeline(timeline, voice.name, voice.stats.symbols, voice.config.mel)


def _with_warnings(pieces: Iterator[Synthesis], sentences: tuple[str, ...]) -> Iterator[Synthesis]:
    for place, piece in enumerate(pieces):
        yield piece if place else replace(piece, warnings=sentences + piece.warnings)


def listed(replaced: Mapping[str, str]) -> str:
    """Which phone stands for which, in words."""
    return ", ".join(f"{phone} as {kin}" for phone, kin in sorted(replaced.items()))


def frontend_of(voice: Voice, options: VoiceOptions) -> TextFrontend:
    """The language of a voice, as the options would have it read. One that would run code of a voice's choice is a
    :class:`UserError` unless the options name it."""
    language = options.language or voice.config.language
    if ":" in language and options.language is None:
        raise UserError(f"voice {voice.name} speaks {language}: name it yourself with --language to run its code")
    return load_frontend(options.lexicon, z=voice.config.voice.z, dates=options.dates, language=language)
