"""Length regulation: every frame wholly explained, every phone heard, at any frame rate."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Literal

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from avsynth.models.regulator import moved_boundaries, overlap_weights, phone_progress

HOPS_PER_S = Fraction(22050, 256)
RATES = [Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60), Fraction(240)]


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(1, 60), min_size=1, max_size=12), some.sampled_from(RATES))
def test_rows_sum_to_one_and_no_phone_is_lost(hops: list[int], fps: Fraction) -> None:
    frame_hops = float(HOPS_PER_S / fps)
    frames = ceil(sum(hops) * fps / HOPS_PER_S)
    weights_TP = overlap_weights(torch.tensor([hops]), frame_hops, frames)[0]
    torch.testing.assert_close(weights_TP.sum(dim=1), torch.ones(frames))
    assert (weights_TP.sum(dim=0) > 0).all()
    # A frame that the sound fills gives each phone its share: summed over frames, its length in frames.
    whole = weights_TP[: sum(hops) * fps // HOPS_PER_S]
    lengths = torch.tensor(hops) / frame_hops
    assert (whole.sum(dim=0) <= lengths + 1e-4).all()


@pytest.mark.parametrize("mode", ["overlap", "round"])
def test_it_is_repetition_where_boundaries_fall_on_frames(mode: Literal["overlap", "round"]) -> None:
    durations = torch.tensor([[4, 8, 12, 4], [16, 4, 0, 0]])
    phones_BPD = torch.randn(2, 4, 5)
    regulated = overlap_weights(durations, 4.0, 7, mode) @ phones_BPD
    torch.testing.assert_close(regulated[0], phones_BPD[0].repeat_interleave(torch.tensor([1, 2, 3, 1]), dim=0))
    torch.testing.assert_close(regulated[1, :5], phones_BPD[1].repeat_interleave(torch.tensor([4, 1, 0, 0]), dim=0))
    assert (regulated[1, 5:] == 0).all()


def test_mel_frames_are_repetition_always() -> None:
    durations = torch.tensor([[3, 1, 5]])
    expected = torch.eye(3).repeat_interleave(durations[0], dim=0)
    assert torch.equal(overlap_weights(durations, 1.0, 9)[0], expected)


def test_a_frame_averages_the_phones_it_overlaps() -> None:
    weights = overlap_weights(torch.tensor([[1, 2, 5]]), 4.0, 2)[0]
    torch.testing.assert_close(weights, torch.tensor([[0.25, 0.5, 0.25], [0.0, 0.0, 1.0]]))


def test_rounding_gives_each_frame_to_one_phone_and_may_lose_a_short_one() -> None:
    durations = torch.tensor([[9, 1, 10, 3]])
    weights = overlap_weights(durations, 4.0, 6, "round")[0]
    assert weights.tolist() == [[1, 0, 0, 0]] * 2 + [[0, 0, 1, 0]] * 3 + [[0, 0, 0, 1]]
    assert (overlap_weights(durations, 4.0, 6)[0].sum(dim=0) > 0).all()


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(1, 60), min_size=1, max_size=12), some.sampled_from(RATES))
def test_rounding_covers_every_frame(hops: list[int], fps: Fraction) -> None:
    frames = ceil(sum(hops) * fps / HOPS_PER_S)
    weights = overlap_weights(torch.tensor([hops]), float(HOPS_PER_S / fps), frames, "round")[0]
    assert ((weights == 0) | (weights == 1)).all() and (weights.sum(dim=1) == 1).all()


def test_progress_is_the_time_since_the_phone_s_start_and_to_its_end() -> None:
    durations = torch.tensor([[4, 8, 0], [4, 0, 0]])
    progress = phone_progress(durations, overlap_weights(durations, 4.0, 3), 4.0)
    hops = torch.tensor([[[2, 2], [2, 6], [6, 2]], [[2, 2], [0, 0], [0, 0]]]).float()
    torch.testing.assert_close(progress, hops.log1p())


def test_progress_of_a_frame_on_a_boundary_mixes_its_phones() -> None:
    durations = torch.tensor([[2, 6]])
    weights = overlap_weights(durations, 4.0, 2)
    first = phone_progress(durations, weights, 4.0)[0, 0]
    # The frame's middle is hop 2: the first phone is over (2 since, 0 until), the second begins (0 since, 6 until).
    since_until = torch.tensor([[2.0, 0.0], [0.0, 6.0]]).log1p()
    torch.testing.assert_close(first, since_until.mean(dim=0))


@pytest.mark.parametrize("mode", ["overlap", "round"])
def test_an_offset_of_whole_frames_begins_further_on(mode: Literal["overlap", "round"]) -> None:
    durations = torch.tensor([[5, 7, 11, 3]])
    whole = overlap_weights(durations, 4.0, 7, mode)
    later = overlap_weights(durations, 4.0, 4, mode, offset_hops=12.0)
    torch.testing.assert_close(later, whole[:, 3:])
    progress = phone_progress(durations, whole, 4.0)[:, 3:]
    torch.testing.assert_close(phone_progress(durations, later, 4.0, 12.0), progress)


def test_frames_may_begin_before_the_first_phone() -> None:
    weights = overlap_weights(torch.tensor([[4, 4]]), 4.0, 3, offset_hops=-1.0)[0]
    torch.testing.assert_close(weights, torch.tensor([[1.0, 0.0], [0.25, 0.75], [0.0, 1.0]]))


def test_every_utterance_has_an_offset_of_its_own() -> None:
    durations = torch.tensor([[5, 7, 11, 3], [4, 4, 9, 9]])
    both = overlap_weights(durations, 4.0, 5, offset_hops=torch.tensor([3.0, -1.5]))
    progress = phone_progress(durations, both, 4.0, torch.tensor([3.0, -1.5]))
    for row, offset in enumerate([3.0, -1.5]):
        alone = overlap_weights(durations[row : row + 1], 4.0, 5, offset_hops=offset)
        torch.testing.assert_close(both[row : row + 1], alone)
        torch.testing.assert_close(
            progress[row : row + 1], phone_progress(durations[row : row + 1], alone, 4.0, offset)
        )


@settings(max_examples=40, deadline=None)
@given(some.lists(some.integers(1, 60), min_size=1, max_size=12), some.floats(0, 20))
def test_moved_boundaries_stay_in_order_and_within_the_utterance(hops: list[int], noise: float) -> None:
    torch.manual_seed(0)
    durations_BP = torch.tensor([[*hops, 0, 0], [*hops, 5, 9]])
    moved_BP = moved_boundaries(durations_BP, noise)
    assert (moved_BP >= 0).all() and (moved_BP[0, len(hops) :] == 0).all()
    torch.testing.assert_close(moved_BP.sum(dim=1), durations_BP.sum(dim=1).float())


def test_boundaries_move_by_what_they_are_told() -> None:
    torch.manual_seed(0)
    durations_BP = torch.full((400, 8), 50)
    shift = moved_boundaries(durations_BP, 1.5).cumsum(dim=1)[:, :-1] - durations_BP.cumsum(dim=1)[:, :-1]
    assert shift.std().item() == pytest.approx(1.5, rel=0.05)
    assert shift.mean().item() == pytest.approx(0, abs=0.1)
