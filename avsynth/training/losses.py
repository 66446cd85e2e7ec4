"""Each loss under the name by which it is logged (``loss/<name>``); weights are ``weights.<name>`` in the config.

Every loss is a mean over utterances of a mean within the utterance, so that padding and the other utterances of the
batch change nothing, and two processes with half the batch each give the same gradient as one with all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from avsynth.models.baselines.autoregressive import LipOutputs
from avsynth.models.joint import Outputs, image_floats
from avsynth.types import Batch, lengths_to_mask
from avsynth.video.box import Box
from avsynth.video.luma import LUMA
from avsynth.video.ssim import WINDOW, blur, similarity, ssim

STOP_WEIGHT = 6.0
"""Weight of the frame at which the stop flag must rise, relative to each frame before it."""
ATTENTION_SIGMA = 2.0
"""Width in frames of the penalty-free band around a frame's phone, for guided attention."""
MEL_RANGE = 8.0
_INSET = WINDOW // 2 + 1
_DETAIL_FLOOR = 1e-6


def utterance_mean(values: Tensor, mask: Tensor) -> Tensor:
    """Mean over utterances (of those with anything in the mask) of the masked mean within each; shapes ``(B, ...)``."""
    inside = mask.to(values.dtype).flatten(1)
    counts_B = inside.sum(dim=1)
    means_B = (values.flatten(1) * inside).sum(dim=1) / counts_B.clamp(min=1)
    return means_B.sum() / (counts_B > 0).sum().clamp(min=1)


def mel_losses(outputs: Outputs, batch: Batch) -> dict[str, Tensor]:
    """``mel_l1``, ``postnet_l1``, ``mel_ssim`` (on the normalised mel), ``pitch`` and ``energy`` (squared error).

    ``mel_ssim`` treats the mel as a picture: an L1 is smallest for a blurred mel, SSIM also demands the recording's
    contrast (Ren et al., "Revisiting Over-Smoothness in Text to Speech", ACL 2022).
    """
    if outputs.mel_BFM is None or outputs.coarse_mel_BFM is None:
        return {}
    mask_BF = lengths_to_mask(batch.mel_lens_B, batch.mel_BFM.shape[1])
    mask_BP = lengths_to_mask(batch.phone_lens_B, batch.phones_BP.shape[1])
    return {
        "mel_l1": utterance_mean((outputs.coarse_mel_BFM - batch.mel_BFM).abs().mean(dim=2), mask_BF),
        "postnet_l1": utterance_mean((outputs.mel_BFM - batch.mel_BFM).abs().mean(dim=2), mask_BF),
        "mel_ssim": mel_dissimilarity(outputs.mel_BFM, batch.mel_BFM, batch.mel_lens_B),
        "pitch": utterance_mean((outputs.pitch_BP - batch.pitch_BP).square(), mask_BP),
        "energy": utterance_mean((outputs.energy_BP - batch.energy_BP).square(), mask_BP),
    }


def mel_dissimilarity(made_BFM: Tensor, true_BFM: Tensor, lens_B: Tensor) -> Tensor:
    """1 - structural similarity of normalised mels ``(B, F, M)``, where a range of eight standard deviations counts as
    a picture's range from 0 to 1. It is 0 where the mels are smaller than the window."""
    if min(made_BFM.shape[1:]) < WINDOW:
        return made_BFM.sum() * 0
    made_B1FM, true_B1FM = ((mel_BFM / MEL_RANGE + 0.5)[:, None] for mel_BFM in (made_BFM, true_BFM))
    unlike_BFM = 1 - similarity(made_B1FM, true_B1FM)[:, 0]
    inside_BF = lengths_to_mask((lens_B - WINDOW + 1).clamp(min=0), unlike_BFM.shape[1])
    return utterance_mean(unlike_BFM.mean(dim=2), inside_BF)


def mel_stretches(mels: Sequence[Tensor], lens_B: Tensor, frames: int) -> tuple[Tensor, ...]:
    """One random stretch ``(N, frames, M)`` of each utterance that is long enough, at the same place in each of the
    mels ``(B, F, M)``."""
    long_B = lens_B >= frames
    start_N = (torch.rand(int(long_B.sum()), device=lens_B.device) * (lens_B[long_B] - frames + 1)).long()
    place_NF = start_N[:, None] + torch.arange(frames, device=lens_B.device)
    return tuple(mel[long_B].gather(1, place_NF[..., None].expand(-1, -1, mel.shape[2])) for mel in mels)


