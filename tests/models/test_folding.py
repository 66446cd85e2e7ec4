"""Folded nets draw what they drew before."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.build import build_model
from avsynth.models.folding import FoldedImageDecoder, fold
from avsynth.models.image import SmallImageDecoder
from avsynth.models.joint import JointModel

PAPER = {"family": "paper", "identity_channels": (2, 3, 4, 5), "decoder_channels": (6, 5, 4, 3), "last_channels": 2}


def unsettled(model: nn.Module) -> None:
    """Give every norm statistics and weights that matter."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.running_mean, module.bias.data):
                assert tensor is not None
                tensor.normal_()
            for tensor in (module.running_var, module.weight.data):
                assert tensor is not None
                tensor.uniform_(0.5, 2)


@pytest.mark.parametrize("architecture", ["joint", "transformer_t2l", "duallip"])
@torch.no_grad()
def test_pictures_stay_and_norms_go(config: Config, stats: Stats, architecture: str) -> None:
    image = replace(config.model.image, **PAPER)
    model = build_model(replace(config, model=replace(config.model, architecture=architecture, image=image)), stats)
    unsettled(model.eval())
    maker = model.lip_decoder if isinstance(model, JointModel) else model
    pictures, motion = torch.rand(2, 3, 16, 32), torch.randn(2, 5, 12)
    identity = maker.encode_identity(pictures)
    before = [maker.draw(motion, identity), identity.vector_BD]
    if not isinstance(model, JointModel):
        before.append(model.encode_previous(pictures))
    assert fold(model) is model
    assert not any(isinstance(module, nn.BatchNorm2d) for module in model.modules())
    assert isinstance(maker.image_decoder, FoldedImageDecoder)
    identity = maker.encode_identity(pictures)
    after = [maker.draw(motion, identity), identity.vector_BD]
    if not isinstance(model, JointModel):
        after.append(model.encode_previous(pictures))
    torch.testing.assert_close(after, before, atol=1e-5, rtol=0)
    fold(model)
    torch.testing.assert_close(maker.draw(motion, identity), after[0])


def test_small_nets_have_nothing_to_fold(config: Config, stats: Stats) -> None:
    model = build_model(config, stats)
    assert isinstance(model, JointModel)
    assert isinstance(fold(model), JointModel) and isinstance(model.lip_decoder.image_decoder, SmallImageDecoder)
