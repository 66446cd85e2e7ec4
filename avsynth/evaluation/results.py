"""A page of results whose tables come from JSON files beside it.

In the page a table stands between ``<!-- results/NAME.json -->`` and ``<!-- end -->``; the file is what ``wer --out``,
``evaluate`` (``metrics.json``) or anything else wrote that holds tables as :meth:`Table.to_json` gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avsynth.errors import UserError
from avsynth.evaluation.tables import Table
from avsynth.files import read_json

BLOCK = re.compile(r"(<!-- (results/[\w.-]+\.json) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def rewritten(page: Path) -> str:
    """The page's text with its tables as the files have them.

    Raises :class:`UserError` where the page or a file cannot be read, a file holds no table, or the page has no block.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot read {page}: {error.strerror or error}") from error

    def block(found: re.Match[str]) -> str:
        tables = list(tables_in(page.parent / found[2]))
        return f"{found[1]}\n" + "\n".join(table.markdown() for table in tables) + f"\n{found[4]}"

    fresh, count = BLOCK.subn(block, text)
    if not count:
        raise UserError(f"{page} has no table between '<!-- results/NAME.json -->' and '<!-- end -->'")
    return fresh


def tables_in(path: Path) -> Iterator[Table]:
    """The tables anywhere in a JSON file, in order; :class:`UserError` where there is none."""
    found = list(_tables(read_json(path)))
    if not found:
        raise UserError(f"{path} holds no table of results")
    for tree in found:
        try:
            yield Table.from_json(tree)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"{path} holds a table that cannot be read: {error!r}") from error


def _tables(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        if {"title", "heading", "columns", "rows"} <= tree.keys():
            yield tree
            return
        tree = list(tree.values())
    if isinstance(tree, list):
        for item in tree:
            yield from _tables(item)