def duration_losses(outputs: Outputs, batch: Batch) -> dict[str, Tensor]:
    """``duration``: squared error of log(1 + hops) per phone; ``duration_total``: absolute log ratio of the sums.

    The paper's token-level and sequence-level losses, both in the log domain.
    """
    mask_BP = lengths_to_mask(batch.phone_lens_B, batch.phones_BP.shape[1])
    true_BP = batch.durations_BP.float().log1p()
    predicted_B = (outputs.log_durations_BP.clamp(max=8).expm1().clamp(min=0) * mask_BP).sum(dim=1)
    total = (predicted_B.clamp(min=1).log() - batch.durations_BP.sum(dim=1).float().log()).abs().mean()
    return {
        "duration": utterance_mean((outputs.log_durations_BP - true_BP).square(), mask_BP),
        "duration_total": total,
    }


def baseline_losses(outputs: LipOutputs, batch: Batch, frame_hops: float) -> dict[str, Tensor]:
    """``stop``: cross-entropy of being the last frame; ``attention``: how much each frame attends to other phones than
    its own.

    The latter is guided attention (Tachibana et al. 2018), around the true durations instead of the diagonal.
    """
    frames = outputs.stop_BT.shape[1]
    mask_BT = lengths_to_mask(batch.lip_lens_B, frames)
    place_T = torch.arange(frames, device=mask_BT.device)
    last_BT = (place_T == batch.lip_lens_B[:, None] - 1).to(outputs.stop_BT.dtype)
    weight = torch.tensor(STOP_WEIGHT, device=mask_BT.device)
    stop_BT = functional.binary_cross_entropy_with_logits(outputs.stop_BT, last_BT, reduction="none", pos_weight=weight)
    ends_B1P = ((batch.durations_BP.cumsum(dim=1) - batch.lip_offset_B[:, None]) / frame_hops)[:, None]
    starts_B1P = ends_B1P - batch.durations_BP[:, None] / frame_hops
    middle_T1 = place_T[:, None] + 0.5
    stray_BTP = torch.maximum(starts_B1P - middle_T1, middle_T1 - ends_B1P).clamp(min=0)
    stray_BTP = stray_BTP - stray_BTP.amin(dim=2, keepdim=True)  # pictures may begin or end beyond the sound
    blame_BTP = 1 - torch.exp(-stray_BTP.square() / (2 * ATTENTION_SIGMA**2))
    return {
        "stop": utterance_mean(stop_BT, mask_BT),
        "attention": utterance_mean((outputs.attention_BTP * blame_BTP).sum(dim=2), mask_BT),
    }


