"""Motion is scaled most where lips part, and not where they are shut or at rest."""

from __future__ import annotations

import pytest
import torch

from avsynth.models.opening import PROBE, SHUT, knows_probe, opened, shut_and_open
from avsynth.text import PHONES, SIL
from avsynth.text.letters import LETTERS

REST = torch.tensor([1.0, 0.0, 0.0])
SHUT_LIPS, OPEN_LIPS = torch.tensor([3.0, 0.0, 1.0]), torch.tensor([3.0, 4.0, 1.0])
ENDS = SHUT_LIPS, OPEN_LIPS


def moved(motion: torch.Tensor, opening: float) -> torch.Tensor:
    return opened(motion[None, None], REST, ENDS, opening)[0, 0]


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
    torch.testing.assert_close(opened(motion, REST, None, opening), REST + opening * (motion - REST))


def test_ends_that_are_one_divide_nothing_by_nothing() -> None:
    made = opened(OPEN_LIPS[None, None], REST, (SHUT_LIPS, SHUT_LIPS), 2.0)
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
