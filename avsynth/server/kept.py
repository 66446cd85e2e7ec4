"""A small cache by name that drops the least recently used item."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Kept(Generic[Item]):
    """At most ``most`` items; the least recently used is dropped and passed to ``let_go``."""

    def __init__(self, most: int, let_go: Callable[[Item], object] = lambda item: None) -> None:
        self._most, self._let_go = most, let_go
        self._items: OrderedDict[str, Item] = OrderedDict()
        self._guard = threading.Lock()

    def keep(self, name: str, item: Item) -> None:
        """Keep an item under a name."""
        with self._guard:
            self._items[name] = item
            self._items.move_to_end(name)
            gone = [self._items.popitem(last=False)[1] for _ in range(len(self._items) - self._most)]
        for each in gone:
            self._let_go(each)

    def get(self, name: str) -> Item | None:
        """The item, if it is still there."""
        with self._guard:
            if name in self._items:
                self._items.move_to_end(name)
            return self._items.get(name)
