"""The one config tree, typed and frozen. :mod:`avsynth.config.reading` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from avsynth.config.networks import ModelConfig, OwnVocoderConfig
from vocoder.mel import MelConfig

DEFAULT_VOICE = "english"
"""The voice that speaks where none is named."""


@dataclass(frozen=True)
class PartConfig:
    """One of several corpora that are trained on together."""

    folder: str
    """Below ``--data``."""
    corpus: str = "grid"
    """A module of :mod:`avsynth.data.corpora`, or the path of one of your own, ``package.module``."""
    speaker: str = ""
    """Of a folder that holds one alone; by default its name."""


@dataclass(frozen=True)
class DataConfig:
    """Which corpus it is, and how it is split. ``validation`` ids are drawn from the training ids with ``seed``."""

    corpus: str = "grid"
    """As in :class:`PartConfig`."""
    parts: tuple[PartConfig, ...] = ()
    """Several corpora to be learned together; ``corpus`` is then not read. Sound alone may stand beside sound with
    pictures; ``train.speaker_weights`` tells how much each counts."""
    seed: int = 1234
    validation: int = 45
    """Of each speaker, and at most a tenth of what he trains on."""
    test: int = 255
    """GRID: sentences of each speaker who is wholly there."""
    test_share: float = 0.3
    """The other corpora: share of each speaker's sentences. With 1, all clips of any corpus are for testing: a finished
    voice can be measured on them (``--voice``)."""
    speakers_of: str = ""
    """A voice whose speakers and normalisation stand as they are while its lips learn from these clips
    (``train.decoders: [lips]``): a talker who is not among its speakers lends it his face."""
    longest_s: float = 30.0
    """Longer videos of one's own are left out."""
    store: str = ""
    """A URL (``s3://bucket/folder``) below which crops and features are kept; by default in the experiment's folder."""
    train_ids: dict[str, str] = field(default_factory=dict)
    """Speaker to a file of the ids it trains on (relative to the config's folder); its other ids are test."""

    def __post_init__(self) -> None:
        if not 0 <= self.test_share <= 1:
            raise ValueError(f"test_share must lie between 0 and 1, not {self.test_share}")


@dataclass(frozen=True)
class LipsConfig:
    """Geometry of the canonical face and of the mouth crop, in pixels of the canonical face."""

    height: int = 80
    width: int = 160
    face_size: int = 256
    eye_distance: float = 92.0
    eye_row: float = 96.0
    mouth_row: float = 36.0
    """Row of the crop on which the clip's mouth centre lies."""
    smoothing: float = 1.5
    """Standard deviation in frames of the Gaussian that smooths the face's track."""
    registration: int = 6
    """Gauss-Newton steps that register what surrounds the mouth in each frame to the clip's mean; 0 for landmarks
    alone."""
    detect_every: int = 5
    crf: int = 14
    """How the crops are coded (H.264): 0 loses nothing, at five times the bytes; 14 is 49 dB."""
    max_lost: float = 0.1
    """Share of frames without a face above which a clip is dropped."""


@dataclass(frozen=True)
class AlignConfig:
    """How phones are aligned to the sound, or to the lips alone."""

    source: Literal["acoustic", "textgrid", "labels", "lips"] = "acoustic"
    """``labels``: the corpus's own phone times."""
    textgrid_dir: str = ""
    max_stray_ms: float = 300.0
    """A word whose acoustic start or end strays further than this from the corpus's own time is held to the latter."""
    min_silence_ms: float = 60.0
    """Shorter gaps between words are given to their neighbours."""


@dataclass(frozen=True)
class ReaderConfig:
    """The lip reader: what it learns from, its sizes, its training."""

    path: str = ""
    """The folder of a trained reader that aligns; without one the align stage trains its own."""
    clips: Literal["all", "even", "odd"] = "even"
    """Which of the training clips it learns from: all, or every other one in the order of their names."""
    timing: Literal["found", "sound"] = "found"
    """Where its phones lie while it learns: where it finds them itself, or where the align stage heard them. The latter
    reads far better; a reader that aligns may not have heard anything."""
    height: int = 32
    width: int = 48
    """Size in px to which the mouth's box is brought."""
    channels: tuple[int, ...] = (24, 48, 64)
    """Of the convolutions over the picture, each of which halves it."""
    hidden: int = 192
    layers: int = 4
    kernel: int = 5
    dropout: float = 0.2
    positions: int = 2
    """Posteriors per lip frame: a phone may be shorter than a frame."""
    steps: int = 1400
    ctc_from: int = 900
    """Step from which CTC teaches the reading; until then the phones where they lie do."""
    batch: int = 16
    learning_rate: float = 1.5e-3
    warmup: int = 60
    decay_from: float = 0.5
    """Share of the steps after which the rate falls linearly to 0."""
    weight_decay: float = 0.02
    ema: float = 0.99
    """Decay of the running average of the weights, which is what reads."""
    seed: int = 4321
    log_every: int = 20
    checkpoint_minutes: float = 3.0

    def __post_init__(self) -> None:
        if (
            min(self.positions, self.batch, self.hidden, self.height, self.width, self.log_every, len(self.channels))
            < 1
        ):
            raise ValueError("height, width, channels, hidden, positions, batch and log_every must be 1 or more")
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, not {self.kernel}")


