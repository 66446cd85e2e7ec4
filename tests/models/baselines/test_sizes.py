"""The baselines' configs build, and have the published sizes as far as those are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from avsynth.config.reading import load_config
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.models.baselines.duallip import DualLip
from avsynth.models.baselines.transformer_t2l import TransformerT2L
from avsynth.models.build import build_model
from avsynth.models.joint import JointModel
from avsynth.video.box import Box

CONFIGS = Path(__file__).parents[3] / "configs"
KINDS: dict[str, type[AutoregressiveModel[Any]]] = {"transformer_t2l": TransformerT2L, "duallip": DualLip}
PUBLISHED = {"transformer_t2l": 37.780e6, "duallip": 41.483e6}
"""ParaLip, Table 5; its own model has a vocabulary of 32 at its 35.224 M."""


def build(name: str, symbols: int = 32) -> AutoregressiveModel[Any] | JointModel:
    config = load_config(CONFIGS / f"{name}.yaml")
    names = ("<pad>", "sil", *(f"phone{number}" for number in range(symbols - 2)))
    zeros, ones = (0.0,) * config.mel.n_mels, (1.0,) * config.mel.n_mels
    with torch.device("meta"):  # shapes alone
        return build_model(
            config, Stats(names, names[1:], ("s1",), zeros, ones, (0,), (1,), (0,), (1,), Box(20, 60, 40, 120))
        )


def count(part: torch.nn.Module) -> int:
    return sum(item.numel() for item in part.parameters())


@pytest.mark.parametrize("architecture", KINDS)
@pytest.mark.parametrize("size", ["", "paper_"])
def test_every_config_builds_its_model_of_its_base_s_image_nets(size: str, architecture: str) -> None:
    model, base = build(size + architecture), build("paper" if size else "grid")
    assert type(model) is KINDS[architecture] and isinstance(base, JointModel)
    for part in ("identity_encoder", "image_decoder"):
        assert count(getattr(model, part)) == count(getattr(base.lip_decoder, part))


@pytest.mark.parametrize("architecture", KINDS)
@pytest.mark.parametrize("size", ["", "paper_"])
def test_data_and_budget_are_the_base_s(size: str, architecture: str) -> None:
    own, base = (
        load_config(CONFIGS / f"{size}{architecture}.yaml"),
        load_config(CONFIGS / f"{'paper' if size else 'grid'}.yaml"),
    )
    assert (own.train, own.data, own.lips, own.align, own.mel) == (
        base.train, base.data, base.lips, base.align, base.mel,
    )  # fmt: skip
    lips = ("lip_l1", "lip_ssim", "lip_motion", "lip_adv")
    assert [getattr(own.weights, name) for name in lips] == [getattr(base.weights, name) for name in lips]


def test_transformer_t2l_has_the_published_size() -> None:
    model = build("paper_transformer_t2l")
    assert count(model) == pytest.approx(PUBLISHED["transformer_t2l"], rel=0.003)
    assert count(model) == 37_702_961
    assert count(build("paper_transformer_t2l", symbols=33)) - count(model) == 256


def test_duallip_has_about_the_published_size() -> None:
    size = count(build("paper_duallip"))
    print(f"DualLip-style: {size / 1e6:.3f} M parameters; the paper's DualLip: {PUBLISHED['duallip'] / 1e6:.3f} M")
    assert size == 41_034_865
    assert size == pytest.approx(PUBLISHED["duallip"], rel=0.02)


@pytest.mark.parametrize("architecture", KINDS)
def test_the_small_ones_are_of_the_joint_model_s_order(architecture: str) -> None:
    own, joint = build(architecture), build("grid")
    assert isinstance(joint, JointModel)
    lips = count(joint.encoder) + count(joint.duration) + count(joint.lip_decoder)
    assert lips < count(own) < 1.4 * lips


def test_the_transformer_asks_for_attention() -> None:
    with pytest.raises(UserError, match=r"model: transformer_t2l needs encoder.heads and motion.heads of 1 or more"):
        load_config(CONFIGS / "transformer_t2l.yaml", ["model.motion.heads=0"])
