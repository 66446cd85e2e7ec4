"""Both baselines: one frame after the other is all at once, the end is found or enforced, padding tells nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from avsynth.data.dataset import Clip, collate
from avsynth.data.stats import Stats
from avsynth.models.baselines.autoregressive import AutoregressiveModel, FreeRun, LipOutputs, StridedEncoder
from avsynth.models.joint import image_floats

Model = AutoregressiveModel[Any]
MakeClip = Callable[..., Clip]
Build = Callable[..., Model]
LONG, SHORT = [7, 3, 12, 1, 9, 5], [4, 6, 2]
PHONES = torch.tensor([[3, 1, 4, 1, 5, 8]])
SPEAKER = torch.tensor([0])


def close(one: Tensor, other: Tensor, atol: float = 1e-5) -> None:
    torch.testing.assert_close(one, other, atol=atol, rtol=0)


def stopping(model: Model, logit: float) -> Model:
    """The model with a stop flag that is always this sure."""
    assert isinstance(model.stop, torch.nn.Linear)
    torch.nn.init.zeros_(model.stop.weight)
    torch.nn.init.constant_(model.stop.bias, logit)
    return model


def attentive(model: Model) -> Model:
    """The model, looking hard at the frame before: weights without training hardly do."""
    assert isinstance(model.previous_encoder, StridedEncoder)
    torch.nn.init.normal_(model.previous_encoder.vector.weight, std=20)
    return model


@pytest.mark.parametrize("family", ["small", "paper"])
@torch.inference_mode()
def test_what_it_draws_by_itself_is_what_follows_from_those_frames_at_once(build: Build, family: str) -> None:
    model = stopping(build(family), -1.0)
    face = model.encode_identity(torch.rand(1, 3, 16, 32))
    run = model.generate(PHONES, SPEAKER, face, least=9, most=9)
    assert run.frames_TCHW.shape == (9, 3, 16, 32) and run.attention_TP.shape == (9, 6)
    before_TCHW = run.frames_TCHW[:-1].contiguous(memory_format=torch.channels_last)
    previous_BTD = torch.cat([face.previous_BD, model.encode_previous(before_TCHW)])[None]
    made = model.advance(previous_BTD, model.start(PHONES, torch.ones_like(PHONES, dtype=torch.bool), SPEAKER))
    close(model.draw(made.motion_BLD, face)[0], run.frames_TCHW, atol=1e-4)
    close(made.attention_BLP[0], run.attention_TP, atol=1e-4)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 5), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_in_any_pieces_it_advances_as_at_once(build: Build, cuts: list[int], seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    model = build()
    previous_BTD = torch.randn(2, sum(cuts), 12, generator=generator)
    phones_BP = torch.randint(1, 9, (2, 5), generator=generator)
    mask_BP = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    with torch.inference_mode():
        whole = model.advance(previous_BTD, model.start(phones_BP, mask_BP, torch.tensor([0, 2])))
        state = model.start(phones_BP, mask_BP, torch.tensor([0, 2]))
        pieces = [model.advance(piece, state) for piece in previous_BTD.split(cuts, dim=1)]
    for name in ("motion_BLD", "stop_BL", "attention_BLP"):
        close(torch.cat([getattr(piece, name) for piece in pieces], dim=1), getattr(whole, name), atol=1e-4)


@torch.inference_mode()
def test_no_frame_knows_what_comes_after_it(build: Build) -> None:
    model = build()
    mask_BP = torch.ones_like(PHONES, dtype=torch.bool)
    previous_BTD = torch.randn(1, 8, 12)
    changed_BTD = previous_BTD.clone()
    changed_BTD[:, 5] = torch.randn(12)
    one, other = (model.advance(item, model.start(PHONES, mask_BP, SPEAKER)) for item in (previous_BTD, changed_BTD))
    close(one.motion_BLD[:, :5], other.motion_BLD[:, :5])
    assert ((one.motion_BLD - other.motion_BLD)[:, 5].abs() > 1e-4).any()


@torch.inference_mode()
def test_padding_changes_nothing(build: Build, stats: Stats, make_clip: MakeClip) -> None:
    model = build()
    clips = [make_clip(LONG, 10, seed=1), make_clip(SHORT, 3, seed=2, speaker=1)]
    together: LipOutputs = model(collate(clips, stats))
    for row, clip in enumerate(clips):
        alone: LipOutputs = model(collate([clip], stats))
        frames, phones = clip.lip_frames, len(clip.phones)
        close(together.lips_BKCHW[row, :frames], alone.lips_BKCHW[0])
        close(together.stop_BT[row, :frames], alone.stop_BT[0])
        close(together.attention_BTP[row, :frames, :phones], alone.attention_BTP[0])
        assert (together.attention_BTP[row, :, phones:] == 0).all()


def test_the_text_the_frame_before_the_speaker_and_the_identity_all_count(
    build: Build, stats: Stats, make_clip: MakeClip
) -> None:
    model = attentive(build())
    clip = make_clip(LONG, 6)
    other_lips, other_face = np.array(clip.lips), 255 - clip.identity
    other_lips[2] = 255 - other_lips[2]
    base = model(collate([clip], stats)).stop_BT
    for changed in (
        replace(clip, phones=clip.phones[::-1]),
        replace(clip, speaker=2),
        replace(clip, identity=other_face),
    ):
        assert (model(collate([changed], stats)).stop_BT - base)[0, 4].abs() > 1e-5
    moved = model(collate([replace(clip, lips=other_lips)], stats)).stop_BT - base
    close(moved[0, :3], torch.zeros(3), atol=1e-6)
    assert moved[0, 3].abs() > 1e-5


def run_free(model: Model, **limits: int) -> FreeRun:
    face = model.encode_identity(torch.rand(1, 3, 16, 32))
    return model.generate(PHONES, SPEAKER, face, **limits)


def test_the_stop_flag_ends_it(build: Build) -> None:
    model = stopping(build(), 1.0)
    run = run_free(model)
    assert len(run.frames_TCHW) == 1 and run.flag == 1
    run = run_free(model, least=7)
    assert len(run.frames_TCHW) == 7 and run.flag == 1, "frames that are due are drawn, and the early end is told"


def test_without_the_flag_it_ends_at_the_cap(build: Build) -> None:
    model = stopping(build(), -1.0)
    model.frames_per_phone.fill_(2.0)
    run = run_free(model)
    assert len(run.frames_TCHW) == 18 and run.flag is None, "1.5 times two frames for each of six phones"
    assert len(run_free(model, least=4, most=6).frames_TCHW) == 6


def test_a_late_flag_is_told(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    model = build()
    advance = model.advance
    calls: list[int] = []

    def late(previous_BLD: Tensor, state: Any) -> Any:
        calls.append(1)
        return replace(advance(previous_BLD, state), stop_BL=torch.tensor([[float(len(calls) - 4.5)]]))

    monkeypatch.setattr(model, "advance", late)
    run = run_free(model, least=3, most=9)
    assert len(run.frames_TCHW) == 5 and run.flag == 5


def test_durations_are_read_from_the_attention() -> None:
    attention_TP = torch.tensor([[1.0, 0.0, 0.0]] * 2 + [[0.5, 0.5, 0.0]] + [[0.0, 0.0, 1.0]] * 3)
    run = FreeRun(torch.zeros(6, 3, 2, 2), attention_TP, None)
    assert run.hops(3.5) == (9, 1, 11), "6 frames of 3.5 hops; 2.5 and 3 frames are 8.75 and 10.5 hops"
    assert sum(run.hops(441 / 128)) == int(6 * 441 / 128)


def test_in_training_pairs_of_neighbours_are_drawn_within_the_clips(
    build: Build, stats: Stats, make_clip: MakeClip
) -> None:
    model = build(pairs=2).train()
    batch = collate([make_clip(LONG, 10), make_clip(SHORT, 4)], stats)
    places = set()
    for _ in range(30):
        outputs: LipOutputs = model(batch)
        assert outputs.lips_BKCHW.shape[1] == 4 and outputs.stop_BT.shape == (2, 10)
        pairs_BN2 = outputs.place_BK.view(2, 2, 2)
        assert (pairs_BN2[..., 1] == pairs_BN2[..., 0] + 1).all()
        assert batch.frames_at(outputs.place_BK).frame_mask_BK.all()
        assert (pairs_BN2[:, 0, 0] != pairs_BN2[:, 1, 0]).all()
        places |= set(outputs.place_BK[0].tolist())
    assert places == set(range(10))


def test_what_is_drawn_is_what_the_batch_then_holds(build: Build, stats: Stats, make_clip: MakeClip) -> None:
    model = build(pairs=2)
    batch = collate([make_clip(LONG, 10)], stats)
    place_BK = torch.tensor([[6, 7, 2, 3]])
    part = batch.frames_at(place_BK)
    assert part.frame_index_BK.tolist() == [[6, 7, 2, 3]]
    assert torch.equal(part.lips_BKCHW, batch.lips_BKCHW[:, [6, 7, 2, 3]])
    assert torch.equal(model(batch).place_BK, torch.arange(10)[None]), "outside training every frame is drawn"


def test_rolling_out_draws_what_use_would_draw_and_learns_from_it(
    build: Build, stats: Stats, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build(pairs=2, rollout=1.0, rollout_frames=4).train()
    batch = collate([make_clip(LONG, 10, seed=1), make_clip(LONG, 10, seed=2)], stats)
    seen: list[Tensor] = []
    inner = model.history

    def watched(face: Any, frames_BTCHW: Tensor) -> Tensor:
        seen.append(frames_BTCHW.clone())
        return inner(face, frames_BTCHW)

    monkeypatch.setattr(model, "history", watched)
    outputs: LipOutputs = model(batch)
    prefix, whole = seen
    first, true = prefix.shape[1] - 1, image_floats(batch.lips_BKCHW)
    changed = [frame for frame in range(10) if not torch.equal(whole[:, frame], true[:, frame])]
    assert changed == list(range(first, first + 4))
    assert set(outputs.place_BK.flatten().tolist()) <= set(range(first + 1, first + 5)), (
        "frames after its own are drawn"
    )
    assert model.training
    model.eval()
    with torch.inference_mode():
        frames_BTCHW = whole.clone()
        for frame in changed:
            face = model.encode_identity(image_floats(batch.identity_BCHW))
            state = model.start(batch.phones_BP, batch.phones_BP > 0, batch.speaker_B)
            made = model.advance(inner(face, frames_BTCHW[:, : frame + 1]), state)
            close(model.draw(made.motion_BLD[:, -1:], face)[:, 0], whole[:, frame], atol=1e-4)
    outputs.lips_BKCHW.sum().backward()
    assert all(item.grad is not None for item in model.previous_encoder.parameters())


def test_hidden_history_is_hidden(build: Build) -> None:
    model = build(input_dropout=0.5)
    hidden_BT = (model.hide_frames(torch.ones(400, 50, 3)) == 0).all(dim=2)
    shares_B = hidden_BT.float().mean(dim=1)
    assert shares_B.mean() == pytest.approx(0.5, abs=0.06)
    assert shares_B.min() < 0.1 and shares_B.max() > 0.9, "from nearly nothing to nearly everything"


def test_training_learns_how_long_a_text_is(build: Build, stats: Stats, make_clip: MakeClip) -> None:
    model = build().train()
    batch = collate([make_clip(LONG, 12)], stats)
    for _ in range(500):
        model.measure_length(batch)
    assert model.frames_per_phone.item() == pytest.approx(2.0, abs=0.02)
    assert model.longest(10) in (30, 31)
