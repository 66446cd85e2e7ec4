"""Speed up the paper's image nets without changing their output: norms folded into convolutions, skips computed once
per clip.

The small nets have no norms, and compute their skips once per clip anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from avsynth.models.baselines.autoregressive import AutoregressiveModel
from avsynth.models.build import Model
from avsynth.models.image import Drawn, PaperIdentityEncoder, PaperImageDecoder, spread


class FoldedImageDecoder(nn.Module):
    """:class:`PaperImageDecoder` for inference: each transposed convolution of a skip is computed once per clip."""

    def __init__(self, decoder: PaperImageDecoder) -> None:
        super().__init__()
        self.start, self.linear, self.picture = decoder.start, decoder.linear, decoder.picture
        convolutions = [_folded(level) for level in decoder.levels]
        inner = [self.start[0], *(item.out_channels for item in convolutions[:-1])]
        pairs = list(zip(convolutions, inner, strict=True))
        self.own = nn.ParameterList(_fixed(item.weight[:size]) for item, size in pairs)
        self.of_skip = nn.ParameterList(_fixed(item.weight[size:]) for item, size in pairs)
        self.biases = nn.ParameterList(_fixed(item.bias) for item in convolutions if item.bias is not None)
        self.smooth = nn.Sequential(_folded(decoder.smooth), nn.ReLU(inplace=True))

    def prepare(self, skips: Sequence[Tensor], identity_BCHW: Tensor) -> list[Tensor]:
        parts = zip(list(skips)[::-1], self.of_skip, self.biases, strict=True)
        return [functional.conv_transpose2d(skip, weight, bias, 2, 2, 1) for skip, weight, bias in parts]

    def forward(self, latent_BKD: Tensor, prepared: Sequence[Tensor]) -> Drawn:
        x_NCHW = functional.relu(self.linear(latent_BKD.flatten(0, 1))).view(-1, *self.start)
        for weight, contribution in zip(self.own, prepared, strict=True):
            x_NCHW = functional.conv_transpose2d(x_NCHW, weight, None, 2, 2, 1)
            x_NCHW = functional.relu(spread(contribution, x_NCHW), inplace=True)
        picture = torch.sigmoid(self.picture(self.smooth(x_NCHW)).float())
        return Drawn(picture.view(*latent_BKD.shape[:2], *picture.shape[1:]))


def fold(model: Model) -> Model:
    """The same model, changed in place, for inference alone."""
    model.eval().requires_grad_(False)
    maker = model if isinstance(model, AutoregressiveModel) else model.lip_decoder
    if isinstance(maker.image_decoder, PaperImageDecoder):
        maker.image_decoder = FoldedImageDecoder(maker.image_decoder)
    eyes = [maker.identity_encoder, *([maker.previous_encoder] if isinstance(maker, AutoregressiveModel) else [])]
    for eye in eyes:
        if isinstance(eye, PaperIdentityEncoder):
            eye.levels = nn.ModuleList(nn.Sequential(_folded(level), nn.ReLU(inplace=True)) for level in eye.levels)
    return model


def _folded(level: nn.Module) -> nn.Conv2d | nn.ConvTranspose2d:
    """The first layer of a level, a convolution, with the norm behind it folded in; as it is where there is none."""
    assert isinstance(level, nn.Sequential)
    convolution, norm = level[0], level[1]
    assert isinstance(convolution, nn.Conv2d | nn.ConvTranspose2d)
    if not isinstance(norm, nn.BatchNorm2d):
        return convolution
    return fuse_conv_bn_eval(convolution, norm, transpose=isinstance(convolution, nn.ConvTranspose2d))


def _fixed(weight: Tensor) -> nn.Parameter:
    return nn.Parameter(weight.detach().clone(), requires_grad=False)
