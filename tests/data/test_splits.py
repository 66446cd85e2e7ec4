"""Who trains, validates and is tested."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from avsynth.config.schema import DataConfig
from avsynth.data.corpora.grid import GridClip
from avsynth.data.splits import by_rank, split_clips
from avsynth.errors import UserError

WHOLE = 900


def clips(speaker: str, codes: list[str]) -> list[GridClip]:
    return [GridClip(speaker, code, Path(code), Path(code), None) for code in codes]


def codes_of(splits: dict[str, str], name: str) -> set[str]:
    return {uid for uid, split in splits.items() if split == name}


def test_a_whole_speaker_has_255_test_sentences_and_a_part_none(tmp_path: Path) -> None:
    whole = [f"x{number:04d}" for number in range(1000)]
    both = clips("s5", whole) + clips("s6", whole[:300])
    splits = split_clips(both, DataConfig(), tmp_path, WHOLE)
    assert len(splits) == 1300
    assert len(codes_of(splits, "test")) == 255 and all(uid.startswith("s5_") for uid in codes_of(splits, "test"))
    validation = codes_of(splits, "validation")
    assert sum(uid.startswith("s5_") for uid in validation) == 45
    assert sum(uid.startswith("s6_") for uid in validation) == 30  # a tenth of 300


def test_a_talker_s_only_clip_trains(tmp_path: Path) -> None:
    splits = split_clips(clips("s3", ["x"]) + clips("s5", ["x", "y"]), DataConfig(), tmp_path, WHOLE)
    assert splits["s3_x"] == "train"
    assert {splits["s5_x"], splits["s5_y"]} == {"train", "validation"}


def test_splits_are_drawn_with_the_seed_per_speaker(tmp_path: Path) -> None:
    own = clips("s5", [f"x{number:04d}" for number in range(1000)])
    splits = split_clips(own, DataConfig(), tmp_path, WHOLE)
    assert (
        split_clips(own[::-1], DataConfig(), tmp_path, WHOLE)
        == splits
        != split_clips(own, DataConfig(seed=5), tmp_path, WHOLE)
    )
    other = split_clips(clips("s6", [clip.code for clip in own]), DataConfig(), tmp_path, WHOLE)
    assert {uid[3:] for uid in codes_of(other, "test")} != {uid[3:] for uid in codes_of(splits, "test")}
    together = split_clips(own + clips("s6", ["x0001"]), DataConfig(), tmp_path, WHOLE)
    assert splits.items() <= together.items()  # who else is there changes nothing


def test_listed_ids_train_and_every_other_id_is_test(tmp_path: Path) -> None:
    whole = [f"x{number:04d}" for number in range(1000)]
    (tmp_path / "ids.txt").write_text("\n".join(whole[:400]) + "\n")
    config = DataConfig(validation=20, train_ids={"s1": "ids.txt"})
    splits = split_clips(clips("s1", whole), config, tmp_path)
    assert codes_of(splits, "test") == {f"s1_{code}" for code in whole[400:]}
    assert len(codes_of(splits, "validation")) == 20
    part = split_clips(clips("s1", whole[:200] + whole[900:]), config, tmp_path)
    assert {uid: splits[uid] for uid in part} == part  # whoever has a part only splits it alike
    with pytest.raises(UserError, match=r"list of training ids .*gone\.txt"):
        split_clips(clips("s1", whole), DataConfig(train_ids={"s1": "gone.txt"}), tmp_path)


def test_elsewhere_a_share_of_each_speaker_s_sentences_is_test(tmp_path: Path) -> None:
    """98 sentences of each volunteer: 30 % are 29; one of the others is for validation."""
    config = DataConfig(test_share=0.3, validation=1)
    both = clips("01M", [f"sx{number}" for number in range(98)]) + clips("02F", [f"sx{number}" for number in range(98)])
    splits = split_clips(both, config, tmp_path)
    for speaker in ("01M", "02F"):
        own = [name for uid, name in splits.items() if uid.startswith(speaker)]
        assert [own.count(name) for name in ("test", "validation", "train")] == [29, 1, 68]
    tested = {
        speaker: {uid[4:] for uid in codes_of(splits, "test") if uid.startswith(speaker)} for speaker in ("01M", "02F")
    }
    assert tested["01M"] != tested["02F"]
    assert split_clips(both[::-1], config, tmp_path) == splits
    assert split_clips(both, replace(config, seed=5), tmp_path) != splits


def test_a_share_is_drawn_by_the_rank_of_a_hash() -> None:
    ranked = sorted("abcdefghij", key=lambda code: hashlib.sha256(f"1234 ann {code}".encode()).hexdigest())
    splits = by_rank("ann", "abcdefghij", DataConfig(test_share=0.3, validation=45))
    assert [splits[code] for code in ranked] == ["test"] * 3 + ["validation"] + ["train"] * 6


@pytest.mark.parametrize("count", [1, 2, 3, 10, 11, 40])
def test_some_clip_is_always_left_to_train_on_and_one_more_moves_few(count: int) -> None:
    config = DataConfig(test_share=0.1, validation=20)
    codes = [f"clip{number}" for number in range(count)]
    before, after = by_rank("ann", codes, config), by_rank("ann", [*codes, "another"], config)
    assert "train" in before.values() and ("validation" in before.values()) == (count > 1)
    assert sum(before[code] != after[code] for code in codes) <= 2


def test_a_share_of_one_leaves_every_clip_of_any_corpus_for_testing(tmp_path: Path) -> None:
    own = clips("s1", [f"x{number:04d}" for number in range(950)]) + clips("s2", ["x"])
    for whole in (0, WHOLE):
        assert set(split_clips(own, DataConfig(test_share=1.0), tmp_path, whole).values()) == {"test"}
