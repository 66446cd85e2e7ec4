"""Write what follows from the readings: ``python -m avsynth.text.english.page``.

It is ``docs/readings.md``, from their examples, and ``guards.txt`` beside this module, from their patterns.
"""

from __future__ import annotations

from pathlib import Path

from avsynth.text.english import guards
from avsynth.text.english.choice import GUARDS
from avsynth.text.english.reading import Kind
from avsynth.text.english.readings import ORDER

PAGE = Path("docs/readings.md")

_HEAD = """# What is read how

This page is written from the examples beside the readings by `python -m avsynth.text.english.page`; a test holds it to
them. The kinds stand in the order in which they are tried: at each place of a text the first reading that matches and
has something to say is taken.

Letters that are said by their names stand in capitals, a pause as a comma.

**A reading of your own** goes into the module of its kind in `avsynth/text/english/readings/`: a pattern, the function
that says what it matched (or gives None, so that the next reading is tried), and its examples. Nothing else is to be
touched but this page and `guards.txt`, which the command writes anew.

House style: numbers have the British "and" (two hundred and fifty); a decimal point is "point", each digit after it by
itself; a half is "one half", but "half an hour" and "one and a half hours"; years of four digits from 1100 to 2099 go
in pairs, 2000 to 2009 as thousands; dates in digits are day first unless `--dates us` is given or an SSML document is
in American English, ISO dates always year first; money says its country where that is written (`US$`); the scheme of a
web address (`https://`) is not said, ™ and ® neither.
"""


def page() -> str:
    """The page in Markdown."""
    return _HEAD + "".join(_section(kind) for kind in ORDER)


def _section(kind: Kind) -> str:
    rows = "".join(
        f"| `{written}`{' (`--dates us`)' if dates == 'us' else ''} | {spoken} |\n"
        for written, spoken, dates in kind.cases()
    )
    return f"\n## {kind.name}\n\n| written | spoken |\n|---|---|\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    GUARDS.write_text(guards.written(reading for kind in ORDER for reading in kind.readings), encoding="utf-8")
