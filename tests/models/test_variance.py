"""One value per phone: the predictors and the embedding of values."""

from __future__ import annotations

import torch

from avsynth.config.networks import PredictorConfig
from avsynth.models.variance import Predictor, ValueEmbedding
from avsynth.types import lengths_to_mask


def test_a_predictor_looks_at_its_neighbours_and_not_beyond_the_end() -> None:
    predictor = Predictor(6, PredictorConfig(channels=8, kernel=3, dropout=0.5)).eval()
    x_BPD = torch.randn(2, 7, 6)
    mask = lengths_to_mask(torch.tensor([7, 4]), 7)
    values = predictor(x_BPD, mask)
    assert values.shape == (2, 7) and (values[1, 4:] == 0).all()
    torch.testing.assert_close(predictor(x_BPD[1:, :4], mask[1:, :4])[0], values[1, :4])
    moved = x_BPD.clone()
    moved[0, 6] += 1
    change = (predictor(moved, mask) - values)[0].abs()
    assert (change[:4] == 0).all() and (change[4:] > 0).all()  # two convolutions of three reach two phones


def test_a_predictor_forgets_in_training_alone() -> None:
    predictor = Predictor(6, PredictorConfig(channels=8, dropout=0.5))
    x_BPD, mask = torch.randn(1, 5, 6), torch.ones(1, 5, dtype=torch.bool)
    assert not torch.equal(predictor(x_BPD, mask), predictor(x_BPD, mask))
    predictor.eval()
    assert torch.equal(predictor(x_BPD, mask), predictor(x_BPD, mask))


def test_a_value_embedding_is_linear_in_the_values_it_may_see() -> None:
    embedding = ValueEmbedding(5)
    mask = lengths_to_mask(torch.tensor([4, 2]), 4)
    values = torch.randn(2, 4)
    embedded = embedding(values, mask)
    assert embedded.shape == (2, 4, 5) and (embedded[1, 2:] == 0).all()
    bias = embedding(torch.zeros(2, 4), mask)
    torch.testing.assert_close(embedding(3 * values, mask) - bias, 3 * (embedded - bias))
    hidden = torch.where(mask, values, torch.full_like(values, 99.0))
    assert torch.equal(embedding(hidden, mask), embedded)
