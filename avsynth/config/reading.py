"""Read the config from YAML files and ``key=value`` overrides, and turn it into plain values again."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import types
import typing
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import yaml

from avsynth.config.executor import ExecutorConfig
from avsynth.config.schema import Config
from avsynth.errors import UserError
from avsynth.timeline import parse_fps

EXECUTOR = "executor"
"""The group of a config file that says where stages run; it does not affect results."""


def load_config(path: Path | str, overrides: Iterable[str] = ()) -> Config:
    """Read a YAML file (its ``base:``, relative to it, first) and apply ``a.b=value`` overrides.

    A key without a value (``train_ids:``) removes what the base sets there. The override ``base=FILE``, relative to the
    file as well, replaces the file's base, for instance to combine a corpus's settings with another model's.

    Raises :class:`UserError`, naming the key and the nearest valid one, for an unknown key, a wrong type or a value out
    of range; and where a file cannot be read, or has no base to replace.
    """
    pairs = [_pair(override) for override in overrides]
    tree = _override(_read_tree(Path(path), dict(pairs).get("base")), pairs)
    tree.pop(EXECUTOR, None)
    return from_dict(tree, source=str(path))


def load_executor(path: Path | str, overrides: Iterable[str] = (), choice: str = "") -> ExecutorConfig:
    """The config's group ``executor``, overridden by ``--executor``.

    Args:
        choice: ``local``, ``inline``, ``dask``, a scheduler's address, a cluster's class, or a YAML file whose group
            ``executor`` is laid on the config's.
    """
    pairs = [_pair(override) for override in overrides]
    tree = _chosen(choice, _read_tree(Path(path), dict(pairs).get("base")).get(EXECUTOR) or {})
    tree = _override({EXECUTOR: tree}, [pair for pair in pairs if pair[0].startswith(EXECUTOR + ".")])[EXECUTOR]
    config = _build(ExecutorConfig, tree, str(path), EXECUTOR + ".")
    assert isinstance(config, ExecutorConfig)
    return config


def executor_named(choice: str) -> ExecutorConfig:
    """The executor named by ``--executor`` alone, where there is no config."""
    config = _build(ExecutorConfig, _chosen(choice, {}), f"--executor {choice}", EXECUTOR + ".")
    assert isinstance(config, ExecutorConfig)
    return config


def _chosen(choice: str, tree: dict[str, Any]) -> dict[str, Any]:
    """A group ``executor``, overridden by what ``--executor`` says."""
    if choice.endswith((".yaml", ".yml")):
        chosen = _read_tree(Path(choice)).get(EXECUTOR)
        if not isinstance(chosen, dict):
            raise UserError(f"--executor {choice} has no group {EXECUTOR}: docs/scale.md shows one")
        tree = _merge(tree, chosen)
    elif choice in typing.get_args(typing.get_type_hints(ExecutorConfig)["kind"]):
        tree = {**tree, "kind": choice}
    elif "://" in choice:
        tree = {**tree, "kind": "dask", "address": choice}
    elif choice:
        tree = {**tree, "kind": "dask", "cluster": choice}
    return tree


def _override(tree: dict[str, Any], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The tree with ``a.b=value`` put in."""
    for key, text in pairs:
        if key == "base":
            continue
        node: dict[str, Any] = tree
        *parents, leaf = key.split(".")
        for name in parents:
            child = node.setdefault(name, {})
            if not isinstance(child, dict):
                raise UserError(f"config key {key!r}: {name!r} holds a value, not a group")
            node = child
        node[leaf] = yaml.safe_load(text)
    return tree


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


def _pair(override: str) -> tuple[str, str]:
    key, equals, text = override.partition("=")
    if not equals:
        raise UserError(f"override {override!r} is not of the form key=value")
    return key.strip(), text


def _read_tree(path: Path, other_base: str | None = None) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"cannot read config {path}: {error.strerror or error}") from error
    except yaml.YAMLError as error:
        raise UserError(f"config {path} is not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(tree, dict):
        raise UserError(f"config {path} must be a mapping of keys to values")
    base = tree.pop("base", None)
    if base:
        return _merge(_read_tree(path.parent / str(base if other_base is None else other_base)), tree)
    if other_base is not None:
        raise UserError(f"config {path} has no base that base={other_base} could replace")
    return tree


def _merge(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        if value is None:
            merged.pop(key, None)
            continue
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
    if hint is Any:
        return value
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
