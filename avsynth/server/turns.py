"""Taking turns: who came first goes first, and whoever has had a turn stands at the end again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets one thread at a time work, in the order in which they came.

    Requests are made part by part, a turn each, so that all of them begin soon and none starves. A lock of the standard
    library would give the turn to whoever asks again at once.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it."""
        with self._guard:
            mine = None
            if self._taken:
                mine = threading.Event()
                self._waiting.append(mine)
            self._taken = True
        if mine is not None:
            mine.wait()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._taken = False
