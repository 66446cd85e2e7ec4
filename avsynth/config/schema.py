"""All settings of the recipe as one tree of frozen dataclasses, read by :mod:`avsynth.config.reading`."""

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
    """The speaker, for a folder that holds only one; by default the folder's name."""


@dataclass(frozen=True)
class DataConfig:
    """Which corpus it is, and how it is split. ``validation`` ids are drawn from the training ids with ``seed``."""

    corpus: str = "grid"
    """As in :class:`PartConfig`."""
    parts: tuple[PartConfig, ...] = ()
    """Several corpora to train on together; ``corpus`` is then ignored. Some may have sound only;
    ``train.speaker_weights`` sets how often each speaker is seen."""
    seed: int = 1234
    validation: int = 45
    """Validation clips of each speaker; at most a tenth of the speaker's training clips."""
    test: int = 255
    """GRID: test sentences of each speaker whose recordings are complete."""
    test_share: float = 0.3
    """The other corpora: share of each speaker's sentences. With 1, all clips of any corpus are for testing: a finished
    voice can be measured on them (``--voice``)."""
    speakers_of: str = ""
    """A voice whose speakers and normalisation are kept while its lips are trained on these clips (``train.decoders:
    [lips]``). Talkers who are not among its speakers then contribute pictures only."""
    longest_s: float = 30.0
    """Longer clips are left out."""
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
    crf: int = 18
    """Quality of the crops' H.264 coding: 0 is lossless at five times the bytes; 18 gives 48 dB."""
    max_lost: float = 0.1
    """Share of frames without a face above which a clip is dropped."""


@dataclass(frozen=True)
class AlignConfig:
    """How phones are aligned to the sound, or to the lips alone."""

    source: Literal["acoustic", "textgrid", "labels", "given", "lips"] = "acoustic"
    """``labels``: the corpus's own phone times; ``given``: those where a clip has them, acoustic alignment for other
    clips."""
    textgrid_dir: str = ""
    max_stray_ms: float = 300.0
    """Where a word's start or end in the acoustic alignment is further than this from the corpus's own time, the latter
    is used."""
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
    """Where the training targets come from: phone times that the reader finds itself from pictures, or those of the
    align stage (from sound). The latter reads far better; a reader used for alignment must not use sound."""
    height: int = 32
    width: int = 48
    """Size in px to which the mouth's box is brought."""
    channels: tuple[int, ...] = (24, 48, 64)
    """Channels of the convolutions over the picture, each of which halves its size."""
    hidden: int = 192
    layers: int = 4
    kernel: int = 5
    dropout: float = 0.2
    positions: int = 2
    """Posteriors per lip frame: a phone may be shorter than a frame."""
    steps: int = 1400
    ctc_from: int = 900
    """Step at which the reading head changes from phone targets at each position to the CTC loss."""
    batch: int = 16
    learning_rate: float = 1.5e-3
    warmup: int = 60
    decay_from: float = 0.5
    """Share of the steps after which the rate falls linearly to 0."""
    weight_decay: float = 0.02
    ema: float = 0.99
    """Decay of the running average of the weights; the average is the finished reader."""
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
    """Weight of the structural similarity of mels."""
    mel_adv: float = 0.0
    """Weight of the mel discriminator's verdict on the post-net's mel; likewise the next one."""
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
    """Weight of the newly drawn layer by itself, where the image decoder moves the identity's pixels; likewise the next
    one."""
    lip_moved: float = 4.0
    """Weight of the layer of moved pixels by itself."""
    lip_adv: float = 0.0
    lip_feature: float = 0.0
    stop: float = 0.1
    """For the baselines only; likewise the next one."""
    attention: float = 0.0


@dataclass(frozen=True)
class TrainConfig:
    """The optimisation."""

    steps: int = 20000
    batch: int = 8
    accumulate: int = 1
    """Parts into which each process splits its share of a batch (gradient accumulation), to use less memory."""
    like_lengths: bool = False
    """Whether the clips of a step are of similar length, which saves padding."""
    speaker_weights: dict[str, float] = field(default_factory=dict)
    """How often an epoch shows each clip of a speaker; by default once."""
    frame_pairs: int = 6
    """Pairs of neighbouring lip frames per clip that the image decoder sees in a step; 0 for the whole clip."""
    augment: float = 0.0
    """Share of the clips that training augments: mirrored, recoloured, turned and stretched, identity image and frames
    alike."""
    first_identity: float = 0.0
    """Share of the clips whose identity image is their first frame, as in use, where the face is at rest; the others
    get any of their frames."""
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
    """Decay of the running average of the weights; the average becomes the voice. 0 switches it off."""
    seed: int = 1234
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    """``auto``: bf16 where it is sure to be faster (CUDA, AMX), else fp32."""
    workers: int = 0
    checkpoint_minutes: float = 5.0
    validate_minutes: float = 15.0
    log_every: int = 50
    keep_checkpoints: int = 2
    init: str = ""
    """A checkpoint or voice to start from. Weights with matching names are taken, also into convolutions with more
    channels; the rest starts at random."""
    frozen: tuple[str, ...] = ()
    """Parts of the model that stay as ``init`` gave them, such as ``lip_decoder.image_decoder``."""
    decoders: tuple[Literal["mel", "lips"], ...] = ("mel", "lips")
    """Which branches are trained. With only one, the other and the encoder do not change; durations and speakers'
    embeddings are trained with the mel."""


@dataclass(frozen=True)
class VoiceConfig:
    """Metadata and speakers of the finished voice."""

    name: str = "voice"
    corpus: str = ""
    licence: str = ""
    citation: str = ""
    z: Literal["zed", "zee"] = "zed"
    speaker: str = ""
    """The default speaker; empty for the first."""
    faces: dict[str, str] = field(default_factory=dict)
    """Default identity image of each speaker: that of a talker of the corpus, or the first frame of a training clip. A
    speaker not named here gets the first talker's."""
    speaker_blend: dict[str, float] = field(default_factory=dict)
    """How far a speaker's embedding is moved towards the mean of the other speakers' when the voice is written, 0 to 1.
    A speaker with few sentences becomes more intelligible on other sentences, and sounds less like the recordings."""


@dataclass(frozen=True)
class Config:
    """Everything that determines the results of a recipe."""

    fps: Fraction = Fraction(25)
    language: str = "english"
    """The language of the texts; one of your own is named by its class, ``package.module:Class``."""
    tokens: Literal["phones", "characters"] = "phones"
    """The model's input symbols. With characters, each letter gets an even share of its word's time."""
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
