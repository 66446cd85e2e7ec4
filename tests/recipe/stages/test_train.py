"""What the *train* stage writes on the voice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avsynth.data.manifest import Split, Utterance, write_manifest
from avsynth.errors import UserError
from avsynth.recipe.context import StageContext
from avsynth.recipe.stages.train import blends, faces, filmed, neutral_identity
from tests.conftest import tiny_config


def test_speaker_blends_are_of_known_speakers_and_at_most_whole() -> None:
    assert blends({"s1": 0.15}, ("heart", "s1")) == {1: 0.15}
    assert blends({}, ("s1",)) == {}
    with pytest.raises(UserError, match="no speaker 's2'; there are heart, s1"):
        blends({"s2": 0.1}, ("heart", "s1"))
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(UserError, match="must lie between 0 and 1"):
            blends({"s1": share}, ("heart", "s1"))


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    """s4 with three clips of grey 10, 30 and 90, s1 with one of grey 200 that validates and one of 50; s9 unfilmed."""
    config = tiny_config()
    context = StageContext(replace(config, voice=replace(config.voice, faces={"heart": "s4"})), tmp_path, tmp_path)
    shades: dict[str, tuple[Split, int]] = {
        "s4_a": ("train", 10),
        "s4_b": ("train", 30),
        "s4_c": ("train", 90),
        "s1_v": ("validation", 200),
        "s1_a": ("train", 50),
    }
    context.crops.mkdir(parents=True)
    for uid, (_, shade) in shades.items():
        first, rest = np.full((1, 80, 160, 3), shade, np.uint8), np.zeros((3, 80, 160, 3), np.uint8)
        context.clip_crops().write(uid, np.concatenate([first, rest]))
    rows = [(uid, split) for uid, (split, _) in shades.items()]
    context.manifest.parent.mkdir()
    write_manifest(
        context.manifest,
        [
            Utterance(uid, uid[:2], "now", f"{uid}.wav", None, (), 1.0, 4, "25", split)
            for uid, split in [*rows, ("s9_a", "train")]
        ],
    )
    return context


def test_the_most_typical_first_frame_of_the_first_talker_is_the_neutral_identity(context: StageContext) -> None:
    clips = filmed(context)
    assert [(name, len(paths)) for name, paths in clips.items()] == [("s1", 1), ("s4", 3)]
    assert (neutral_identity(context, clips["s1"]) == 50).all() and (neutral_identity(context, clips["s4"]) == 30).all()
    assert (neutral_identity(context, []) == 128).all()


def test_a_speaker_who_was_not_filmed_takes_a_talker_s_face(context: StageContext) -> None:
    (face,) = faces(context, ("heart", "s1")).values()
    assert (face == 30).all()
    voice = replace(context.config.voice, faces={"heart": "s4_c"})
    (face,) = faces(replace(context, config=replace(context.config, voice=voice)), ("heart",)).values()
    assert (face == 90).all(), "or one clip's first frame"
    with pytest.raises(UserError, match=r"voice\.faces: there is no speaker 'heart'; there are s1"):
        faces(context, ("s1",))
    config = replace(context.config, voice=replace(context.config.voice, faces={"heart": "s9"}))
    with pytest.raises(UserError, match=r"voice\.faces: 's9' is neither a training clip .*talkers: s1, s4"):
        faces(replace(context, config=config), ("heart", "s1"))
