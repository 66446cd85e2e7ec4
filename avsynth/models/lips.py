"""The lip branch (ParaLip; Liu et al. 2022): identity, motion over regulated phones, a picture per frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from avsynth.config.networks import ModelConfig
from avsynth.config.schema import LipsConfig
from avsynth.models.blocks import BlockStack
from avsynth.models.image import Drawn, IdentityEncoder, ImageDecoder, build_image_nets
from avsynth.models.regulator import overlap_weights, phone_progress


@dataclass(frozen=True)
class Identity:
    """An identity image as the decoders need it, computed once per clip."""

    vector_BD: Tensor
    prepared: list[Tensor]
    """The image decoder's contributions, one per level."""


class PictureMaker(nn.Module):
    """Base of all lip models: uses an identity encoder and an image decoder, which the subclass creates."""

    identity_encoder: nn.Module
    image_decoder: nn.Module

    def encode_identity(self, identity_BCHW: Tensor) -> Identity:
        """``(B, 3, H, W)`` floats in [0, 1]."""
        vector_BD, skips = cast(IdentityEncoder, self.identity_encoder)(identity_BCHW)
        prepared = cast(ImageDecoder, self.image_decoder).prepare(skips, identity_BCHW)
        return Identity(vector_BD, prepared)

    def draw(self, motion_BKD: Tensor, identity: Identity) -> Tensor:
        """Frames ``(B, K, 3, H, W)`` in [0, 1] from chosen motion latents ``(B, K, D)``."""
        return self.draw_parts(motion_BKD, identity).frames

    def draw_parts(self, motion_BKD: Tensor, identity: Identity) -> Drawn:
        """:meth:`draw`, with the layers that the frames were composed of."""
        vector_BKD = identity.vector_BD[:, None].expand(-1, motion_BKD.shape[1], -1)
        latent_BKD = torch.cat([vector_BKD.to(motion_BKD.dtype), motion_BKD], dim=2)
        return cast(ImageDecoder, self.image_decoder)(latent_BKD, identity.prepared)


class LipDecoder(PictureMaker):
    """Encoded phones, durations and an identity image to lip frames."""

    def __init__(self, model: ModelConfig, lips: LipsConfig) -> None:
        super().__init__()
        self.regulation = model.regulation
        self.progress = nn.Linear(2, model.hidden) if model.phone_progress else None
        self.motion = BlockStack(model.hidden, model.motion)
        self.identity_encoder, self.image_decoder = build_image_nets(model.image, model.hidden, lips.height, lips.width)

    def move(
        self,
        encoded_BPD: Tensor,
        durations_BP: Tensor,
        frame_hops: float,
        mask_BT: Tensor,
        identity: Identity,
        offset_hops: Tensor | float = 0.0,
    ) -> Tensor:
        """The motion latents ``(B, T, D)`` of frames of ``frame_hops`` hops, the first beginning at ``offset_hops``
        (one for all, or ``(B,)``)."""
        weights_BTP = overlap_weights(durations_BP, frame_hops, mask_BT.shape[1], self.regulation, offset_hops)
        frames_BTD = weights_BTP @ encoded_BPD.float()
        if self.progress is not None:
            progress_BT2 = phone_progress(durations_BP, weights_BTP, frame_hops, offset_hops)
            frames_BTD = frames_BTD + self.progress(progress_BT2)
        frames_BTD = (frames_BTD + identity.vector_BD[:, None]) * mask_BT[..., None]
        moved: Tensor = self.motion(frames_BTD, mask_BT)
        return moved


def resample_motion(motion_BTD: Tensor, native_fps: float, fps: float, frames: int) -> Tensor:
    """Motion latents at another frame rate: linear between the middles of the native frames, ``(B, frames, D)``.

    The motion decoder works at the rate that it was trained at; its output is interpolated over time for any other.
    """
    middles = (torch.arange(frames, device=motion_BTD.device, dtype=torch.float64) + 0.5) * (native_fps / fps) - 0.5
    middles = middles.clamp(0, motion_BTD.shape[1] - 1)
    left = middles.floor().long()
    right = (left + 1).clamp(max=motion_BTD.shape[1] - 1)
    share = (middles - left).to(motion_BTD.dtype)[None, :, None]
    return torch.lerp(motion_BTD[:, left], motion_BTD[:, right], share)


def to_uint8(frames_KCHW: Tensor) -> Tensor:
    """``(K, C, H, W)`` in [0, 1] to ``(K, H, W, C)`` uint8."""
    return functional.relu(frames_KCHW * 255).round().clamp(max=255).byte().permute(0, 2, 3, 1).contiguous()
