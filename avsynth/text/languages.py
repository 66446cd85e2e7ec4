"""The languages that can be spoken, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from avsynth.text.english import EnglishFrontend
from avsynth.text.english.g2p import Z
from avsynth.text.english.lexicon import load_user_lexicon
from avsynth.text.english.reading import Dates
from avsynth.text.frontend import TextFrontend

Language = Literal["english"]
DATES: tuple[Dates, ...] = get_args(Dates)
"""Which of two numbers in a date is the day: ``uk`` the first, ``us`` the second."""

_FRONTENDS: dict[Language, Callable[..., TextFrontend]] = {"english": EnglishFrontend}


def load_frontend(
    lexicon: Path | str | None = None, *, z: Z = "zed", dates: Dates = "uk", language: Language = "english"
) -> TextFrontend:
    """A language as it is to be read.

    Args:
        lexicon: A user's pronunciations; :class:`avsynth.errors.UserError` where they cannot be read.
        z: The name of the letter z.
        dates: The order of day and month in dates in digits.
        language: By its name.
    """
    return _FRONTENDS[language](load_user_lexicon(lexicon) if lexicon else None, z=z, dates=dates)


@cache
def default_frontend() -> TextFrontend:
    """The one for who has nothing to ask of it; made once."""
    return load_frontend()