@dataclass(frozen=True)
class LossWeights:
    """Weight of each loss, under the name by which it is logged. 0 switches a loss off."""

    mel_l1: float = 1.0
    postnet_l1: float = 0.0
    mel_ssim: float = 0.0
    """Of the mel's contrasts."""
    mel_adv: float = 0.0
    """Of what a discriminator says of the post-net's mel, as the next one."""
    mel_feature: float = 0.0
    duration: float = 0.2
    duration_total: float = 0.1
    pitch: float = 0.2
    energy: float = 0.2
    lip_l1: float = 4.0
    lip_ssim: float = 1.0
    lip_motion: float = 2.0
    lip_texture: float = 0.0
    lip_picture: float = 2.0
    """Of what is drawn anew alone, where the image decoder moves the identity's pixels; as the next one."""
    lip_moved: float = 4.0
    """Of the moved pixels alone."""
    lip_adv: float = 0.0
    lip_feature: float = 0.0
    stop: float = 0.1
    """Of the baselines alone, as the next one."""
    attention: float = 0.0


@dataclass(frozen=True)
class TrainConfig:
    """The optimisation."""

    steps: int = 20000
    batch: int = 8
    accumulate: int = 1
    """Parts in which each process takes its share of a batch, so that less of it is in memory at a time."""
    like_lengths: bool = False
    """Whether the clips of a step are of like length: less padding where clips differ much."""
    speaker_weights: dict[str, float] = field(default_factory=dict)
    """How often an epoch shows each clip of a speaker, where not once."""
    frame_pairs: int = 6
    """Pairs of neighbouring lip frames per clip that the image decoder sees in a step; 0 for the whole clip."""
    augment: float = 0.0
    """Share of the clips that training shows with another face, so to say: mirrored, coloured and moved."""
    first_identity: float = 0.0
    """Share of the clips that training shows with their first frame as the identity, as use does with a face at rest;
    the others have any of their frames."""
    mouth_weight: float = 4.0
    """Weight of the mouth box in the lips' L1, against 1 outside it."""
    learning_rate: float = 1e-3
    discriminator_rate: float = 1e-4
    warmup: int = 400
    schedule: Literal["linear", "inverse_sqrt", "constant"] = "linear"
    """``linear`` holds the rate until ``decay_from`` and then falls to 0 at the last step."""
    decay_from: float = 0.5
    weight_decay: float = 1e-4
    clip_grad: float = 1.0
    ema: float = 0.999
    """Decay of the running average of the weights, which is what becomes the voice; 0 switches it off."""
    seed: int = 1234
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """``auto``: bf16 where the hardware multiplies it (CUDA, AMX, AVX-512 with bf16), else fp32."""
    workers: int = 0
    checkpoint_minutes: float = 5.0
    validate_minutes: float = 15.0
    log_every: int = 50
    keep_checkpoints: int = 2
    init: str = ""
    """A checkpoint or voice whose weights start the training: names that fit, convolutions of fewer channels too; the
    rest starts fresh."""
    frozen: tuple[str, ...] = ()
    """Parts of the model that stay as ``init`` gave them, such as ``lip_decoder.image_decoder``."""
    decoders: tuple[Literal["mel", "lips"], ...] = ("mel", "lips")
    """Which branches are trained. With one alone, the other and what they share (encoder, durations) stay."""


@dataclass(frozen=True)
class VoiceConfig:
    """What is written on the finished voice."""

    name: str = "voice"
    corpus: str = ""
    licence: str = ""
    citation: str = ""
    z: Literal["zed", "zee"] = "zed"
    speaker: str = ""
    """Who speaks where none is named; empty for the first."""
    faces: dict[str, str] = field(default_factory=dict)
    """Whose mouth a speaker shows where no identity is given: a talker of the corpus, or the first frame of one
    training clip. A speaker who is not named here shows the first talker's."""
    speaker_blend: dict[str, float] = field(default_factory=dict)
    """Share of the way by which a speaker's vector is moved to the mean of the other speakers' when the voice is
    written, 0 to 1: a speaker of few sentences is understood better on others, and sounds less like himself."""


@dataclass(frozen=True)
class Config:
    """Everything that decides what a recipe makes."""

    fps: Fraction = Fraction(25)
    language: str = "english"
    """Of the texts; one of your own is named by its class, ``package.module:Class``."""
    tokens: Literal["phones", "characters"] = "phones"
    """What the model reads of a text. Characters are words' letters, each an even share of its word's time."""
    mel: MelConfig = field(default_factory=MelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    lips: LipsConfig = field(default_factory=LipsConfig)
    align: AlignConfig = field(default_factory=AlignConfig)
    reader: ReaderConfig = field(default_factory=ReaderConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    train: TrainConfig = field(default_factory=TrainConfig)
    voice: VoiceConfig = field(default_factory=VoiceConfig)
    vocoder: str = "hifigan"
    own_vocoder: OwnVocoderConfig = field(default_factory=OwnVocoderConfig)

    def __post_init__(self) -> None:
        step = 2**self.model.image.halvings
        height, width = self.lips.height, self.lips.width
        if height % step or width % step or not height or not width:
            near = [max(1, round(side / step)) * step for side in (height, width)]
            raise ValueError(
                f"lips of {height} × {width} pixels cannot be halved {self.model.image.halvings} times, as model.image"
                f" does; the nearest that can are lips.height={near[0]} lips.width={near[1]}"
            )
