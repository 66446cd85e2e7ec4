"""One step: rates, losses, which weights move, and what the two sides of the adversarial term touch."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from avsynth.config.networks import MelDiscriminatorConfig
from avsynth.config.schema import Config, TrainConfig
from avsynth.data.stats import Stats
from avsynth.errors import UserError
from avsynth.training import losses
from avsynth.training.distributed import Process
from avsynth.training.trainer import Trainer, rate_at, uses_bf16
from avsynth.types import Batch

ALONE = Process(0, 1, torch.device("cpu"))
RECONSTRUCTION = {
    *("mel_l1", "postnet_l1", "mel_ssim", "pitch", "energy", "duration", "duration_total"),
    *("lip_l1", "lip_ssim", "lip_motion", "lip_texture"),
}


def weights_of(module: nn.Module) -> dict[str, Tensor]:
    return copy.deepcopy(module.state_dict())


def moved(module: nn.Module, before: dict[str, Tensor]) -> set[str]:
    """The children of a module with a weight that is no longer what it was."""
    return {name.split(".")[0] for name, value in module.state_dict().items() if not torch.equal(value, before[name])}


def adversarial(config: Config, feature: float = 0.5) -> Config:
    return replace(config, weights=replace(config.weights, lip_adv=0.1, lip_feature=feature))


def test_a_step_names_every_loss_and_weighs_them(config: Config, stats: Stats, batch: Batch) -> None:
    values = Trainer(config, stats, ALONE).step(batch, 0)
    assert set(values) == {*RECONSTRUCTION, "total", "grad_norm"}
    expected = sum(float(getattr(config.weights, name)) * values[name].item() for name in RECONSTRUCTION)
    assert values["total"].item() == pytest.approx(expected, rel=1e-5)


def test_a_step_is_a_function_of_its_number(config: Config, stats: Stats, batch: Batch) -> None:
    def losses(step: int) -> float:
        return Trainer(config, stats, ALONE).step(batch, step)["total"].item()

    assert losses(3) == losses(3) != losses(4)


def test_an_overfitted_batch(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, steps=40)), stats, ALONE)
    values = [trainer.step(batch, step) for step in range(40)]
    assert values[-1]["total"] < 0.6 * values[0]["total"]
    for name in RECONSTRUCTION - {"duration_total", "lip_motion", "lip_texture"}:  # a still mouth comes first
        assert values[-1][name] < 0.9 * values[0][name], name


def moving(config: Config, steps: int = 1000) -> Config:
    image = replace(config.model.image, moves=True)
    return replace(config, model=replace(config.model, image=image), train=replace(config.train, steps=steps))


def test_moved_pixels_and_the_picture_over_them_learn_from_the_first_step(
    config: Config, stats: Stats, batch: Batch
) -> None:
    config = moving(config)
    trainer = Trainer(config, stats, ALONE)
    before = weights_of(trainer.model)
    values = trainer.step(batch, 100)
    named = {*RECONSTRUCTION, "lip_moved", "lip_picture"}
    assert set(values) == {*named, "total", "grad_norm"}
    expected = sum(float(getattr(config.weights, name)) * values[name].item() for name in named)
    assert values["total"].item() == pytest.approx(expected, rel=1e-5)
    after = trainer.model.state_dict()
    for part in ("mover.field.weight", "picture.weight"):
        name = f"lip_decoder.image_decoder.{part}"
        assert not torch.equal(after[name], before[name])


def test_a_voice_that_draws_all_begins_to_move_pixels(config: Config, stats: Stats) -> None:
    known = Trainer(config, stats, ALONE)
    trainer = Trainer(moving(config), stats, ALONE)
    drawn = {name: value for name, value in known.model.state_dict().items() if "image_decoder" in name}
    assert trainer.warm_start(known.model.state_dict()) == len(known.model.state_dict())
    for name, value in drawn.items():
        assert torch.equal(trainer.model.state_dict()[name], value)
    assert set(trainer.model.state_dict()) - set(known.model.state_dict()) == {
        f"lip_decoder.image_decoder.mover.field.{part}" for part in ("weight", "bias")
    }


def test_every_part_trains_and_the_average_follows(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, steps=1000)), stats, ALONE)
    before = weights_of(trainer.model)
    trainer.step(batch, 100)
    assert moved(trainer.model, before) == {"encoder", "duration", "pitch", "energy", "mel_decoder", "lip_decoder"}
    for name, value in trainer.average.state_dict().items():
        expected = 0.9 * before[name] + 0.1 * trainer.model.state_dict()[name]
        torch.testing.assert_close(value, expected, atol=1e-6, rtol=1e-5)


def test_without_an_average_the_last_weights_count(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, ema=0.0)), stats, ALONE)
    before = weights_of(trainer.model)
    trainer.step(batch, 0)
    assert moved(trainer.model, before)
    assert moved(trainer.average, weights_of(trainer.model)) == set()


def test_sound_alone_leaves_the_lips_as_they_are(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, decoders=("mel",))), stats, ALONE)
    before = weights_of(trainer.model)
    values = [trainer.step(batch, step) for step in range(2)][-1]
    assert not any(name.startswith("lip") for name in values)
    assert {"mel_decoder", "duration"} <= moved(trainer.model, before)
    assert not {"lip_decoder", "encoder"} & moved(trainer.model, before)
    assert "lip_decoder" not in moved(trainer.average, before)


def test_a_frozen_part_stays_and_a_part_that_is_none_is_named(config: Config, stats: Stats, batch: Batch) -> None:
    frozen = ("lip_decoder.image_decoder", "mel_decoder")
    trainer = Trainer(replace(config, train=replace(config.train, frozen=frozen)), stats, ALONE)
    before = weights_of(trainer.model)
    trainer.step(batch, 0)
    after = trainer.model.state_dict()
    still = {name for name in before if torch.equal(before[name], after[name])}
    assert {name for name in before if name.startswith(frozen)} <= still
    assert any(name.startswith("lip_decoder.motion") for name in set(before) - still)
    strange = replace(config, train=replace(config.train, frozen=("lips",)))
    with pytest.raises(UserError, match=r"has no part 'lips'; its parts are encoder, .*lip_decoder"):
        Trainer(strange, stats, ALONE)


def test_lips_alone_leave_the_sound_as_it_is(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, decoders=("lips",))), stats, ALONE)
    before = weights_of(trainer.model)
    trainer.step(batch, 0)
    assert "lip_decoder" in moved(trainer.model, before)
    assert not {"mel_decoder", "pitch", "energy", "duration", "encoder"} & moved(trainer.model, before)


@pytest.mark.parametrize("feature", [0.0, 0.5])
def test_generator_and_discriminator_take_turns(
    config: Config, stats: Stats, batch: Batch, feature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(adversarial(config, feature), stats, ALONE)
    adversary = trainer.adversaries["lip"]
    started = weights_of(adversary.net)
    own: list[dict[str, Tensor]] = []
    generator: list[dict[str, Tensor]] = []
    turn = adversary.learn

    def watched(real: tuple[Tensor, ...], made: tuple[Tensor, ...], autocast: torch.autocast) -> Tensor:
        generator.append(weights_of(trainer.model))
        loss = turn(real, made, autocast)
        assert all(item.grad is None for item in trainer.model.parameters()), "something flowed back to the generator"
        assert moved(trainer.model, generator[0]) == set(), "the generator moved in the discriminator's turn"
        own.append(weights_of(adversary.net))
        return loss

    monkeypatch.setattr(adversary, "learn", watched)
    values = trainer.step(batch, 0)
    named = {"lip_adv", "lip_judge", *({"lip_feature"} if feature else set())}
    assert set(values) == {*RECONSTRUCTION, *named, "total", "grad_norm"}
    assert not all(torch.equal(own[0][name], value) for name, value in started.items())
    assert moved(adversary.net, own[0]) == set(), "the discriminator moved in the generator's turn"
    assert "lip_decoder" in moved(trainer.model, generator[0])


def test_the_adversarial_term_reaches_the_generator(config: Config, stats: Stats, batch: Batch) -> None:
    plain, sharp = Trainer(config, stats, ALONE), Trainer(adversarial(config), stats, ALONE)
    sharp.model.load_state_dict(plain.model.state_dict())
    started = weights_of(sharp.adversaries["lip"].net)
    for trainer in (plain, sharp):
        trainer.step(batch, 3)
    first, second = (trainer.model.lip_decoder.image_decoder.state_dict() for trainer in (plain, sharp))
    assert not all(torch.equal(first[name], second[name]) for name in first)
    sharp.step(batch, 4)
    assert moved(sharp.adversaries["lip"].net, started)


@pytest.mark.slow
def test_the_discriminator_learns_to_tell_them_apart(config: Config, stats: Stats, batch: Batch) -> None:
    still = replace(config.train, learning_rate=0.0, discriminator_rate=3e-3, steps=40)
    trainer = Trainer(replace(adversarial(config), train=still), stats, ALONE)
    values = [trainer.step(batch, step)["lip_judge"].item() for step in range(40)]
    assert values[-1] < 0.5 * values[0]


def test_a_state_restored_goes_on_as_if_nothing_had_happened(config: Config, stats: Stats, batch: Batch) -> None:
    whole, broken = Trainer(adversarial(config), stats, ALONE), Trainer(adversarial(config), stats, ALONE)
    for step in range(2):
        whole.step(batch, step)
        broken.step(batch, step)
    fresh = Trainer(adversarial(config), stats, ALONE)
    fresh.restore(copy.deepcopy(broken.state()))
    for step in (2, 3):
        one, other = whole.step(batch, step), fresh.step(batch, step)
        assert one.keys() == other.keys() and all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_warm_start_takes_what_fits(config: Config, stats: Stats) -> None:
    donor, trainer = (Trainer(replace(config, train=replace(config.train, seed=s)), stats, ALONE) for s in (1, 2))
    weights = weights_of(donor.average)
    weights["encoder.embedding.weight"] = torch.zeros(99, 24)
    weights["stranger"] = torch.zeros(3)
    own = trainer.model.encoder.embedding.weight.clone()
    assert trainer.warm_start(weights) == len(trainer.model.state_dict()) - 1
    assert torch.equal(trainer.model.encoder.embedding.weight, own)
    assert torch.equal(trainer.model.lip_decoder.image_decoder.state_dict()["linear.weight"],
                       donor.average.lip_decoder.image_decoder.state_dict()["linear.weight"])  # fmt: skip
    assert moved(trainer.average, weights_of(trainer.model)) == set()
    assert trainer.warm_start({"stranger": torch.zeros(3)}) == 0


def test_grown_image_nets_start_from_the_pictures_they_drew(config: Config, stats: Stats, batch: Batch) -> None:
    image = replace(config.model.image, identity_channels=(6, 4, 8, 8, 8), last_channels=7)
    wider = replace(config, model=replace(config.model, image=image), train=replace(config.train, seed=2))
    donor, trainer = Trainer(config, stats, ALONE), Trainer(wider, stats, ALONE)
    assert trainer.warm_start(weights_of(donor.average)) == len(trainer.model.state_dict())
    made, drawn = (item.model.eval()(batch, ("lips",)).lips_BKCHW for item in (trainer, donor))
    assert made is not None and drawn is not None
    torch.testing.assert_close(made, drawn)


def test_rates_rise_and_fall_as_the_schedule_says() -> None:
    linear = TrainConfig(steps=100, warmup=10, decay_from=0.5)
    assert [rate_at(linear, 1.0, step) for step in (0, 4, 9, 49, 75, 99)] == pytest.approx([0.1, 0.5, 1, 1, 0.5, 0.02])
    root = TrainConfig(steps=100, warmup=10, schedule="inverse_sqrt")
    assert [rate_at(root, 7.0, step) for step in (0, 9, 39, 89)] == pytest.approx([0.7, 7.0, 3.5, 7 / 3])
    constant = TrainConfig(warmup=0, schedule="constant")
    assert [rate_at(constant, 2.0, step) for step in (0, 10**6)] == [2.0, 2.0]


def test_precision_is_as_told() -> None:
    cpu = torch.device("cpu")
    assert uses_bf16(TrainConfig(precision="bf16"), cpu)
    assert not uses_bf16(TrainConfig(precision="fp32"), cpu)


def test_a_batch_of_sound_alone_trains(config: Config, stats: Stats, batch: Batch) -> None:
    none = replace(
        batch,
        lips_BKCHW=batch.lips_BKCHW[:, :0],
        frame_index_BK=batch.frame_index_BK[:, :0],
        frame_mask_BK=batch.frame_mask_BK[:, :0],
        lip_lens_B=torch.zeros_like(batch.lip_lens_B),
    )
    values = Trainer(adversarial(config), stats, ALONE).step(none, 0)
    assert "lip_l1" not in values and torch.isfinite(values["total"])


def test_sixteen_bits_train_too(config: Config, stats: Stats, batch: Batch) -> None:
    trainer = Trainer(replace(config, train=replace(config.train, precision="bf16", steps=20)), stats, ALONE)
    values = [trainer.step(batch, step) for step in range(20)]
    assert values[-1]["total"] < 0.8 * values[0]["total"]
    assert all(item.dtype == torch.float32 for item in trainer.model.parameters())


def test_a_post_net_alone_learns_against_an_adversary_of_the_mel(config: Config, stats: Stats, batch: Batch) -> None:
    """All that it was given stays; it begins by adding nothing, and the adversary learns to know its mel."""
    parts = [f"mel_decoder.{name}" for name in ("pitch", "energy", "progress", "stack", "out")]
    train = replace(
        config.train,
        decoders=("mel",),
        frozen=("pitch", "energy", "duration", *parts),
        steps=30,
        discriminator_rate=3e-3,
    )
    model = replace(
        config.model, postnet_layers=3, postnet_channels=16, mel_discriminator=MelDiscriminatorConfig(4, 16)
    )
    weights = replace(config.weights, mel_l1=0.0, postnet_l1=1.0, mel_adv=0.1, mel_feature=0.1)
    trainer = Trainer(replace(config, train=train, model=model, weights=weights), stats, ALONE)
    before = weights_of(trainer.model)
    told = trainer.model(batch, ("mel",))
    assert torch.equal(told.mel_BFM, told.coarse_mel_BFM)
    values = [trainer.step(batch, step) for step in range(30)]
    assert {"mel_adv", "mel_feature", "mel_judge"} <= set(values[0])
    changed = {name for name, value in trainer.model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed and all(name.startswith("mel_decoder.postnet") for name in changed)
    assert values[-1]["mel_judge"] < values[0]["mel_judge"]


def test_utterances_shorter_than_a_stretch_give_none() -> None:
    mel_BFM = torch.arange(40.0).view(2, 20, 1).expand(-1, -1, 3)
    one, other = losses.mel_stretches((mel_BFM, -mel_BFM), torch.tensor([20, 7]), 8)
    assert one.shape == (1, 8, 3) and torch.equal(one, -other)
    assert torch.equal(one.diff(dim=1), torch.ones(1, 7, 3)) and 0 <= one[0, 0, 0] <= 12
    assert len(losses.mel_stretches((mel_BFM,), torch.tensor([3, 7]), 8)[0]) == 0
