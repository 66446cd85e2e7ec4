"""The phone embedding: a phone's own vector and what it shares with its kin."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest
import torch
from torch import Tensor

from avsynth.config.networks import BlocksConfig, ModelConfig
from avsynth.models.encoder import PhoneEmbedding, PhoneEncoder
from avsynth.text.symbols import ARTICULATION, PAD, PHONES, SIL, Symbols, articulatory_distance

NAMES = Symbols().names
MODEL = ModelConfig(hidden=64, encoder=BlocksConfig(layers=1, heads=0, ffn=16))


@pytest.fixture
def embedding() -> PhoneEmbedding:
    torch.manual_seed(0)
    return PhoneEmbedding(NAMES, MODEL).eval()


def vectors(embedding: PhoneEmbedding, *phones: str) -> Tensor:
    return embedding(torch.tensor([[NAMES.index(phone) for phone in phones]]))[0]


def test_a_phone_is_its_own_vector_and_a_map_of_how_it_is_made(embedding: PhoneEmbedding) -> None:
    assert embedding.made is not None
    for phone in ("M", "AA", "ZH"):
        own = embedding.weight[NAMES.index(phone)]
        made = embedding.made.weight @ torch.tensor(astuple(ARTICULATION[phone]))
        torch.testing.assert_close(vectors(embedding, phone)[0], own + made)


def test_silence_and_padding_are_made_like_nothing(embedding: PhoneEmbedding) -> None:
    assert (vectors(embedding, PAD) == 0).all()
    torch.testing.assert_close(vectors(embedding, SIL)[0], embedding.weight[NAMES.index(SIL)])


def test_without_own_vectors_kin_lie_near(embedding: PhoneEmbedding) -> None:
    """The map alone keeps the order of articulatory distances, near enough."""
    embedding.weight.data.zero_()
    made = vectors(embedding, *PHONES).detach()
    apart = torch.cdist(made, made)
    told = torch.tensor([[articulatory_distance(one, other) for other in PHONES] for one in PHONES])
    alike = told < 100  # a vowel and a vowel, or two consonants
    upper = torch.triu(torch.ones_like(alike), diagonal=1) & alike
    assert torch.corrcoef(torch.stack([apart[upper], told[upper]]))[0, 1] > 0.7


def test_training_hides_a_share_of_own_vectors_but_never_silence() -> None:
    torch.manual_seed(1)
    embedding = PhoneEmbedding(NAMES, replace(MODEL, phone_dropout=0.25)).train()
    assert embedding.made is not None
    embedding.made.weight.data.zero_()
    phones = torch.full((40, 50), NAMES.index("M"))
    hidden = (embedding(phones) == 0).all(dim=2).float().mean()
    assert abs(float(hidden) - 0.25) < 0.04
    assert not (embedding(torch.full((40, 50), NAMES.index(SIL))) == 0).all(dim=2).any()
    assert not (embedding.eval()(phones) == 0).all(dim=2).any()


def test_without_articulation_there_is_no_map() -> None:
    model = replace(MODEL, articulation=False, phone_dropout=0.5)
    encoder = PhoneEncoder(NAMES, model)
    assert encoder.embedding.made is None
    assert set(PhoneEncoder(NAMES, MODEL).state_dict()) - set(encoder.state_dict()) == {"embedding.made.weight"}
    phones = torch.tensor([[2, 3]])
    torch.testing.assert_close(encoder.train().embedding(phones)[0], encoder.embedding.weight[phones[0]])
