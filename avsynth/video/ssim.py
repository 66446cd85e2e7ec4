"""Structural similarity (Wang et al. 2004) of images as tensors: the loss and the measure are one function."""

from __future__ import annotations

import torch
from torch import Tensor

WINDOW = 11
"""Pixels on a side of the Gaussian window."""
SIGMA = 1.5
K1, K2 = 0.01, 0.03
_MIDDLE = 0.5
"""Taken off before moments are formed: near 0, float32 keeps more of them."""


def ssim(made_NCHW: Tensor, true_NCHW: Tensor) -> Tensor:
    """Structural similarity of images in [0, 1], ``(N,)``: the mean of :func:`similarity`."""
    return similarity(made_NCHW, true_NCHW).mean(dim=(1, 2, 3))


def similarity(made_NCHW: Tensor, true_NCHW: Tensor) -> Tensor:
    """Structural similarity of images in [0, 1] about each pixel whose window lies within, ``(N, C, H - 10, W - 10)``.

    Gaussian window of 11 × 11, sigma 1.5, K1 .01, K2 .03, population covariance. Only windows that lie wholly inside
    the image count ("valid"), which is also what scikit-image averages over.
    """
    size = len(made_NCHW)
    made, true = made_NCHW.float() - _MIDDLE, true_NCHW.float() - _MIDDLE
    pair = torch.cat([made, true])
    moments = blur(torch.cat([pair, pair.square(), made * true]))
    made, true, made_square, true_square, product = torch.split(moments, size)
    c1, c2 = K1**2, K2**2
    covariance = product - made * true
    variances = made_square - made.square() + true_square - true.square()
    made, true = made + _MIDDLE, true + _MIDDLE
    value = (2 * made * true + c1) * (2 * covariance + c2)
    found: Tensor = value / ((made.square() + true.square() + c1) * (variances + c2))
    return found


def blur(images_NCHW: Tensor) -> Tensor:
    """Gaussian blur with the window, valid part only, ``(N, C, H - 10, W - 10)``.

    As two matrix products, which are faster than depthwise convolutions on a processor.
    """
    rows, columns = (_band(size, images_NCHW) for size in images_NCHW.shape[-2:])
    return rows @ (images_NCHW.contiguous() @ columns.T)


def _band(size: int, like: Tensor) -> Tensor:
    """``(size - 10, size)``: row i holds the window at columns i … i + 10."""
    offsets = torch.arange(WINDOW, device=like.device, dtype=torch.float32) - WINDOW // 2
    window = torch.exp(-offsets.square() / (2 * SIGMA**2))
    window = window / window.sum()
    band = torch.zeros(size - WINDOW + 1, size, device=like.device)
    for start in range(len(band)):
        band[start, start : start + WINDOW] = window
    return band
