"""Sentences of the GRID grammar that a speaker has not recorded as far as is known, for testing a voice on new
sentences."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from avsynth.data.corpora.grid import CODE, all_sentences
from avsynth.errors import UserError


def unrecorded_sentences(count: int, seed: int, recorded: set[str]) -> list[str]:
    """``count`` codes (``bbaf2n``) drawn without repetition from the 64,000 of the grammar less ``recorded``.

    The same arguments give the same list. Raises :class:`UserError` if fewer are left.
    """
    left = [code for code in all_sentences() if code not in recorded]
    if not 0 < count <= len(left):
        raise UserError(f"{count} sentences cannot be drawn: the grammar has {len(left)} that were never recorded")
    return random.Random(seed).sample(left, count)


def read_codes(paths: Iterable[Path]) -> set[str]:
    """The codes in files of one code per line; blank lines are passed over, anything else is a :class:`UserError`."""
    codes = set()
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"cannot read the list of sentence codes {path}: {error}") from error
        for line in lines:
            if not CODE.fullmatch(line):
                raise UserError(f"{path}: {line!r} is not the code of a GRID sentence")
            codes.add(line)
    return codes
