"""A line for users that names the characters of a text that were skipped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

SHOWN = 8
"""Most characters that are named; the rest is counted."""


def unread_line(characters: Iterable[str]) -> str:
    """A line that names each sign, and of letters their script; "" where there are none.

    >>> unread_line("☃жд")
    "passed over, as nothing is said for it: '☃' (snowman), 'жд' (cyrillic)"
    """
    scripts: dict[str, str] = {}
    for character in dict.fromkeys(characters):
        name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
        if unicodedata.category(character)[0] in "LMN":
            name = name.split()[0]
        scripts[name] = scripts.get(name, "") + character
    named = [f"{found[:SHOWN] + ('…' if found[SHOWN:] else '')!r} ({name})" for name, found in scripts.items()]
    more = f" and {len(named) - SHOWN} others" if len(named) > SHOWN else ""
    return f"passed over, as nothing is said for it: {', '.join(named[:SHOWN])}{more}" if named else ""
