"""A process for one clip at a time: what counts against the clip's time limit."""

import os
import time

import pytest

from avsynth.recipe.executors.clip_process import ClipLost, ClipProcess
from tests.recipe.executors.jobs import SlowToLoad, is_loaded


def test_starting_and_loading_do_not_count_against_the_time_limit() -> None:
    process = ClipProcess()
    try:
        assert process(is_loaded, SlowToLoad(), 0.5, os.getcwd())
        assert process(is_loaded, SlowToLoad(), 0.5, os.getcwd())
        with pytest.raises(ClipLost, match=r"hung: no end after 0\.5 s"):
            process(time.sleep, 60.0, 0.5, os.getcwd())
    finally:
        process.close()
