"""A voice on disk: ``voice.yaml``, ``model.safetensors``, ``stats.json``, ``identity.png``, ``CARD.md``; an
``identity_<speaker>.png`` for each speaker who has a face of his own; ``vocoder.safetensors`` where it has its own.

Nothing in it is pickled and nothing in it is run: a voice from a stranger is data.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
import yaml
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor

from avsynth.config.reading import from_dict, to_dict
from avsynth.config.schema import DEFAULT_VOICE, Config, LipsConfig
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.models.build import Model, build_model
from avsynth.models.image import channels_last
from avsynth.synthesis.stored_weights import restored, stored
from avsynth.text import PHONES
from avsynth.text.letters import LETTERS
from avsynth.video.reading import read_image, write_image

FORMAT = 3
OWN_VOCODER, VOCODER = "harmonic", "vocoder.safetensors"
"""The vocoder whose weights a voice may hold, and their file."""
FOLDER = Path(__file__).parents[1] / "voices"
SEARCH_PATH = "AVSYNTH_VOICES"
"""Environment variable: further folders of voices, separated as in PATH."""


@dataclass(frozen=True)
class VoiceInfo:
    """What ``avsynth voices`` shows, read without loading weights."""

    name: str
    path: Path
    corpus: str
    licence: str
    megabytes: float
    speakers: tuple[str, ...] = ()
    fault: str = ""
    """Why the voice cannot be used, where its ``voice.yaml`` says so already."""


@dataclass(frozen=True)
class Voice:
    """A voice: model, statistics, identity images, and the weights of its own vocoder, if it has one."""

    config: Config
    stats: Stats
    model: Model
    identity: NDArray[np.uint8]
    """The neutral identity, ``(80, 160, 3)``."""
    fingerprint: str = ""
    """Twelve hex digits of the weights' file; empty for a voice that is not on disk."""
    faces: Mapping[str, NDArray[np.uint8]] = field(default_factory=dict)
    """Neutral identities of speakers who have another (``voice.faces``)."""
    vocoder: Path | None = None
    """The weights of a harmonic vocoder of its own."""

    @property
    def name(self) -> str:
        return self.config.voice.name

    @property
    def weights_name(self) -> str:
        """Its name and fingerprint: a voice of the same name that was trained anew has another."""
        return f"{self.name} {self.fingerprint}".strip()

    @property
    def speaks(self) -> bool:
        """Whether there is sound in it: a baseline draws lips alone."""
        return self.model.speaks

    def weights_for(self, vocoder: str) -> Path | None:
        """The voice's own weights for the vocoder of that name; None where it has none."""
        return self.vocoder if vocoder == OWN_VOCODER else None

    def identity_of(self, speaker: int) -> NDArray[np.uint8]:
        """The neutral identity of one of the voice's speakers, ``(80, 160, 3)``."""
        return self.faces.get(self.stats.speakers[speaker], self.identity)

    def speaker_index(self, name: str | None = None) -> int:
        """The index of a speaker: the one named, else the voice's default, else the first.

        Raises :class:`UserError` for a name that is not there.
        """
        speakers, wanted = self.stats.speakers, name if name is not None else self.config.voice.speaker
        if not wanted:
            return 0
        if wanted not in speakers:
            raise UserError(f"voice {self.name} has no speaker {wanted!r}; it has {', '.join(speakers)}")
        return speakers.index(wanted)

    @classmethod
    def load(cls, name_or_folder: str | Path = DEFAULT_VOICE, device: str = "cpu") -> Voice:
        """Load a voice by name or folder, weights as float32 on ``device``.

        Raises :class:`UserError` for an unknown name, a missing or damaged file, weights or statistics that do not fit,
        or a format that this version does not know.
        """
        folder = find_voice(name_or_folder)
        described = folder / "voice.yaml"
        meta = _read_meta(described)
        if "config" not in meta:
            raise UserError(f"{described} lacks the key 'config'")
        config = from_dict(meta["config"], str(described))
        stats = Stats.load(folder / "stats.json")
        _check_stats(stats, config, folder / "stats.json")
        weights, digest = _read_weights(folder / "model.safetensors")
        try:
            model = build_model(config, stats)
        except (RuntimeError, ValueError, ArithmeticError, IndexError, TypeError) as error:
            raise UserError(f"{described} describes no model that can be built: {_one_line(error)}") from error
        _fill(model, weights, folder / "model.safetensors")
        identity = _read_identity(folder / "identity.png", config.lips)
        for name in config.voice.faces:
            if name not in stats.speakers:
                raise UserError(f"{described}: voice.faces gives {name!r} a face, who is none of the voice's speakers")
        faces = {name: _read_identity(folder / f"identity_{name}.png", config.lips) for name in config.voice.faces}
        model = channels_last(model.to(device)).eval().requires_grad_(False)
        own = folder / VOCODER
        return cls(config, stats, model, identity, digest, faces, own if own.is_file() else None)

    def save(self, folder: Path | str) -> None:
        """Write the voice as a folder, whole or not at all; a ``CARD.md`` that is there already stays.

        Weights are stored in 16 bits or 8 (:mod:`avsynth.synthesis.stored_weights`).

        Raises :class:`UserError` where the folder cannot be written, or holds something other than a voice.
        """
        folder = Path(folder)
        if folder.exists() and not (folder / "voice.yaml").is_file() and (folder.is_file() or any(folder.iterdir())):
            raise UserError(f"cannot write voice {folder}: something that is no voice is there; give another folder")
        temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        former = folder.with_name(f".{folder.name}.{os.getpid()}.old")
        try:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            self._write(temporary)
            if (folder / "CARD.md").exists():
                shutil.copy(folder / "CARD.md", temporary / "CARD.md")
            if folder.exists():
                folder.rename(former)
            temporary.rename(folder)
        except OSError as error:
            raise UserError(f"cannot write voice {folder}: {error.strerror or error}") from error
        finally:
            if former.exists() and not folder.exists():
                former.rename(folder)
            shutil.rmtree(former, ignore_errors=True)
            shutil.rmtree(temporary, ignore_errors=True)

    def _write(self, folder: Path) -> None:
        """Every file but the card."""
        voice = self.config.voice
        meta = {
            "format": FORMAT,
            "name": voice.name,
            "speakers": list(self.stats.speakers),
            "corpus": voice.corpus,
            "licence": voice.licence,
            "citation": voice.citation,
            "config": to_dict(self.config),
        }
        text = yaml.safe_dump(meta, sort_keys=False, allow_unicode=True, width=110)
        (folder / "voice.yaml").write_text(text, encoding="utf-8")
        self.stats.save(folder / "stats.json")
        weights = stored(self.model.state_dict(), self.model.coarse_parts)
        (folder / "model.safetensors").write_bytes(safetensors.torch.save(weights))
        write_image(folder / "identity.png", self.identity)
        for name, face in self.faces.items():
            write_image(folder / f"identity_{name}.png", face)
        if self.vocoder is not None:
            shutil.copy(self.vocoder, folder / VOCODER)


