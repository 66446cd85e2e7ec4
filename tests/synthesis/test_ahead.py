"""Items made in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from avsynth.synthesis.ahead import ahead


def test_the_next_is_made_while_the_last_is_used_and_no_more() -> None:
    made = [threading.Event() for _ in range(5)]

    def items() -> Iterator[int]:
        for number, event in enumerate(made):
            event.set()
            yield number

    taken = ahead(items())
    assert made[0].wait(5), "it begins at once"
    for number in range(5):
        assert next(taken) == number
        if number + 1 < 5:
            assert made[number + 1].wait(5)
        assert not any(event.is_set() for event in made[number + 2 :])
    with pytest.raises(StopIteration):
        next(taken)


def test_what_making_raises_comes_out_and_the_thread_ends() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("no")

    taken = ahead(items())
    assert next(taken) == 1
    with pytest.raises(OSError, match="no"):
        next(taken)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
