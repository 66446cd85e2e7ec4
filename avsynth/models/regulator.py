"""Length regulation by overlap: each output frame averages the phones it overlaps, weighted by overlap.

Where phone boundaries coincide with frame boundaries this is FastSpeech's repetition; it works for any frame length,
and no phone is lost.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor


def overlap_weights(
    durations_BP: Tensor,
    frame_hops: float,
    frames: int,
    mode: Literal["overlap", "round"] = "overlap",
    offset_hops: Tensor | float = 0.0,
) -> Tensor:
    """How much of each frame belongs to each phone.

    Args:
        durations_BP: Hops per phone, 0 for padding.
        frame_hops: Length of a frame in hops: 1 for the mel, ``sample_rate / (fps * hop_length)`` for lips.
        frames: Number of frames.
        mode: ``round`` moves boundaries to the nearest frame first, as the paper does; short phones may vanish.
        offset_hops: Where the first frame begins, counted from the first phone, one for all or ``(B,)``: the frames
            of a longer clip seldom begin where a sentence does.

    Returns:
        ``(B, frames, P)`` float32. Rows sum to 1 as far as the utterance reaches, and are zero beyond.
    """
    offset_B1 = _column(offset_hops, durations_BP)
    ends_BP = (durations_BP.double().cumsum(dim=1) - offset_B1) / frame_hops
    first_B1 = -offset_B1 / frame_hops
    if mode == "round":
        covered = ends_BP[:, -1:].ceil()
        ends_BP = torch.where(ends_BP == ends_BP[:, -1:], covered, ends_BP.round())
    starts_BP = torch.cat([first_B1, ends_BP[:, :-1]], dim=1)
    frame_T1 = torch.arange(frames, device=durations_BP.device, dtype=torch.float64)[:, None]
    overlap_BTP = torch.minimum(ends_BP[:, None], frame_T1 + 1) - torch.maximum(starts_BP[:, None], frame_T1)
    overlap_BTP = overlap_BTP.clamp(min=0)
    return (overlap_BTP / overlap_BTP.sum(dim=2, keepdim=True).clamp(min=1e-9)).float()


def phone_progress(
    durations_BP: Tensor, weights_BTP: Tensor, frame_hops: float, offset_hops: Tensor | float = 0.0
) -> Tensor:
    """Where each frame's middle lies in its phone: log hops since the phone's start and until its end.

    Length regulation by repetition does not tell the decoder either. Returns ``(B, T, 2)`` float32, zero beyond the
    utterance.
    """
    ends_BP = durations_BP.double().cumsum(dim=1)
    starts_BP = ends_BP - durations_BP
    frames = weights_BTP.shape[1]
    middle_T = (torch.arange(frames, device=durations_BP.device, dtype=torch.float64) + 0.5) * frame_hops
    middle_BT = middle_T + _column(offset_hops, durations_BP)
    since_BTP = (middle_BT[..., None] - starts_BP[:, None]).clamp(min=0)
    until_BTP = (ends_BP[:, None] - middle_BT[..., None]).clamp(min=0)
    both = torch.stack([since_BTP, until_BTP], dim=-1).log1p().float()
    return (both * weights_BTP[..., None]).sum(dim=2)


def moved_boundaries(durations_BP: Tensor, noise_hops: float) -> Tensor:
    """The durations ``(B, P)`` with the boundaries between phones moved at random, by ``noise_hops`` as a standard
    deviation and never past the middle of a phone; each utterance as long as before. Float32, in hops."""
    lengths_BP = durations_BP.float()
    room_BQ = torch.minimum(lengths_BP[:, :-1], lengths_BP[:, 1:]) / 2
    shift_BQ = (torch.randn_like(room_BQ) * noise_hops).clamp(-room_BQ, room_BQ)
    return lengths_BP + torch.nn.functional.pad(shift_BQ, (0, 1)) - torch.nn.functional.pad(shift_BQ, (1, 0))


def _column(offset_hops: Tensor | float, durations_BP: Tensor) -> Tensor:
    offset = torch.as_tensor(offset_hops, dtype=torch.float64, device=durations_BP.device)
    return offset.reshape(-1, 1).expand(len(durations_BP), 1)
