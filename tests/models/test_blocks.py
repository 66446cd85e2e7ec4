"""Feed-forward Transformer blocks: padding, positions, and what each switch does."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from avsynth.config.networks import BlocksConfig
from avsynth.models.blocks import BlockStack, SelfAttention, positions
from avsynth.types import lengths_to_mask

SMALL = BlocksConfig(layers=2, heads=2, ffn=16, kernel=5, dropout=0.3)


def test_positions_are_sines_and_cosines() -> None:
    place = positions(7, 8, torch.device("cpu"))
    assert place.shape == (7, 8)
    assert place[0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert place[5, 0].item() == pytest.approx(math.sin(5))
    assert place[5, 4].item() == pytest.approx(math.cos(5))
    assert place[5, 3].item() == pytest.approx(math.sin(5 / 10_000), rel=1e-4)


def test_attention_is_softmax_of_scaled_products() -> None:
    attention = SelfAttention(6, 2, bias=True)
    x_BLD = torch.randn(1, 4, 6)
    query, key, value = attention.project_in(x_BLD)[0].split(6, dim=1)

    def head(columns: slice) -> Tensor:
        scores = query[:, columns] @ key[:, columns].T / math.sqrt(3)
        return scores.softmax(dim=1) @ value[:, columns]

    expected = attention.project_out(torch.cat([head(slice(0, 3)), head(slice(3, 6))], dim=1))
    torch.testing.assert_close(attention(x_BLD, torch.ones(1, 4, dtype=torch.bool))[0], expected)


def test_padding_neither_acts_nor_carries_anything() -> None:
    stack = BlockStack(8, SMALL).eval()
    x_BLD = torch.randn(2, 9, 8)
    mask = lengths_to_mask(torch.tensor([9, 5]), 9)
    out = stack(x_BLD, mask)
    assert (out[1, 5:] == 0).all()
    other = torch.where(mask[..., None], x_BLD, torch.full_like(x_BLD, 1e3))
    torch.testing.assert_close(stack(other, mask), out)
    torch.testing.assert_close(stack(x_BLD[1:, :5], mask[1:, :5])[0], out[1, :5])


def test_without_attention_only_what_is_near_acts_and_places_do_not() -> None:
    torch.manual_seed(0)
    stack = BlockStack(8, BlocksConfig(layers=2, heads=0, ffn=16, kernel=5)).eval()
    assert not any("attention" in name for name, _ in stack.named_parameters())
    x_BLD = torch.randn(1, 30, 8)
    out = stack(x_BLD, torch.ones(1, 30, dtype=torch.bool))
    touched = x_BLD.clone()
    touched[0, 10, ::2] += 3
    moved_L = (stack(touched, torch.ones(1, 30, dtype=torch.bool)) - out).abs().amax(dim=2)[0]
    assert moved_L[6:15].min() > 0 == moved_L[:6].max() == moved_L[15:].max()  # two kernels of 5 see 4 to either side
    later = stack(torch.cat([x_BLD[:, 3:], x_BLD[:, :3]], dim=1), torch.ones(1, 30, dtype=torch.bool))
    torch.testing.assert_close(later[:, 5:20], out[:, 8:23])


def test_padding_does_nothing_without_attention_either() -> None:
    stack = BlockStack(8, BlocksConfig(layers=2, heads=0, ffn=16, kernel=5)).eval()
    x_BLD = torch.randn(2, 9, 8)
    mask = lengths_to_mask(torch.tensor([9, 5]), 9)
    out = stack(torch.where(mask[..., None], x_BLD, torch.full_like(x_BLD, 1e3)), mask)
    assert (out[1, 5:] == 0).all()
    torch.testing.assert_close(stack(x_BLD[1:, :5], mask[1:, :5])[0], out[1, :5])


def test_an_utterance_of_nothing_gives_zeros_and_no_gradient_that_is_no_number() -> None:
    stack = BlockStack(8, SMALL)
    x_BLD = torch.randn(2, 4, 8, requires_grad=True)
    out = stack(x_BLD, lengths_to_mask(torch.tensor([4, 0]), 4))
    assert torch.isfinite(out).all() and (out[1] == 0).all()
    out.square().sum().backward()
    assert x_BLD.grad is not None and torch.isfinite(x_BLD.grad).all()
    assert all(item.grad is None or torch.isfinite(item.grad).all() for item in stack.parameters())


def test_order_matters() -> None:
    stack = BlockStack(8, BlocksConfig(layers=1, heads=2, ffn=16, kernel=1, dropout=0.0)).eval()
    x_BLD = torch.randn(1, 3, 8)
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert not torch.allclose(stack(x_BLD.flip(1), mask).flip(1), stack(x_BLD, mask), atol=1e-3)


def test_scaled_positions_add_one_weight_that_moves_the_output() -> None:
    plain = BlockStack(8, SMALL)
    scaled = BlockStack(8, BlocksConfig(2, 2, 16, 5, 0.3, scaled_positions=True)).eval()
    counts = [sum(item.numel() for item in stack.parameters()) for stack in (plain, scaled)]
    assert counts[1] == counts[0] + 1
    x_BLD, mask = torch.randn(1, 4, 8), torch.ones(1, 4, dtype=torch.bool)
    before = scaled(x_BLD, mask)
    assert scaled.position_scale is not None
    scaled.position_scale.data.zero_()
    assert not torch.allclose(scaled(x_BLD, mask), before, atol=1e-3)


def test_bias_in_the_attention_is_a_choice() -> None:
    assert SelfAttention(8, 2, bias=False).project_in.bias is None
    assert SelfAttention(8, 2, bias=True).project_out.bias is not None


def test_dropout_acts_in_training_alone() -> None:
    stack = BlockStack(8, SMALL)
    x_BLD, mask = torch.randn(1, 6, 8), torch.ones(1, 6, dtype=torch.bool)
    assert not torch.allclose(stack(x_BLD, mask), stack(x_BLD, mask))
    stack.eval()
    assert torch.equal(stack(x_BLD, mask), stack(x_BLD, mask))
