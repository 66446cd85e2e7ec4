"""Fréchet distances between sets of pictures, by the features of a network that looks at them.

The distance of Heusel et al. 2017 between Gaussians fitted to features. It is called FID only with Inception-v3 and the
published weights; with another network, the name tells which. It is biased for few pictures, so that only distances
over equally many pictures can be compared; one half of the real pictures against the other half is the lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avsynth.errors import UserError
from avsynth.evaluation.pictures import Clip
from avsynth.evaluation.statistics import Summary
from avsynth.evaluation.tables import Column

Features = NDArray[np.float32]
"""``(T, D)``: a row for each picture."""

READER, INCEPTION = "frechet_reader", "fid"
REAL, HALVES = "real", "real, half against half"
FRECHET_COLUMNS = (
    Column(INCEPTION, "FID (Inception-v3)", 1),
    Column(READER, "Fréchet distance, features of the lip reader", 2),
)
CHUNK = 25


def frechet_distance(one: Sequence[Features], other: Sequence[Features]) -> float:
    """``|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½)`` of all pictures of either side; each needs two at least."""
    (mean_a, root_a, trace_a), (mean_b, root_b, trace_b) = _gaussian(one), _gaussian(other)
    # tr (C1 C2)^½ is the sum of the singular values of C1^½ C2^½
    cross = float(np.linalg.svd(root_a @ root_b, compute_uv=False).sum())
    return max(0.0, float(np.square(mean_a - mean_b).sum()) + trace_a + trace_b - 2 * cross)


def _gaussian(parts: Sequence[Features]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Mean, root of the covariance, and its trace."""
    rows = np.concatenate(parts).astype(np.float64)
    if len(rows) < 2:
        raise ValueError("a Fréchet distance needs two pictures or more on either side")
    covariance = np.atleast_2d(np.cov(rows, rowvar=False))
    energies, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(energies, 0))) @ vectors.T
    return rows.mean(axis=0), root, float(np.trace(covariance))


def frechet_rows(clips: Sequence[Mapping[str, Mapping[str, Features]]]) -> dict[str, dict[str, Summary]]:
    """Row to measure: each row's pictures of all clips against the recordings', and these against one another.

    Args:
        clips: For each clip, measure to row to features; the row ``real`` is the recording.
    """
    rows: dict[str, dict[str, Summary]] = {}
    for measure in sorted({name for clip in clips for name in clip}):
        known = [clip[measure] for clip in clips if measure in clip]
        real = [clip[REAL] for clip in known]
        if len(known) > 1:
            rows.setdefault(HALVES, {})[measure] = _summary(frechet_distance(real[::2], real[1::2]), len(known))
        for row in (name for name in known[0] if name != REAL):
            made = [clip[row] for clip in known if row in clip]
            rows.setdefault(row, {})[measure] = _summary(frechet_distance(made, real), len(made))
    return rows


def _summary(distance: float, count: int) -> Summary:
    """One distance over all clips: there is nothing to resample."""
    return Summary(distance, float("nan"), float("nan"), count)


@cache
def load_inception(path: Path) -> Any:
    """Inception-v3 as TorchScript, called with uint8 pictures ``(N, 3, H, W)`` and ``return_features=True``.

    The file of that kind that is in use is StyleGAN3's ``inception-2015-12-05.pt``: the weights with which FID is
    defined. TorchScript runs no Python. Raises :class:`UserError` for anything else.
    """
    import torch

    if not path.is_file():
        raise UserError(f"--inception-weights {path}: no such file")
    try:
        return torch.jit.load(str(path), map_location="cpu").eval()  # type: ignore[no-untyped-call]
    except (RuntimeError, ValueError) as error:
        raise UserError(f"--inception-weights {path} is not a TorchScript file (inception-2015-12-05.pt)") from error


def inception_features(path: Path, crops: Clip) -> Features:
    """``(T, 2048)`` of crops ``(T, H, W, 3)``; :class:`UserError` where the file cannot be called so."""
    import torch

    network = load_inception(path)
    pictures = torch.from_numpy(np.ascontiguousarray(crops)).permute(0, 3, 1, 2)
    try:
        with torch.inference_mode():
            parts = [network(part, return_features=True).float() for part in torch.split(pictures, CHUNK)]
            return np.asarray(torch.cat(parts).flatten(1).numpy(), np.float32)
    except (RuntimeError, TypeError, AttributeError) as error:
        fault = " ".join(str(error).split())[:120]
        raise UserError(f"--inception-weights {path} takes no uint8 pictures and return_features: {fault}") from error
