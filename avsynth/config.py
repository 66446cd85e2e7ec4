"""The one config tree: typed, frozen, read from YAML, overridden by ``key=value``."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import yaml

from avsynth.errors import UserError
from avsynth.timeline import parse_fps
from vocoder.mel import MelConfig


@dataclass(frozen=True)
class DataConfig:
    """How a corpus is split. ``validation`` ids are drawn from the training ids with ``seed``."""

    seed: int = 1234
    validation: int = 45
    test: int = 255
    train_ids: dict[str, str] = field(default_factory=dict)
    """Speaker to a file of the ids it trains on (relative to the config's folder); its other ids are test."""


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
    smoothing: float = 6.0
    """Standard deviation in frames of the Gaussian that smooths the face's track."""
    registration: int = 3
    """Gauss-Newton steps that register each frame's nose and cheeks to the clip's mean; 0 for landmarks alone."""
    detect_every: int = 5
    max_lost: float = 0.1
    """Share of frames without a face above which a clip is dropped."""


@dataclass(frozen=True)
class AlignConfig:
    """How phones are aligned to the sound."""

    source: Literal["acoustic", "textgrid"] = "acoustic"
    textgrid_dir: str = ""
    max_stray_ms: float = 300.0
    """A word whose acoustic start or end strays further than this from the corpus's own time is held to the latter."""
    min_silence_ms: float = 60.0
    """Shorter gaps between words are given to their neighbours."""


@dataclass(frozen=True)
class BlocksConfig:
    """A stack of feed-forward Transformer blocks."""

    layers: int = 4
    heads: int = 2
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
    last_channels: int = 8


@dataclass(frozen=True)
class DiscriminatorConfig:
    """The image discriminator: ``paper`` is the 14-convolution one, ``patch`` a small one on patches."""

    family: Literal["paper", "patch"] = "patch"
    channels: int = 32


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the joint model."""

    hidden: int = 192
    encoder: BlocksConfig = field(default_factory=BlocksConfig)
    duration: PredictorConfig = field(default_factory=PredictorConfig)
    pitch: PredictorConfig = field(default_factory=PredictorConfig)
    energy: PredictorConfig = field(default_factory=PredictorConfig)
    mel_decoder: BlocksConfig = field(default_factory=BlocksConfig)
    postnet_layers: int = 0
    postnet_channels: int = 128
    motion: BlocksConfig = field(default_factory=BlocksConfig)
    image: ImageConfig = field(default_factory=ImageConfig)
    discriminator: DiscriminatorConfig = field(default_factory=DiscriminatorConfig)
    regulation: Literal["overlap", "round"] = "overlap"
    phone_progress: bool = True
    """Tell the decoders where inside its phone a frame lies (time since its start, time to its end)."""


@dataclass(frozen=True)
class LossWeights:
    """Weight of each loss, under the name by which it is logged. 0 switches a loss off."""

    mel_l1: float = 1.0
    postnet_l1: float = 0.0
    duration: float = 0.2
    duration_total: float = 0.1
    pitch: float = 0.2
    energy: float = 0.2
    lip_l1: float = 4.0
    lip_ssim: float = 1.0
    lip_motion: float = 2.0
    lip_adv: float = 0.0
    lip_feature: float = 0.0


@dataclass(frozen=True)
class TrainConfig:
    """The optimisation."""

    steps: int = 20000
    batch: int = 8
    frame_pairs: int = 6
    """Pairs of neighbouring lip frames per clip that the image decoder sees in a step; 0 for the whole clip."""
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
    """``auto``: bf16 where the hardware multiplies it (CUDA, AMX), else fp32."""
    workers: int = 0
    checkpoint_minutes: float = 5.0
    validate_minutes: float = 15.0
    log_every: int = 50
    keep_checkpoints: int = 2
    init: str = ""
    """A checkpoint or voice whose weights start the training (names that fit; the rest starts fresh)."""
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


@dataclass(frozen=True)
class Config:
    """Everything that decides what a recipe makes."""

    fps: Fraction = Fraction(25)
    mel: MelConfig = field(default_factory=MelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    lips: LipsConfig = field(default_factory=LipsConfig)
    align: AlignConfig = field(default_factory=AlignConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    train: TrainConfig = field(default_factory=TrainConfig)
    voice: VoiceConfig = field(default_factory=VoiceConfig)
    vocoder: str = "hifigan"


def load_config(path: Path | str, overrides: Iterable[str] = ()) -> Config:
    """Read a YAML file (its ``base:``, relative to it, first) and apply ``a.b=value`` overrides.

    Raises :class:`UserError`, naming the key and the nearest valid one, for an unknown key, a wrong type or a value out
    of range.
    """
    tree = _read_tree(Path(path))
    for override in overrides:
        key, equals, text = override.partition("=")
        if not equals:
            raise UserError(f"override {override!r} is not of the form key=value")
        node: dict[str, Any] = tree
        *parents, leaf = key.strip().split(".")
        for name in parents:
            child = node.setdefault(name, {})
            if not isinstance(child, dict):
                raise UserError(f"config key {key!r}: {name!r} holds a value, not a group")
            node = child
        node[leaf] = yaml.safe_load(text)
    return from_dict(tree, source=str(path))


def from_dict(tree: Mapping[str, Any], source: str = "config") -> Config:
    """A checked :class:`Config` from plain values."""
    config = _build(Config, tree, source, "")
    assert isinstance(config, Config)
    return config


def to_dict(config: Any) -> Any:
    """Plain values (for YAML and JSON) of a config or a part of one."""
    if dataclasses.is_dataclass(config):
        return {item.name: to_dict(getattr(config, item.name)) for item in dataclasses.fields(config)}
    if isinstance(config, Fraction):
        return str(config)
    if isinstance(config, tuple):
        return [to_dict(item) for item in config]
    return config


def fingerprint(value: Any) -> str:
    """Twelve hex digits that change whenever a config, or any other plain value, changes."""
    text = json.dumps(to_dict(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read_tree(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read config {path}: {error.strerror or error}") from error
    except yaml.YAMLError as error:
        raise UserError(f"config {path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(tree, dict):
        raise UserError(f"config {path} must be a mapping of keys to values")
    base = tree.pop("base", None)
    return _merge(_read_tree(path.parent / str(base)), tree) if base else tree


def _merge(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _build(cls: Any, tree: Any, source: str, prefix: str) -> Any:
    if not isinstance(tree, Mapping):
        raise UserError(f"{source}: {prefix.rstrip('.') or 'the config'} must be a group of keys, not {tree!r}")
    hints = typing.get_type_hints(cls)
    for key in tree:
        if key not in hints:
            near = difflib.get_close_matches(str(key), hints, n=1, cutoff=0.0)
            raise UserError(f"{source}: unknown config key {prefix}{key}; the nearest is {prefix}{near[0]}")
    values = {key: _value(hints[key], value, source, prefix + str(key)) for key, value in tree.items()}
    try:
        return cls(**values)
    except ValueError as error:
        raise UserError(f"{source}: {prefix.rstrip('.') or 'config'}: {error}") from error


def _value(hint: Any, value: Any, source: str, key: str) -> Any:
    origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value, source, key + ".")
    if hint is Fraction:
        return parse_fps(value)
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise UserError(f"{source}: {key} must be one of {', '.join(typing.get_args(hint))}, not {value!r}")
        return value
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_value(typing.get_args(hint)[0], item, source, key) for item in value)
    if origin is dict and isinstance(value, dict):
        return {
            str(name): _value(typing.get_args(hint)[1], item, source, f"{key}.{name}") for name, item in value.items()
        }
    if hint is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if number >= 0:
            return number
        raise UserError(f"{source}: {key} must be a number of 0 or more, not {value!r}")
    if hint is int and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if hint is bool and isinstance(value, bool):
        return value
    if hint is str and isinstance(value, str | int | float):
        return str(value)
    wanted = hint.__name__ if isinstance(hint, type) and not isinstance(hint, types.GenericAlias) else str(hint)
    raise UserError(f"{source}: {key} must be {wanted} (0 or more where it is a number), not {value!r}")
