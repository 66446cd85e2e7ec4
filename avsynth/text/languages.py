"""The languages that can be spoken, by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

from avsynth.errors import UserError
from avsynth.text.english import EnglishFrontend
from avsynth.text.english.g2p import Z
from avsynth.text.english.lexicon import load_user_lexicon
from avsynth.text.english.reading import Dates
from avsynth.text.frontend import TextFrontend

DATES: tuple[Dates, ...] = get_args(Dates)
"""Which of two numbers in a date is the day: ``uk`` the first, ``us`` the second."""

_FRONTENDS: dict[str, Callable[..., TextFrontend]] = {"english": EnglishFrontend}


def load_frontend(
    lexicon: Path | str | None = None, *, z: Z = "zed", dates: Dates = "uk", language: str = "english"
) -> TextFrontend:
    """The front end of a language.

    Args:
        lexicon: A user's pronunciations.
        z: The name of the letter z; in English.
        dates: The order of day and month in dates in digits; in English.
        language: By its name, or as ``package.module:Class``, which is made without arguments.

    Raises:
        UserError: There is no such language, or its lexicon cannot be read or is not asked for.
    """
    if ":" not in language:
        if language not in _FRONTENDS:
            raise UserError(
                f"there is no language {language!r}; there is {', '.join(_FRONTENDS)}, and one of your own is named by"
                " its class, package.module:Class"
            )
        return _FRONTENDS[language](load_user_lexicon(lexicon) if lexicon else None, z=z, dates=dates)
    if lexicon:
        raise UserError(f"--lexicon is for English; the language {language} says itself how its words are said")
    module, _, name = language.partition(":")
    try:
        made: TextFrontend = getattr(importlib.import_module(module), name)()
    except (ImportError, AttributeError) as error:
        raise UserError(f"the language {language} cannot be loaded: {error}") from error
    return made


@cache
def default_frontend(language: str = "english") -> TextFrontend:
    """The language with default settings; made once."""
    return load_frontend(language=language)