def available_voices() -> list[VoiceInfo]:
    """Voices inside the package and in the folders of ``AVSYNTH_VOICES``, by name; the first of a name counts."""
    return [_describe(name, folder) for name, folder in sorted(_voice_folders().items())]


def find_voice(name_or_folder: str | Path) -> Path:
    """The folder of a voice; an unknown name is a :class:`UserError` that names the nearest."""
    path = Path(name_or_folder)
    if (path / "voice.yaml").is_file():
        return path
    if path.is_dir():
        raise UserError(f"{path} is no voice: it has no voice.yaml")
    known = _voice_folders()
    if str(name_or_folder) in known:
        return known[str(name_or_folder)]
    near = difflib.get_close_matches(str(name_or_folder), known, n=1, cutoff=0.0)
    hint = f"the nearest is {near[0]!r}" if near else "none is installed"
    raise UserError(f"no voice named {str(name_or_folder)!r}; {hint} (see avsynth voices)")


def _voice_folders() -> dict[str, Path]:
    further = (Path(item) for item in os.environ.get(SEARCH_PATH, "").split(os.pathsep) if item)
    found: dict[str, Path] = {}
    for place in (FOLDER, *further):
        for described in sorted(place.glob("*/voice.yaml")):
            if not described.parent.name.startswith("."):
                found.setdefault(described.parent.name, described.parent)
    return found


