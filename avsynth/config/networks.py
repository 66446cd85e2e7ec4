"""Sizes of the networks: the joint model, the baselines, the discriminator, the vocoder of our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class BlocksConfig:
    """A stack of feed-forward Transformer blocks."""

    layers: int = 4
    heads: int = 2
    """0 leaves out attention and positions: convolutions alone see only what is near, and memorise clips less
    easily."""
    ffn: int = 512
    kernel: int = 3
    dropout: float = 0.1
    attention_bias: bool = True
    scaled_positions: bool = False
    """Whether the sinusoidal positions are multiplied by a learned scalar."""


@dataclass(frozen=True)
class PredictorConfig:
    """A two-convolution predictor of one value per phone."""

    channels: int = 128
    kernel: int = 3
    dropout: float = 0.3


@dataclass(frozen=True)
class ImageConfig:
    """Identity encoder and image decoder. ``family`` is ``paper`` (5×5 strided) or ``small`` (3×3, pixel shuffle)."""

    family: Literal["paper", "small"] = "small"
    identity_channels: tuple[int, ...] = (16, 16, 32, 64, 96)
    decoder_channels: tuple[int, ...] = (64, 48, 32, 32)
    bottleneck: int = 48
    last_channels: int = 12
    moves: bool = False
    """Whether the small decoder also moves pixels of the identity image, and draws anew only what those do not show."""

    @property
    def halvings(self) -> int:
        """How often a picture is halved on the way to the bottleneck."""
        return len(self.identity_channels) - (self.family == "small")

    def __post_init__(self) -> None:
        if self.moves and self.family != "small":
            raise ValueError("moves is for the family small alone")


@dataclass(frozen=True)
class DiscriminatorConfig:
    """The image discriminator: ``paper`` is the 14-convolution one, ``patch`` a small one on patches."""

    family: Literal["paper", "patch"] = "patch"
    channels: int = 32


@dataclass(frozen=True)
class MelDiscriminatorConfig:
    """The discriminator of stretches of the mel."""

    channels: int = 24
    frames: int = 64
    """Mel frames of a stretch; each utterance of a batch gives one."""


@dataclass(frozen=True)
class RecurrentConfig:
    """Sizes of the DualLip-style baseline, which is built like Tacotron 2."""

    channels: int = 512
    """Channels of the phone embedding and of the convolutions over it."""
    convolutions: int = 3
    kernel: int = 5
    memory: int = 512
    """Width of the encoded phones, half of it from each direction."""
    prenet: int = 256
    attention: int = 128
    location_filters: int = 32
    location_kernel: int = 31
    lstm: int = 1024
    dropout: float = 0.1
    prenet_dropout: float = 0.5

    def __post_init__(self) -> None:
        if self.memory % 2 or self.kernel % 2 == 0 or self.location_kernel % 2 == 0:
            raise ValueError("memory must be even, kernel and location_kernel odd")


@dataclass(frozen=True)
class AutoregressiveConfig:
    """How the baselines that draw each lip frame from the one before are trained."""

    input_dropout: float = 0.0
    """Mean share of a clip's previous frames that are hidden; each clip hides a share between 0 and twice this."""
    rollout: float = 0.0
    """Share of steps in which the model is fed its own drawn frames for a while instead of the true ones."""
    rollout_frames: int = 12

    def __post_init__(self) -> None:
        if self.input_dropout > 0.5 or self.rollout > 1:
            raise ValueError("input_dropout must lie between 0 and .5, rollout between 0 and 1")


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the model. A baseline's decoder has the sizes of ``motion`` (transformer_t2l) or ``recurrent``."""

    architecture: Literal["joint", "transformer_t2l", "duallip"] = "joint"
    hidden: int = 192
    encoder: BlocksConfig = field(default_factory=BlocksConfig)
    articulation: bool = True
    """Give the encoder each phone's articulatory features, so that a phone missing in training is treated like similar
    ones."""
    phone_dropout: float = 0.0
    """Share of the phones that training represents by their articulatory features alone, without their own
    embedding."""
    accent: BlocksConfig = field(default_factory=lambda: BlocksConfig(layers=0))
    """Blocks that tell the sound where words begin and which syllables are stressed; without layers it is not told."""
    duration: PredictorConfig = field(default_factory=PredictorConfig)
    pitch: PredictorConfig = field(default_factory=PredictorConfig)
    energy: PredictorConfig = field(default_factory=PredictorConfig)
    shared_prosody: bool = False
    """Predict pitch and energy (normalised per speaker) from the text alone, not from the speaker. A speaker who
    recorded only a few fixed sentences then gets the intonation of other sentences from the other speakers."""
    mel_decoder: BlocksConfig = field(default_factory=BlocksConfig)
    postnet_layers: int = 0
    postnet_channels: int = 128
    motion: BlocksConfig = field(default_factory=BlocksConfig)
    image: ImageConfig = field(default_factory=ImageConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    mel_discriminator: MelDiscriminatorConfig = field(default_factory=MelDiscriminatorConfig)
    regulation: Literal["overlap", "round"] = "overlap"
    phone_progress: bool = True
    """Give the decoders each frame's place in its phone (time since its start, time to its end)."""
    duration_noise: float = 0.0
    """Hops by which training shifts phone boundaries at random before the lip decoder sees them. Aligners are no more
    exact than that, and it makes clips harder to memorise."""
    recurrent: RecurrentConfig = field(default_factory=RecurrentConfig)
    autoregressive: AutoregressiveConfig = field(default_factory=AutoregressiveConfig)

    def __post_init__(self) -> None:
        if self.architecture == "transformer_t2l" and not (self.encoder.heads and self.motion.heads):
            raise ValueError("transformer_t2l needs encoder.heads and motion.heads of 1 or more")


@dataclass(frozen=True)
class LowBandConfig:
    """The band below 1 kHz of the vocoder of our own (:mod:`vocoder.low_band`): its network's size, and how it is
    trained, on copies by a slower vocoder against discriminators."""

    channels: int = 128
    blocks: int = 6
    hidden: int = 256
    teacher: str = ""
    """The vocoder whose low band is learned from, such as ``hifigan``; by default there is no such training."""
    minutes: float = 20.0
    """At most this much sound of each speaker is copied; that of speakers with less also at other speeds."""
    noises: int = 6
    """The vocoder of our own copies it so often, each time from another noise."""
    steps: int = 20000
    batch: int = 12
    frames: int = 64
    """Mel frames of a crop."""
    speaker_weights: dict[str, float] = field(default_factory=dict)
    """Relative weight of a speaker's copies in sampling; 1 where none is given."""
    loudest_db: float = 3.0
    quietest_db: float = 9.0
    """Random gain of a crop: at most ``loudest_db`` louder and ``quietest_db`` quieter."""
    judged: float = 2.0
    """Weight of the loss by discriminators of spectra."""
    features: float = 2.0
    """Weight of the feature matching loss with them."""
    levels: float = 3.0
    """Weight of the distance of log mels."""
    spectra: float = 0.1
    """Weight of the distance of spectra."""
    judge_channels: int = 16
    judge_alone: int = 200
    """Steps at the beginning in which the discriminators are trained, but the network is not."""
    judge_rate: float = 0.001
    """Their learning rate."""
    learning_rate: float = 0.0008
    warmup: int = 200
    decay_from: float = 0.8

    def __post_init__(self) -> None:
        if self.frames <= 4:
            raise ValueError(f"frames must be 5 or more, not {self.frames}")
        if self.noises < 1:
            raise ValueError(f"noises must be 1 or more, not {self.noises}")


@dataclass(frozen=True)
class OwnVocoderConfig:
    """The vocoder of our own (:mod:`vocoder.harmonic`): its networks' sizes and how they are trained."""

    window: int = 512
    """Samples of the filters' windows."""
    channels: int = 256
    blocks: int = 5
    hidden: int = 512
    pitch_channels: int = 96
    pitch_blocks: int = 3
    low: LowBandConfig = field(default_factory=LowBandConfig)
    pitch_steps: int = 3000
    """Steps that train the pitch networks alone; they come first, and these networks do not change afterwards."""
    pitch_batch: int = 32
    pitch_rate: float = 0.003
    """Learning rate in these steps."""
    steps: int = 20000
    batch: int = 6
    frames: int = 48
    """Mel frames of a crop."""
    init: str = ""
    """File of a finished vocoder to start from; by default weights are random."""
    voice: str = ""
    """A voice whose predicted mels of the recordings (with true durations, pitch and energy) are trained on as well.
    They are smoother than recorded mels, and are what the vocoder gets in use."""
    aligned: str = ""
    """An experiment whose stages data, align and stats have run on those recordings."""
    predicted: float = 0.5
    """Share of the crops that use the mel predicted by ``voice``, where there is one."""
    scatter: float = 1.0
    """Weight of the term that pushes two renderings with different noise apart; see
    :func:`vocoder.losses.spectral_energy_distance`."""
    again: int = 0
    """How many times training corrects the rendering's levels by its mel."""
    speaker_weights: dict[str, float] = field(default_factory=dict)
    """Relative weight of a speaker's sound in sampling; 1 where none is given."""
    resampled: float = 0.3
    """Share of crops that are played faster or slower, which imitates other voices."""
    most_resampled: float = 1.25
    loudest_db: float = 6.0
    quietest_db: float = 12.0
    """Random gain of a crop: at most ``loudest_db`` louder and ``quietest_db`` quieter."""
    learning_rate: float = 0.001
    warmup: int = 100
    decay_from: float = 0.5
    weight_decay: float = 0.01
    clip_grad: float = 2.0
    ema: float = 0.999
    seed: int = 1234
    log_every: int = 50
    checkpoint_minutes: float = 4.0
    validate_minutes: float = 10.0
    keep_checkpoints: int = 2

    def __post_init__(self) -> None:
        if not self.most_resampled >= 1:
            raise ValueError(f"most_resampled must be 1 or more, not {self.most_resampled}")
        if not 0 <= self.predicted <= 1:
            raise ValueError(f"predicted must lie between 0 and 1, not {self.predicted}")
        if bool(self.voice) != bool(self.aligned):
            raise ValueError(
                "voice and aligned go together: the voice that predicts, and where the recordings are aligned"
            )
