"""A voice on disk: ``voice.yaml``, ``model.safetensors`` (16 bit), ``stats.json``, ``identity.png``, ``CARD.md``.

Nothing in it is pickled and nothing in it is run: a voice from a stranger is data.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from avsynth.config import Config, from_dict, to_dict
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.models.image import channels_last
from avsynth.models.joint import JointModel
from avsynth.video.reading import read_image, write_image

FORMAT = 1
FOLDER = Path(__file__).parent / "voices"
SEARCH_PATH = "AVSYNTH_VOICES"
"""Environment variable: further folders of voices, separated as in PATH."""
DEFAULT_VOICE = "grid_s1"


@dataclass(frozen=True)
class VoiceInfo:
    """What ``avsynth voices`` tells without loading weights."""

    name: str
    path: Path
    corpus: str
    licence: str
    megabytes: float


@dataclass(frozen=True)
class Voice:
    """All that speaking needs beside a vocoder."""

    config: Config
    stats: Stats
    model: JointModel
    identity: NDArray[np.uint8]
    """The neutral identity, ``(80, 160, 3)``."""
    fingerprint: str = ""
    """Twelve hex digits of the weights' file; empty for a voice that is not on disk."""

    @property
    def name(self) -> str:
        return self.config.voice.name

    @classmethod
    def load(cls, name_or_folder: str | Path = DEFAULT_VOICE, device: str = "cpu") -> Voice:
        """Load a voice by name or folder, weights as float32 on ``device``.

        Raises :class:`UserError` for an unknown name, a missing or damaged file, weights that do not fit, or a format
        that this version does not know.
        """
        folder = find_voice(name_or_folder)
        meta = _read_meta(folder)
        config = from_dict(meta.get("config", {}), f"{folder / 'voice.yaml'}")
        stats = Stats.load(folder / "stats.json")
        weights = folder / "model.safetensors"
        model = JointModel(config, stats)
        _fill(model, weights)
        identity = read_image(folder / "identity.png")
        if identity.shape != (config.lips.height, config.lips.width, 3):
            raise UserError(f"{folder / 'identity.png'} is not {config.lips.height}×{config.lips.width} pixels")
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:12]
        model = channels_last(model.to(device)).eval().requires_grad_(False)
        return cls(config, stats, model, identity, digest)

    def save(self, folder: Path) -> None:
        """Write the voice as a folder, whole or not at all; a ``CARD.md`` that is there already stays."""
        folder = Path(folder)
        temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        try:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
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
            (temporary / "voice.yaml").write_text(text, encoding="utf-8")
            self.stats.save(temporary / "stats.json")
            halves = {name: value.half().contiguous().cpu() for name, value in self.model.state_dict().items()}
            save_file(halves, temporary / "model.safetensors")
            write_image(temporary / "identity.png", self.identity)
            if (folder / "CARD.md").exists():
                shutil.copy(folder / "CARD.md", temporary / "CARD.md")
            shutil.rmtree(folder, ignore_errors=True)
            temporary.rename(folder)
        except OSError as error:
            raise UserError(f"cannot write voice {folder}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def available_voices() -> list[VoiceInfo]:
    """Voices inside the package and in the folders of ``AVSYNTH_VOICES``, by name; the first of a name counts."""
    found: dict[str, VoiceInfo] = {}
    for place in (FOLDER, *(Path(item) for item in os.environ.get(SEARCH_PATH, "").split(os.pathsep) if item)):
        for path in sorted(place.glob("*/voice.yaml")):
            meta = _read_meta(path.parent)
            size = sum(file.stat().st_size for file in path.parent.iterdir()) / 1e6
            info = VoiceInfo(
                path.parent.name, path.parent, str(meta.get("corpus", "")), str(meta.get("licence", "")), round(size, 1)
            )
            found.setdefault(info.name, info)
    return [found[name] for name in sorted(found)]


def find_voice(name_or_folder: str | Path) -> Path:
    """The folder of a voice; an unknown name is a :class:`UserError` that names the nearest."""
    path = Path(name_or_folder)
    if (path / "voice.yaml").is_file():
        return path
    if path.is_dir():
        raise UserError(f"{path} is no voice: it has no voice.yaml")
    known = {info.name: info.path for info in available_voices()}
    if str(name_or_folder) in known:
        return known[str(name_or_folder)]
    near = difflib.get_close_matches(str(name_or_folder), known, n=1, cutoff=0.0)
    hint = f"the nearest is {near[0]!r}" if near else "none is installed"
    raise UserError(f"no voice named {str(name_or_folder)!r}; {hint} (see avsynth voices)")


def _read_meta(folder: Path) -> dict[str, Any]:
    path = folder / "voice.yaml"
    try:
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(meta, dict) or "format" not in meta:
        raise UserError(f"{path} does not describe a voice")
    if meta["format"] != FORMAT:
        raise UserError(f"{path} is a voice of format {meta['format']}; this version of avsynth reads format {FORMAT}")
    return meta


def _fill(model: JointModel, path: Path) -> None:
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise UserError(f"cannot read the weights {path}: {error}") from error
    own = model.state_dict()
    strange = sorted(set(own) ^ set(weights))
    if strange:
        raise UserError(f"{path} does not fit its voice.yaml: {strange[0]} is missing or too many")
    bent = next((name for name, value in weights.items() if value.shape != own[name].shape), None)
    if bent is not None:
        raise UserError(f"{path} does not fit its voice.yaml: {bent} has shape {tuple(weights[bent].shape)}")
    model.load_state_dict(weights)
