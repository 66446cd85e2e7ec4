"""Taking turns: first come, first served, and who has had a turn queues up again at the end."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(eq=False)
class _Turn:
    """A turn, running or waiting."""

    whose: object
    come: threading.Event = field(default_factory=threading.Event)


class Turns:
    """Lets one at a time work, in the order in which they came.

    Requests are made part by part, a turn each, so that all of them begin soon and none starves. A lock of the standard
    library could be given to the same thread again and again, and cannot be taken from a thread that hangs.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Turn] = deque()
        self._now: _Turn | None = None

    @contextmanager
    def turn(self, whose: object) -> Iterator[None]:
        """Wait for a turn and have it."""
        mine = _Turn(whose)
        with self._guard:
            if self._now is None:
                self._now = mine
                mine.come.set()
            else:
                self._waiting.append(mine)
        mine.come.wait()
        try:
            yield
        finally:
            with self._guard:
                if self._now is mine:
                    self._pass_on()

    def forfeit(self, whose: object) -> None:
        """Take the turn from the one who has it."""
        with self._guard:
            if self._now is not None and self._now.whose is whose:
                self._pass_on()

    def _pass_on(self) -> None:
        self._now = self._waiting.popleft() if self._waiting else None
        if self._now is not None:
            self._now.come.set()
