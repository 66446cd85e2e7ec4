"""Results of clips as JSON and back: dataclasses and named tuples of this project, arrays, plain values. Reading one
never runs code from the file."""

from __future__ import annotations

import base64
import dataclasses
import importlib
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from avsynth.errors import UserError

KIND = "$"
"""Key that tells what a JSON object stands for."""


def dump(value: Any) -> bytes:
    """A value as JSON; :class:`TypeError` for what is neither plain, an array, nor a dataclass or named tuple
    of this project."""
    return json.dumps(_plain(value)).encode()


def load(data: bytes) -> Any:
    """What :func:`dump` was given; :class:`UserError` for anything else."""
    try:
        return _value(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
        raise UserError(f"a stored record is damaged: {error}") from error


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value.item() if isinstance(value, np.generic) else value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {KIND: "array", "dtype": value.dtype.str, "shape": list(value.shape), "content": content}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple) and type(value) is tuple:
        return {KIND: "tuple", "items": [_plain(item) for item in value]}
    if isinstance(value, Mapping):
        return {KIND: "mapping", "items": [[_plain(key), _plain(item)] for key, item in value.items()]}
    if isinstance(value, Path | Fraction):
        return {KIND: "Fraction" if isinstance(value, Fraction) else "Path", "text": str(value)}
    cls = type(value)
    if _is_record(cls) and cls.__module__.partition(".")[0] in ("avsynth", "vocoder"):
        fields = {name: _plain(getattr(value, name)) for name in _names(cls)}
        return {KIND: f"{cls.__module__}:{cls.__qualname__}", "fields": fields}
    raise TypeError(f"{cls.__module__}.{cls.__qualname__} cannot be stored")


def _is_record(cls: type) -> bool:
    return dataclasses.is_dataclass(cls) or (issubclass(cls, tuple) and hasattr(cls, "_fields"))


def _names(cls: Any) -> list[str]:
    return [item.name for item in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else list(cls._fields)


def _value(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_value(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    kind = tree[KIND]
    if kind == "array":
        content = np.frombuffer(base64.b64decode(tree["content"]), np.dtype(tree["dtype"]))
        return content.reshape(tree["shape"]).copy()
    if kind == "tuple":
        return tuple(_value(item) for item in tree["items"])
    if kind == "mapping":
        return {_value(key): _value(item) for key, item in tree["items"]}
    if kind in ("Path", "Fraction"):
        return (Path if kind == "Path" else Fraction)(tree["text"])
    module, _, name = kind.partition(":")
    cls = getattr(importlib.import_module(module), name) if module.partition(".")[0] in ("avsynth", "vocoder") else None
    if not (isinstance(cls, type) and _is_record(cls)):
        raise ValueError(f"{kind} is no dataclass or named tuple of this project")
    return cls(**{key: _value(item) for key, item in tree["fields"].items()})
