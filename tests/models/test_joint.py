"""The joint model: an utterance says the same alone and in company, with and without pictures, whoever speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from torch import Tensor

from avsynth.config.schema import Config
from avsynth.data.dataset import Clip, collate
from avsynth.data.stats import Stats
from avsynth.models.joint import JointModel, Outputs, image_floats
from avsynth.types import lengths_to_mask

MakeClip = Callable[..., Clip]
LONG, SHORT = [7, 3, 12, 1, 9, 5], [4, 6, 2]


def close(one: Tensor | None, other: Tensor | None) -> None:
    assert one is not None and other is not None
    torch.testing.assert_close(one, other, atol=1e-5, rtol=0)


@pytest.mark.parametrize("moves", [False, True])
@torch.inference_mode()
def test_padding_changes_nothing(config: Config, stats: Stats, make_clip: MakeClip, moves: bool) -> None:
    image = replace(config.model.image, moves=moves)
    model = JointModel(replace(config, model=replace(config.model, image=image)), stats).eval()
    clips = [make_clip(LONG, 10, seed=1), make_clip(SHORT, 3, seed=2, speaker=1)]
    together: Outputs = model(collate(clips, stats))
    for row, clip in enumerate(clips):
        alone: Outputs = model(collate([clip], stats))
        for item in fields(Outputs):
            whole, own = getattr(together, item.name), getattr(alone, item.name)
            if not moves and item.name in ("picture_BKCHW", "moved_BKCHW"):
                assert whole is None and own is None
                continue
            close(whole[row : row + 1, : own.shape[1]], own)


@torch.inference_mode()
def test_nothing_is_said_in_the_padding(model: JointModel, stats: Stats, make_clip: MakeClip) -> None:
    outputs: Outputs = model(collate([make_clip(LONG, 10), make_clip(SHORT, 3)], stats))
    assert outputs.mel_BFM is not None
    assert (outputs.mel_BFM[1, sum(SHORT) :] == 0).all()
    for values in (outputs.log_durations_BP, outputs.pitch_BP, outputs.energy_BP):
        assert (values[1, len(SHORT) :] == 0).all()


def test_an_utterance_without_pictures_joins_and_trains(model: JointModel, stats: Stats, make_clip: MakeClip) -> None:
    seen, heard = make_clip(LONG, 10, seed=1), make_clip(SHORT, 0, seed=2)
    batch = collate([seen, heard], stats)
    assert batch.lip_lens_B.tolist() == [10, 0] and not batch.frame_mask_BK[1].any()
    outputs: Outputs = model(batch)
    alone: Outputs = model(collate([heard], stats))
    assert alone.lips_BKCHW is None and outputs.lips_BKCHW is not None
    assert outputs.mel_BFM is not None and alone.mel_BFM is not None
    close(outputs.mel_BFM[1:, : sum(SHORT)], alone.mel_BFM)
    close(outputs.lips_BKCHW, model(collate([seen], stats)).lips_BKCHW)
    loss = outputs.mel_BFM.square().sum() + outputs.lips_BKCHW.square().sum()
    loss.backward()
    assert all(item.grad is None or torch.isfinite(item.grad).all() for item in model.parameters())


@torch.inference_mode()
def test_the_speaker_changes_durations_and_sound_but_not_the_picture(
    model: JointModel, stats: Stats, make_clip: MakeClip
) -> None:
    assert model.speaker is not None
    clip = make_clip(LONG, 10)
    first, second = (model(collate([replace(clip, speaker=number)], stats)) for number in (0, 2))
    assert (first.mel_BFM - second.mel_BFM).abs().max() > 1e-3
    assert (first.log_durations_BP - second.log_durations_BP).abs().max() > 1e-3
    close(first.lips_BKCHW, second.lips_BKCHW)


@torch.inference_mode()
def test_shared_prosody_asks_not_who_speaks(config: Config, stats: Stats, make_clip: MakeClip) -> None:
    clips = [replace(make_clip(LONG, 10), speaker=number) for number in (0, 2)]
    for shared in (True, False):
        torch.manual_seed(0)
        model = JointModel(replace(config, model=replace(config.model, shared_prosody=shared)), stats).eval()
        first, second = (model(collate([clip], stats)) for clip in clips)
        assert torch.equal(first.pitch_BP, second.pitch_BP) is shared
        assert torch.equal(first.energy_BP, second.energy_BP) is shared
        assert not torch.equal(first.log_durations_BP, second.log_durations_BP)


def test_a_leaning_speaker_nears_the_mean_of_the_others(model: JointModel) -> None:
    assert model.speaker is not None
    vectors_SD = model.speaker.weight.detach().clone()
    model.blend_speaker(1, 0.25)
    wanted_D = 0.75 * vectors_SD[1] + 0.25 * vectors_SD[[0, *range(2, len(vectors_SD))]].mean(dim=0)
    close(model.speaker.weight[1].detach(), wanted_D)
    others = [number for number in range(len(vectors_SD)) if number != 1]
    assert torch.equal(model.speaker.weight[others], vectors_SD[others])


def test_one_speaker_has_no_table(config: Config, stats: Stats) -> None:
    assert JointModel(config, replace(stats, speakers=("s1",))).speaker is None


@torch.inference_mode()
def test_only_the_asked_branch_speaks(model: JointModel, stats: Stats, make_clip: MakeClip) -> None:
    batch = collate([make_clip(LONG, 10)], stats)
    both: Outputs = model(batch)
    sound: Outputs = model(batch, ("mel",))
    sight: Outputs = model(batch, ("lips",))
    assert sound.lips_BKCHW is None and sight.mel_BFM is None
    close(sound.mel_BFM, both.mel_BFM)
    close(sight.lips_BKCHW, both.lips_BKCHW)


@torch.inference_mode()
def test_words_and_stress_are_heard_and_not_seen(config: Config, stats: Stats, make_clip: MakeClip) -> None:
    told = replace(config, model=replace(config.model, accent=replace(config.model.encoder, layers=1)))
    model = JointModel(told, stats).eval()
    clip, short = make_clip(LONG, 10), make_clip(SHORT, 3)
    accented = replace(clip, accents=np.eye(4, dtype=np.float32)[np.arange(len(LONG)) % 4])
    assert model.accent is not None
    plain, same = model(collate([clip], stats)), model(collate([accented], stats))
    close(plain.mel_BFM, same.mel_BFM)  # at first nothing is added
    torch.nn.init.normal_(model.accent.out.weight)
    other, both = model(collate([accented], stats)), model(collate([accented, short], stats))
    for name in ("mel_BFM", "pitch_BP", "energy_BP", "log_durations_BP"):
        assert (getattr(plain, name) - getattr(other, name)).abs().max() > 1e-3
        close(getattr(both, name)[:1, : getattr(other, name).shape[1]], getattr(other, name))
    close(plain.lips_BKCHW, other.lips_BKCHW)


@torch.inference_mode()
def test_chosen_frames_are_those_of_the_whole_clip(model: JointModel, stats: Stats, make_clip: MakeClip) -> None:
    clip = make_clip(LONG, 10)
    chosen = torch.tensor([6, 7, 2, 3]).numpy()
    whole: Outputs = model(collate([clip], stats))
    part: Outputs = model(collate([replace(clip, chosen=chosen, lips=clip.lips[chosen])], stats))
    assert whole.lips_BKCHW is not None
    close(part.lips_BKCHW, whole.lips_BKCHW[:, chosen])


def test_boundaries_are_moved_for_the_lips_and_while_training_alone(
    model: JointModel, stats: Stats, make_clip: MakeClip
) -> None:
    batch = collate([make_clip(LONG, 10)], stats)

    def said(noise: float, training: bool) -> Outputs:
        torch.manual_seed(3)
        model.duration_noise = noise
        outputs: Outputs = model.train(training)(batch)
        return outputs

    close(said(2.0, False).lips_BKCHW, said(0.0, False).lips_BKCHW)
    moved, plain = said(2.0, True), said(0.0, True)
    close(moved.mel_BFM, plain.mel_BFM)
    assert moved.lips_BKCHW is not None and plain.lips_BKCHW is not None
    assert (moved.lips_BKCHW - plain.lips_BKCHW).abs().max() > 1e-4


def test_pitch_and_energy_shape_the_mel(model: JointModel, stats: Stats, make_clip: MakeClip) -> None:
    batch = collate([make_clip(LONG, 10)], stats)
    plain = model(batch, ("mel",)).mel_BFM
    for name in ("pitch_BP", "energy_BP"):
        changed = model(replace(batch, **{name: getattr(batch, name) + 1}), ("mel",)).mel_BFM
        assert (changed - plain).abs().max() > 1e-3


def test_the_mel_is_denormalised_by_the_corpus(model: JointModel, stats: Stats) -> None:
    mel = model.denormalise_mel(torch.ones(1, 2, 6))
    assert mel[0, 1].tolist() == [mean + 1.5 for mean in stats.mel_mean]


def test_counts_name_every_part(model: JointModel) -> None:
    counts = model.parameter_counts()
    assert set(counts) == {"encoder", "speaker", "duration", "pitch", "energy", "mel_decoder", "lip_decoder"}
    assert sum(counts.values()) == sum(item.numel() for item in model.parameters())


def test_weights_keep_their_names_and_the_statistics_stay_out(model: JointModel) -> None:
    assert not any(name.startswith("mel_mean") for name in model.state_dict())


def test_bytes_become_floats() -> None:
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 3, 2, 2)
    assert image_floats(images)[:, 0, 0, 0].tolist() == pytest.approx([0, 0.2, 1])


def test_lengths_become_masks() -> None:
    assert lengths_to_mask(torch.tensor([0, 2]), 3).tolist() == [[False] * 3, [True, True, False]]


def test_a_batch_refuses_fields_that_do_not_belong_together(stats: Stats, make_clip: MakeClip) -> None:
    batch = collate([make_clip(LONG, 10), make_clip(SHORT, 3)], stats)
    with pytest.raises(ValueError, match="mel_lens_B"):
        replace(batch, mel_lens_B=torch.tensor([1]))
    with pytest.raises(ValueError, match="pitch_BP"):
        replace(batch, pitch_BP=torch.zeros(2))
