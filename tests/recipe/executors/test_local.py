"""Work mapped over clips by processes of this machine: kept, resumed, and guarded against single clips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from avsynth.data.crops import Crops
from avsynth.errors import UserError
from avsynth.recipe.executors.tasks import Clip, Failure
from tests.recipe.executors.conftest import LOCAL, Map
from tests.recipe.executors.jobs import clips


def begun(folder: Path) -> list[int]:
    return sorted(int(line) for line in (folder / "begun.txt").read_text().split())


def test_results_come_in_order_and_are_kept(tmp_path: Path, mapped: Map) -> None:
    first = list(mapped(LOCAL, clips(8, folder=tmp_path)))
    assert [uid for uid, _ in first] == [f"s1_{number:03}" for number in range(8)]
    assert Crops(tmp_path / "shards").frames("s1_005").shape == (2, 8, 16, 3)
    again = mapped(LOCAL, clips(8, folder=tmp_path))
    assert again.fresh == 0 and list(again) == first and begun(tmp_path) == list(range(8))


def test_only_what_is_new_or_has_changed_is_done(tmp_path: Path, mapped: Map) -> None:
    inline = replace(LOCAL, kind="inline")
    mapped(inline, clips(6, folder=tmp_path))
    (tmp_path / "begun.txt").unlink()
    more = clips(8, folder=tmp_path)
    more[2] = Clip(more[2].uid, "another video", more[2].argument)
    results = mapped(inline, more[1:])
    assert begun(tmp_path) == [2, 6, 7] and results.fresh == 3 and len(list(results)) == 7
    assert "s1_000" not in results.shards and "s1_001" in results.shards


@pytest.mark.slow
def test_a_clip_that_hangs_or_crashes_costs_itself_alone(tmp_path: Path, mapped: Map) -> None:
    poisoned = clips(6, {1: "hangs", 4: "crashes"}, tmp_path)
    results = dict(mapped(replace(LOCAL, clip_s=3), poisoned))
    assert results.pop("s1_001") == Failure("hung: no end after 3 s")
    assert results.pop("s1_004") == Failure("crashed: the process ended with -11")
    assert results == {uid: made for uid, made in mapped(LOCAL, clips(6, folder=tmp_path), "whole") if uid in results}
    assert "s1_001" not in Crops(tmp_path / "shards") and "s1_000" in Crops(tmp_path / "shards")


def test_an_error_ends_the_stage(tmp_path: Path, mapped: Map) -> None:
    with pytest.raises(UserError, match="another model"):
        mapped(LOCAL, clips(2, {1: "refused"}, tmp_path))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        mapped(LOCAL, clips(2, {1: "wrong"}, tmp_path))


def test_two_clips_of_one_name_are_refused(tmp_path: Path, mapped: Map) -> None:
    with pytest.raises(UserError, match="two clips have the same name"):
        mapped(replace(LOCAL, kind="inline"), clips(2, folder=tmp_path) + clips(1, folder=tmp_path))
