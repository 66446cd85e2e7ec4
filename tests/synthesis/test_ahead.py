"""Items made in a thread of its own, and several at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from avsynth.synthesis.ahead import ahead, at_once


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


def test_several_are_under_way_at_once_and_know_their_context() -> None:
    whose: ContextVar[str] = ContextVar("whose", default="nobody's")
    meeting = threading.Barrier(3)

    def work() -> tuple[str, int]:
        meeting.wait(5)
        return whose.get(), threading.get_ident()

    token = whose.set("mine")
    with at_once(3) as begin:
        waiting = [begin(work) for _ in range(3)]
        whose.reset(token)
        found = [wait() for wait in waiting]
    assert {name for name, _ in found} == {"mine"} and len({thread for _, thread in found}) == 3
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("at-once")]


def test_one_thread_is_one_s_own_and_works_when_asked() -> None:
    done: list[int] = []
    with at_once(1) as begin:
        wait = begin(lambda: done.append(threading.get_ident()))
        assert not done
        wait()
    assert done == [threading.get_ident()]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_work_raises_comes_out(threads: int) -> None:
    with at_once(threads) as begin, pytest.raises(ZeroDivisionError):
        begin(lambda: 1 // 0)()
