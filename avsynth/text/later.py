"""Patterns that are compiled when they are first used: there are hundreds, most of them for rare texts."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Later:
    """A pattern before its first use; after it, an object with the compiled pattern's own methods."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile`` gives, except that a pattern that is wrong is only found at its first use."""
    return cast(re.Pattern[str], _Later(pattern, flags))
