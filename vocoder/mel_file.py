"""A mel's settings as a YAML file: the fields of :class:`MelConfig`, and the normalisation that a network expects."""

from __future__ import annotations

import dataclasses
import difflib
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocoder.errors import VocoderError
from vocoder.mel import MelConfig

if TYPE_CHECKING:
    from vocoder.outside import Normalisation

NORMALISATION = ("mean", "scale")
"""Keys beside the fields, each a number or one for each bin: the net takes ``(log mel - mean) / scale``."""


def read_mel_file(path: Path) -> tuple[MelConfig, Normalisation | None]:
    """The mel that a YAML file describes; what it leaves out is as in ``MelConfig()``.

    Raises :class:`VocoderError`, naming the file and the nearest field, for an unknown key, and for a value of a wrong
    type or out of range.
    """
    from vocoder.outside import Normalisation, read_yaml

    values = dict(read_yaml(path, "the file of mel settings"))
    affine = {name: values.pop(name) for name in NORMALISATION if name in values}
    hints = typing.get_type_hints(MelConfig)
    for name in values:
        if name not in hints:
            near = difflib.get_close_matches(str(name), [*hints, *NORMALISATION], n=1, cutoff=0.0)[0]
            raise VocoderError(f"{path} has the unknown key {name!r}; the nearest is {near}")
    try:
        config = MelConfig(**{name: _value(hints[name], name, value) for name, value in values.items()})
        if not affine:
            return config, None
        mean, scale = (
            _numbers(name, affine.get(name, default)) for name, default in zip(NORMALISATION, (0, 1), strict=True)
        )
    except ValueError as error:
        raise VocoderError(f"{path}: {error}") from error
    return config, Normalisation(mean, scale, config.n_mels, str(path))


def mel_text(config: MelConfig) -> str:
    """The settings as such a file, a line for each field."""
    return "".join(f"{name}: {_plain(value)}\n" for name, value in dataclasses.asdict(config).items())


def mel_line(config: MelConfig) -> str:
    """The settings in a line."""
    return ", ".join(f"{name} {_plain(value)}" for name, value in dataclasses.asdict(config).items())


def _plain(value: Any) -> str:
    if isinstance(value, float):
        text = f"{value:g}"
        # YAML reads 1e-05 as a text.
        return text.replace("e", ".0e") if "e" in text and "." not in text else text
    return f'"{value}"' if isinstance(value, str) and value.isdigit() else str(value)


def _value(hint: Any, name: str, value: Any) -> Any:
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        return float(value)  # YAML reads 1e-5 as a text
    if typing.get_origin(hint) is typing.Literal:
        return str(value)
    raise ValueError(f"mel {name} must be a number, not {value!r}")


def _numbers(name: str, value: Any) -> list[float]:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, int | float) and not isinstance(item, bool) for item in items):
        raise ValueError(f"{name} must be a number or a list of numbers")
    return [float(item) for item in items]
