"""Which clips train, validate and test."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from math import floor
from pathlib import Path

from avsynth.config.schema import DataConfig
from avsynth.data.clips import SourceClip
from avsynth.data.manifest import Split
from avsynth.errors import UserError


def split_clips(
    clips: Sequence[SourceClip], config: DataConfig, config_dir: Path, whole_speaker: int = 0
) -> dict[str, Split]:
    """Each uid's split, by sentence and per speaker.

    Where the config lists a speaker's training ids, all other ids of that speaker are test. Otherwise, in a corpus that
    says how many clips a complete speaker has (``whole_speaker``), ``config.test`` sentences of each complete speaker
    are test, drawn with the seed, and none of the others; in other corpora :func:`by_rank` decides. Of the training
    ids, :func:`held_out` are for validation.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for clip in clips:
        codes[clip.speaker].append(clip.code)
    if config.test_share == 1:
        return {clip.uid: "test" for clip in clips}
    splits: dict[str, Split] = {}
    for speaker, own in codes.items():
        own = sorted(own)
        rng = random.Random(f"{config.seed} {speaker}")
        if speaker in config.train_ids:
            listed = read_ids(config_dir / config.train_ids[speaker])
            pool = sorted(listed)
            train = [code for code in own if code in listed]
        elif not whole_speaker:
            splits |= {f"{speaker}_{code}": name for code, name in by_rank(speaker, own, config).items()}
            continue
        else:
            test = set(rng.sample(own, config.test)) if len(own) >= whole_speaker else set()
            pool = train = [code for code in own if code not in test]
        validation = set(rng.sample(pool, held_out(len(pool), config)))
        for code in own:
            name: Split = "test" if code not in set(train) else "validation" if code in validation else "train"
            splits[f"{speaker}_{code}"] = name
    return splits


def held_out(others: int, config: DataConfig) -> int:
    """How many of a speaker's clips outside the test split are for validation: at most a tenth, but one of two, and
    none of one."""
    return min(config.validation, max(1, others // 10)) if others > 1 else 0


def by_rank(speaker: str, codes: Sequence[str], config: DataConfig) -> dict[str, Split]:
    """A speaker's sentences in the order of the SHA-256 of ``<seed> <speaker> <sentence>``: test, validation, train.

    The first ``test_share`` of them, to the nearest whole number, are test; of the others the first
    (:func:`held_out`) are for validation. So adding or removing a clip changes the split of few others.
    """
    ranked = sorted(codes, key=lambda code: hashlib.sha256(f"{config.seed} {speaker} {code}".encode()).digest())
    test = floor(config.test_share * len(ranked) + 0.5)
    others = len(ranked) - test
    end = test + held_out(others, config)
    return {
        code: "test" if place < test else "validation" if place < end else "train" for place, code in enumerate(ranked)
    }


def read_ids(path: Path) -> set[str]:
    """The ids of a list, one a line."""
    try:
        return set(path.read_text(encoding="utf-8").split())
    except OSError as error:
        raise UserError(f"cannot read the list of training ids {path}: {error.strerror or error}") from error