def lip_losses(outputs: Outputs | LipOutputs, batch: Batch, mouth_box: Box, mouth_weight: float) -> dict[str, Tensor]:
    """The losses of the pictures, by name.

    ``lip_l1``: the mouth's box counts ``mouth_weight`` times. ``lip_ssim``: computed on one colour channel of each
    frame; successive frames take red, green and blue in turn, which costs a third of computing all three.
    ``lip_motion``: the L1 between the differences of successive frames, weighted like ``lip_l1``; without it, a mouth
    that never moves is a strong optimum. ``lip_texture``: the L1 of local detail (:func:`local_detail`); the other
    losses prefer a blur to detail that is off by a pixel. Where a frame is made of two layers, the identity's own
    pixels moved and a newly drawn picture over them, ``lip_moved`` and ``lip_picture`` are the L1 of each layer by
    itself, so that both learn to show the mouth.
    """
    if outputs.lips_BKCHW is None:
        return {}
    true_BKCHW = image_floats(batch.lips_BKCHW)
    made_BKCHW = outputs.lips_BKCHW
    weight_HW = mouth_weights(mouth_box, mouth_weight, made_BKCHW)
    error_BK = ((made_BKCHW - true_BKCHW).abs() * weight_HW).mean(dim=(2, 3, 4))
    follows_BK = (batch.frame_index_BK[:, 1:] == batch.frame_index_BK[:, :-1] + 1) & batch.frame_mask_BK[:, 1:]
    step_error = made_BKCHW.diff(dim=1) - true_BKCHW.diff(dim=1)
    motion_BK = (step_error.abs() * weight_HW).mean(dim=(2, 3, 4))
    made_N1HW, true_N1HW = luma(made_BKCHW.flatten(0, 1)), luma(true_BKCHW.flatten(0, 1))
    turn_BK = batch.frame_index_BK % made_BKCHW.shape[2]
    similarity_BK = ssim(channel(made_BKCHW, turn_BK), channel(true_BKCHW, turn_BK)).view(error_BK.shape)
    texture_N1HW = (local_detail(made_N1HW) - local_detail(true_N1HW)).abs()
    inner_HW = weight_HW[_INSET:-_INSET, _INSET:-_INSET]
    texture_BK = (texture_N1HW * (inner_HW / inner_HW.mean())).mean(dim=(1, 2, 3)).view(error_BK.shape)
    parts: dict[str, Tensor] = {}
    if isinstance(outputs, Outputs) and outputs.picture_BKCHW is not None and outputs.moved_BKCHW is not None:
        for name, part_BKCHW in (("lip_picture", outputs.picture_BKCHW), ("lip_moved", outputs.moved_BKCHW)):
            alone_BK = ((part_BKCHW - true_BKCHW).abs() * weight_HW).mean(dim=(2, 3, 4))
            parts[name] = utterance_mean(alone_BK, batch.frame_mask_BK)
    return {
        **parts,
        "lip_l1": utterance_mean(error_BK, batch.frame_mask_BK),
        "lip_ssim": utterance_mean(1 - similarity_BK, batch.frame_mask_BK),
        "lip_motion": utterance_mean(motion_BK, follows_BK),
        "lip_texture": utterance_mean(texture_BK, batch.frame_mask_BK),
    }


def mouth_weights(box: Box, weight: float, like: Tensor) -> Tensor:
    """``(H, W)``: ``weight`` inside the box, 1 outside, scaled to a mean of 1."""
    weights = torch.ones(like.shape[-2:], device=like.device)
    weights[box.top : box.bottom, box.left : box.right] = weight
    return weights / weights.mean()


def channel(images_BKCHW: Tensor, number_BK: Tensor) -> Tensor:
    """``(B * K, 1, H, W)``: the colour channel that ``number_BK`` gives for each picture."""
    images_NCHW = images_BKCHW.flatten(0, 1)
    return images_NCHW[torch.arange(len(images_NCHW), device=images_NCHW.device), number_BK.flatten()][:, None]


def luma(images_NCHW: Tensor) -> Tensor:
    """``(N, 1, H, W)``: ITU-R BT.601 luma of RGB."""
    red, green, blue = (weight * part for weight, part in zip(LUMA, images_NCHW.float().unbind(dim=1), strict=True))
    return (red + green + blue)[:, None]


def local_detail(luma_N1HW: Tensor) -> Tensor:
    """Root of the Laplacian's mean square under the SSIM window, ``(N, 1, H - 12, W - 12)``: how much fine detail there
    is about a pixel, wherever its edges lie."""
    kernel = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]], device=luma_N1HW.device)
    laplacian = functional.conv2d(luma_N1HW, kernel[None, None])
    return (blur(laplacian.square()) + _DETAIL_FLOOR).sqrt()


def generator_adversarial(score_NHW: Tensor) -> Tensor:
    """LSGAN (Mao et al. 2017): the scores of what was made should be 1."""
    return (score_NHW - 1).square().mean()


def discriminator_adversarial(real_score: Tensor, made_score: Tensor) -> Tensor:
    """LSGAN: real scores should be 1, the others 0."""
    return (real_score - 1).square().mean() + made_score.square().mean()


def feature_matching(real: list[Tensor], made: list[Tensor]) -> Tensor:
    """Mean L1 between the discriminator's features of what is real and what was made (Wang et al. 2018)."""
    pairs = zip(real, made, strict=True)
    return torch.stack([functional.l1_loss(b.float(), a.detach().float()) for a, b in pairs]).mean()


def relative_feature_matching(real: list[Tensor], made: list[Tensor]) -> Tensor:
    """The same as a share of the features' own size, so that each layer counts alike."""
    pairs = zip(real, made, strict=True)
    shares = [functional.l1_loss(b, a.detach()) / a.detach().abs().mean().clamp(min=1e-2) for a, b in pairs]
    return torch.stack(shares).mean()
