"""Clips, their order in training, and the batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from avsynth.data.alignment import Alignment, write_alignments
from avsynth.data.crops import Crops
from avsynth.data.dataset import Clip, ClipDataset, ClipKey, StepSampler, collate
from avsynth.data.features import Features, FeatureStore
from avsynth.data.manifest import Split, Utterance, write_manifest
from avsynth.data.offsets import save_offsets
from avsynth.data.shards import hash64
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.timeline import Timeline

Make = Callable[..., Utterance]
Load = Callable[..., ClipDataset]
PICTURE = (8, 16)


def pictures(count: int) -> NDArray[np.uint8]:
    """Frame i is of grey level i throughout."""
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], (count, *PICTURE, 3)).copy()


@pytest.fixture
def load(tmp_path: Path, utterance: Make, timeline: Timeline, stats: Stats) -> Load:
    """``load(split, frame_pairs)``: a has 9 pictures for 7 lip frames, b none, c is not aligned, d is test."""
    rows = [utterance("s1_a"), utterance("s2_b", video=None), utterance("s1_c"), utterance("s1_d", split="test")]
    aligned = [row.uid for row in rows if row.uid != "s1_c"]
    write_alignments(tmp_path / "a.jsonl", [Alignment(uid, "acoustic", timeline) for uid in aligned])
    for uid in aligned:
        values = np.arange(4, dtype=np.float32)
        mel = np.full((timeline.total_hops, 2), 3.0, dtype=np.float32)
        features = Features(mel, values, values, np.array(timeline.hops))
        FeatureStore(tmp_path / "features").write(uid, features, timeline)
    Crops(tmp_path / "crops").write("s1_a", pictures(9))
    write_manifest(tmp_path / "manifest.jsonl", rows)
    save_offsets(tmp_path / "offsets.npy", [hash64("s1_a")], [0.02])

    def make(
        split: Split = "train", frame_pairs: int = 0, augment: float = 0.0, first_identity: float = 0.0
    ) -> ClipDataset:
        folders = (tmp_path / "a.jsonl", tmp_path / "features", tmp_path / "crops", tmp_path / "offsets.npy")
        return ClipDataset(
            tmp_path / "manifest.jsonl", *folders, stats, split, PICTURE, frame_pairs, augment, first_identity
        )

    return make


def test_a_split_holds_its_aligned_clips(load: Load) -> None:
    both = load()
    assert len(both) == 2 and both.speakers == ("s1", "s2") and both.owners.tolist() == [0, 1]
    assert len(load("test")) == 1
    assert len(load("validation")) == 0


def test_everything_in_order_without_a_seed(load: Load) -> None:
    clip = load(frame_pairs=2)[ClipKey(0, -1)]
    assert (clip.phones, clip.hops, clip.speaker) == ([1, 2, 3, 1], [4, 6, 9, 4], 0)
    assert clip.lip_frames == 7 and clip.chosen.tolist() == list(range(7))
    assert (clip.lips[:, 0, 0, 0] == np.arange(7)).all() and (clip.identity == 0).all()


def test_pairs_of_neighbours_are_chosen_and_any_frame_is_the_identity(load: Load) -> None:
    dataset = load(frame_pairs=3)
    identities, starts = set(), set()
    for seed in range(60):
        clip = dataset[ClipKey(0, seed)]
        pairs = clip.chosen.reshape(3, 2)
        assert (pairs[:, 1] == pairs[:, 0] + 1).all() and len(set(pairs[:, 0])) == 3
        assert (clip.lips[:, 0, 0, 0] == clip.chosen).all()
        identities.add(int(clip.identity[0, 0, 0]))
        starts.update(pairs[:, 0].tolist())
    assert identities == set(range(7)) and starts == set(range(6))


def test_a_share_of_the_clips_has_its_first_frame_as_the_identity(load: Load) -> None:
    """Seven frames: the first is also drawn once in seven of those clips that have any frame."""
    for share in (0.5, 1.0):
        data = load(frame_pairs=2, first_identity=share)
        first = np.mean([int(data[ClipKey(0, seed)].identity[0, 0, 0]) == 0 for seed in range(400)])
        assert abs(first - (share + (1 - share) / 7)) < 0.08


def test_the_same_seed_chooses_the_same(load: Load) -> None:
    dataset = load(frame_pairs=3)
    one, again, other = (dataset[ClipKey(0, seed)] for seed in (5, 5, 6))
    assert one.chosen.tolist() == again.chosen.tolist() != other.chosen.tolist()
    assert (one.identity == again.identity).all()


def test_a_share_of_the_clips_is_shown_with_another_face(load: Load) -> None:
    plain, half = load(frame_pairs=3), load(frame_pairs=3, augment=0.5)
    other = []
    for seed in range(60):
        one, two = plain[ClipKey(0, seed)], half[ClipKey(0, seed)]
        assert one.chosen.tolist() == two.chosen.tolist(), "the same frames"
        assert (two.lips.shape, two.identity.shape) == (one.lips.shape, one.identity.shape)
        other.append(bool((one.lips != two.lips).any()))
    assert 15 < sum(other) < 45
    assert (half[ClipKey(0, -1)].lips == plain[ClipKey(0, -1)].lips).all(), "never where clips are measured"
    assert half[ClipKey(1, 4)].lip_frames == 0, "sound alone has no face"


def test_more_pairs_than_there_are_may_repeat(load: Load) -> None:
    assert len(load(frame_pairs=10)[ClipKey(0, 1)].chosen) == 20


def test_a_clip_of_sound_alone_has_no_pictures(load: Load) -> None:
    clip = load(frame_pairs=3)[ClipKey(1, 4)]
    assert clip.lip_frames == len(clip.chosen) == 0 and clip.lips.shape == (0, *PICTURE, 3)
    assert clip.speaker == 1 and not clip.identity.any()


def test_a_batch_pads_and_normalises(load: Load, stats: Stats) -> None:
    dataset = load(frame_pairs=3)
    batch = collate([dataset[ClipKey(0, 1)], dataset[ClipKey(1, 1)]], stats)
    assert batch.frame_mask_BK.tolist() == [[True] * 6, [False] * 6]
    assert batch.lips_BKCHW.shape == (2, 6, 3, *PICTURE) and batch.lips_BKCHW.dtype == torch.uint8
    assert (batch.lips_BKCHW[0, :, 0, 0, 0] == batch.frame_index_BK[0]).all()
    assert batch.lip_lens_B.tolist() == [7, 0] and batch.speaker_B.tolist() == [0, 1]
    assert batch.mel_BFM[0, 0].tolist() == [(3 - 1) / 2, (3 - 2) / 4]
    assert batch.pitch_BP[0].tolist() == [(value - 5) / 0.5 for value in range(4)]
    assert batch.energy_BP[0].tolist() == [(value - 1) / 2 for value in range(4)]
    torch.testing.assert_close(batch.pitch_BP[1], (torch.arange(4) - 5.7) / 0.25)
    torch.testing.assert_close(batch.energy_BP[1], torch.arange(4) - 2.0)


def test_padding_is_zero_whatever_the_statistics(load: Load, stats: Stats) -> None:
    clip = load()[ClipKey(0, -1)]
    half = Features(clip.features.mel_FM[:4], clip.features.pitch_P[:1], clip.features.energy_P[:1], np.array([4]))
    short = Clip([1], np.zeros((1, 4), np.float32), [4], half, 0, 2, np.arange(2), clip.lips[:2], clip.identity, 0.0)
    batch = collate([clip, short], stats)
    assert not batch.mel_BFM[1, 4:].any() and not batch.pitch_BP[1, 1:].any() and not batch.energy_BP[1, 1:].any()
    assert not batch.phones_BP[1, 1:].any() and not batch.durations_BP[1, 1:].any()
    assert not batch.lips_BKCHW[1, 2:].any() and batch.frame_mask_BK[1].sum() == 2


def steps(**changes: int) -> list[list[ClipKey]]:
    settings = {"clips": 7, "batch": 4, "steps": 12, "seed": 3, **changes}
    return list(StepSampler(**settings))


def test_a_step_is_a_function_of_seed_and_number() -> None:
    assert steps() == steps() != steps(seed=4)
    assert steps(first_step=5) == steps()[5:]
    assert steps(steps=20)[:12] == steps()
    assert len(StepSampler(7, 4, 12, 3, first_step=5)) == 7


def test_every_epoch_has_every_clip_once_in_a_new_order() -> None:
    keys = [key for step in steps(batch=7, steps=6) for key in step]
    epochs = [[key.index for key in keys[start : start + 7]] for start in range(0, 42, 7)]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > 1
    assert len({key.seed for key in keys}) == len(keys)


def test_processes_share_out_each_step() -> None:
    parts = [steps(rank=rank, world=2) for rank in range(2)]
    for whole, first, second in zip(steps(), *parts, strict=True):
        assert first == whole[0::2] and second == whole[1::2]


def test_a_step_in_parts_holds_the_same_clips() -> None:
    whole = list(StepSampler(480, 8, 20, 3, lengths=list(range(480))))
    parts = list(StepSampler(480, 8, 20, 3, lengths=list(range(480)), parts=2))
    joined = zip(parts[::2], parts[1::2], strict=True)
    assert [sorted(one + other, key=step.index) for step, (one, other) in zip(whole, joined, strict=True)] == whole
    three = StepSampler(480, 8, 20, 3, first_step=7, rank=1, world=2, lengths=list(range(480)), parts=4)
    assert len(three) == 13 * 4 == len(list(three)) and all(len(keys) == 1 for keys in three)


def test_a_batch_that_does_not_divide_is_refused() -> None:
    with pytest.raises(UserError, match="batch 4 does not divide over 3 processes"):
        steps(world=3)


def test_a_weight_tells_how_often_an_epoch_shows_a_clip() -> None:
    weights = np.array([1.0, 2.5, 0.5, 0.0])
    keys = [key.index for step in StepSampler(4, 4, 100, 3, weights=weights.tolist()) for key in step]
    shown = np.array([np.bincount(keys[start : start + 4], minlength=4) for start in range(0, 400, 4)])
    assert (np.abs(shown - weights) < 1).all(), "an epoch of four places: each weight rounded up or down"
    assert np.abs(shown.mean(axis=0) - weights).max() < 0.15


def test_steps_of_like_lengths_hold_every_clip_and_little_padding() -> None:
    lengths = np.random.default_rng(0).integers(100, 900, 480).tolist()
    batches = [[key.index for key in step] for step in StepSampler(480, 8, 60, 3, lengths=lengths)]
    assert sorted(index for batch in batches for index in batch) == list(range(480))

    def padding(batches: list[list[int]]) -> float:
        padded = sum(8 * max(lengths[index] for index in batch) for batch in batches)
        return padded / sum(lengths) - 1

    mixed = [[key.index for key in step] for step in StepSampler(480, 8, 60, 3)]
    assert padding(batches) < 0.12 < 0.4 < padding(mixed)
    middles = [float(np.mean([lengths[index] for index in batch])) for batch in batches]
    assert abs(np.corrcoef(np.arange(60), middles)[0, 1]) < 0.4, "short and long steps come in no order"
