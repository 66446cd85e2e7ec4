"""Motion is scaled most where lips part, and not where they are shut or at rest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from avsynth.models.opening import PROBE, SHUT, knows_probe, opened, shut_and_open, shutting
from avsynth.text import PHONES, SIL
from avsynth.text.letters import LETTERS

REST = torch.tensor([1.0, 0.0, 0.0])
SHUT_LIPS, OPEN_LIPS = torch.tensor([3.0, 0.0, 1.0]), torch.tensor([3.0, 4.0, 1.0])
ENDS = SHUT_LIPS, OPEN_LIPS


def moved(motion: torch.Tensor, opening: float, shut: float = 0.0) -> torch.Tensor:
    return opened(motion[None, None], REST, ENDS, opening, torch.tensor([shut]))[0, 0]


@pytest.mark.parametrize("motion", [REST, SHUT_LIPS, OPEN_LIPS, torch.tensor([7.0, -2.0, 5.0])])
def test_nothing_changes_with_1_and_nothing_moves_with_0(motion: torch.Tensor) -> None:
    torch.testing.assert_close(moved(motion, 1.0), motion)
    torch.testing.assert_close(moved(motion, 0.0), REST)
    torch.testing.assert_close(moved(motion, 1.0001), motion, atol=0.01, rtol=0)


@pytest.mark.parametrize("opening", [0.3, 1.0, 1.4, 2.0, 3.0])
def test_rest_stays(opening: float) -> None:
    torch.testing.assert_close(moved(REST, opening), REST)


@pytest.mark.parametrize("opening", [1.2, 1.4, 2.0, 3.0])
def test_open_lips_part_further_than_shut_ones_are_moved(opening: float) -> None:
    even = (1 + opening) / 2
    torch.testing.assert_close(moved(SHUT_LIPS, opening), REST + even * (SHUT_LIPS - REST))
    parted = [float(moved(REST.lerp(OPEN_LIPS, share), opening)[1]) for share in (0.25, 0.5, 0.75, 1.0)]
    assert parted == sorted(parted) and parted[-1] == pytest.approx(even * opening * 4)
    assert float(moved(SHUT_LIPS, opening)[1]) == 0


def test_it_grows_with_the_opening() -> None:
    parted = [float(moved(OPEN_LIPS, opening)[1]) for opening in (0, 0.5, 1, 1.1, 1.5, 2, 3)]
    assert parted == sorted(set(parted))


@pytest.mark.parametrize("opening", [0.0, 0.7, 1.4, 3.0])
def test_without_known_ends_all_is_scaled_alike(opening: float) -> None:
    motion = torch.randn(1, 5, 3, generator=torch.Generator().manual_seed(0))
    made = opened(motion, REST, None, opening, torch.ones(5))
    torch.testing.assert_close(made, REST + opening * (motion - REST))


@pytest.mark.parametrize("opening", [1.2, 1.5, 2.2, 3.0])
def test_lips_meet_where_they_have_to_whatever_is_said_around(opening: float) -> None:
    half_open = SHUT_LIPS.lerp(OPEN_LIPS, 0.4)
    assert float(moved(half_open, opening, shut=1.0)[1]) == pytest.approx(0, abs=1e-6)
    parted = [float(moved(half_open, opening, shut)[1]) for shut in (0, 0.25, 0.5, 0.75, 1)]
    assert parted == sorted(parted, reverse=True) and parted[0] > 1.6
    tight = SHUT_LIPS - 0.3 * (OPEN_LIPS - SHUT_LIPS)  # pressed together already
    torch.testing.assert_close(moved(tight, opening, shut=1.0), moved(tight, opening, shut=0.0))


@pytest.mark.parametrize("length", [1, 2, 3, 5, 8, 13, 30])
@pytest.mark.parametrize("first", [0.0, 0.9, 2.7])
@pytest.mark.parametrize("step", [3.445, 1.4, 2.9])
def test_every_shut_phone_has_a_frame_in_which_lips_meet(length: int, first: float, step: float) -> None:
    phones, hops = (SIL, "AA", "B", "AA", "M", "P", "IY", SIL), (12, 9, length, 9, length, length, 9, 12)
    middles = first + step * (np.arange(int((sum(hops) - first) // step)) + 0.5)
    sure = shutting(middles, phones, hops, 3.445)
    starts = np.cumsum([0, *hops])
    for place, phone in enumerate(phones):
        nearest = int(np.abs(middles - (starts[place] + hops[place] / 2)).argmin())
        if phone in SHUT:
            assert sure[nearest] == 1
        elif phone == SIL:
            assert sure[nearest] == 0
    assert sure.min() >= 0 and sure.max() <= 1


def test_no_lips_meet_without_such_a_phone_or_in_one_without_length() -> None:
    middles = np.arange(0.5, 40)
    assert not shutting(middles, ("AA", "F", "W", SIL), (9, 9, 9, 9), 3.445).any()
    assert not shutting(middles, ("AA", "B", "AA"), (20, 0, 20), 3.445).any()
    assert shutting(np.zeros(0), ("B",), (3,), 3.445).shape == (0,)


def test_ends_that_are_one_divide_nothing_by_nothing() -> None:
    made = opened(OPEN_LIPS[None, None], REST, (SHUT_LIPS, SHUT_LIPS), 2.0, torch.ones(1))
    assert made.isfinite().all()


def test_the_probe_tells_shut_from_open() -> None:
    each = 3
    motion = torch.zeros(len(PROBE) * each, 1)
    for place, phone in enumerate(PROBE):
        motion[place * each : (place + 1) * each] = 9.0 if phone == SIL else (1.0 if phone in SHUT else 5.0)
    shut, open_ = shut_and_open(motion, each)
    assert (float(shut), float(open_)) == (1.0, 5.0)


def test_letters_have_no_probe() -> None:
    assert knows_probe((SIL, *PHONES)) and not knows_probe((SIL, *LETTERS))
