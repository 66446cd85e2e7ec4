"""What the *train* stage writes on the voice."""

from __future__ import annotations

import pytest

from avsynth.errors import UserError
from avsynth.stages.train import leanings


def test_leanings_are_of_known_speakers_and_at_most_whole() -> None:
    assert leanings({"s1": 0.15}, ("heart", "s1")) == {1: 0.15}
    assert leanings({}, ("s1",)) == {}
    with pytest.raises(UserError, match="no speaker 's2'; there are heart, s1"):
        leanings({"s2": 0.1}, ("heart", "s1"))
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(UserError, match="must lie between 0 and 1"):
            leanings({"s1": share}, ("heart", "s1"))
