"""The lip branch: skips once per clip, pictures in pieces, other frame rates, both families of image nets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from avsynth.config.networks import ImageConfig
from avsynth.config.schema import Config
from avsynth.models.image import REACH, SLOPE, Mover, SmallImageDecoder
from avsynth.models.lips import LipDecoder, resample_motion, to_uint8
from avsynth.timeline import lip_frame_count

PAPER = {"family": "paper", "identity_channels": (2, 3, 4, 5), "decoder_channels": (6, 5, 4, 3), "last_channels": 2}


def decoder(config: Config, family: str = "small") -> LipDecoder:
    model = config.model if family == "small" else replace(config.model, image=replace(config.model.image, **PAPER))
    return LipDecoder(model, config.lips).eval()


@pytest.mark.parametrize("family", ["small", "paper"])
def test_pictures_have_the_crop_s_size_and_range(config: Config, family: str) -> None:
    lips = decoder(config, family)
    identity = lips.encode_identity(torch.rand(2, 3, 16, 32))
    assert identity.vector_BD.shape == (2, 12)
    frames = lips.draw(torch.randn(2, 5, 12), identity)
    assert frames.shape == (2, 5, 3, 16, 32) and frames.dtype == torch.float32
    assert frames.min() >= 0 and frames.max() <= 1


def concatenated(nets: SmallImageDecoder, latent_ND: Tensor, skips: Sequence[Tensor]) -> Tensor:
    """One picture by convolutions of features and skip concatenated, as the paper draws it."""

    def joined(x: Tensor, own: torch.nn.Module, of_skip: torch.nn.Module, skip: Tensor) -> Tensor:
        weight = torch.cat([own.weight, of_skip.weight], dim=1)
        return functional.conv2d(torch.cat([x, skip], dim=1), weight, own.bias, padding=1)

    coarse_first = list(skips)[::-1]
    x = functional.leaky_relu(nets.linear(latent_ND).view(-1, *nets.start), SLOPE)
    levels = zip(nets.joins, nets.skips, nets.shuffles, coarse_first, strict=False)
    for join, of_skip, shuffle, skip in levels:
        x = functional.leaky_relu(joined(x, join, of_skip, skip), SLOPE)
        if not isinstance(shuffle, torch.nn.Identity):
            x = functional.leaky_relu(shuffle(x), SLOPE)
        x = functional.pixel_shuffle(x, 2)
    x = functional.leaky_relu(joined(x, nets.final_join, nets.final_skip, coarse_first[-1]), SLOPE)
    return torch.sigmoid(nets.picture(x))


def test_skips_once_per_clip_are_concatenation_in_every_frame(config: Config) -> None:
    lips = decoder(config)
    nets = lips.image_decoder
    assert isinstance(nets, SmallImageDecoder)
    images = torch.rand(2, 3, 16, 32)
    identity = lips.encode_identity(images)
    motion = torch.randn(2, 3, 12)
    drawn = lips.draw(motion, identity)
    for clip in range(2):
        vector, skips = lips.identity_encoder(images[clip : clip + 1])
        for frame in range(3):
            latent = torch.cat([vector, motion[clip, frame][None]], dim=1)
            expected = concatenated(nets, latent, skips)
            torch.testing.assert_close(drawn[clip, frame][None], expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("family", ["small", "paper"])
def test_drawing_in_pieces_is_drawing_at_once(config: Config, family: str) -> None:
    lips = decoder(config, family)
    identity = lips.encode_identity(torch.rand(1, 3, 16, 32))
    motion = torch.randn(1, 11, 12)
    pieces = torch.cat([lips.draw(piece, identity) for piece in motion.split(4, dim=1)], dim=1)
    torch.testing.assert_close(pieces, lips.draw(motion, identity), atol=1e-6, rtol=1e-5)


def moving(config: Config) -> LipDecoder:
    return decoder(replace(config, model=replace(config.model, image=replace(config.model.image, moves=True))))


def test_a_decoder_that_moves_pixels_begins_with_none_moved(config: Config) -> None:
    lips, images = moving(config), torch.rand(2, 3, 16, 32)
    drawn = lips.draw_parts(torch.randn(2, 3, 12), lips.encode_identity(images))
    assert drawn.moved is not None and drawn.picture is not None
    torch.testing.assert_close(drawn.moved, images[:, None].expand(-1, 3, -1, -1, -1), atol=1e-5, rtol=0)
    torch.testing.assert_close(drawn.frames, (drawn.moved + drawn.picture) / 2)


def test_pixels_move_by_the_field_and_no_further_than_its_reach(config: Config) -> None:
    lips, images = moving(config), torch.rand(1, 3, 16, 32)
    mover = cast(SmallImageDecoder, lips.image_decoder).mover
    assert mover is not None and mover.field.bias is not None
    two_rows, everything = math.atanh(2 * 2 / 16 / REACH[1]), 50.0
    for down, across, expected in ((two_rows, 0.0, (2, 0)), (0.0, everything, (0, round(16 * REACH[0])))):
        mover.field.bias.data = torch.tensor([across, down, -everything])
        frames = lips.draw(torch.randn(1, 2, 12), lips.encode_identity(images))
        rows, columns = expected
        moved = images[..., rows:, columns:]
        torch.testing.assert_close(frames[0, 0, :, : 16 - rows, : 32 - columns], moved[0], atol=1e-4, rtol=0)


def test_a_field_learns_where_pixels_lie() -> None:
    rows, columns = torch.meshgrid(torch.arange(16.0), torch.arange(32.0), indexing="ij")
    blobs = [torch.exp(-((rows - row) ** 2 + (columns - 16) ** 2) / 18) for row in (7, 9)]
    identity, wanted = (blob.expand(1, 3, -1, -1) for blob in blobs)
    mover = Mover(1)
    optimizer = torch.optim.Adam(mover.parameters(), lr=0.02)
    errors = []
    for _ in range(60):
        frames, moved = mover(torch.ones(1, 1, 8, 16), torch.zeros_like(wanted), identity)
        error = (moved - wanted).abs().mean() + (frames - wanted).abs().mean()
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        errors.append(error.item())
    assert errors[-1] < 0.3 * errors[0], "pixels move, and what is drawn wrongly gives way to them"


def test_moving_without_a_small_decoder_is_refused() -> None:
    with pytest.raises(ValueError, match="small alone"):
        ImageConfig(family="paper", moves=True)


def test_the_identity_decides_the_picture(config: Config) -> None:
    lips = decoder(config)
    motion = torch.randn(1, 2, 12)
    one, other = (lips.draw(motion, lips.encode_identity(torch.rand(1, 3, 16, 32))) for _ in range(2))
    assert (one - other).abs().max() > 1e-3


def test_motion_at_its_own_rate_stays_as_it_is() -> None:
    motion = torch.randn(2, 10, 4)
    assert torch.equal(resample_motion(motion, 25.0, 25.0, 10), motion)


@pytest.mark.parametrize("fps", [Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60)])
def test_motion_at_another_rate_covers_the_sound_and_keeps_its_times(fps: Fraction) -> None:
    hop_s = Fraction(256, 22050)
    native = lip_frame_count(258, hop_s, Fraction(25))
    frames = lip_frame_count(258, hop_s, fps)
    middles = (torch.arange(native) + 0.5) / 25
    resampled = resample_motion(middles[None, :, None], 25.0, float(fps), frames)
    assert resampled.shape == (1, frames, 1)
    assert (frames - 1) / fps < 258 * hop_s <= frames / fps
    own_middles = (torch.arange(frames) + 0.5) / float(fps)
    torch.testing.assert_close(resampled[0, :, 0], own_middles.clamp(middles[0], middles[-1]), atol=1e-5, rtol=0)


def test_each_rate_has_its_own_frames_by_overlap(config: Config) -> None:
    lips = decoder(config)
    identity = lips.encode_identity(torch.rand(1, 3, 16, 32))
    encoded, durations = torch.randn(1, 3, 12), torch.tensor([[5, 9, 7]])
    for fps in (25.0, 60.0):
        frames = lip_frame_count(21, Fraction(256, 22050), Fraction(fps))
        mask = torch.ones(1, frames, dtype=torch.bool)
        motion = lips.move(encoded, durations, 22050 / (256 * fps), mask, identity)
        assert motion.shape == (1, frames, 12) and torch.isfinite(motion).all()


def test_floats_become_bytes_by_rounding() -> None:
    frames = torch.tensor([0.0, 0.4 / 255, 0.6 / 255, 1.0, 1.2, -0.1]).view(6, 1, 1, 1).expand(6, 3, 2, 2)
    made = to_uint8(frames)
    assert made.shape == (6, 2, 2, 3) and made.dtype == torch.uint8
    assert made[:, 0, 0, 0].tolist() == [0, 0, 1, 255, 255, 0]
