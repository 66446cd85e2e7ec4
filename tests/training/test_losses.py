"""Losses against known values and against scikit-image; neither padding nor company changes them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from avsynth.models.baselines.autoregressive import LipOutputs
from avsynth.models.joint import Outputs
from avsynth.training import losses
from avsynth.types import Batch
from avsynth.video.box import Box

HEIGHT, WIDTH = 14, 20
BOX = Box(4, 10, 6, 16)


def make_batch(hops: list[list[int]], frames: list[list[int]], lips: Tensor | None = None, bands: int = 3) -> Batch:
    """A batch of zeros with these durations and chosen frames (-1 for none), lips as given."""
    size, phones = len(hops), max(len(row) for row in hops)
    durations = torch.tensor([row + [0] * (phones - len(row)) for row in hops])
    index = torch.tensor(frames)
    lens = durations.sum(dim=1)
    zeros = torch.zeros(size, phones)
    if lips is None:
        lips = torch.zeros(*index.shape, 3, HEIGHT, WIDTH, dtype=torch.uint8)
    return Batch(
        phones_BP=zeros.long(),
        phone_lens_B=torch.tensor([len(row) for row in hops]),
        accents_BPA=torch.zeros(size, phones, 4),
        durations_BP=durations,
        pitch_BP=zeros,
        energy_BP=zeros,
        mel_BFM=torch.zeros(size, int(lens.max()), bands),
        mel_lens_B=lens,
        speaker_B=torch.zeros(size).long(),
        lip_lens_B=(index >= 0).sum(dim=1),
        lip_offset_B=torch.zeros(size),
        frame_index_BK=index.clamp(min=0),
        frame_mask_BK=index >= 0,
        lips_BKCHW=lips,
        identity_BCHW=torch.zeros(size, 3, HEIGHT, WIDTH, dtype=torch.uint8),
    )


def make_outputs(batch: Batch, **fields: Tensor) -> Outputs:
    """Outputs that say zero, but for ``fields``."""
    zeros = torch.zeros_like(batch.pitch_BP)
    plain = Outputs(zeros, zeros, zeros, torch.zeros_like(batch.mel_BFM), torch.zeros_like(batch.mel_BFM), None)
    return replace(plain, **fields)


def test_a_picture_and_moved_pixels_are_each_held_to_the_recording() -> None:
    batch = make_batch([[2, 3]], [[0, 1, -1]])
    frames = torch.zeros(1, 3, 3, HEIGHT, WIDTH)
    outside = torch.ones(HEIGHT, WIDTH)
    outside[BOX[0] : BOX[1], BOX[2] : BOX[3]] = 0
    made = make_outputs(batch, lips_BKCHW=frames, picture_BKCHW=frames + 0.5, moved_BKCHW=frames + 0.25 * outside)
    named = losses.lip_losses(made, batch, BOX, 4.0)
    share = float(outside.mean())
    assert named["lip_picture"].item() == pytest.approx(0.5)
    assert named["lip_moved"].item() == pytest.approx(0.25 * share / (share + 4 * (1 - share)))
    assert named["lip_l1"].item() == 0
    whole = losses.lip_losses(make_outputs(batch, lips_BKCHW=frames), batch, BOX, 4.0)
    assert set(named) - set(whole) == {"lip_picture", "lip_moved"}


def test_utterances_count_alike_whatever_their_length() -> None:
    values = torch.tensor([[1.0, 3.0, 99.0], [5.0, 5.0, 5.0], [7.0, 7.0, 7.0]])
    mask = torch.tensor([[1, 1, 0], [1, 1, 1], [0, 0, 0]]).bool()
    assert losses.utterance_mean(values, mask).item() == pytest.approx((2 + 5) / 2)
    assert losses.utterance_mean(values, torch.zeros_like(mask)).item() == 0


def test_ssim_is_that_of_scikit_image() -> None:
    metrics = pytest.importorskip("skimage.metrics")
    rng = np.random.default_rng(0)
    true = rng.random((3, 24, 40)).astype(np.float32)
    made = np.clip(true + rng.normal(0, [[[0.05]], [[0.2]], [[0.6]]], true.shape), 0, 1).astype(np.float32)
    ours = losses.ssim(torch.from_numpy(made)[:, None], torch.from_numpy(true)[:, None])
    for own, first, second in zip(ours.tolist(), made, true, strict=True):
        reference = metrics.structural_similarity(
            first, second, data_range=1.0, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        assert own == pytest.approx(reference, abs=1e-4)


def test_the_ssim_loss_is_of_one_channel_a_frame_by_turns() -> None:
    metrics = pytest.importorskip("skimage.metrics")
    rng = np.random.default_rng(1)
    true = rng.integers(0, 256, (1, 4, 3, HEIGHT, WIDTH), dtype=np.uint8)
    made = rng.random((1, 4, 3, HEIGHT, WIDTH)).astype(np.float32)
    frames = [3, 4, 8, 9]
    batch = make_batch([[4]], [frames], torch.from_numpy(true))
    loss = losses.lip_losses(make_outputs(batch, lips_BKCHW=torch.from_numpy(made)), batch, BOX, 4.0)["lip_ssim"]
    expected = [
        metrics.structural_similarity(
            made[0, place, frame % 3],
            true[0, place, frame % 3] / np.float32(255),
            data_range=1.0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        for place, frame in enumerate(frames)
    ]
    assert loss.item() == pytest.approx(1 - np.mean(expected), abs=1e-4)


def test_the_same_picture_costs_nothing() -> None:
    true = torch.randint(0, 256, (1, 3, 3, HEIGHT, WIDTH), dtype=torch.uint8)
    batch = make_batch([[4]], [[0, 1, 2]], true)
    named = losses.lip_losses(make_outputs(batch, lips_BKCHW=true.float() / 255), batch, BOX, 4.0)
    assert set(named) == {"lip_l1", "lip_ssim", "lip_motion", "lip_texture"}
    assert all(abs(value.item()) < 1e-5 for value in named.values())


def test_the_mouth_counts_more_and_weights_average_one() -> None:
    weights = losses.mouth_weights(BOX, 4.0, torch.zeros(HEIGHT, WIDTH))
    assert weights.mean().item() == pytest.approx(1)
    assert (weights[5, 7] / weights[0, 0]).item() == pytest.approx(4)
    batch = make_batch([[4]], [[0]])

    def cost(row: int, column: int) -> float:
        made = torch.zeros(1, 1, 3, HEIGHT, WIDTH)
        made[..., row, column] = 1
        return losses.lip_losses(make_outputs(batch, lips_BKCHW=made), batch, BOX, 4.0)["lip_l1"].item()

    assert cost(5, 7) == pytest.approx(4 * cost(0, 0))


def test_motion_counts_only_frames_that_follow_one_another() -> None:
    batch = make_batch([[4]], [[3, 4, 8, 9]])

    def motion(levels: list[float], of: Batch) -> float:
        made = torch.tensor(levels).view(1, -1, 1, 1, 1).expand(1, len(levels), 3, HEIGHT, WIDTH)
        return losses.lip_losses(make_outputs(of, lips_BKCHW=made), of, BOX, 4.0)["lip_motion"].item()

    assert motion([0.2, 0.2, 0.9, 0.9], batch) == pytest.approx(0, abs=1e-6)
    assert motion([0.2, 0.5, 0.9, 0.9], batch) == pytest.approx(0.15, abs=1e-6)
    padded = make_batch([[4]], [[3, 4, -1, -1]])
    assert motion([0.2, 0.5, 0.9, 0.1], padded) == pytest.approx(0.3, abs=1e-6)
    assert motion([0.2, 0.9], make_batch([[4]], [[4, 3]])) == 0


def test_detail_is_the_root_mean_square_of_the_laplacian() -> None:
    height, width = 20, 24
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    checks = ((rows + columns) % 2).float()[None, None]  # each pixel differs from its four neighbours by 1
    torch.testing.assert_close(losses.local_detail(checks), torch.full((1, 1, height - 12, width - 12), 4.0))
    slope = (0.02 * columns).float()[None, None]
    assert losses.local_detail(slope).max().item() == pytest.approx(0, abs=2e-3)


def test_texture_wants_detail_wherever_it_lies() -> None:
    torch.manual_seed(0)
    lips = torch.randint(100, 156, (1, 1, 1, 40, 40), dtype=torch.uint8).expand(-1, -1, 3, -1, -1).contiguous()
    batch = make_batch([[4]], [[0]], lips)

    def cost(made: Tensor) -> dict[str, Tensor]:
        return losses.lip_losses(make_outputs(batch, lips_BKCHW=made), batch, Box(10, 30, 10, 30), 4.0)

    true = lips.float() / 255
    blurred = torch.nn.functional.avg_pool2d(true[0], 3, 1, 1)[None]
    shifted = true.roll(1, dims=-1)
    assert cost(true)["lip_texture"].item() == pytest.approx(0, abs=1e-6)
    assert cost(shifted)["lip_texture"].item() < 0.3 * cost(blurred)["lip_texture"].item()
    assert cost(shifted)["lip_l1"].item() > cost(blurred)["lip_l1"].item()


def test_durations_are_scored_in_the_log_domain() -> None:
    batch = make_batch([[3, 7], [1, 0]], [[0], [0]])
    batch = replace(batch, phone_lens_B=torch.tensor([2, 1]))
    log_durations = torch.tensor([[math.log(4), math.log(4)], [math.log(4), 5.0]])
    named = losses.duration_losses(make_outputs(batch, log_durations_BP=log_durations), batch)
    first = math.log(2) ** 2 / 2
    assert named["duration"].item() == pytest.approx((first + math.log(2) ** 2) / 2, rel=1e-5)
    expected = (abs(math.log(6 / 10)) + abs(math.log(3 / 1))) / 2
    assert named["duration_total"].item() == pytest.approx(expected, rel=1e-5)


def test_true_durations_cost_nothing_and_wild_ones_stay_finite() -> None:
    batch = make_batch([[3, 7, 20]], [[0]])
    perfect = losses.duration_losses(make_outputs(batch, log_durations_BP=batch.durations_BP.float().log1p()), batch)
    assert all(value.item() == pytest.approx(0, abs=1e-6) for value in perfect.values())
    for wild in (-50.0, 50.0):
        predicted = torch.full((1, 3), wild, requires_grad=True)
        named = losses.duration_losses(make_outputs(batch, log_durations_BP=predicted), batch)
        total = named["duration"] + named["duration_total"]
        total.backward()
        assert torch.isfinite(total) and predicted.grad is not None and torch.isfinite(predicted.grad).all()


def test_mel_losses_by_hand() -> None:
    batch = make_batch([[2, 1], [1]], [[0], [0]])
    coarse = torch.zeros(2, 3, 3)
    coarse[0] = torch.tensor([1.0, 2.0, 3.0])[:, None]
    coarse[1] = torch.tensor([5.0, 99.0, 99.0])[:, None]
    pitch = torch.tensor([[1.0, 3.0], [2.0, 99.0]])
    named = losses.mel_losses(make_outputs(batch, coarse_mel_BFM=coarse, pitch_BP=pitch), batch)
    assert named["mel_l1"].item() == pytest.approx((2 + 5) / 2)
    assert named["postnet_l1"].item() == 0
    assert named["pitch"].item() == pytest.approx((5 + 4) / 2)
    assert named["energy"].item() == 0


def test_a_blurred_mel_is_less_like_than_one_that_is_as_far_off_throughout() -> None:
    torch.manual_seed(0)
    true_BFM = torch.randn(2, 40, 24)
    lens = torch.tensor([40, 30])
    blurred = functional.avg_pool2d(true_BFM[:, None], 3, 1, 1)[:, 0]
    shifted = true_BFM + (blurred - true_BFM).abs().mean()
    same, soft, off = (losses.mel_dissimilarity(mel, true_BFM, lens).item() for mel in (true_BFM, blurred, shifted))
    assert same == pytest.approx(0, abs=1e-5) and off < 0.5 * soft
    beyond = true_BFM.clone()
    beyond[1, 30:] = 9.0
    assert losses.mel_dissimilarity(beyond, true_BFM, lens).item() == pytest.approx(0, abs=1e-5)


def test_branches_that_were_not_asked_for_have_no_losses() -> None:
    batch = make_batch([[4]], [[0]])
    silent = replace(make_outputs(batch), mel_BFM=None, coarse_mel_BFM=None)
    assert losses.mel_losses(silent, batch) == {} == losses.lip_losses(silent, batch, BOX, 4.0)


def test_half_the_batch_each_gives_the_mean_of_the_whole() -> None:
    torch.manual_seed(0)
    lips = torch.randint(0, 256, (2, 4, 3, HEIGHT, WIDTH), dtype=torch.uint8)
    made = torch.rand(2, 4, 3, HEIGHT, WIDTH)
    index = [[0, 1, 5, 6], [2, 3, -1, -1]]
    whole = make_batch([[4], [4]], index, lips)
    together = losses.lip_losses(make_outputs(whole, lips_BKCHW=made), whole, BOX, 4.0)
    apart = []
    for row in range(2):
        kept = 4 if row == 0 else 2  # alone, the second has no padding
        own = make_batch([[4]], [index[row][:kept]], lips[row : row + 1, :kept])
        apart.append(losses.lip_losses(make_outputs(own, lips_BKCHW=made[row : row + 1, :kept]), own, BOX, 4.0))
    for name, value in together.items():
        assert value.item() == pytest.approx((apart[0][name].item() + apart[1][name].item()) / 2, abs=1e-6)


def test_adversarial_losses_are_least_squares() -> None:
    assert losses.generator_adversarial(torch.tensor([1.0, 0.0])).item() == pytest.approx(0.5)
    assert losses.generator_adversarial(torch.ones(3)).item() == 0
    real, made = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 2.0])
    assert losses.discriminator_adversarial(real, made).item() == pytest.approx(2 + 2)
    assert losses.discriminator_adversarial(torch.ones(2), torch.zeros(2)).item() == 0


def test_feature_matching_pulls_the_generated_side_alone() -> None:
    real = [torch.zeros(2, 3, requires_grad=True), torch.ones(2, 1, requires_grad=True)]
    made = [torch.full((2, 3), 0.5, requires_grad=True), torch.full((2, 1), 3.0, requires_grad=True)]
    loss = losses.feature_matching(real, made)
    assert loss.item() == pytest.approx((0.5 + 2) / 2)
    loss.backward()
    assert all(item.grad is None for item in real) and all(item.grad is not None for item in made)


def baseline_outputs(stop: list[list[float]], attention: list[list[list[float]]]) -> LipOutputs:
    """Outputs of a baseline with this attention and these logits of the stop flag."""
    stop_BT = torch.tensor(stop, dtype=torch.float32)
    place_BK = torch.zeros(len(stop), 1).long()
    return LipOutputs(
        torch.zeros(len(stop), 1, 3, HEIGHT, WIDTH), place_BK, stop_BT, torch.tensor(attention, dtype=torch.float32)
    )


def test_the_stop_flag_is_due_at_the_last_frame_alone() -> None:
    batch = make_batch([[4, 8], [4, 8]], [[0, 1, 2], [0, 1, -1]])
    nothing = [[[1.0, 0.0]] * 3] * 2
    right = baseline_outputs([[-20, -20, 20], [-20, 20, 20]], nothing)
    assert losses.baseline_losses(right, batch, 4.0)["stop"].item() == pytest.approx(0, abs=1e-6)
    unsure = losses.baseline_losses(baseline_outputs([[0, 0, 0], [0, 0, 20]], nothing), batch, 4.0)["stop"]
    per_clip = [(2 + losses.STOP_WEIGHT) / 3, (1 + losses.STOP_WEIGHT) / 2]
    assert unsure.item() == pytest.approx(math.log(2) * sum(per_clip) / 2)
    late = losses.baseline_losses(baseline_outputs([[-20, -20, -20], [-20, 20, 20]], nothing), batch, 4.0)["stop"]
    assert late.item() == pytest.approx(20 * losses.STOP_WEIGHT / 3 / 2)


def test_attention_is_blamed_for_straying_from_the_phone_being_said() -> None:
    batch = make_batch([[4, 8]], [[0, 1, 2]])
    stop = [[0.0] * 3]
    right = losses.baseline_losses(baseline_outputs(stop, [[[1, 0], [0, 1], [0, 1]]]), batch, 4.0)["attention"]
    assert right.item() == 0
    first_always = losses.baseline_losses(baseline_outputs(stop, [[[1, 0]] * 3]), batch, 4.0)["attention"]
    strays = [0.0, 0.5, 1.5]  # frames' middles behind the first phone's end
    blame = [1 - math.exp(-(stray**2) / (2 * losses.ATTENTION_SIGMA**2)) for stray in strays]
    assert first_always.item() == pytest.approx(sum(blame) / 3)
    ahead = replace(batch, lip_offset_B=torch.tensor([4.0]))  # the pictures begin a frame after the first phone
    shifted = losses.baseline_losses(baseline_outputs(stop, [[[0, 1]] * 3]), ahead, 4.0)["attention"]
    assert shifted.item() == 0
