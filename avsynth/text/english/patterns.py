"""What a reading is: a pattern of folded text, and the function that says what it matched."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from avsynth.text.tokens import Pause

Match = re.Match[str]
Lexicon = Container[str]
"""The words that are words even when written in capitals."""
Said = str | Pause
"""A word as it is spoken, or a breath."""
Saying = tuple[str, Callable[[Match, Lexicon], list[Said]]]


def any_of(*names: str) -> str:
    """A pattern of any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
