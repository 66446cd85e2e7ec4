"""A page of results whose tables come from JSON files beside it.

In the page a table stands between ``<!-- results/NAME.json -->`` and ``<!-- end -->``. The file holds tables as
:meth:`Table.to_json` gives them: what ``wer``, ``bench`` and the recipes' scripts write with ``--out``, and the
evaluate stage as ``metrics.json``. A page that wants less than the file holds says so:
``<!-- results/NAME.json; tables=Pictures; durations=true; columns=psnr | ssim; rows=frozen | ours -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avsynth.errors import UserError
from avsynth.evaluation.tables import Table
from avsynth.files import read_json

BLOCK = re.compile(r"(<!-- (results/[\w.-]+\.json)((?:; *\w+=[^;]+?)*) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Selection:
    """What a page shows of a file's tables; empty: everything."""

    tables: tuple[str, ...] = ()
    """Titles."""
    durations: tuple[str, ...] = ()
    """As the tables' headings name them."""
    columns: tuple[str, ...] = ()
    """Keys, in the order to be shown."""
    rows: tuple[str, ...] = ()

    @classmethod
    def of(cls, spelt: str) -> Selection:
        """Read ``; name=value | value; …``; :class:`UserError` for a name that is none of the fields."""
        chosen = {}
        for part in filter(None, map(str.strip, spelt.split(";"))):
            name, _, values = part.partition("=")
            if name not in cls.__dataclass_fields__:
                raise UserError(f"a page of results selects by {', '.join(cls.__dataclass_fields__)}, not by {name!r}")
            chosen[name] = tuple(value.strip() for value in values.split("|"))
        return cls(**chosen)

    def apply(self, tables: Sequence[Table], path: Path) -> list[Table]:
        """The tables that are wanted, narrowed; :class:`UserError` where ``path`` does not hold what is asked for."""
        wanted = [
            table
            for table in tables
            if (not self.tables or table.title in self.tables)
            and (not self.durations or table.heading.durations in self.durations)
        ]
        if not wanted:
            raise UserError(f"{path} holds no table {', '.join(self.tables + self.durations)}")
        try:
            return [table.narrowed(self.columns, self.rows) for table in wanted]
        except KeyError as error:
            raise UserError(f"a table of {path} has no row or column {error}") from error


def rewritten(page: Path) -> str:
    """The page's text with its tables as the files have them.

    Raises :class:`UserError` where the page or a file cannot be read, a file holds no table, or the page has no block.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot read {page}: {error.strerror or error}") from error

    def block(found: re.Match[str]) -> str:
        path = page.parent / found[2]
        tables = Selection.of(found[3]).apply(list(tables_in(path)), path)
        return f"{found[1]}\n" + "\n".join(table.markdown(brief=True) for table in tables) + f"\n{found[5]}"

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
