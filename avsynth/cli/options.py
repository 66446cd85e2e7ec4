"""Make command-line arguments from the fields of the options' dataclasses, and read them back."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import fields
from typing import Any, TypeVar

Options = TypeVar("Options")


def add_options(parser: Any, options: type, names: Collection[str] | None = None) -> list[str]:
    """An argument for each field that has a help, or for those ``names``; the names under which they are parsed.

    ``parser`` is a parser or a group of one.
    """
    added = []
    for item in fields(options):
        if "help" not in item.metadata or (names is not None and item.name not in names):
            continue
        given = dict(item.metadata)
        flags = given.pop("flags", (f"--{item.name.replace('_', '-')}",))
        parser.add_argument(*flags, dest=item.name, default=item.default, **given)
        added.append(item.name)
    return added


def read_options(args: argparse.Namespace, options: type[Options], **more: Any) -> Options:
    """The options that were parsed, and ``more`` of them."""
    names = {item.name for item in fields(options)}  # type: ignore[arg-type]
    return options(**{name: value for name, value in vars(args).items() if name in names}, **more)
