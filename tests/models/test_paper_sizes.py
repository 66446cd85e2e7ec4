"""Sizes and costs: the published ones, part by part, and the small model's bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from avsynth.config.reading import load_config
from avsynth.config.schema import Config
from avsynth.data.stats import Stats
from avsynth.models.discriminator import Discriminator
from avsynth.models.joint import JointModel
from avsynth.models.lips import LipDecoder
from avsynth.video.box import Box

CONFIGS = Path(__file__).parents[2] / "configs"
RELEASED = 35_224_065
"""The authors' model with a vocabulary of 32: the article's 35.224 M."""
UNUSED = {"mel_out": 20_560, "speaker projection": 65_792}
"""Layers of the authors' model that nothing calls."""
FRAMES = 75


def build(config: Config, symbols: int) -> JointModel:
    names = ("<pad>", "sil", *(f"phone{number}" for number in range(symbols - 2)))
    zeros, ones = (0.0,) * config.mel.n_mels, (1.0,) * config.mel.n_mels
    with torch.device("meta"):  # shapes alone
        return JointModel(
            config, Stats(names, names[1:], ("s1",), zeros, ones, (0,), (1,), (0,), (1,), Box(20, 60, 40, 120))
        ).eval()


def count(part: torch.nn.Module) -> int:
    return sum(item.numel() for item in part.parameters())


@pytest.fixture(scope="module")
def paper() -> JointModel:
    return build(load_config(CONFIGS / "paper.yaml"), symbols=32)


def test_every_part_of_the_lip_path_has_the_published_size(paper: JointModel) -> None:
    parts: dict[str, torch.nn.Module] = {
        "encoder": paper.encoder,
        "duration": paper.duration,
        "motion": paper.lip_decoder.motion,
        "identity": paper.lip_decoder.identity_encoder,
        "image": paper.lip_decoder.image_decoder,
    }
    assert {name: count(part) for name, part in parts.items()} == {
        "encoder": 11_552_256,
        "duration": 395_009,
        "motion": 11_544_065,
        "identity": 1_909_376,
        "image": 9_737_007,
    }


def test_the_whole_lip_path_lacks_only_what_the_authors_never_call(paper: JointModel) -> None:
    ours = count(paper.encoder) + count(paper.duration) + count(paper.lip_decoder)
    assert ours == RELEASED - sum(UNUSED.values()) == 35_137_713


def test_a_further_symbol_costs_one_embedding(paper: JointModel) -> None:
    larger = build(load_config(CONFIGS / "paper.yaml"), symbols=33)
    assert count(larger.encoder) - count(paper.encoder) == 256


def test_the_discriminator_has_the_published_size() -> None:
    with torch.device("meta"):
        discriminator = Discriminator(load_config(CONFIGS / "paper.yaml").model.discriminator)
        score, features = discriminator(torch.rand(1, 3, 80, 160))
    assert count(discriminator) == 14_113_793
    assert len(discriminator.layers) == 14
    assert score.shape == (1, 1, 3, 3) and len(features) == 13


@torch.inference_mode()
def lip_flops(lips: LipDecoder, width: int, frame_hops: float) -> float:
    """FLOPs of a lip frame (a multiply-add counts two) in a clip of :data:`FRAMES`, its share of the identity's too."""
    with torch.device("meta"), FlopCounterMode(display=False) as counter:
        durations_BP = torch.full((1, 13), 20)
        mask_BT = torch.ones(1, FRAMES, dtype=torch.bool)
        identity = lips.encode_identity(torch.rand(1, 3, 80, 160))
        motion_BTD = lips.move(torch.rand(1, 13, width), durations_BP, frame_hops, mask_BT, identity)
        lips.draw(motion_BTD, identity)
    return counter.get_total_flops() / FRAMES


@pytest.mark.parametrize("moves", [False, True])
def test_the_small_lip_decoder_is_cheap_and_its_weights_are_light(moves: bool) -> None:
    config = load_config(CONFIGS / "grid.yaml", [f"model.image.moves={str(moves).lower()}"])
    small = build(config, symbols=41)
    flops = lip_flops(small.lip_decoder, config.model.hidden, small.frame_hops)
    assert 0.1e9 < flops <= 0.35e9
    assert 2 * count(small) <= 20e6  # bytes in 16 bits


def test_the_paper_s_decoder_costs_what_was_measured(paper: JointModel) -> None:
    assert lip_flops(paper.lip_decoder, 256, paper.frame_hops) == pytest.approx(2.34e9, rel=0.02)


@pytest.mark.parametrize("name", ["paper_adv", "grid_adv"])
def test_the_adversarial_configs_change_no_size_of_their_base(name: str) -> None:
    own, base = (load_config(CONFIGS / f"{file}.yaml") for file in (name, name.removesuffix("_adv")))
    assert own.model == base.model
    assert own.weights.lip_adv > 0 == base.weights.lip_adv
