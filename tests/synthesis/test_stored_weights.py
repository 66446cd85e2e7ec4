"""Weights on disk: 16 bits, or 8 in parts that are as good with those."""

from __future__ import annotations

import pytest
import torch

from avsynth.synthesis.stored_weights import restored, stored

COARSE = ("motion",)


def weights(scale: float = 1.0) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    large = scale * torch.randn(128, 64, 3, generator=generator)
    large[5] = 0
    return {
        "motion.stack.weight": large,
        "motion.stack.bias": torch.randn(128, generator=generator),
        "motion_of_another.weight": large.clone(),
        "encoder.weight": large.flatten(1).clone(),
    }


def test_counters_of_batch_norm_stay_whole_numbers() -> None:
    made = stored({"n": torch.tensor(100_000), "w": torch.ones(2)})
    assert int(made["n"]) == 100_000 and made["w"].dtype == torch.float16


def test_large_matrices_of_coarse_parts_take_a_byte_a_weight() -> None:
    made = stored(weights(), COARSE)
    assert {name for name, value in made.items() if value.dtype == torch.int8} == {"motion.stack.weight"}
    assert made["motion.stack.weight.step"].shape == (128,)
    back = restored(made)
    assert back.keys() == weights().keys()
    own, given = back["motion.stack.weight"], weights()["motion.stack.weight"]
    largest = given.flatten(1).abs().amax(dim=1)[:, None, None]
    assert bool(((own - given).abs() <= largest / 250).all()) and not own[5].any()
    torch.testing.assert_close(back["encoder.weight"], weights()["encoder.weight"].half())


@pytest.mark.parametrize("scale", [1e-6, 0.03, 1.0, 700.0])
def test_what_is_read_back_and_stored_again_is_the_same_to_the_bit(scale: float) -> None:
    first = stored(weights(scale), COARSE)
    second = stored(restored(first), COARSE)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_model_that_has_a_step_of_its_own_keeps_it() -> None:
    given = {"encoder.step": torch.ones(3)}
    assert restored(stored(given, COARSE)).keys() == given.keys()