def _describe(name: str, folder: Path) -> VoiceInfo:
    megabytes = round(sum(file.stat().st_size for file in folder.iterdir() if file.is_file()) / 1e6, 1)
    try:
        meta = _read_meta(folder / "voice.yaml")
        speakers = Stats.load(folder / "stats.json").speakers
    except UserError as error:
        return VoiceInfo(name, folder, "", "", megabytes, fault=str(error))
    return VoiceInfo(name, folder, str(meta.get("corpus", "")), str(meta.get("licence", "")), megabytes, speakers)


def describe_voice(name_or_folder: str | Path) -> VoiceInfo:
    """Describe one voice without loading its weights; errors as of :func:`find_voice`."""
    folder = find_voice(name_or_folder)
    return _describe(folder.name, folder)


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid YAML: {_one_line(error)}") from error
    if not isinstance(meta, dict) or "format" not in meta:
        raise UserError(f"{path} does not describe a voice: it lacks the key 'format'")
    if meta["format"] != FORMAT:
        raise UserError(f"{path} is a voice of format {meta['format']}; this version of avsynth reads format {FORMAT}")
    return meta


def _check_stats(stats: Stats, config: Config, path: Path) -> None:
    """Statistics of the right kinds, lengths and ranges, or a :class:`UserError`."""
    bands = config.mel.n_mels
    try:
        symbols = stats.symbol_table
        for values, what in ((stats.mel_mean, "mel_mean"), (stats.mel_std, "mel_std")):
            if len(values) != bands or not _finite(values):
                raise ValueError(f"{what} must be {bands} numbers")
        if not stats.speakers:
            raise ValueError("speakers must name at least one")
        for name in ("pitch_mean", "pitch_std", "energy_mean", "energy_std"):
            values = getattr(stats, name)
            if len(values) != len(stats.speakers) or not _finite(values):
                raise ValueError(f"{name} must be a number for each speaker")
        if not min(*stats.pitch_std, *stats.energy_std) > 0:
            raise ValueError("pitch_std and energy_std must be above 0")
        strange = [phone for phone in stats.seen if phone not in symbols]
        if strange:
            raise ValueError(f"seen holds {strange[0]!r}, which is not among the symbols")
        if not set(stats.seen) & set(PHONES if config.tokens == "phones" else LETTERS):
            raise ValueError(f"seen holds no {config.tokens.removesuffix('s')}")
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} does not fit a voice: {_one_line(error)}") from error


def _read_identity(path: Path, lips: LipsConfig) -> NDArray[np.uint8]:
    picture = read_image(path)
    if picture.shape != (lips.height, lips.width, 3):
        size = f"{picture.shape[0]}×{picture.shape[1]}"
        raise UserError(f"{path} is {size} pixels, not {lips.height}×{lips.width}")
    return picture


def _finite(values: Iterable[float]) -> bool:
    return bool(np.isfinite(np.array(list(values), dtype=np.float64)).all())


def _read_weights(path: Path) -> tuple[dict[str, Tensor], str]:
    """The tensors and twelve hex digits of the file's SHA-256."""
    try:
        data = path.read_bytes()
        return restored(safetensors.torch.load(data)), hashlib.sha256(data).hexdigest()[:12]
    except OSError as error:
        raise UserError(f"cannot read the weights {path}: {error.strerror or error}") from error
    except (SafetensorError, ValueError, KeyError, RuntimeError) as error:
        raise UserError(f"the weights {path} are damaged or no safetensors: {_one_line(error)}") from error


def _fill(model: Model, weights: dict[str, Tensor], path: Path) -> None:
    own = model.state_dict()
    for name in sorted(set(own) ^ set(weights)):
        fault = f"it lacks {name}" if name in own else f"it holds {name}, which the model has not"
        raise UserError(f"{path} does not fit its voice.yaml and stats.json: {fault}")
    for name, value in weights.items():
        if value.shape != own[name].shape:
            shapes = f"{tuple(value.shape)}, not {tuple(own[name].shape)}"
            raise UserError(f"{path} does not fit its voice.yaml and stats.json: {name} has the shape {shapes}")
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise UserError(f"the weights {path} are damaged: {name} holds values that are not finite")
    model.load_state_dict(weights)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
